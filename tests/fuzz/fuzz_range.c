/* SPDX-License-Identifier: MIT
 *
 * Input: the size of something in eight bytes, then a Range header.  What is answered lies inside.
 */
#include "fuzz.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "range.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    uint64_t size = 0;
    struct range range = { .first = 7, .len = 7 };
    if (len < sizeof size)
        return 0;
    memcpy(&size, bytes, sizeof size);
    CLEANUP(mem_free) char *header = mem_dup(bytes + sizeof size, len - sizeof size);
    switch (range_parse(header, size, &range)) {
    case RANGE_WHOLE:
        HOLDS(range.first == 0 && range.len == size);
        break;
    case RANGE_PART:
        HOLDS(range.len > 0 && range.first < size && range.len <= size - range.first);
        break;
    case RANGE_UNSATISFIABLE:
        HOLDS(range.first == 7 && range.len == 7);
        break;
    }
    return 0;
}
