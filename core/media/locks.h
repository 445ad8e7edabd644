/* SPDX-License-Identifier: MIT
 *
 * Locks: fields of an item that an operator fixed.  They are kept as the item's local record
 * (MERGE_LOCAL), shaped like a provider's document: a text that holds in every language stands at
 * the top, one of a single language in `translations`; pictures are paths of our own image route.
 * Pure; any thread. */
#pragma once

#include <jansson.h>

#include "base/error.h"

/* The locks of a record (NULL: none) as people write and read them (new reference): a text is a
 * string, or an object of strings by language: {"title":"X","overview":{"de":"..."},"runtime":91}.
 */
json_t *locks_show(const json_t *record);

struct locks_wish {
    const json_t *locks; /* as shown; null unlocks; what is not named stays.  NULL: nothing */
    const json_t *keep;  /* names of fields to lock to what they are.  NULL: nothing */
};

/* What becomes of a record (NULL: there is none yet) of an item of `kind`.  `item` is the merged
 * item as it is now.  *out is a new reference, an empty object when nothing is locked any more.
 * PROVIDER_EREFUSED with the path and the reason. */
int locks_change(uint32_t kind, const json_t *record, const struct locks_wish *wish,
                 const json_t *item, json_t **out, struct error *err);

/* Adds the locks of another record that this one has not. */
void locks_unite(json_t *record, const json_t *other);
