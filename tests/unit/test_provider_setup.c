/* SPDX-License-Identifier: MIT
 *
 * --check and --print-config about providers: what they would start with. */
#include "conf_place.h"

#include "provider_setup.h"

static const char *built(void)
{
    const char *folder = getenv("MIAUFLIX_BUILDDIR");
    return folder ? folder : ".";
}

static int enter_alone(void **state)
{
    static const char *const names[] = { "FAULT_GREETING", "FAULT_BASE_URL", "FAULT_BASE_URL_FILE",
                                         "FAULT_KEY", "FAULT_NEEDS_KEY" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        unsetenv(names[i]);
    return enter(state);
}

static struct conf *with_provider(const struct place *place, const char *name, const char *text)
{
    CLEANUP(mem_free) char *plugins = mem_format("%s/tests/plugins/faults", built());
    const struct conf_override override = { .key = "providers.plugin_path",
                                            .value = plugins,
                                            .origin = "--set" };
    CLEANUP(mem_free) char *file = mem_format("providers.d/%s.conf", name);
    struct conf *conf = NULL;
    struct error err = { 0 };
    write_file(place, file, text);
    write_file(place, "miauflix.conf", "");
    if (conf_load_with(place->file, &override, 1, &conf, &err))
        fail_msg("%s", err.text);
    return conf;
}

/* What one of the two says, without the folder in front of file names. */
static char *said(const struct place *place, const struct conf *conf, bool checks)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&bytes, &len);
    if (checks)
        fprintf(out, "%zu\n", provider_setup_check(conf, out));
    else
        provider_setup_print(conf, out);
    fclose(out);
    CLEANUP(mem_free) char *prefix = mem_format("%s/", place->folder);
    char *text = mem_dup_text(bytes);
    for (char *at; (at = strstr(text, prefix));)
        memmove(at, at + strlen(prefix), strlen(at + strlen(prefix)) + 1);
    free(bytes);
    return text;
}

static void expect(const struct place *place, bool checks, const char *name, const char *text,
                   const char *expected)
{
    CLEANUP(conf_free) struct conf *conf = with_provider(place, name, text);
    CLEANUP(mem_free) char *lines = said(place, conf, checks);
    assert_string_equal(lines, expected);
}

static void what_can_start_is_not_spoken_of(void **state)
{
    expect(*state, true, "fault_good", "enabled = true;\n", "0\n");
    expect(*state, true, "fault_good",
           "enabled = true;\nbase_url = [ \"http://127.0.0.1:9\", \"https://b.example/x\" ];\n",
           "0\n");
}

static void what_is_off_may_be_wrong(void **state)
{
    expect(*state, true, "fault_good", "enabled = false;\nfoo = 1;\n", "0\n");
    expect(*state, true, "nosuch", "enabled = false;\n", "0\n");
}

static void what_is_no_option_is_told_with_its_line(void **state)
{
    expect(*state, true, "fault_good", "enabled = true;\nfoo = 1;\n",
           "miauflixd: provider 'fault_good': providers.d/fault_good.conf:2: 'fault_good' has no "
           "option 'foo'; it has greeting, base_url, words, language, key\n1\n");
}

static void a_value_that_is_none_is_told(void **state)
{
    expect(*state, true, "fault_good", "enabled = true;\nbase_url = \"file:///etc/passwd\";\n",
           "miauflixd: provider 'fault_good': option 'base_url': 'file:///etc/passwd' is not an "
           "http(s) address\n1\n");
}

static void what_is_needed_and_missing_is_told(void **state)
{
    expect(*state, true, "fault_needs_key", "enabled = true;\n",
           "miauflixd: provider 'fault_needs_key': option 'api_key' is missing: set it in "
           "providers.d/fault_needs_key.conf or FAULT_NEEDS_KEY\n1\n");
    setenv("FAULT_NEEDS_KEY", "s3cr3t", 1);
    expect(*state, true, "fault_needs_key", "", "0\n");
}

static void a_plugin_that_is_not_there_is_told(void **state)
{
    CLEANUP(conf_free) struct conf *conf = with_provider(*state, "nosuch", "enabled = true;\n");
    CLEANUP(mem_free) char *lines = said(*state, conf, true);
    assert_non_null(strstr(lines, "provider 'nosuch': there is no plugin 'nosuch' in "));
    assert_true(text_ends_with(lines, "\n1\n"));
}

static void a_variable_is_judged_too(void **state)
{
    setenv("FAULT_BASE_URL", "nonsense", 1);
    expect(*state, true, "fault_good", "enabled = true;\n",
           "miauflixd: provider 'fault_good': option 'base_url': 'nonsense' is not an http(s) "
           "address\n1\n");
}

static void each_option_is_shown_with_where_it_came_from(void **state)
{
    struct place *place = *state;
    CLEANUP(mem_free) char *path = mem_format("%s/address", place->folder);
    write_file(place, "address", "http://d\n");
    setenv("FAULT_BASE_URL_FILE", path, 1);
    setenv("FAULT_GREETING", "hi \"you\"", 1);
    expect(place, false, "fault_good",
           "enabled = true;\nbase_url = \"http://a\";\n\nwords = [ \"x\", \"y\" ];\n",
           "fault_good.greeting = \"hi \\\"you\\\"\"                    # FAULT_GREETING\n"
           "fault_good.base_url = [ \"http://d\" ]                  # FAULT_BASE_URL_FILE\n"
           "fault_good.words = [ \"x\", \"y\" ]                       # "
           "providers.d/fault_good.conf:4\n"
           "fault_good.language = \"en-US\"                         # catalogue.languages\n"
           "fault_good.key = none                                 # default\n");
    unsetenv("FAULT_BASE_URL_FILE");
    unsetenv("FAULT_GREETING");
    expect(place, false, "fault_good", "base_url = [ \"http://a\", \"http://b\" ];\n",
           "fault_good.greeting = \"hello\"                         # default\n"
           "fault_good.base_url = [ \"http://a\", \"http://b\" ]      # "
           "providers.d/fault_good.conf:1\n"
           "fault_good.words = none                               # default\n"
           "fault_good.language = \"en-US\"                         # catalogue.languages\n"
           "fault_good.key = none                                 # default\n");
}

static void nobody_sees_a_secret(void **state)
{
    CLEANUP(conf_free)
    struct conf *conf =
        with_provider(*state, "fault_good",
                      "base_url = [ \"http://anna:s3cr3t@a.example/x@y\", \"http://b/@\" ];\n"
                      "greeting = \"https://anna:s3cr3t@host\"; key = \"s3cr3t\";\n");
    CLEANUP(mem_free) char *lines = said(*state, conf, false);
    CLEANUP(mem_free) char *other = printed(conf);
    assert_null(strstr(lines, "s3cr3t"));
    assert_null(strstr(lines, "anna"));
    assert_null(strstr(other, "s3cr3t"));
    assert_non_null(strstr(lines, "[ \"http://***@a.example/x@y\", \"http://b/@\" ]"));
    assert_non_null(strstr(lines, "fault_good.greeting = \"https://***@host\""));
    assert_non_null(strstr(lines, "fault_good.key = \"***\""));
}

static void what_cannot_be_shown_says_why(void **state)
{
    expect(
        *state, false, "fault_good", "foo = \"s3cr3t\";\n",
        "# provider 'fault_good': providers.d/fault_good.conf:1: 'fault_good' has no option 'foo'; "
        "it has greeting, base_url, words, language, key\n");
}

#define ALONE(name) cmocka_unit_test_setup_teardown(name, enter_alone, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(what_can_start_is_not_spoken_of),
        ALONE(what_is_off_may_be_wrong),
        ALONE(what_is_no_option_is_told_with_its_line),
        ALONE(a_value_that_is_none_is_told),
        ALONE(what_is_needed_and_missing_is_told),
        ALONE(a_plugin_that_is_not_there_is_told),
        ALONE(a_variable_is_judged_too),
        ALONE(each_option_is_shown_with_where_it_came_from),
        ALONE(nobody_sees_a_secret),
        ALONE(what_cannot_be_shown_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
