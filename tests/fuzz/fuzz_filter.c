/* SPDX-License-Identifier: MIT
 *
 * Input: lines of key=value. */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "media/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(mem_free) char *text = mem_dup(bytes, len);
    struct filter filter = { .kind = PROVIDER_MOVIE };
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char *value = strchr(line, '=');
        if (value)
            *value++ = '\0';
        struct filter before = filter;
        struct error err = { 0 };
        int result = filter_set(&filter, line, value ? value : "", &err);
        HOLDS(result == 0 || result == PROVIDER_EINVAL || result == PROVIDER_ENOTFOUND);
        HOLDS(result == 0 || (err.text[0] && memcmp(&before, &filter, sizeof filter) == 0));
    }
    const char *key;
    filter_check(&filter, &key, NULL);
    return 0;
}
