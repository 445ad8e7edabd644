/* SPDX-License-Identifier: MIT
 *
 * Input: anything.  What the quick reader reads, Jansson reads as well, and as the same.  It reads
 * the same when some of it is left out. */
#include "fuzz.h"

#include <jansson.h>
#include <string.h>

#include "base/quick.h"

static const char *const of_a[] = { "a", "a", "name", NULL };
static const char *const of_genres[] = { "genres", "name", "id", NULL };
static const char *const *const unread[] = { of_a, of_genres, NULL };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    json_auto_t *quick = quick_read((const char *)bytes, len);
    json_auto_t *rest = quick_read_without((const char *)bytes, len, unread);

    HOLDS(rest || !quick);
    if (!quick)
        return 0;
    json_auto_t *slow = json_loadb((const char *)bytes, len, JSON_ALLOW_NUL, NULL);
    char *one = json_dumps(quick, 0), *other = json_dumps(slow, 0);

    HOLDS(slow && json_equal(quick, slow));
    HOLDS(one && other && strcmp(one, other) == 0);
    free(one);
    free(other);
    return 0;
}
