/* SPDX-License-Identifier: MIT */
#include "ready.h"

#include <string.h>

#include "base/clock.h"
#include "cache/answers.h"
#include "reply_head.h"

enum { MAX_LINES = 32 << 10 };

/* In front of the header lines and the body of a kept reply. */
struct kept {
    const struct route *route; /* of the table, which never changes */
    int64_t until_ms;          /* steady */
    uint32_t lines_len, entity_len, body_len;
    bool shared;
    char etag[REPLY_ETAG_LEN];
};

/* Where it ends; NULL: it does not fit, or what came before did not. */
static inline char *add(char *at, const char *end, const char *part)
{
    size_t len = part ? strlen(part) : 0;
    if (!at || len + 1 > (size_t)(end - at))
        return NULL;
    if (len)
        memcpy(at, part, len);
    at[len] = '\n'; /* in no target and no header */
    return at + len + 1;
}

size_t ready_key(const struct request *request, char out[READY_KEY_LEN])
{
    const char *end = out + READY_KEY_LEN;
    out[0] = request_accepts_gzip(request) ? 'z' : 'p';
    out[1] = '\n';
    char *at = add(out + 2, end, request->exchange->path);
    at = add(at, end, request->exchange->query);
    at = add(at, end, request->accept_language);
    return at ? (size_t)(at - out) : 0;
}

struct answer *ready_get(struct answers *answers, const char *key, size_t key_len,
                         const struct route **out_route, struct reply *reply)
{
    CLEANUP(answer_unref) struct answer *answer = answers_get(answers, key, key_len);
    size_t len;
    struct kept kept;
    const char *bytes = answer ? answer_bytes(answer, &len) : NULL;
    if (!bytes)
        return NULL;
    memcpy(&kept, bytes, sizeof kept);
    int64_t left_ms = kept.until_ms - clock_coarse_steady_ms();
    if (left_ms <= 0)
        return NULL;
    *out_route = kept.route;
    reply->status = 200;
    reply->max_age_s = left_ms / 1000;
    reply->shared = kept.shared;
    memcpy(reply->etag, kept.etag, sizeof kept.etag);
    reply->is_ready = true;
    reply->lines = bytes + sizeof kept;
    reply->lines_len = kept.lines_len;
    reply->entity_len = kept.entity_len;
    reply->bytes = reply->lines + kept.lines_len + kept.entity_len;
    reply->len = kept.body_len;
    return steal(answer);
}

void ready_put(struct answers *answers, const char *key, size_t key_len, const struct route *route,
               const struct reply *reply)
{
    if (!reply->keep || reply->status != 200 || reply->max_age_s <= 0 || reply->bytes)
        return;
    CLEANUP(text_done) struct text lines = TEXT_INIT(MAX_LINES);
    struct kept kept;
    memset(&kept, 0, sizeof kept);
    kept.route = route;
    kept.until_ms = clock_steady_ms() + reply->max_age_s * 1000;
    reply_head_lines(reply, &lines);
    kept.lines_len = (uint32_t)lines.len;
    reply_head_entity(reply, reply->body.len, &lines);
    kept.entity_len = (uint32_t)lines.len - kept.lines_len;
    kept.body_len = (uint32_t)reply->body.len;
    kept.shared = reply->shared;
    memcpy(kept.etag, reply->etag, sizeof kept.etag);
    CLEANUP(text_done) struct text all = TEXT_INIT(sizeof kept + lines.len + reply->body.len);
    text_add(&all, &kept, sizeof kept);
    text_add(&all, text_string(&lines), lines.len);
    text_add(&all, text_string(&reply->body), reply->body.len);
    if (!lines.overflow)
        answers_put(answers, key, key_len, reply->tag, reply->since, kept.until_ms, all.bytes,
                    all.len);
}

bool ready_is_key(const char *key, size_t len)
{
    size_t lines = 0;
    if (len < 4 || len > READY_KEY_LEN || (key[0] != 'z' && key[0] != 'p') || key[1] != '\n' ||
        key[len - 1] != '\n' || memchr(key, '\0', len))
        return false;
    for (size_t i = 0; i < len; i++)
        lines += key[i] == '\n';
    return lines == READY_KEY_LINES;
}

/* Cuts off one line. */
static const char *take_line(char **at)
{
    char *line = *at;
    size_t len = strcspn(line, "\n");
    line[len] = '\0';
    *at = line + len + 1;
    return *line ? line : NULL;
}

void ready_exchange(const char *key, size_t len, char buffer[READY_KEY_LEN],
                    struct exchange_header headers[READY_HEADERS], struct exchange *out)
{
    char *at = buffer;
    memcpy(buffer, key, len);
    take_line(&at);
    const char *path = take_line(&at);
    *out = (struct exchange){ .method = "GET",
                              .path = path ? path : "/",
                              .version = "1.1",
                              .headers = headers,
                              .content_length = -1 };
    out->query = take_line(&at);
    const char *language = take_line(&at);
    headers[out->n_headers++] = (struct exchange_header){ "Host", "localhost" };
    if (key[0] == 'z')
        headers[out->n_headers++] = (struct exchange_header){ "Accept-Encoding", "gzip" };
    if (language)
        headers[out->n_headers++] = (struct exchange_header){ "Accept-Language", language };
}
