/* SPDX-License-Identifier: MIT
 *
 * What the files of the catalog share: catalog.c (films), catalog_list.c (order and filters),
 * catalog_changes.c (what happens to them). */
#pragma once

#include <jansson.h>

#include "base/lock.h"
#include "catalog.h"

enum { CATALOG_MAX_REAL = 4096, CATALOG_MAX_EVENTS = 200000 };

struct catalog_mark { /* what happened to one film */
    int64_t id;
    int64_t merged_into; /* 0: not merged */
    int64_t merged_from;
    uint32_t revision;
    bool removed;
};

struct catalog_event {
    int64_t id;
    int64_t at_ms;
};

struct catalog {
    struct lock lock;
    struct invent invent;                /* `n` grows under the lock */
    struct film *real[CATALOG_MAX_REAL]; /* never shrinks, each film is constant once in it */
    json_t *sources[CATALOG_MAX_REAL];   /* what its strings live in */
    size_t n_real;
    size_t n_bundled;
    struct catalog_mark *marks; /* sorted by id */
    size_t n_marks;
    struct catalog_event *events; /* oldest first; a ring is not needed in a test server */
    size_t n_events;
    bool shows;
    int64_t shelf_day;           /* shows air day by day, so their entries are true for a day */
    struct catalog_entry *shelf; /* most popular first; made when first needed */
    size_t n_shelf;
    uint64_t version;
    double churn_per_second;
    int64_t churn_from_ms;
    uint64_t n_churned;
    uint64_t seed;
    bool quiet;
};

/* NULL: nothing ever happened to it. */
struct catalog_mark *catalog_mark_find(struct catalog *catalog, int64_t id);
struct catalog_mark *catalog_mark_make(struct catalog *catalog, int64_t id);

/* Changes that are due by now. */
void catalog_let_time_pass(struct catalog *catalog) REQUIRES(catalog->lock);

/* The index among the real films; -1: none. */
int64_t catalog_real_index(const struct catalog *catalog, int64_t id);

/* After an addition or removal: lists are made anew. */
void catalog_shelf_forget(struct catalog *catalog);

/* JSON arrays, generated from data/. */
extern const char *const data_films[];
extern const size_t n_data_films;
extern const char *const data_shows[];
extern const size_t n_data_shows;
extern const char *const data_lists[];
extern const size_t n_data_lists;
