/* SPDX-License-Identifier: MIT
 *
 * Input: anything.  What the quick reader reads, Jansson reads as well, and as the same. */
#include "fuzz.h"

#include <jansson.h>
#include <string.h>

#include "base/quick.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    json_auto_t *quick = quick_read((const char *)bytes, len);

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
