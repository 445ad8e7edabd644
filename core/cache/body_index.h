/* SPDX-License-Identifier: MIT
 *
 * Which bodies lie on disk, how large they are and in which order they were used.  The owner holds
 * its lock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { BODY_NAME_LEN = 40 };

/* Hexadecimal; the first two digits are the folder. */
struct body_name {
    char text[BODY_NAME_LEN + 1];
};

struct body_entry;
struct body_index {
    struct body_entry *by_name;
    struct body_entry *by_use; /* the most recently used first */
    uint64_t max_bytes, bytes, files, evictions;
};

void body_index_done(struct body_index *index);

/* Used just now.  An entry of that name is replaced. */
void body_index_add(struct body_index *index, const struct body_name *name, uint64_t size);

/* Used before everything known so far; what is known already stays as it is. */
void body_index_add_oldest(struct body_index *index, const struct body_name *name, uint64_t size);
void body_index_touch(struct body_index *index, const struct body_name *name);
bool body_index_remove(struct body_index *index, const struct body_name *name);

/* Takes the least recently used out while there is more than allowed. */
bool body_index_take_surplus(struct body_index *index, struct body_name *out);
