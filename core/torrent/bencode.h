/* SPDX-License-Identifier: MIT
 *
 * Bencode, the format of torrents, read strictly: numbers without leading zeros, strings that end
 * inside, no key twice, bounded depth, nothing behind the end.  Nothing is copied or allocated;
 * values are their own bytes, so that what is hashed is what was there.  Keys out of order are read
 * (old programs write them) unless they are many.  Reading takes linear time, walking at most
 * BENCODE_DEPTH times that; pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { BENCODE_DEPTH = 48, BENCODE_UNORDERED = 64 /* keys of one dictionary */ };

/* One value of a text that was read. */
struct bencode {
    const char *at;
    size_t len;
};

/* The whole of `bytes`, but for line ends behind it.  PROVIDER_EPARSE. */
int bencode_read(const char *bytes, size_t len, struct bencode *out, struct error *err);

/* All below are of values that bencode_read() has seen; of another type: false. */
bool bencode_is_dict(const struct bencode *value);
bool bencode_string(const struct bencode *value, const char **out, size_t *out_len);
bool bencode_int(const struct bencode *value, int64_t *out);

/* A dictionary's value. */
bool bencode_find(const struct bencode *dict, const char *key, struct bencode *out);

/* Through a list's values, or a dictionary's keys and values in turn. */
struct bencode_walk {
    const char *at;
};
bool bencode_list(const struct bencode *value, struct bencode_walk *out);
bool bencode_dict(const struct bencode *value, struct bencode_walk *out);
bool bencode_next(struct bencode_walk *walk, struct bencode *out); /* false: no more */
bool bencode_next_pair(struct bencode_walk *walk, const char **key, size_t *key_len,
                       struct bencode *out);
