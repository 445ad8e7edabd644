/* SPDX-License-Identifier: MIT */
#include "provider/arguments.h"

#include <string.h>

#include "base/text.h"

static size_t room_for(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

/* Copies `text` to where *at points, and moves that on. */
static const char *put(char **at, const char *text)
{
    if (!text)
        return NULL;
    char *copy = *at;
    size_t len = strlen(text) + 1;
    memcpy(copy, text, len);
    *at += len;
    return copy;
}

static struct call_arguments *make(size_t texts_len)
{
    return mem_alloc(sizeof(struct call_arguments) + texts_len);
}

struct call_arguments *arguments_of_query(const struct provider_query *query)
{
    uint32_t n_ids = query->ids ? MIN(query->n_ids, (uint32_t)ARGUMENTS_MAX_IDS) : 0;
    size_t room = room_for(query->text) + room_for(query->language);
    for (uint32_t i = 0; i < n_ids; i++)
        room += room_for(query->ids[i].space) + room_for(query->ids[i].value);
    struct call_arguments *made = make(room);
    char *at = made->texts;
    made->query = *query;
    made->query.size = sizeof made->query;
    made->query.text = put(&at, query->text);
    made->query.language = put(&at, query->language);
    for (uint32_t i = 0; i < n_ids; i++) {
        made->ids[i].space = put(&at, query->ids[i].space);
        made->ids[i].value = put(&at, query->ids[i].value);
    }
    made->query.ids = n_ids ? made->ids : NULL;
    made->query.n_ids = n_ids;
    return made;
}

struct call_arguments *arguments_of_id(uint32_t kind, const struct provider_id *id)
{
    struct call_arguments *made = make(room_for(id->space) + room_for(id->value));
    char *at = made->texts;
    made->kind = kind;
    made->id.space = put(&at, id->space);
    made->id.value = put(&at, id->value);
    return made;
}

struct call_arguments *arguments_of_scope(const char *scope, const char *cursor)
{
    struct call_arguments *made = make(room_for(scope) + room_for(cursor));
    char *at = made->texts;
    made->scope = put(&at, scope);
    made->cursor = put(&at, cursor);
    return made;
}

struct call_arguments *arguments_of_magnet(const char *magnet)
{
    struct call_arguments *made = make(room_for(magnet));
    char *at = made->texts;
    made->magnet = put(&at, magnet);
    return made;
}

struct call_arguments *arguments_of_image(const char *kind, const char *path, uint32_t width)
{
    struct call_arguments *made = make(room_for(kind) + room_for(path));
    char *at = made->texts;
    made->image_kind = put(&at, kind);
    made->path = put(&at, path);
    made->width = width;
    return made;
}

struct call_arguments *arguments_of_file(const char *magnet, uint32_t file)
{
    struct call_arguments *made = arguments_of_magnet(magnet);
    made->file = file;
    return made;
}

struct call_arguments *arguments_of_infohash(const char *infohash)
{
    struct call_arguments *made = make(room_for(infohash));
    char *at = made->texts;
    made->infohash = put(&at, infohash);
    return made;
}

struct call_arguments *arguments_of_stream(struct provider_stream *stream)
{
    struct call_arguments *made = make(0);
    made->stream = stream;
    return made;
}

void arguments_free(struct call_arguments *arguments)
{
    if (!arguments)
        return;
    free(arguments->bytes);
    free(arguments->ranges);
    text_done(&arguments->metainfo);
    free(arguments);
}

int arguments_take_url(const struct call_arguments *arguments, char *url, size_t url_size,
                       struct error *err)
{
    size_t len = strnlen(arguments->url, sizeof arguments->url);
    if (len == sizeof arguments->url || !(text_starts_with(arguments->url, "http://") ||
                                          text_starts_with(arguments->url, "https://")))
        return error_set(err, PROVIDER_EPARSE, "it named no http(s) address for the picture");
    if (len >= url_size)
        return error_set(err, PROVIDER_ELIMIT, "the picture's address is longer than %zu bytes",
                         url_size);
    memcpy(url, arguments->url, len + 1);
    return 0;
}
