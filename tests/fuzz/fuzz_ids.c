/* SPDX-License-Identifier: MIT
 *
 * Input: the text of an id, or a JSON object of ids. */
#include "fuzz.h"

#include <string.h>

#include "base/json.h"
#include "media/genre.h"
#include "media/ids.h"

static int reads_back(const char *text, void *context)
{
    char again[IDS_TEXT_LEN];
    (void)context;
    HOLDS(!ids_parse(text, again) || strcmp(text, again) == 0);
    return 0;
}

static void try_object(const char *text, size_t len)
{
    json_auto_t *ids = NULL;
    if (js_parse(text, len, 1 << 16, &ids, NULL) || !json_is_object(ids))
        return;
    const char *space;
    json_t *value;
    void *next;
    json_object_foreach_safe (ids, next, space, value)
        if (!ids_normalise_member(ids, space))
            json_object_del(ids, space);
    ids_each(ids, reads_back, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(mem_free) char *text = mem_dup(bytes, len);
    char once[IDS_TEXT_LEN], twice[IDS_TEXT_LEN];
    if (ids_parse(text, once))
        HOLDS(ids_parse(once, twice) && strcmp(once, twice) == 0);
    genre_of_spelling(text);
    try_object(text, len);
    return 0;
}
