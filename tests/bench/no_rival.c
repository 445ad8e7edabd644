/* SPDX-License-Identifier: MIT
 *
 * In place of bench_rival.c where SQLite is not installed. */
#include "bench_rival.h"

struct bench_rival *bench_rival_new(const struct bench_row *rows UNUSED, uint32_t n UNUSED)
{
    printf("SQLite is not there: no comparison (apt install libsqlite3-dev)\n");
    return NULL;
}

const char *bench_rival_name(enum bench_rival_way way UNUSED)
{
    return "";
}

void bench_rival_free(struct bench_rival *rival UNUSED)
{
}

void bench_rival_ask(struct bench_rival *rival UNUSED, enum bench_rival_way way UNUSED,
                     const char *query UNUSED, const struct filter *filter UNUSED,
                     uint64_t skip UNUSED)
{
}

double bench_rival_built_s(const struct bench_rival *rival UNUSED)
{
    return 0;
}

struct bench_rival_cards *bench_rival_cards_new(unsigned cache_kib UNUSED)
{
    return NULL;
}

void bench_rival_cards_free(struct bench_rival_cards *cards UNUSED)
{
}

void bench_rival_cards_add(struct bench_rival_cards *cards UNUSED, uint32_t id UNUSED,
                           const void *card UNUSED, size_t len UNUSED)
{
}

void bench_rival_cards_ready(struct bench_rival_cards *cards UNUSED)
{
}

void bench_rival_cards_get(struct bench_rival_cards *cards UNUSED, uint32_t id UNUSED,
                           struct text *out UNUSED)
{
}
