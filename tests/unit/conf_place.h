/* SPDX-License-Identifier: MIT
 *
 * A folder with configuration files for one test, and what is expected of reading them. */
#pragma once

#include "../test.h"

#include <errno.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include "conf/conf.h"

#include "../parts.h"

/* A folder of its own for each test, and the path of the main file in it. */
struct place {
    char folder[64];
    char file[96];
};

static inline int enter(void **state)
{
    struct place *place = mem_new(struct place);
    snprintf(place->folder, sizeof place->folder, "/tmp/test_conf.XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->file, sizeof place->file, "%s/miauflix.conf", place->folder);
    *state = place;
    return 0;
}

/* Not the whole environment: cmocka reads its own there. */
static inline void forget_variables(void)
{
    static const char *const names[] = {
        "CACHE_TTL_MOVIES",
        "CACHE_TTL_SEARCH",
        "CACHE_TTL_TVSHOWS",
        "MIAUFLIX_CACHE_TTL_MOVIES_S",
        "MIAUFLIX_CATALOGUE_LANGUAGES",
        "MIAUFLIX_CATALOGUE_PRECEDENCE",
        "MIAUFLIX_CATALOGUE_PRECEDENCE_OF",
        "MIAUFLIX_HTTP_ANONYMOUS_READ",
        "MIAUFLIX_HTTP_PORT",
        "MIAUFLIX_HTTP_PORT_FILE",
        "MIAUFLIX_LOG_LEVEL",
        "MIAUFLIX_NET_PROXY_FILE",
        "MIAUFLIX_PROVIDERS_FOLDER",
        "MIAUFLIX_STORE_CACHE",
        "TMDB_LANGUAGE",
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        unsetenv(names[i]);
}

static inline int remove_entry(const char *path, const struct stat *status UNUSED, int type UNUSED,
                               struct FTW *walk UNUSED)
{
    return remove(path);
}

static inline int leave(void **state)
{
    struct place *place = *state;
    nftw(place->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(place);
    forget_variables();
    return 0;
}

static inline void write_bytes(const struct place *place, const char *name, const void *bytes,
                               size_t len)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", place->folder, name);
    CLEANUP(mem_free) char *parent = mem_dup_text(path);
    *strrchr(parent, '/') = '\0';
    assert_true(mkdir(parent, 0700) == 0 || errno == EEXIST);
    CLEANUP(file_close) FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
}

static inline void write_file(const struct place *place, const char *name, const char *text)
{
    write_bytes(place, name, text, strlen(text));
}

static inline struct conf *loaded(const struct place *place, const char *text)
{
    struct conf *conf = NULL;
    struct error err = { 0 };
    write_file(place, "miauflix.conf", text);
    if (conf_load(place->file, &conf, &err))
        fail_msg("%s", err.text);
    return conf;
}

/* The message without the folder in front, so that tests read like what a person sees. */
static inline const char *told(const struct place *place, struct error *err)
{
    CLEANUP(mem_free) char *prefix = mem_format("%s/", place->folder);
    for (char *at; (at = strstr(err->text, prefix));)
        memmove(at, at + strlen(prefix), strlen(at + strlen(prefix)) + 1);
    return err->text;
}

static inline void expect_told(const struct place *place, const char *said)
{
    struct conf *conf = NULL;
    struct error err = { 0 };
    int rc = conf_load(place->file, &conf, &err);
    assert_true(rc < 0);
    assert_int_equal(err.code, rc);
    assert_null(conf);
    assert_string_equal(told(place, &err), said);
}

static inline void expect_refused(const struct place *place, const char *text, const char *said)
{
    write_file(place, "miauflix.conf", text);
    expect_told(place, said);
}

static inline char *printed(const struct conf *conf)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&bytes, &len);
    conf_print(conf, out);
    fclose(out);
    char *copy = mem_dup(bytes, len);
    free(bytes);
    return copy;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

extern const struct test_part conf_file_part;
extern const struct test_part conf_sources_part;
extern const struct test_part conf_providers_part;
extern const struct test_part conf_print_part;
