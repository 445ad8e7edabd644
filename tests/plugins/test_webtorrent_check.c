/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent before the conformance check.  A program of its own, because the check starts
 * processes and wants to be alone in this one. */
#include "../test.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "provider/check.h"

static void the_conformance_check_has_nothing_against_it(void **state UNUSED)
{
    static const struct provider_setting values[] = {
        { .name = "dht", .value = "false" },
        { .name = "listen", .value = "127.0.0.1:0" },
    };
    const struct check_options options = { .library = "plugins/webtorrent/webtorrent.la",
                                           .values = values,
                                           .n_values = ARRAY_LEN(values),
                                           .deadline_ms = 200 };
    struct error err = { 0 };
    char *said = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&said, &len);

    assert_non_null(out);
    const int n_against = check_plugin(&options, out, &err);
    fclose(out);
    if (n_against != 0)
        fail_msg("%d: %s\n%s", n_against, err.text, said);
    assert_non_null(strstr(said, "resolve a magnet"));
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_conformance_check_has_nothing_against_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
