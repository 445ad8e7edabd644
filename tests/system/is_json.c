/* SPDX-License-Identifier: MIT
 *
 * Succeeds when standard input is one JSON value and nothing else. */
#include <stdio.h>

#include <jansson.h>

int main(void)
{
    json_error_t error;
    json_t *value = json_loadf(stdin, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (!value) {
        printf("# line %d: %s\n", error.line, error.text);
        return 1;
    }
    json_decref(value);
    return 0;
}
