/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "provider/marker.h"
#include "provider_stage.h"

/* A whole life of the daemon in a child of its own: opens, calls, and dies in there.  Returns how
 * it ended, as waitpid() says. */
static int live_and_die(struct stage *stage)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct stage_sink sink = { 0 };
        struct error err = { 0 };
        /* The crash is meant; its core and a sanitizer's report are not wanted. */
        if (!freopen("/dev/null", "w", stderr))
            _exit(9);
        stage_open(stage);
        stage_fetch(stage, "603", 5000, &sink, &err);
        _exit(0);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    return how;
}

static void expect_state(struct stage *stage, enum provider_state state, uint32_t deaths)
{
    struct provider_status status;
    stage_status(stage, &status);
    assert_int_equal(status.deaths, deaths);
    assert_int_equal(status.state, state);
}

/* Three lives that end inside the plugin; the fourth start does not let it in. */
static void dies_three_times(const char *plugin)
{
    struct stage stage;
    stage_begin(&stage, plugin);
    for (int i = 0; i < 3; i++) {
        int how = live_and_die(&stage);
        assert_false(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    }
    assert_int_equal(WEXITSTATUS(live_and_die(&stage)), 0);
    stage_open(&stage);
    expect_state(&stage, PROVIDER_STATE_QUARANTINED, 3);
    struct provider_status status;
    stage_status(&stage, &status);
    assert_string_equal(status.reason,
                        "the daemon died inside it 3 times: reset it once it is mended");
    stage_end(&stage);
}

static void three_aborts_in_fetch_quarantine(void **state UNUSED)
{
    dies_three_times("fault_crash_fetch");
}

static void three_faults_quarantine(void **state UNUSED)
{
    dies_three_times("fault_segv_fetch");
}

static void three_stack_overflows_quarantine(void **state UNUSED)
{
    dies_three_times("fault_overflow_fetch");
}

static void three_crashes_in_open_quarantine(void **state UNUSED)
{
    dies_three_times("fault_crash_open");
}

static void three_exits_quarantine(void **state UNUSED)
{
    dies_three_times("fault_exit_fetch");
}

static void one_death_is_remembered_and_forgiven(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_crash_fetch");
    live_and_die(&stage);
    stage_open(&stage);
    expect_state(&stage, PROVIDER_STATE_ACTIVE, 1);
    stage_close(&stage);
    stage_open(&stage);
    expect_state(&stage, PROVIDER_STATE_ACTIVE, 1);
    stage_end(&stage);
}

static void a_kill_from_outside_blames_nobody(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_killed_fetch");
    for (int i = 0; i < 5; i++)
        assert_true(WIFSIGNALED(live_and_die(&stage)));
    stage_open(&stage);
    expect_state(&stage, PROVIDER_STATE_ACTIVE, 0);
    stage_end(&stage);
}

static void a_reset_lets_it_in_again(void **state UNUSED)
{
    struct stage stage;
    struct error err = { 0 };
    stage_begin(&stage, "fault_crash_fetch");
    for (int i = 0; i < 3; i++)
        live_and_die(&stage);
    stage_open(&stage);
    expect_state(&stage, PROVIDER_STATE_QUARANTINED, 3);
    struct provider_entry *entry = registry_find(stage.registry, "fault_crash_fetch");
    assert_int_equal(provider_entry_reset(entry, &err), 0);
    provider_entry_unref(entry);
    expect_state(&stage, PROVIDER_STATE_ACTIVE, 0);
    stage_close(&stage);
    stage_open(&stage);
    expect_state(&stage, PROVIDER_STATE_ACTIVE, 0);
    stage_end(&stage);
}

static void a_clean_stop_leaves_no_file(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_good");
    CLEANUP(mem_free) char *path = mem_format("%s/fault_good.mark", stage.folder);
    stage_open(&stage);
    assert_int_equal(access(path, F_OK), 0);
    stage_close(&stage);
    assert_int_not_equal(access(path, F_OK), 0);
    stage_end(&stage);
}

static void a_crash_elsewhere_blames_who_was_inside(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_good");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(9);
        struct marker *inside = NULL;
        struct marker *outside = NULL;
        if (marker_open(stage.folder, "inside", &inside, NULL) != 0 ||
            marker_open(stage.folder, "outside", &outside, NULL) != 0)
            _exit(0);
        marker_enter(inside);
        marker_pause();
        abort();
    }
    int how = 0;
    waitpid(child, &how, 0);
    assert_true(WIFSIGNALED(how));
    CLEANUP(marker_close) struct marker *inside = NULL;
    CLEANUP(marker_close) struct marker *outside = NULL;
    assert_int_equal(marker_open(stage.folder, "inside", &inside, NULL), 0);
    assert_int_equal(marker_open(stage.folder, "outside", &outside, NULL), 0);
    assert_int_equal(marker_deaths(inside), 1);
    assert_int_equal(marker_deaths(outside), 0);
    stage_end(&stage);
}

static void a_damaged_file_starts_anew(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_good");
    CLEANUP(mem_free) char *path = mem_format("%s/fault_good.mark", stage.folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("this is not a mark, and longer than one ever is, so that it is cut, too", file);
    fclose(file);
    stage_open(&stage);
    expect_state(&stage, PROVIDER_STATE_ACTIVE, 0);
    stage_end(&stage);
}

static void without_a_state_folder_nothing_opens_unwatched(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_good");
    char before[sizeof stage.folder];
    memcpy(before, stage.folder, sizeof before);
    snprintf(stage.folder, sizeof stage.folder, "/dev/null/state");
    stage_open(&stage);
    struct provider_status status;
    stage_status(&stage, &status);
    assert_int_equal(status.state, PROVIDER_STATE_DISABLED);
    assert_non_null(strstr(status.reason, "/dev/null/state"));
    memcpy(stage.folder, before, sizeof before);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_aborts_in_fetch_quarantine),
        cmocka_unit_test(three_faults_quarantine),
        cmocka_unit_test(three_stack_overflows_quarantine),
        cmocka_unit_test(three_crashes_in_open_quarantine),
        cmocka_unit_test(three_exits_quarantine),
        cmocka_unit_test(one_death_is_remembered_and_forgiven),
        cmocka_unit_test(a_kill_from_outside_blames_nobody),
        cmocka_unit_test(a_reset_lets_it_in_again),
        cmocka_unit_test(a_clean_stop_leaves_no_file),
        cmocka_unit_test(a_crash_elsewhere_blames_who_was_inside),
        cmocka_unit_test(a_damaged_file_starts_anew),
        cmocka_unit_test(without_a_state_folder_nothing_opens_unwatched),
    };
    return cmocka_run_group_tests_name("marker", tests, NULL, NULL);
}
