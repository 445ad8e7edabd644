/* SPDX-License-Identifier: MIT
 *
 * That reading a release name takes steps in proportion to its length, whatever it is made of.
 * The parser is compiled with a call at each of its branches, and these are counted: no clock. */
#include "../test.h"

#include <string.h>

#include "base/mem.h"
#include "naming/release_name.h"

static unsigned long n_steps;

#if defined(__clang__)
#define UNCOUNTED __attribute__((no_sanitize("coverage")))
#else
#define UNCOUNTED __attribute__((no_sanitize_coverage))
#endif

void __sanitizer_cov_trace_pc(void);
UNCOUNTED void __sanitizer_cov_trace_pc(void)
{
    n_steps++;
}

enum { SHORT = 160, DOUBLINGS = 2 }; /* 640 bytes are read to their end */

static const char *const patterns[] = {
    "a",
    "a.",
    ". ",
    "[",
    "[a]",
    "]",
    "(a ",
    "1.",
    "1-",
    "01-02 ",
    "S01E01-",
    "s01",
    "e01e02",
    "S01.",
    "2020.",
    "(2020)",
    "2020.12.12.",
    "eng.",
    "ENG ",
    "sub.eng",
    "sub ",
    "5.1.",
    "DD",
    "dts-",
    "dts hd ma ",
    "1080p.",
    "(1080p)",
    "[1080p",
    "- 01 ",
    "www.",
    "a.com ",
    "mkv.",
    "season ",
    "season 1",
    "1 of 2 ",
    "1,2,3,",
    "the.complete",
    "web dl",
    "\xe7\xac\xac"
    "1",
    "\xff",
    "\xd0\x91 / ",
    "v2",
    "1x02x",
    "1.4 gb ",
    "complete.",
    "director's ",
    "[eng.]",
    "12345678",
};

/* `before`, then the pattern as often as it fits. */
static unsigned long count(const char *before, const char *pattern, size_t len)
{
    CLEANUP(mem_free) char *name = mem_alloc_array(len, 1);
    CLEANUP(mem_free) struct release_name *out = mem_new(struct release_name);
    for (size_t i = 0; i < len; i++)
        name[i] = pattern[i % strlen(pattern)];
    memcpy(name, before, MIN(strlen(before), len));
    n_steps = 0;
    release_name_parse(name, len, out);
    return n_steps;
}

static void twice_the_name_takes_twice_the_steps(void **state UNUSED)
{
    static const char *const before[] = { "", "[Group] ", "A.Film.", "A Show S01E01 ", "(" };
    for (size_t k = 0; k < ARRAY_LEN(before); k++) {
        for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
            unsigned long steps = count(before[k], patterns[i], SHORT);
            assert_true(steps > 0);
            for (unsigned n = 1; n <= DOUBLINGS; n++) {
                unsigned long more = count(before[k], patterns[i], (size_t)SHORT << n);
                if (more * 10 > steps * 25)
                    print_message("# '%s' and '%s': %lu steps, then %lu\n", before[k], patterns[i],
                                  steps, more);
                assert_true(more * 10 <= steps * 25);
                steps = more;
            }
        }
    }
}

static void no_name_takes_more_than_so_many_steps_a_byte(void **state UNUSED)
{
    unsigned long most = 0;
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
        most = MAX(most, count("[Group] ", patterns[i], 700));
    print_message("# at most %lu steps for 700 bytes\n", most);
    assert_in_range(most, 700, 700 * 400);
}

static void what_is_behind_the_limit_takes_no_step(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
        assert_int_equal(count("", patterns[i], 100000), count("", patterns[i], 2000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twice_the_name_takes_twice_the_steps),
        cmocka_unit_test(no_name_takes_more_than_so_many_steps_a_byte),
        cmocka_unit_test(what_is_behind_the_limit_takes_no_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
