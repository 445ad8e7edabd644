/* SPDX-License-Identifier: MIT
 *
 * What an operation is asked, copied into one block of memory: a plugin that never comes back keeps
 * reading it after its caller has turned away. */
#pragma once

#include "base/text.h"

enum { ARGUMENTS_MAX_IDS = 16, ARGUMENTS_URL_SIZE = 2048 };

struct call_arguments {
    struct provider_query query;
    struct provider_id ids[ARGUMENTS_MAX_IDS];
    uint32_t kind;
    struct provider_id id;
    const char *scope, *cursor, *magnet;
    const char *image_kind, *path;
    uint32_t width;
    char url[ARGUMENTS_URL_SIZE]; /* the answer of locate() */

    /* Of streams and swarms; what is pointed to is the call's own. */
    const char *infohash;
    uint32_t file;
    struct provider_stream *stream; /* asked about, or the answer of open() */
    uint64_t offset;
    size_t len, got;
    char *bytes; /* room for len */
    struct provider_stream_state state;
    struct provider_range *ranges; /* room for len */
    struct provider_swarm swarm;
    struct text metainfo;
    char texts[];
};

struct call_arguments *arguments_of_query(const struct provider_query *query);
struct call_arguments *arguments_of_id(uint32_t kind, const struct provider_id *id);
struct call_arguments *arguments_of_scope(const char *scope, const char *cursor);
struct call_arguments *arguments_of_magnet(const char *magnet);
struct call_arguments *arguments_of_image(const char *kind, const char *path, uint32_t width);

struct call_arguments *arguments_of_file(const char *magnet, uint32_t file);
struct call_arguments *arguments_of_infohash(const char *infohash);
struct call_arguments *arguments_of_stream(struct provider_stream *stream);

void arguments_free(struct call_arguments *arguments);
DEFINE_CLEANUP(struct call_arguments *, arguments_free);

/* Copies out what locate() wrote; PROVIDER_EPARSE when that is no http(s) address. */
int arguments_take_url(const struct call_arguments *arguments, char *url, size_t url_size,
                       struct error *err);
