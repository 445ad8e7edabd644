/* SPDX-License-Identifier: MIT
 *
 * A store with a little of everything in it, for tests of what an operator does to stores. */
#pragma once

#include "store/jobs.h"
#include "store/state.h"
#include "store/tokens.h"

#include "../place.h"
#include "../titles.h"

enum { N_TITLES = 300 };

static inline void fill_place(struct place *place)
{
    for (int i = 0; i < N_TITLES; i++) {
        char external[32];
        snprintf(external, sizeof external, i % 2 ? "tmdb:%d" : "imdb:tt%07d", i + 1);
        struct title title = { .external = external };
        assert_int_equal(store_write(place->store, put_title, &title, NULL), 0);
    }
    struct token_row token = { .hash = { 7 }, .user = "ana", .label = "a \"label\"" };
    assert_int_equal(token_rows_put(place->store, &token, NULL), 0);
    assert_int_equal(state_put(place->store, "sync/movies", "tmdb", "line\n\"2\"", NULL), 0);
    uint32_t job = 0;
    assert_int_equal(job_rows_new_id(place->store, &job, NULL), 0);
    assert_int_equal(job_rows_put(place->store, job, "{\"state\":\"done\"}", NULL), 0);
}

static inline int make_full_place(void **state)
{
    int failed = make_place(state);
    if (!failed)
        fill_place(*state);
    return failed;
}
