/* SPDX-License-Identifier: MIT
 *
 * A temporary folder with a store in it, for one test. */
#pragma once

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "store/store.h"

struct place {
    char path[64];
    struct store *store;
};

static inline void open_place(struct place *place)
{
    struct error err = { 0 };
    struct store_options options = { .path = place->path, .sync_each_commit = true };
    if (store_open(&options, &place->store, &err))
        fail_msg("%s", err.text);
}

static inline int make_place(void **state)
{
    struct place *place = mem_new(struct place);
    snprintf(place->path, sizeof place->path, "/tmp/miauflix-store-XXXXXX");
    if (!mkdtemp(place->path))
        return -1;
    open_place(place);
    *state = place;
    return 0;
}

static inline int remove_one(const char *path, const struct stat *stat UNUSED, int flag UNUSED,
                             struct FTW *ftw UNUSED)
{
    return remove(path);
}

static inline int remove_folder(const char *path)
{
    return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline int remove_place(void **state)
{
    struct place *place = *state;
    store_close(place->store);
    int failed = remove_folder(place->path);
    free(place);
    return failed;
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
