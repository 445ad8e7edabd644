/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

#include <string.h>
#include <zlib.h>

#include "admin.h"
#include "faults.h"
#include "lists.h"
#include "tmdb.h"
#include "yts.h"

enum { GZIP_FROM = 600 /* smaller bodies are not worth it */ };

struct sandbox {
    struct catalog *catalog;
    struct catalog *shows;
    struct lists *lists;
    struct faults *faults;
    struct tmdb_exports *exports;
    const struct reels *reels;
    char *key;
};

static bool parse_query(struct sandbox_request *request, const char *query)
{
    while (query && *query) {
        size_t len = strcspn(query, "&");
        const char *equals = memchr(query, '=', len);
        size_t name_len = equals ? (size_t)(equals - query) : len;
        if (request->n_params == SANDBOX_MAX_PARAMS)
            return false;
        struct sandbox_param *param = &request->params[request->n_params];
        if (!text_url_decode(query, name_len, true, &param->name))
            return false;
        request->n_params++;
        if (!equals)
            param->value = mem_dup_text("");
        else if (!text_url_decode(equals + 1, len - name_len - 1, true, &param->value))
            return false;
        query += len + (query[len] == '&');
    }
    return true;
}

bool sandbox_request_parse(struct sandbox_request *request, const char *path, const char *query)
{
    if (*path != '/' || !text_url_decode(path, strlen(path), false, &request->path))
        return false;
    for (const char *at = path + 1; *at;) {
        size_t len = strcspn(at, "/");
        if (request->n_segments == SANDBOX_MAX_SEGMENTS ||
            !text_url_decode(at, len, false, &request->segments[request->n_segments]))
            return false;
        request->n_segments++;
        at += len + (at[len] == '/');
    }
    return parse_query(request, query);
}

void sandbox_request_done(struct sandbox_request *request)
{
    free(request->path);
    for (size_t i = 0; i < request->n_segments; i++)
        free(request->segments[i]);
    for (size_t i = 0; i < request->n_params; i++) {
        free(request->params[i].name);
        free(request->params[i].value);
    }
}

void sandbox_reply_done(struct sandbox_reply *reply)
{
    text_done(&reply->body);
}

const char *sandbox_param(const struct sandbox_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_params; i++) {
        if (strcmp(request->params[i].name, name) == 0)
            return request->params[i].value;
    }
    return NULL;
}

struct text *sandbox_json(struct sandbox_reply *reply, int status, int max_age)
{
    reply->status = status;
    reply->content_type = "application/json;charset=utf-8";
    reply->max_age = max_age;
    text_clear(&reply->body);
    reply->body.limit = (size_t)256 << 20;
    return &reply->body;
}

struct sandbox *sandbox_new(const struct sandbox_options *options, struct error *err)
{
    CLEANUP(sandbox_free) struct sandbox *sandbox = mem_new(struct sandbox);

    struct catalog_options films = { .n_invented = options->n_invented,
                                     .seed = options->seed,
                                     .quiet = options->quiet };
    struct catalog_options shows = { .shows = true,
                                     .n_invented = options->n_shows,
                                     .seed = options->seed,
                                     .quiet = options->quiet };
    sandbox->catalog = catalog_new(&films, err);
    sandbox->shows = sandbox->catalog ? catalog_new(&shows, err) : NULL;
    sandbox->lists = sandbox->shows ? lists_new(err) : NULL;
    if (!sandbox->lists)
        return NULL;
    sandbox->faults = faults_new();
    sandbox->exports = tmdb_exports_new();
    sandbox->reels = options->reels;
    sandbox->key = mem_dup_text(options->key ? options->key : SANDBOX_KEY);
    if (options->churn > 0) {
        catalog_churn(sandbox->catalog, options->churn);
        catalog_churn(sandbox->shows, options->churn);
    }
    return steal(sandbox);
}

void sandbox_free(struct sandbox *sandbox)
{
    if (!sandbox)
        return;
    catalog_free(sandbox->catalog);
    catalog_free(sandbox->shows);
    lists_free(sandbox->lists);
    faults_free(sandbox->faults);
    tmdb_exports_free(sandbox->exports);
    free(sandbox->key);
    free(sandbox);
}

struct catalog *sandbox_catalog(struct sandbox *sandbox)
{
    return sandbox->catalog;
}

struct catalog *sandbox_shows(struct sandbox *sandbox)
{
    return sandbox->shows;
}

struct lists *sandbox_lists(struct sandbox *sandbox)
{
    return sandbox->lists;
}

const struct reels *sandbox_reels(struct sandbox *sandbox)
{
    return sandbox->reels;
}

struct tmdb_exports *sandbox_exports(struct sandbox *sandbox)
{
    return sandbox->exports;
}

const char *sandbox_key(const struct sandbox *sandbox)
{
    return sandbox->key;
}

/* Eight bytes at a time: shows with seasons are long. */
static uint64_t hash_body(const struct text *body)
{
    uint64_t hash = 0xcbf29ce484222325u;
    size_t at = 0;

    for (uint64_t word; at + sizeof(word) <= body->len; at += sizeof(word)) {
        memcpy(&word, body->bytes + at, sizeof(word));
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    return hash ^ text_hash(body->bytes + at, body->len - at);
}

static void put_etag(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    uint64_t hash = hash_body(&reply->body);
    uint64_t second = (hash ^ reply->body.len) * 0x9e3779b97f4a7c15u;

    snprintf(reply->etag, sizeof(reply->etag), "W/\"%016llx%016llx\"", (unsigned long long)hash,
             (unsigned long long)second);
    const char *known = request->if_none_match;
    if (known && (strstr(known, reply->etag + 2) || strcmp(known, "*") == 0)) {
        reply->status = 304;
        text_clear(&reply->body);
    }
}

static void compress_body(struct sandbox_reply *reply)
{
    z_stream stream = { 0 };
    if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    struct text out = TEXT_INIT(reply->body.limit);
    if (text_reserve(&out, deflateBound(&stream, reply->body.len))) {
        stream.next_in = (Bytef *)reply->body.bytes;
        stream.avail_in = (uInt)reply->body.len;
        stream.next_out = (Bytef *)out.bytes;
        stream.avail_out = (uInt)out.capacity;
        if (deflate(&stream, Z_FINISH) == Z_STREAM_END) {
            out.len = stream.total_out;
            text_done(&reply->body);
            reply->body = out;
            out = (struct text){ 0 };
            reply->gzipped = true;
        }
    }
    deflateEnd(&stream);
    text_done(&out);
}

static void dress(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    if (reply->status == 200 && reply->max_age >= 0 && reply->body.len)
        put_etag(request, reply);
    if (reply->body.len >= GZIP_FROM && request->accept_encoding &&
        strstr(request->accept_encoding, "gzip") &&
        text_starts_with(reply->content_type, "application/json"))
        compress_body(reply);
}

static void route(struct sandbox *sandbox, const struct sandbox_request *request,
                  struct sandbox_reply *reply)
{
    const char *first = request->n_segments ? request->segments[0] : "";

    if (strcmp(first, "3") == 0 || strcmp(first, "4") == 0)
        tmdb_answer(sandbox, request, reply);
    else if (!yts_answer(sandbox, request, reply) && !tmdb_export(sandbox, request, reply) &&
             !tmdb_image(sandbox, request, reply))
        tmdb_fail(reply, 34);
}

void sandbox_answer(struct sandbox *sandbox, const struct sandbox_request *request,
                    struct sandbox_reply *reply)
{
    *reply = (struct sandbox_reply){ .status = 200, .max_age = -1 };
    if (request->n_segments && strcmp(request->segments[0], "sandbox") == 0 &&
        admin_answer(sandbox, sandbox->faults, request, reply))
        return;
    if (!faults_before(sandbox->faults, request, reply)) {
        route(sandbox, request, reply);
        faults_after(sandbox->faults, request, reply);
        dress(request, reply);
    }
    faults_note_status(sandbox->faults, reply->status);
}
