/* SPDX-License-Identifier: MIT
 *
 * Ready answers: whole replies kept in cache/answers, so that a hot route is a look-up and one
 * write.  The key is the target as sent, the Accept-Language as sent and the packing; whoever gets
 * here may read what the route shows.  Any thread. */
#pragma once

#include "reply.h"

struct answers;
struct answer;
struct route;

enum { READY_KEY_LEN = 600, READY_KEY_LINES = 4, READY_HEADERS = 3 };

/* 0: too long to keep.  `out` is a NUL-less key. */
size_t ready_key(const struct request *request, char out[READY_KEY_LEN]);

/* Fills the reply from a kept one, whose bytes it borrows as long as the returned reference lives,
 * and says which route it is of; NULL: there is none. */
struct answer *ready_get(struct answers *answers, const char *key, size_t key_len,
                         const struct route **out_route, struct reply *reply);

/* Keeps a finished 200 that its handler marked (reply->keep). */
void ready_put(struct answers *answers, const char *key, size_t key_len, const struct route *route,
               const struct reply *reply);

/* Whether the bytes are such a key. */
bool ready_is_key(const char *key, size_t len);

/* The exchange a key stands for, without a connection.  `buffer` and `headers` lie behind it. */
void ready_exchange(const char *key, size_t len, char buffer[READY_KEY_LEN],
                    struct exchange_header headers[READY_HEADERS], struct exchange *out);
