/* SPDX-License-Identifier: MIT */
#include "ready.h"

#include <string.h>

#include "base/clock.h"
#include "cache/answers.h"

/* In front of the headers and the body of a kept reply. */
struct kept {
    int64_t until_ms; /* steady */
    uint32_t headers_len, body_len;
    bool packed, shared, speaks;
    char etag[REPLY_ETAG_LEN];
    char language[LANGUAGE_LEN];
};

static bool add(char *out, size_t *len, const char *part)
{
    size_t part_len = part ? strlen(part) : 0;
    if (*len + part_len + 1 > READY_KEY_LEN)
        return false;
    if (part_len)
        memcpy(out + *len, part, part_len);
    *len += part_len;
    out[(*len)++] = '\n'; /* in no target and no header */
    return true;
}

size_t ready_key(const struct request *request, char out[READY_KEY_LEN])
{
    size_t len = 0;
    bool fits = add(out, &len, request_accepts_gzip(request) ? "z" : "p") &&
                add(out, &len, request->exchange->path) &&
                add(out, &len, request->exchange->query) &&
                add(out, &len, request->accept_language);
    return fits ? len : 0;
}

struct answer *ready_get(struct answers *answers, const char *key, size_t key_len,
                         struct reply *reply)
{
    CLEANUP(answer_unref) struct answer *answer = answers_get(answers, key, key_len);
    size_t len;
    struct kept kept;
    const char *bytes = answer ? answer_bytes(answer, &len) : NULL;
    if (!bytes)
        return NULL;
    memcpy(&kept, bytes, sizeof kept);
    int64_t left_ms = kept.until_ms - clock_steady_ms();
    if (left_ms <= 0)
        return NULL;
    reply->status = 200;
    reply->max_age_s = left_ms / 1000;
    reply->packed = kept.packed;
    reply->shared = kept.shared;
    reply->speaks = kept.speaks;
    memcpy(reply->etag, kept.etag, sizeof kept.etag);
    memcpy(reply->language, kept.language, sizeof kept.language);
    if (kept.headers_len)
        text_add(&reply->headers, bytes + sizeof kept, kept.headers_len);
    reply->bytes = bytes + sizeof kept + kept.headers_len;
    reply->len = kept.body_len;
    return steal(answer);
}

void ready_put(struct answers *answers, const char *key, size_t key_len, const struct reply *reply)
{
    if (!reply->keep || reply->status != 200 || reply->max_age_s <= 0 || reply->bytes)
        return;
    struct kept kept;
    memset(&kept, 0, sizeof kept);
    kept.until_ms = clock_steady_ms() + reply->max_age_s * 1000;
    kept.headers_len = (uint32_t)reply->headers.len;
    kept.body_len = (uint32_t)reply->body.len;
    kept.packed = reply->packed;
    kept.shared = reply->shared;
    kept.speaks = reply->speaks;
    memcpy(kept.etag, reply->etag, sizeof kept.etag);
    memcpy(kept.language, reply->language, sizeof kept.language);
    CLEANUP(text_done)
    struct text all = TEXT_INIT(sizeof kept + reply->headers.len + reply->body.len);
    text_add(&all, &kept, sizeof kept);
    text_add(&all, text_string(&reply->headers), reply->headers.len);
    text_add(&all, text_string(&reply->body), reply->body.len);
    answers_put(answers, key, key_len, reply->tag, reply->since, kept.until_ms, all.bytes, all.len);
}
