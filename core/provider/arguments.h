/* SPDX-License-Identifier: MIT
 *
 * What an operation is asked, copied into one block of memory: a plugin that never comes back keeps
 * reading it after its caller has turned away.  free() it. */
#pragma once

#include "base/error.h"

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
    char texts[];
};

struct call_arguments *arguments_of_query(const struct provider_query *query);
struct call_arguments *arguments_of_id(uint32_t kind, const struct provider_id *id);
struct call_arguments *arguments_of_scope(const char *scope, const char *cursor);
struct call_arguments *arguments_of_magnet(const char *magnet);
struct call_arguments *arguments_of_image(const char *kind, const char *path, uint32_t width);

/* Copies out what locate() wrote; PROVIDER_EPARSE when that is no http(s) address. */
int arguments_take_url(const struct call_arguments *arguments, char *url, size_t url_size,
                       struct error *err);
