/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"

static const struct {
    enum request_method method;
    const char *name;
} methods[] = {
    { REQUEST_GET, "GET" }, { REQUEST_HEAD, "HEAD" },     { REQUEST_POST, "POST" },
    { REQUEST_PUT, "PUT" }, { REQUEST_DELETE, "DELETE" }, { REQUEST_OPTIONS, "OPTIONS" },
};

/* Headers we look at, each at most once, and some that many clients send, at offset 0: their names
 * need no further look.  Length, first and last letter tell them apart; the compiler minds when two
 * fall on one place. */
#define PLACE(len, first, last) (((len) + 2 * ((first) | 0x20) + 4 * ((last) | 0x20)) % 64)
#define KNOWN(name, first, last, field)                                                            \
    [PLACE(sizeof(name) - 1, first, last)] = { name, sizeof(name) - 1,                             \
                                               offsetof(struct request, field) }
static const struct {
    const char *name;
    size_t len, offset;
} known[64] = {
    KNOWN("Host", 'H', 't', host),
    KNOWN("Authorization", 'A', 'n', authorization),
    KNOWN("Accept-Encoding", 'A', 'g', accept_encoding),
    KNOWN("Accept-Language", 'A', 'e', accept_language),
    KNOWN("If-None-Match", 'I', 'h', if_none_match),
    KNOWN("If-Match", 'I', 'h', if_match),
    KNOWN("Origin", 'O', 'n', origin),
    KNOWN("Content-Type", 'C', 'e', content_type),
    KNOWN("Content-Length", 'C', 'h', content_length),
    KNOWN("Transfer-Encoding", 'T', 'g', transfer_encoding),
    KNOWN("Expect", 'E', 't', expect),
    KNOWN("Last-Event-ID", 'L', 'd', last_event_id),
    KNOWN("Accept", 'A', 't', exchange),
    KNOWN("User-Agent", 'U', 't', exchange),
    KNOWN("Connection", 'C', 'n', exchange),
    KNOWN("Cache-Control", 'C', 'l', exchange),
    KNOWN("Range", 'R', 'e', exchange),
    KNOWN("Referer", 'R', 'r', exchange),
};

/* RFC 9110's tchar; a table, because every letter of every header is looked up. */
static const bool is_tchar[256] = {
    ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['!'] = true,  ['#'] = true,
    ['$'] = true,         ['%'] = true,         ['&'] = true,         ['\''] = true, ['*'] = true,
    ['+'] = true,         ['-'] = true,         ['.'] = true,         ['^'] = true,  ['_'] = true,
    ['`'] = true,         ['|'] = true,         ['~'] = true,
};

static bool is_name(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_tchar[(unsigned char)name[i]])
            return false;
    return len > 0;
}

/* The place of a known name, or ARRAY_LEN(known).  Most clients write them as we do. */
static size_t find_known(const char *name, size_t len)
{
    size_t at = len ? PLACE(len, (unsigned char)name[0], (unsigned char)name[len - 1]) : 0;
    if (known[at].len != len || !len ||
        (memcmp(known[at].name, name, len) != 0 && strncasecmp(known[at].name, name, len) != 0))
        return ARRAY_LEN(known);
    return at;
}

static bool read_header(struct request *request, const struct exchange_header *header,
                        struct problem *problem)
{
    size_t len = strlen(header->name), at = find_known(header->name, len);
    if (at == ARRAY_LEN(known) && !is_name(header->name, len))
        return problem_set(problem, 400, "invalid", "a header field has no proper name");
    if (at == ARRAY_LEN(known) || !known[at].offset)
        return true;
    const char **slot = (const char **)((char *)request + known[at].offset);
    if (*slot)
        return problem_set(problem, 400, "invalid", "the header '%s' is there twice",
                           known[at].name);
    *slot = header->value;
    return true;
}

static_assert(offsetof(struct request, exchange) == 0, "what nobody looks at is at offset 0");

static bool read_headers(struct request *request, struct problem *problem)
{
    const struct exchange *exchange = request->exchange;
    if (exchange->n_headers >= EXCHANGE_MAX_HEADERS)
        return problem_set(problem, 431, "too_many_headers",
                           "at most %d header fields are accepted", EXCHANGE_MAX_HEADERS - 1);
    if (exchange->torn)
        return problem_set(problem, 400, "invalid",
                           "a header line has no name, is folded, has a blank before its colon or "
                           "does not end with CR LF");
    for (size_t i = 0; i < exchange->n_headers; i++)
        if (!read_header(request, &exchange->headers[i], problem))
            return false;
    return true;
}

static bool check_host(struct request *request, struct problem *problem)
{
    const char *authority = request->exchange->authority;
    if (!request->host && strcmp(request->exchange->version, "1.0") != 0)
        return problem_set(problem, 400, "invalid", "the header 'Host' is missing");
    if (authority && !*authority)
        return problem_set(problem, 400, "invalid", "the target names no host");
    /* RFC 9112, 3.2.2: the target's counts, not the header. */
    if (authority)
        request->host = authority;
    if (request->host && strpbrk(request->host, " \t/?#@\\,"))
        return problem_set(problem, 400, "invalid", "the header 'Host' is no host");
    return true;
}

/* How the body ends must be beyond doubt: a proxy in front may see it otherwise. */
static bool check_framing(const struct request *request, struct problem *problem)
{
    int64_t len;
    const char *digits = request->content_length;
    if (digits && request->transfer_encoding)
        return problem_set(problem, 400, "invalid",
                           "'Content-Length' and 'Transfer-Encoding' exclude each other");
    if (digits && (strspn(digits, "0123456789") != strlen(digits) ||
                   !text_to_int(digits, 0, INT64_MAX, &len)))
        return problem_set(problem, 400, "invalid", "'Content-Length' is no length");
    if (request->transfer_encoding && (strcasecmp(request->transfer_encoding, "chunked") != 0 ||
                                       strcmp(request->exchange->version, "1.0") == 0))
        return problem_set(problem, 400, "invalid",
                           "the only 'Transfer-Encoding' accepted is 'chunked'");
    if (request->expect && strcasecmp(request->expect, "100-continue") != 0)
        return problem_set(problem, 417, "invalid", "the only 'Expect' accepted is '100-continue'");
    return true;
}

/* Decodes into the arena, which has room for all of it: its texts never move. */
static const char *decode(struct request *request, const char *at, size_t len, bool plus_is_space)
{
    size_t start = request->arena.len;
    if (!memchr(at, '%', len) && !(plus_is_space && memchr(at, '+', len))) {
        text_add(&request->arena, at, len);
    } else {
        CLEANUP(mem_free) char *decoded = NULL;
        if (!text_url_decode(at, len, plus_is_space, &decoded))
            return NULL;
        text_add_string(&request->arena, decoded);
    }
    text_add_char(&request->arena, '\0');
    return request->arena.bytes + start;
}

static bool read_path(struct request *request, struct problem *problem)
{
    const char *at = request->exchange->path;
    if (*at != '/')
        return problem_set(problem, 400, "invalid", "the path does not begin with '/'");
    while (*at == '/') {
        size_t len = strcspn(++at, "/");
        if (request->n_segments == REQUEST_MAX_SEGMENTS)
            return problem_set(problem, 404, "not_found", "there is nothing at this path");
        const char *segment = decode(request, at, len, false);
        if (!segment)
            return problem_set(problem, 400, "invalid",
                               "the path has a bad percent sign or is no UTF-8");
        request->segments[request->n_segments++] = segment;
        at += len;
    }
    return true;
}

static bool read_param(struct request *request, const char *at, size_t len, struct problem *problem)
{
    const char *equals = memchr(at, '=', len);
    size_t name_len = equals ? (size_t)(equals - at) : len;
    if (request->n_params == REQUEST_MAX_PARAMS)
        return problem_set(problem, 400, "invalid", "more than %d query parameters",
                           REQUEST_MAX_PARAMS);
    const char *name = decode(request, at, name_len, true);
    const char *value =
        equals ? decode(request, equals + 1, len - name_len - 1, true) : decode(request, "", 0, 0);
    if (!name || !value)
        return problem_set(problem, 400, "invalid",
                           "the query has a bad percent sign or is no UTF-8");
    if (request_param(request, name))
        return problem_field(problem, name, "is there twice");
    request->params[request->n_params++] = (struct request_param){ name, value };
    return true;
}

static bool read_query(struct request *request, struct problem *problem)
{
    const char *at = request->exchange->query;
    while (at && *at) {
        size_t len = strcspn(at, "&");
        if (len && !read_param(request, at, len, problem))
            return false;
        at += len;
        at += *at == '&';
    }
    return true;
}

static enum request_method method_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (strcmp(methods[i].name, name) == 0)
            return methods[i].method;
    }
    return 0;
}

bool request_read_head(struct exchange *exchange, struct request *out, struct problem *problem)
{
    memset(out, 0, offsetof(struct request, segments));
    out->exchange = exchange;
    out->method = method_of(exchange->method);
    if (read_headers(out, problem) && check_host(out, problem) && check_framing(out, problem))
        return true;
    /* Where the next request would begin is unknown. */
    exchange_close(exchange);
    return false;
}

bool request_read_target(struct request *request, struct problem *problem)
{
    const struct exchange *exchange = request->exchange;
    size_t len = strlen(exchange->path) + (exchange->query ? strlen(exchange->query) + 1 : 0);
    if (len > REQUEST_MAX_TARGET)
        return problem_set(problem, 414, "uri_too_long", "the target is longer than %d bytes",
                           REQUEST_MAX_TARGET);
    /* Each decoded text ends with its own NUL and the arena's: a parameter has two texts. */
    request->arena.limit = len + 2 * REQUEST_MAX_PARAMS + REQUEST_MAX_SEGMENTS + 8;
    text_reserve(&request->arena, request->arena.limit);
    return read_path(request, problem) && read_query(request, problem);
}

void request_done(struct request *request)
{
    json_decref(request->json);
    text_done(&request->arena);
    text_done(&request->seen);
    request->json = NULL;
}

const char *request_param(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->n_params; i++) {
        if (strcmp(request->params[i].name, name) == 0)
            return request->params[i].value;
    }
    return NULL;
}

int64_t request_int(const struct request *request, const char *name, int64_t fallback)
{
    int64_t value = fallback;
    text_to_int(request_param(request, name), INT64_MIN, INT64_MAX, &value);
    return value;
}

bool request_flag(const struct request *request, const char *name)
{
    const char *value = request_param(request, name);
    return text_equal(value, "1") || text_equal(value, "true");
}

static bool has_body(const struct request *request)
{
    return request->exchange->chunked || request->exchange->content_length > 0;
}

bool request_is_type(const struct request *request, const char *type)
{
    const char *said = request->content_type ? request->content_type : "";
    size_t len = strcspn(said, "; \t");
    return len == strlen(type) && strncasecmp(said, type, len) == 0;
}

static bool body_problem(struct problem *problem, const struct error *err)
{
    static const struct {
        int code, status;
        const char *name;
    } rows[] = { { PROVIDER_ELIMIT, 413, "too_large" }, { PROVIDER_ETIME, 408, "timeout" } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].code == err->code)
            return problem_set(problem, rows[i].status, rows[i].name, "%s", err->text);
    }
    return problem_set(problem, 400, "invalid", "%s", err->text);
}

bool request_bytes(struct request *request, size_t max, struct text *out, struct problem *problem)
{
    struct error err = { 0 };
    return exchange_read_body(request->exchange, max, out, &err) == 0 ||
           body_problem(problem, &err);
}

bool request_object(struct request *request, const json_t **out, struct problem *problem)
{
    if (!has_body(request)) {
        request->json = json_object();
        *out = request->json;
        return true;
    }
    if (!request_is_type(request, "application/json")) {
        exchange_close(request->exchange);
        return problem_set(problem, 415, "unsupported_media_type",
                           "the body must be 'application/json'");
    }
    CLEANUP(text_done) struct text body = TEXT_INIT(0);
    struct error err = { 0 };
    if (!request_bytes(request, request->max_body, &body, problem))
        return false;
    if (js_parse(text_string(&body), body.len, request->max_body, &request->json, &err) != 0)
        return problem_set(problem, 400, "invalid", "the body is no JSON: %s", err.text);
    if (!json_is_object(request->json))
        return problem_set(problem, 400, "invalid", "the body is no JSON object");
    *out = request->json;
    return true;
}

bool request_no_body(struct request *request, struct problem *problem)
{
    if (!has_body(request))
        return true;
    exchange_close(request->exchange);
    return problem_set(problem, 400, "invalid", "this request takes no body");
}

const char *request_method_name(enum request_method method)
{
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (methods[i].method == method)
            return methods[i].name;
    }
    return NULL;
}

/* Whether the parameters of one Accept-Encoding member leave it wanted. */
static bool is_wanted(const char *parameters, size_t len)
{
    const char *q = memmem(parameters, len, "q=", 2);
    if (!q)
        return true;
    size_t n = len - (size_t)(q + 2 - parameters);
    return strspn(q + 2, "0.") < MIN(n, strcspn(q + 2, ", \t;"));
}

bool request_accepts_gzip(const struct request *request)
{
    bool any = false;
    for (const char *at = request->accept_encoding; at && *at;) {
        at += strspn(at, ", \t");
        size_t len = strcspn(at, ","), name_len = strcspn(at, ";, \t");
        if (name_len == 4 && strncasecmp(at, "gzip", 4) == 0)
            return is_wanted(at + name_len, len - name_len);
        if (name_len == 1 && *at == '*')
            any = is_wanted(at + name_len, len - name_len);
        at += len;
    }
    return any;
}

bool request_etag_matches(const char *list, const char *etag)
{
    size_t etag_len = strlen(etag);
    /* Nearly always it is one tag, the one that we gave. */
    if (list && *list == '"' && strncmp(list + 1, etag, etag_len) == 0 && list[etag_len + 1] == '"')
        return true;
    for (const char *at = list; at && *at;) {
        at += strspn(at, ", \t");
        if (*at == '*')
            return true;
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        if (*at != '"')
            return false;
        size_t len = strcspn(++at, "\"");
        if (len == etag_len && memcmp(at, etag, len) == 0)
            return true;
        at += len;
        at += *at == '"';
    }
    return false;
}
