/* SPDX-License-Identifier: MIT
 *
 * What a loaded configuration owns beside its plain values: its texts, and where each value came
 * from. Shared by the conf_*.c files only.  Main thread. */
#pragma once

#include "conf.h"
#include "conf_table.h"

struct conf_kept; /* one allocation */

/* One of the host's keys in a provider's file as it stands there, for --print-config. */
struct conf_provider_line {
    const char *provider, *file, *key, *value;
    unsigned line;
};

struct conf_held {
    struct conf conf; /* first, so that one pointer is both */
    struct conf_kept *kept;
    const char **origins;       /* one per row */
    const char **order_origins; /* one per order of a field */
    struct conf_provider_line *lines;
    size_t n_lines;
};

/* Frees `memory` together with the configuration. */
void *conf_keep(struct conf_held *held, void *memory);
const char *conf_keep_text(struct conf_held *held, const char *text);

/* Sets a row from texts (one, unless it is a list).  The error says key, value and bounds; the
 * caller puts the place before it.  `origin` is copied. */
int conf_set(struct conf_held *held, const struct conf_row *row, const char *const *texts, size_t n,
             const char *origin, struct error *err);

/* The same from one text; a list's values are separated by spaces or commas. */
int conf_set_text(struct conf_held *held, const struct conf_row *row, const char *text,
                  const char *origin, struct error *err);

/* The orders of fields: none from now on, one more, all of them from one text, and whether every
 * provider that an order names is there. */
void conf_orders_clear(struct conf_held *held, const struct conf_row *row);
int conf_orders_add(struct conf_held *held, const struct conf_row *row, const char *field,
                    const char *const *providers, size_t n, const char *origin, struct error *err);
int conf_orders_set_text(struct conf_held *held, const struct conf_row *row, const char *text,
                         const char *origin, struct error *err);
int conf_orders_find_providers(const struct conf_held *held, struct error *err);

/* All settings of the main file. */
int conf_read_main(struct conf_held *held, const char *path, struct error *err);

/* All files of conf.providers_folder; a missing folder is an error when `must_exist`. */
int conf_read_providers(struct conf_held *held, bool must_exist, struct error *err);
