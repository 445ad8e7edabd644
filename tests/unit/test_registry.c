/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/mem.h"
#include "provider_stage.h"

static void a_good_plugin_is_in_service(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_good");
    stage_open(&stage);
    struct provider_status status;
    stage_status(&stage, &status);
    assert_string_equal(status.reason, "");
    assert_int_equal(status.state, PROVIDER_STATE_ACTIVE);
    assert_string_equal(status.version, "1.2");
    assert_string_equal(status.summary, "Nothing is wrong with it");
    assert_int_equal(status.can, PROVIDER_CAN_SEARCH | PROVIDER_CAN_FETCH | PROVIDER_CAN_SYNC |
                                     PROVIDER_CAN_IMAGES);
    stage_end(&stage);
}

/* What the daemon says of each plugin that it cannot use. */
static void what_is_wrong_with_a_plugin_is_said(void **state UNUSED)
{
    static const struct {
        const char *plugin, *reason;
    } cases[] = {
        { "fault_wrong_abi", "built for ABI 2 of miauflix/provider.h, this daemon speaks 1" },
        { "fault_no_symbol", "exports no 'miauflix_provider'" },
        { "fault_symbol_is_code", "'miauflix_provider' is not a data symbol" },
        { "fault_wrong_name", "calls itself 'somebody_else', its file says 'fault_wrong_name'" },
        { "fault_bad_name", "its name is not 1 to 31 lower-case letters" },
        { "fault_short_info", "its description says it has 16 bytes, at least 64 are expected" },
        { "fault_long_info", "is smaller (64 bytes) than it says" },
        { "fault_short_vtable", "table of operations says it has 40 bytes, at least 64" },
        { "fault_no_vtable", "it has no table of operations" },
        { "fault_does_nothing", "it offers no operation" },
        { "fault_twice_option", "option 'key' is declared twice" },
        { "fault_host_key", "option 'retries' is a key of the host's own" },
        { "fault_unresolved", "undefined symbol: fault_nobody_defines_this" },
        { "fault_absent", "there is no plugin 'fault_absent' in /nonexistent:" },
        { "fault_refuse_open", "fault_refuse_open: open() failed and did not say why" },
        { "fault_needs_key",
          "option 'api_key' is missing: set it in providers.d/test.conf or FAULT_NEEDS_KEY" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage stage;
        struct provider_status status;
        stage_begin(&stage, cases[i].plugin);
        stage_open(&stage);
        stage_status(&stage, &status);
        if (!strstr(status.reason, cases[i].reason))
            fail_msg("%s: '%s' lacks '%s'", cases[i].plugin, status.reason, cases[i].reason);
        assert_int_equal(status.state, PROVIDER_STATE_DISABLED);
        struct stage_sink sink = { 0 };
        struct error err = { 0 };
        assert_int_equal(stage_fetch(&stage, "603", 1000, &sink, &err), PROVIDER_EBUSY);
        assert_non_null(strstr(err.text, "is disabled: "));
        stage_end(&stage);
    }
}

static void a_library_that_is_no_library_gets_the_linkers_reason(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "broken");
    CLEANUP(mem_free) char *path = mem_format("%s/broken.so", stage.folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("no ELF", file);
    fclose(file);
    stage.settings.library = path;
    stage_open(&stage);
    struct provider_status status;
    stage_status(&stage, &status);
    assert_non_null(strstr(status.reason, "file too short"));
    stage_end(&stage);
}

static void a_provider_that_is_not_enabled_says_how_to(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_good");
    stage.settings.enabled = false;
    stage_open(&stage);
    struct provider_status status;
    stage_status(&stage, &status);
    assert_int_equal(status.state, PROVIDER_STATE_DISABLED);
    assert_string_equal(status.reason,
                        "not enabled: set 'enabled = true' in providers.d/test.conf");
    stage_end(&stage);
}

static void switching_off_lasts_until_switched_on(void **state UNUSED)
{
    struct stage stage;
    struct stage_sink sink = { 0 };
    struct error err = { 0 };
    stage_begin(&stage, "fault_good");
    stage_open(&stage);
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(stage.registry, "fault_good");
    assert_int_equal(provider_entry_set_enabled(entry, false, &err), 0);
    assert_int_equal(stage_fetch(&stage, "603", 1000, &sink, &err), PROVIDER_EBUSY);
    assert_non_null(strstr(err.text, "switched off"));
    assert_int_equal(provider_entry_reset(entry, &err), PROVIDER_ECONFLICT);
    assert_non_null(strstr(err.text, "switched off"));
    assert_false(provider_entry_in_service(entry));
    assert_int_equal(provider_entry_set_enabled(entry, true, &err), 0);
    assert_int_equal(provider_entry_reset(entry, &err), 0);
    assert_int_equal(stage_fetch(&stage, "603", 1000, &sink, &err), 0);
    stage_end(&stage);
}

static void a_reset_of_what_cannot_open_says_why(void **state UNUSED)
{
    struct stage stage;
    struct error err = { 0 };
    stage_begin(&stage, "fault_needs_key");
    stage_open(&stage);
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(stage.registry, "fault_needs_key");
    assert_int_equal(provider_entry_reset(entry, &err), PROVIDER_ECONFLICT);
    assert_non_null(strstr(err.text, "option 'api_key' is missing"));
    setenv("FAULT_NEEDS_KEY", "sesame-open", 1);
    assert_int_equal(provider_entry_reset(entry, &err), 0);
    unsetenv("FAULT_NEEDS_KEY");
    stage_end(&stage);
}

static void a_reload_opens_closes_and_keeps(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_good");
    stage_open(&stage);
    struct provider_settings next[2] = { stage.settings, stage.settings };
    next[1].name = "fault_serial";
    struct provider_entry *before = registry_find(stage.registry, "fault_good");
    registry_reload(stage.registry, next, 2);
    struct provider_entry **all;
    assert_int_equal(registry_list(stage.registry, &all), 2);
    assert_ptr_equal(all[0], before);
    assert_string_equal(provider_entry_name(all[1]), "fault_serial");
    provider_entry_unref(all[0]);
    provider_entry_unref(all[1]);
    free(all);
    registry_reload(stage.registry, &next[1], 1);
    assert_null(registry_find(stage.registry, "fault_good"));
    struct provider_status status;
    provider_entry_status(before, &status);
    assert_int_equal(status.state, PROVIDER_STATE_DISABLED);
    assert_string_equal(status.reason, "the provider was removed");
    provider_entry_unref(before);
    stage_end(&stage);
}

static void a_reload_with_other_options_uses_them(void **state UNUSED)
{
    struct stage stage;
    struct stage_sink sink = { 0 };
    struct error err = { 0 };
    stage_begin(&stage, "fault_good");
    stage_open(&stage);
    assert_int_equal(stage_fetch(&stage, "option", 1000, &sink, &err), PROVIDER_ENOTFOUND);
    assert_string_equal(err.text, "fault_good: hello");
    stage.values[0] = (struct provider_setting){ .name = "greeting", .value = "hi", .line = 3 };
    stage.settings.n_values = 1;
    registry_reload(stage.registry, &stage.settings, 1);
    assert_int_equal(stage_fetch(&stage, "option", 1000, &sink, &err), PROVIDER_ENOTFOUND);
    assert_string_equal(err.text, "fault_good: hi");
    stage_end(&stage);
}

static void a_reload_in_other_languages_reopens_who_follows_them(void **state UNUSED)
{
    struct stage stage;
    struct stage_sink sink = { 0 };
    struct error err = { 0 };
    stage_begin(&stage, "fault_good");
    stage.settings.languages = "de fr";
    stage_open(&stage);
    assert_int_equal(stage_fetch(&stage, "language", 1000, &sink, &err), PROVIDER_ENOTFOUND);
    assert_string_equal(err.text, "fault_good: de");
    stage.settings.languages = "pt-BR";
    registry_reload(stage.registry, &stage.settings, 1);
    assert_int_equal(stage_fetch(&stage, "language", 1000, &sink, &err), PROVIDER_ENOTFOUND);
    assert_string_equal(err.text, "fault_good: pt-BR");
    stage_end(&stage);
}

static void an_unknown_option_is_refused_with_its_line(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_good");
    stage.values[0] = (struct provider_setting){ .name = "greting", .value = "hi", .line = 7 };
    stage.settings.n_values = 1;
    stage_open(&stage);
    struct provider_status status;
    stage_status(&stage, &status);
    assert_int_equal(status.state, PROVIDER_STATE_DISABLED);
    assert_string_equal(status.reason,
                        "providers.d/test.conf:7: 'fault_good' has no option "
                        "'greting'; it has greeting, base_url, words, language, key");
    stage_end(&stage);
}

static void an_entry_outlives_its_registry_for_who_holds_it(void **state UNUSED)
{
    struct stage stage;
    struct error err = { 0 };
    stage_begin(&stage, "fault_good");
    stage_open(&stage);
    struct provider_entry *entry = registry_find(stage.registry, "fault_good");
    stage_close(&stage);
    const struct provider_id id = { .space = "tmdb", .value = "603" };
    struct stage_sink sink = { 0 };
    const struct call_sink to = stage_sink_of(&sink);
    assert_int_equal(call_fetch(entry, PROVIDER_MOVIE, &id, NULL, &to, &err), PROVIDER_EBUSY);
    assert_int_equal(provider_entry_reset(entry, &err), PROVIDER_EBUSY);
    CLEANUP(mem_free) char *hosts = provider_entry_hosts(entry);
    assert_string_equal(hosts, "");
    provider_entry_unref(entry);
    stage_end(&stage);
}

static void a_plugin_that_hangs_in_close_does_not_hold_up_the_stop(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_hang_close");
    stage_open(&stage);
    struct provider_status status;
    stage_status(&stage, &status);
    assert_int_equal(status.state, PROVIDER_STATE_ACTIVE);
    stage_end(&stage);
}

static void emitting_from_open_is_a_mistake(void **state UNUSED)
{
    struct stage stage;
    stage_begin(&stage, "fault_emit_open");
    stage_open(&stage);
    struct provider_status status;
    stage_status(&stage, &status);
    assert_int_equal(status.state, PROVIDER_STATE_ACTIVE);
    assert_int_equal(status.misuses, 1);
    assert_string_equal(status.last_misuse, "it emitted from open()");
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_plugin_is_in_service),
        cmocka_unit_test(what_is_wrong_with_a_plugin_is_said),
        cmocka_unit_test(a_library_that_is_no_library_gets_the_linkers_reason),
        cmocka_unit_test(a_provider_that_is_not_enabled_says_how_to),
        cmocka_unit_test(switching_off_lasts_until_switched_on),
        cmocka_unit_test(a_reset_of_what_cannot_open_says_why),
        cmocka_unit_test(a_reload_opens_closes_and_keeps),
        cmocka_unit_test(a_reload_with_other_options_uses_them),
        cmocka_unit_test(a_reload_in_other_languages_reopens_who_follows_them),
        cmocka_unit_test(an_unknown_option_is_refused_with_its_line),
        cmocka_unit_test(an_entry_outlives_its_registry_for_who_holds_it),
        cmocka_unit_test(a_plugin_that_hangs_in_close_does_not_hold_up_the_stop),
        cmocka_unit_test(emitting_from_open_is_a_mistake),
    };
    return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
