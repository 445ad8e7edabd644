/* SPDX-License-Identifier: MIT
 *
 * The table behind the configuration: one row per key.  Everything that knows keys - the reader,
 * the environment, the sample, the manual page - goes through these rows.  Constant; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum conf_type {
    CONF_TEXT,
    CONF_INTEGER,
    CONF_SIZE, /* bytes; a text such as "256 MiB" too */
    CONF_BOOL,
    CONF_LIST,   /* of texts */
    CONF_CHOICE, /* one of `choices` */
    CONF_ORDERS, /* lists of texts by field */
};

enum {
    CONF_SECRET = 1,    /* masked; also from the file that NAME_FILE names */
    CONF_MUST_HAVE = 2, /* may not be empty */
};

struct conf_row {
    const char *key; /* "http.port" */
    enum conf_type type;
    uint32_t flags;
    size_t offset;        /* in struct conf */
    const char *fallback; /* as text; NULL: found at start, or none */
    const char *sample;   /* what the sample shows in its place */
    const char *env;      /* one more name; each row also has MIAUFLIX_<KEY> */
    int64_t min, max;     /* of numbers and sizes */
    const char *choices;  /* separated by single spaces */
    const char *unit;
    bool (*is_fine)(const char *value); /* of each text; NULL: anything */
    const char *wanted;                 /* what is_fine wants: "an IPv4 address" */
    const char *help;                   /* sentences */
};

extern const struct conf_row conf_table[];
extern const size_t conf_table_len;

/* NULL when there is no such key, or only a group of that name. */
const struct conf_row *conf_table_find(const char *key);
bool conf_table_is_group(const char *key);

/* The key somebody who wrote `key` may have meant; NULL: none comes to mind. */
const char *conf_table_suggest(const char *key);

/* The letters that change one word into the other; `most` + 1 when there are more than that. */
unsigned conf_table_distance(const char *a, const char *b, unsigned most);

enum { CONF_ENV_LEN = 80 };

/* "http.port": "MIAUFLIX_HTTP_PORT". */
const char *conf_table_env(const struct conf_row *row, char out[CONF_ENV_LEN]);
