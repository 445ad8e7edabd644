/* SPDX-License-Identifier: MIT */
#include "reels.h"

#include <string.h>

#include "base/json.h"
#include "emit.h"

const struct reel *reels_next(const struct reels *reels, const char *imdb, size_t *from)
{
    for (; reels && *from < reels->n; ++*from) {
        const struct reel *reel = &reels->rows[*from];
        if (reel->imdb && strcmp(reel->imdb, imdb) == 0)
            return &reels->rows[(*from)++];
    }
    return NULL;
}

static bool answer(struct sandbox_reply *reply, int status, const char *key, const char *value)
{
    struct text *out = sandbox_json(reply, status, -1);
    emit_begin(out, NULL, '{');
    emit_string(out, key, value);
    emit_end(out, '}');
    return true;
}

static size_t index_of(const struct reels *reels, const char *infohash, size_t len)
{
    size_t i = 0;
    while (i < reels->n && (strlen(reels->rows[i].infohash) != len ||
                            strncmp(reels->rows[i].infohash, infohash, len) != 0))
        i++;
    return i;
}

static void write_reel(const struct reel *reel, struct text *out)
{
    emit_begin(out, NULL, '{');
    emit_string(out, "name", reel->name);
    emit_string(out, "format", reel->format);
    emit_string(out, "imdb", reel->imdb);
    emit_string(out, "quality", reel->quality);
    emit_string(out, "infohash", reel->infohash);
    emit_string(out, "magnet", reel->magnet);
    emit_format(out, "torrent", "/sandbox/reels/%s.torrent", reel->infohash);
    emit_int(out, "size", reel->size);
    emit_end(out, '}');
}

static bool list(const struct reels *reels, struct sandbox_reply *reply)
{
    struct text *out = sandbox_json(reply, 200, -1);
    emit_begin(out, NULL, '{');
    emit_begin(out, "trackers", '[');
    for (size_t i = 0; i < ARRAY_LEN(reels->trackers); i++)
        emit_string(out, NULL, reels->trackers[i]);
    emit_end(out, ']');
    emit_begin(out, "reels", '[');
    for (size_t i = 0; i < reels->n; i++)
        write_reel(&reels->rows[i], out);
    emit_end(out, ']');
    emit_end(out, '}');
    return true;
}

static bool send_metainfo(const struct reels *reels, const char *file, struct sandbox_reply *reply)
{
    const char *ending = strstr(file, ".torrent");
    size_t i = ending ? index_of(reels, file, (size_t)(ending - file)) : reels->n;
    if (i == reels->n)
        return answer(reply, 404, "error", "no such reel");
    struct text *out = sandbox_json(reply, 200, -1);
    reply->content_type = "application/x-bittorrent";
    text_add(out, reels->rows[i].metainfo, reels->rows[i].metainfo_len);
    return true;
}

/* {"infohash": "...", "manner": "corrupt", "honest": false}: a peer behaves so, and whether those
 * who seed as they should stay. */
static bool direct(const struct reels *reels, const json_t *body, struct sandbox_reply *reply)
{
    const char *infohash = js_string(body, "infohash"), *manner = js_string(body, "manner");
    size_t i = infohash ? index_of(reels, infohash, strlen(infohash)) : reels->n;
    if (manner && i == reels->n)
        return answer(reply, 404, "error", "no such reel");
    if (manner && !reels->add_peer(reels->context, i, manner))
        return answer(reply, 400, "error", "nobody behaves like that");
    const json_t *honest = json_object_get(body, "honest");
    if (!manner && !json_is_boolean(honest))
        return answer(reply, 400, "error", "manner with infohash, or honest, or both");
    if (json_is_boolean(honest))
        reels->set_honest(reels->context, json_is_true(honest));
    return answer(reply, 200, "manner", manner);
}

bool reels_answer(const struct reels *reels, const struct sandbox_request *request,
                  const json_t *body, struct sandbox_reply *reply)
{
    const char *what = request->n_segments > 1 ? request->segments[1] : "";
    const char *file = request->n_segments > 2 ? request->segments[2] : NULL;
    bool gets = strcmp(request->method, "GET") == 0;

    if (!reels)
        return false;
    if (gets && strcmp(what, "reels") == 0)
        return file ? send_metainfo(reels, file, reply) : list(reels, reply);
    if (strcmp(what, "peers") != 0)
        return false;
    if (strcmp(request->method, "POST") == 0)
        return direct(reels, body, reply);
    if (strcmp(request->method, "DELETE") != 0)
        return false;
    reels->heal(reels->context);
    return answer(reply, 200, "manner", NULL);
}
