/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "provider/check.h"

struct report {
    char *text;
    size_t len;
    int n_against;
    struct error err;
};

static void report_done(struct report *report)
{
    free(report->text);
}
DEFINE_CLEANUP_VALUE(struct report, report_done);

static const char *folder_from(const char *variable)
{
    const char *folder = getenv(variable);
    return folder ? folder : ".";
}

/* `plugin` is relative to the build folder; `answers`, when there are any, to the source. */
static void check(struct report *report, const char *plugin, const char *answers)
{
    CLEANUP(mem_free) char *library = mem_format("%s/%s", folder_from("MIAUFLIX_BUILDDIR"), plugin);
    CLEANUP(mem_free)
    char *folder = answers ? mem_format("%s/%s", folder_from("MIAUFLIX_SRCDIR"), answers) : NULL;
    *report = (struct report){ 0 };
    FILE *out = open_memstream(&report->text, &report->len);
    assert_non_null(out);
    const struct check_options options = { .library = library,
                                           .answers_folder = folder,
                                           .deadline_ms = 1000 };
    report->n_against = check_plugin(&options, out, &report->err);
    fclose(out);
}

static void expect_line(const struct report *report, const char *line)
{
    if (!strstr(report->text, line))
        fail_msg("no '%s' in:\n%s", line, report->text);
}

static void a_strangers_plugin_passes(void **state UNUSED)
{
    CLEANUP(report_done) struct report report;
    check(&report, "tests/thirdparty/archive.la", "tests/thirdparty/answers");
    if (report.n_against != 0) /* the library cuts long messages */
        fail_msg("%d findings, first %s", report.n_against, strstr(report.text, "not ok"));
    expect_line(&report, "ok 1 - archive: opens\n");
    expect_line(&report, "fetch a movie: 404\n# archive: there is no catalogue");
    expect_line(&report, "fetch a movie: an upstream that hangs\n");
    expect_line(&report, " 0 of ");
}

static void a_plugin_that_cannot_open_is_one_finding(void **state UNUSED)
{
    CLEANUP(report_done) struct report report;
    check(&report, "tests/plugins/faults/fault_wrong_abi.la", NULL);
    assert_int_equal(report.n_against, 1);
    expect_line(&report, "not ok 1 - fault_wrong_abi: opens: ");
    expect_line(&report, "built for ABI 2");
    expect_line(&report, "1..1\n");
}

static void a_crash_in_open_is_a_finding(void **state UNUSED)
{
    CLEANUP(report_done) struct report report;
    check(&report, "tests/plugins/faults/fault_crash_open.la", NULL);
    assert_int_equal(report.n_against, 1);
    expect_line(&report, "opens: it died of SIGABRT\n");
}

static void each_fault_is_named(void **state UNUSED)
{
    static const struct {
        const char *plugin, *line;
    } cases[] = {
        { "fault_crash_fetch", "fetch a movie: 500: it died of SIGABRT\n" },
        { "fault_exit_fetch", "fetch a movie: 500: it ended the process with exit code 3\n" },
        { "fault_rubbish", "fetch a movie: a good answer: a document was refused: " },
        { "fault_ignores_refusal", "fetch a movie: a host that takes no document: it went on to "
                                   "emit after it was told to stop (disk_full)\n" },
        { "fault_foreign_thread", "fetch a movie: a good answer: it called emit() outside of the "
                                  "call it belongs to\n" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(report_done) struct report report;
        CLEANUP(mem_free) char *path = mem_format("tests/plugins/faults/%s.la", cases[i].plugin);
        check(&report, path, NULL);
        assert_true(report.n_against > 0);
        expect_line(&report, cases[i].line);
    }
}

static void a_leak_is_measured(void **state UNUSED)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* a sanitizer's allocator does not count for mallinfo2() */
#endif
    CLEANUP(report_done) struct report report;
    check(&report, "tests/plugins/faults/fault_leaks.la", NULL);
    assert_true(report.n_against > 0);
    static const char said[] = "fetch a movie: the same a hundred times: it leaves ";
    const char *at = strstr(report.text, said);
    if (!at)
        fail_msg("no leak was found:\n%s", report.text);
    char *end;
    long bytes = strtol(at + strlen(said), &end, 10);
    assert_true(text_starts_with(end, " bytes of memory behind each time\n"));
    /* It leaves 1000; the allocator adds its share, and what the host gave back meanwhile counts
     * against it. */
    assert_in_range(bytes, 500, 1999);
}

static void a_file_that_is_not_there_is_an_error_of_the_check(void **state UNUSED)
{
    CLEANUP(report_done) struct report report;
    check(&report, "tests/plugins/faults/fault_absent.la", NULL);
    assert_int_equal(report.n_against, PROVIDER_ENOTFOUND);
    assert_string_equal(report.text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_strangers_plugin_passes),
        cmocka_unit_test(a_plugin_that_cannot_open_is_one_finding),
        cmocka_unit_test(a_crash_in_open_is_a_finding),
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(a_leak_is_measured),
        cmocka_unit_test(a_file_that_is_not_there_is_an_error_of_the_check),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
