/* SPDX-License-Identifier: MIT
 *
 * The configuration: a plain constant struct, filled from one table of rows (key, type, default,
 * environment variable, bounds, help) and from providers.d/.conf files.  The samples in etc/, the
 * manual page and --print-config come from the same table. An unknown key, a wrong type or a value
 * out of bounds is an error with file and line.  Loaded on the main thread; what is loaded never
 * changes. */
#pragma once

#include "media/merge.h"
#include "media/rank.h"
#include "provider/registry.h"

struct conf_list {
    const char **values;
    size_t n;
};

/* Orders of providers by field, as the merge takes them. */
struct conf_orders {
    struct merge_field_order *values;
    size_t n;
};

struct conf {
    /* http */
    const char *listen_address; /* "127.0.0.1" */
    int64_t listen_port;        /* 0: any free one */
    int64_t http_threads, http_max_body, http_request_timeout_ms;
    struct conf_list cors_origins;
    bool anonymous_read;
    int64_t rate_per_minute, rate_burst;  /* per user or address */
    int64_t slow_queue_len, slow_workers; /* fetch on demand, fan-out */
    int64_t max_streams;
    /* store and cache */
    const char *data_folder; /* the store is data_folder/store, marks in data_folder/state */
    const char *durability;  /* "sync" or "batch" */
    int64_t store_cache_bytes, answer_cache_bytes, body_cache_bytes, image_cache_bytes;
    const char *cache_folder;
    int64_t ttl_movies_s, ttl_tvshows_s, ttl_search_s;
    /* catalogue */
    struct conf_list languages;       /* wanted, best first */
    struct conf_list precedence;      /* providers */
    struct conf_orders precedence_of; /* of single fields */
    struct conf_list lists;           /* "tmdb:top_rated" */
    struct conf_list sync_scopes;     /* "movies" */
    int64_t sync_workers;
    const char *sync_changes, *sync_lists, *sync_export, *sync_refresh,
        *sync_availability;      /* base/schedule.h; NULL: never */
    const char *catalogue_scope; /* "all" or "popular" */
    int64_t catalogue_min_votes;
    /* ranking, in hundredths of a point */
    int64_t rank_exact, rank_prefix, rank_words, rank_fuzzy, rank_main_title, rank_coverage;
    int64_t rank_mistake, rank_popularity, rank_votes, rank_year, rank_available;
    /* providers */
    const char *plugin_path;
    const char *providers_folder;
    struct provider_settings *providers;
    size_t n_providers;
    int64_t search_timeout_ms, fetch_timeout_ms;
    const char *proxy, *ca_file; /* NULL: none, the system's */
    const char *log_level;
};

/* What the group "ranking" says. */
void conf_weights(const struct conf *conf, struct rank_weights *out);

/* Reads `file` (NULL: the installed one if it is there, else defaults), its providers.d, and the
 * environment. */
int conf_load(const char *file, struct conf **out, struct error *err);

/* What the command line sets; it wins over everything else. */
struct conf_override {
    const char *key;    /* "http.port" */
    const char *value;  /* as text; lists are separated by spaces or commas */
    const char *origin; /* "--port"; for messages and --print-config */
};
int conf_load_with(const char *file, const struct conf_override *overrides, size_t n,
                   struct conf **out, struct error *err);
void conf_free(struct conf *conf);
DEFINE_CLEANUP(struct conf *, conf_free);

/* Each value and where it came from, secrets masked.  Of a provider's file the host's own keys: the
 * plugin knows the others. */
void conf_print(const struct conf *conf, FILE *out);
void conf_print_line(FILE *out, const char *line, const char *origin);

/* The sample file, and the list of keys in the manual page. */
void conf_print_sample(FILE *out);
void conf_print_manual(FILE *out);
