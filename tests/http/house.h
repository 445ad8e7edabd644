/* SPDX-License-Identifier: MIT
 *
 * The whole daemon in one process for tests: store, index, services and API in a temporary folder,
 * without providers (unless the test names some), listening on a free port of the loopback. */
#pragma once

#include "app.h"
#include "cache/bodies.h"
#include "provider/registry.h"
#include "service/feed.h"

enum { HOUSE_TOKEN_LEN = 48 };

struct house {
    char folder[64];
    struct conf conf;
    struct app_services services;
    struct provider_http http; /* what providers ask instead of the net; .fetch NULL: that */
    struct net *net;
    struct bodies *pictures; /* with conf.image_cache_bytes; NULL: not kept */
    struct feed *feed;
    struct app *app;
    struct server *server;
    uint16_t port;
    char reader[HOUSE_TOKEN_LEN], streamer[HOUSE_TOKEN_LEN], writer[HOUSE_TOKEN_LEN],
        admin[HOUSE_TOKEN_LEN];
};

/* Fills house->conf with what tests want; change it before house_open(). */
void house_init(struct house *house);
void house_open(struct house *house);
void house_close(struct house *house);

/* The teardown of a test whose *state is a house on the heap. */
int house_leave(void **state);

/* Takes in one document as JSON; the id of its item. */
uint32_t house_add(struct house *house, uint32_t kind, const char *json);
uint32_t house_add_movie(struct house *house, const char *json);

/* Until what is in the store is in the index too. */
void house_settle(struct house *house);
