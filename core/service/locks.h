/* SPDX-License-Identifier: MIT
 *
 * The locks of items: what an operator fixed is the record of the provider "local", so the item
 * stays what its records imply.  Any thread. */
#pragma once

#include "media/locks.h"
#include "service/catalog.h"

struct locks_item {
    uint32_t id;
    uint32_t moved_to; /* nonzero: nothing else is set, answer 308 to it */
    struct text json;  /* {"locks":{...}} */
};
void locks_item_done(struct locks_item *item);
DEFINE_CLEANUP_VALUE(struct locks_item, locks_item_done);

/* Only what is in the store has locks. */
int locks_get(struct catalog *catalog, uint32_t kind, const char *id_text, struct locks_item *out,
              struct error *err);

/* Changes them and answers as locks_get() then would; PROVIDER_EREFUSED names the field.  `seen` is
 * what locks_get() said and must still say, or else PROVIDER_ECONFLICT; NULL: whatever it says. */
int locks_put(struct catalog *catalog, uint32_t kind, const char *id_text,
              const struct locks_wish *wish, const struct text *seen, struct locks_item *out,
              struct error *err);
