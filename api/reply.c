/* SPDX-License-Identifier: MIT */
#include "reply.h"

#include <string.h>
#include <zlib.h>

#include "base/json.h"
#include "reply_head.h"

enum {
    BODY_LIMIT = 32 << 20,
    HEADERS_LIMIT = 16 << 10,
    WORTH_PACKING = 1 << 10,
    PACK_LEVEL = 4, /* JSON: within 8 % of level 6 at half the time */
    DEFAULT_LIMIT = 20,
};

void reply_init(struct reply *reply)
{
    *reply = (struct reply){ .headers = TEXT_INIT(HEADERS_LIMIT), .body = TEXT_INIT(BODY_LIMIT) };
}

void reply_done(struct reply *reply)
{
    text_done(&reply->headers);
    text_done(&reply->body);
}

void reply_json(struct reply *reply, int status, struct text *body)
{
    text_done(&reply->body);
    reply->body = *body;
    *body = (struct text){ .limit = body->limit };
    reply->status = status;
}

void reply_value(struct reply *reply, int status, json_t *value)
{
    text_clear(&reply->body);
    js_write(value, &reply->body);
    json_decref(value);
    reply->status = status;
}

static void write_allow(struct reply *reply, uint32_t methods)
{
    CLEANUP(text_done) struct text line = TEXT_INIT(200);
    for (uint32_t method = REQUEST_GET; method <= REQUEST_OPTIONS; method <<= 1) {
        if (methods & method)
            text_add_format(&line, "%s%s", line.len ? ", " : "",
                            request_method_name((enum request_method)method));
    }
    reply_header(reply, "Allow: %s", text_string(&line));
}

void reply_problem(struct reply *reply, const struct problem *problem)
{
    text_clear(&reply->headers);
    text_clear(&reply->body);
    reply->status = problem->status;
    reply->type = "application/problem+json";
    reply->bytes = NULL;
    reply->etag[0] = '\0';
    reply->language[0] = '\0';
    reply->max_age_s = -1;
    reply->keep = reply->packed = reply->speaks = reply->is_ready = false;
    problem_write(problem, &reply->body);
    if (problem->retry_after_s)
        reply_header(reply, "Retry-After: %u", problem->retry_after_s);
    if (problem->status == 401)
        reply_header(reply, "WWW-Authenticate: Bearer realm=\"miauflixd\"%s",
                     strcmp(problem->code, "invalid_token") == 0 ? ", error=\"invalid_token\""
                                                                 : "");
    if (problem->allow)
        write_allow(reply, problem->allow);
}

void reply_error(struct reply *reply, const struct error *err)
{
    struct problem problem;
    problem_from_error(&problem, err);
    reply_problem(reply, &problem);
}

void reply_header(struct reply *reply, const char *fmt, ...)
{
    char line[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line - 2, fmt, args);
    va_end(args);
    /* A value that came from outside must not begin a header of its own. */
    line[strcspn(line, "\r\n")] = '\0';
    text_add_string(&reply->headers, line);
    text_add_string(&reply->headers, "\r\n");
}

uint32_t reply_page_of(const struct request *request)
{
    return (uint32_t)request_int(request, "page", 1);
}

uint32_t reply_limit_of(const struct request *request)
{
    return (uint32_t)request_int(request, "limit", DEFAULT_LIMIT);
}

/* The request's target up to the number of a page. */
static void write_target(struct text *out, const struct request *request)
{
    text_add_char(out, '<');
    text_add_string(out, request->exchange->path);
    text_add_char(out, '?');
    for (size_t i = 0; i < request->n_params; i++) {
        if (strcmp(request->params[i].name, "page") == 0)
            continue;
        text_add_url_encoded(out, request->params[i].name);
        text_add_char(out, '=');
        text_add_url_encoded(out, request->params[i].value);
        text_add_char(out, '&');
    }
    text_add_string(out, "page=");
}

static void write_link(struct text *line, const struct text *target, uint64_t page,
                       const char *relation)
{
    if (line->len)
        text_add(line, ", ", 2);
    text_add(line, target->bytes, target->len);
    text_add_number(line, page);
    text_add(line, ">; rel=\"", 8);
    text_add_string(line, relation);
    text_add_char(line, '"');
}

static void write_links(struct reply *reply, const struct request *request, uint64_t page,
                        uint64_t pages)
{
    CLEANUP(text_done) struct text line = TEXT_INIT(HEADERS_LIMIT / 2);
    CLEANUP(text_done) struct text target = TEXT_INIT(HEADERS_LIMIT / 2);
    uint64_t last = MAX(pages, (uint64_t)1);
    write_target(&target, request);
    if (target.overflow)
        return;
    write_link(&line, &target, 1, "first");
    if (page > 1)
        write_link(&line, &target, MIN(page - 1, last), "prev");
    if (page < pages)
        write_link(&line, &target, page + 1, "next");
    write_link(&line, &target, last, "last");
    if (line.overflow)
        return;
    text_add_string(&reply->headers, "Link: ");
    text_add(&reply->headers, line.bytes, line.len);
    text_add_string(&reply->headers, "\r\n");
}

void reply_page(struct reply *reply, const struct request *request, uint64_t total,
                const struct text *results, const char *members)
{
    uint32_t page = reply_page_of(request), limit = reply_limit_of(request);
    uint64_t pages = (total + limit - 1) / limit;
    text_clear(&reply->body);
    text_reserve(&reply->body, results->len + 200);
    text_add_string(&reply->body, "{\"page\":");
    text_add_number(&reply->body, page);
    text_add_string(&reply->body, ",\"limit\":");
    text_add_number(&reply->body, limit);
    text_add_string(&reply->body, ",\"total\":");
    text_add_number(&reply->body, total);
    text_add_string(&reply->body, ",\"total_pages\":");
    text_add_number(&reply->body, pages);
    text_add_string(&reply->body, ",\"results\":");
    if (results->len)
        text_add(&reply->body, results->bytes, results->len);
    else
        text_add_string(&reply->body, "[]");
    if (members)
        text_add_string(&reply->body, members);
    text_add_char(&reply->body, '}');
    write_links(reply, request, page, pages);
    reply->status = 200;
}

/* --- Sending */

static const char *body_of(const struct reply *reply, size_t *out_len)
{
    *out_len = reply->bytes ? reply->len : reply->body.len;
    return reply->bytes ? reply->bytes : text_string(&reply->body);
}

static bool deflate_all(z_stream *stream, const char *bytes, size_t len, struct text *out)
{
    if (!text_reserve(out, deflateBound(stream, len)))
        return false;
    stream->next_in = (Bytef *)(uintptr_t)bytes;
    stream->avail_in = (uInt)len;
    stream->next_out = (Bytef *)out->bytes;
    stream->avail_out = (uInt)(out->capacity - 1);
    if (deflate(stream, Z_FINISH) != Z_STREAM_END)
        return false;
    out->len = stream->total_out;
    return true;
}

/* 15 bits of window, and 16 for the gzip header. */
static bool gzip(const char *bytes, size_t len, struct text *out)
{
    z_stream stream = { 0 };
    if (len > BODY_LIMIT ||
        deflateInit2(&stream, PACK_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    bool ok = deflate_all(&stream, bytes, len, out);
    deflateEnd(&stream);
    return ok && out->len < len;
}

static void pack(struct reply *reply, const struct request *request)
{
    size_t len;
    const char *bytes = body_of(reply, &len);
    if (reply->packed || reply->plain || len < WORTH_PACKING || !request_accepts_gzip(request))
        return;
    CLEANUP(text_done) struct text packed = TEXT_INIT(BODY_LIMIT);
    if (!gzip(bytes, len, &packed))
        return;
    reply->bytes = NULL;
    text_done(&reply->body);
    reply->body = packed;
    packed = (struct text){ 0 };
    reply->packed = true;
}

/* The tag names the content; the packed form is another representation and says so ("-gz"). */
static void tag(struct reply *reply)
{
    if (reply->etag[0] || reply->status != 200 || reply->max_age_s < 0)
        return;
    size_t len;
    const char *bytes = body_of(reply, &len);
    snprintf(reply->etag, sizeof reply->etag, "%016llx%zx",
             (unsigned long long)text_digest(bytes, len), len);
}

static void tag_packed(struct reply *reply)
{
    size_t len = strlen(reply->etag);
    if (reply->packed && len && len + 4 < sizeof reply->etag && !text_ends_with(reply->etag, "-gz"))
        snprintf(reply->etag + len, sizeof reply->etag - len, "-gz");
}

void reply_finish(struct reply *reply, const struct request *request)
{
    if (reply->is_ready)
        return;
    tag(reply);
    pack(reply, request);
    tag_packed(reply);
}

static bool is_unchanged(const struct reply *reply, const struct request *request)
{
    return reply->status == 200 && reply->etag[0] && request->if_none_match &&
           (request->method & (REQUEST_GET | REQUEST_HEAD)) &&
           request_etag_matches(request->if_none_match, reply->etag);
}

void reply_send(struct reply *reply, const struct request *request)
{
    if (reply->sent)
        return;
    reply_finish(reply, request);
    int status = is_unchanged(reply, request) ? 304 : reply->status;
    bool has_body = status != 304 && status != 204 && request->method != REQUEST_HEAD;
    size_t len;
    const char *bytes = body_of(reply, &len);
    struct text *out = request->exchange->scratch;
    if (reply_head_write(out, reply, request, status, len) &&
        (!has_body || text_add(out, bytes, len)))
        exchange_write(request->exchange, out->bytes, out->len);
    else
        exchange_close(request->exchange);
    reply->sent = true;
}

bool reply_begin(struct reply *reply, const struct request *request, uint64_t len, struct text *out)
{
    reply->sent = true;
    return reply_head_write(out, reply, request, reply->status, len);
}
