/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "provider/check.h"
#include "provider/skeleton.h"

/* A shell command's exit status. */
static int run(const char *command)
{
    pid_t child = fork();
    if (child == 0) {
        execlp("sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    int how = -1;
    waitpid(child, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static int make_folder(void **state)
{
    char *folder = mem_dup_text("/tmp/miauflix-skeleton-XXXXXX");
    *state = mkdtemp(folder);
    return *state ? 0 : -1;
}

static int remove_folder(void **state)
{
    CLEANUP(mem_free) char *command = mem_format("rm -rf '%s'", (char *)*state);
    free(*state);
    return run(command);
}

static void it_builds_and_passes_the_check(void **state)
{
    const char *source = getenv("MIAUFLIX_SRCDIR");
    const char *compiler = getenv("CC");
    assert_int_equal(skeleton_write(*state, "my_tracker", NULL), 0);
    CLEANUP(mem_free)
    char *command = mem_format("cd '%s/my_tracker' && %s -std=c99 -pedantic -Wall -Wextra -Werror "
                               "-I '%s/include' -fPIC -shared -o my_tracker.so my_tracker.c",
                               (char *)*state, compiler ? compiler : "cc", source ? source : ".");
    assert_int_equal(run(command), 0);
    CLEANUP(mem_free) char *library = mem_format("%s/my_tracker/my_tracker.so", (char *)*state);
    CLEANUP(mem_free) char *report = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&report, &len);
    const struct check_options options = { .library = library };
    int n_against = check_plugin(&options, out, NULL);
    fclose(out);
    if (n_against != 0)
        fail_msg("%d findings:\n%s", n_against, report);
}

static void its_files_name_the_provider(void **state)
{
    static const char *const files[] = { "other.c", "Makefile", "other.conf", "README.md" };
    assert_int_equal(skeleton_write(*state, "other", NULL), 0);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        CLEANUP(mem_free) char *path = mem_format("%s/other/%s", (char *)*state, files[i]);
        CLEANUP(file_close) FILE *file = fopen(path, "r");
        assert_non_null(file);
        CLEANUP(mem_free) char *content = mem_alloc(16384);
        size_t len = fread(content, 1, 16383, file);
        assert_true(len > 0);
        assert_non_null(strstr(content, "other"));
        assert_null(strstr(content, "@NAME@"));
        assert_null(strstr(content, "@ENV@"));
    }
}

static void what_exists_is_not_overwritten(void **state)
{
    struct error err = { 0 };
    assert_int_equal(skeleton_write(*state, "twice", NULL), 0);
    assert_int_equal(skeleton_write(*state, "twice", &err), PROVIDER_ECONFLICT);
    assert_non_null(strstr(err.text, "exists already"));
}

static void a_name_that_no_provider_may_have_is_refused(void **state)
{
    static const char *const wrong[] = { "",
                                         "Upper",
                                         "with space",
                                         "../up",
                                         "9th",
                                         "a-b",
                                         "a/b",
                                         "..",
                                         "_x",
                                         "a.b",
                                         "a_name_that_is_longer_than_31_bytes" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(skeleton_write(*state, wrong[i], NULL), PROVIDER_EINVAL);
}

static void a_folder_that_is_not_there_is_said(void **state UNUSED)
{
    struct error err = { 0 };
    assert_int_equal(skeleton_write("/nonexistent", "x", &err), PROVIDER_ENOTFOUND);
    assert_string_equal(err.text, "cannot make '/nonexistent/x': No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_builds_and_passes_the_check, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(its_files_name_the_provider, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_exists_is_not_overwritten, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_name_that_no_provider_may_have_is_refused, make_folder,
                                        remove_folder),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests_name("skeleton", tests, NULL, NULL);
}
