/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/text.h"
#include "ctl/ctl.h"

static const struct arguments_option common[] = {
    { .name = "json", .help = "" },
    { .name = "config", .letter = 'c', .value = "FILE", .help = "" },
    { 0 }
};
static const struct arguments_option own[] = {
    { .name = "user", .value = "NAME", .help = "" },
    { .name = "set", .value = "PAIR", .many = true, .help = "" },
    { .name = "full", .help = "" },
    { 0 }
};

static const struct arguments_option *of_command(const char *name)
{
    static const struct arguments_option none[] = { { 0 } };
    return text_equal(name, "make") ? own : text_equal(name, "plain") ? none : NULL;
}

enum { MAX_WORDS = 80 };

/* Splits at spaces, as a shell would; `memory` keeps the words. */
static int parse(const char *line, char memory[400], struct arguments *out, struct error *err)
{
    char *argv[MAX_WORDS];
    int argc = 0;
    assert_true(strlen(line) < 400);
    snprintf(memory, 400, "%s", line);
    for (char *at = memory, *word; (word = strsep(&at, " "));)
        argv[argc++] = word;
    return arguments_parse(argc, argv, common, of_command, out, err);
}

static void options_may_stand_anywhere(void **state UNUSED)
{
    static const char *const lines[] = {
        "make --user anna -c file --json one",
        "--json -c file make one --user=anna",
        "--config=file make --user anna --json -- one",
        "--json make -c file --user anna one",
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        char memory[400];
        struct arguments arguments;
        struct error err = { 0 };
        assert_int_equal(parse(lines[i], memory, &arguments, &err), 0);
        assert_string_equal(arguments_take(&arguments, "user"), "anna");
        assert_string_equal(arguments_take(&arguments, "config"), "file");
        assert_string_equal(arguments_take(&arguments, "json"), "");
        assert_null(arguments_take(&arguments, "json"));
        assert_null(arguments_take(&arguments, "full"));
        assert_string_equal(arguments_take_word(&arguments), "make");
        assert_string_equal(arguments_take_word(&arguments), "one");
        assert_null(arguments_take_word(&arguments));
        assert_int_equal(arguments_end(&arguments, &err), 0);
    }
}

static void one_that_may_come_often_comes_in_order(void **state UNUSED)
{
    char memory[400];
    struct arguments arguments;
    assert_int_equal(parse("make --set a=1 --set=b=2", memory, &arguments, NULL), 0);
    assert_string_equal(arguments_take(&arguments, "set"), "a=1");
    assert_string_equal(arguments_take(&arguments, "set"), "b=2");
    assert_null(arguments_take(&arguments, "set"));
}

static void two_dashes_end_the_options(void **state UNUSED)
{
    char memory[400];
    struct arguments arguments;
    assert_int_equal(parse("make -- --user --json -x --", memory, &arguments, NULL), 0);
    assert_null(arguments_take(&arguments, "user"));
    assert_string_equal(arguments_take_word(&arguments), "make");
    assert_string_equal(arguments_take_word(&arguments), "--user");
    assert_string_equal(arguments_take_word(&arguments), "--json");
    assert_string_equal(arguments_take_word(&arguments), "-x");
    assert_string_equal(arguments_take_word(&arguments), "--");
}

static void one_dash_is_a_word(void **state UNUSED)
{
    char memory[400];
    struct arguments arguments;
    assert_int_equal(parse("make - --user -", memory, &arguments, NULL), 0);
    assert_string_equal(arguments_take(&arguments, "user"), "-");
}

static void what_is_wrong_is_refused_and_named(void **state UNUSED)
{
    static const struct {
        const char *line, *text;
    } cases[] = {
        { "make --user", "--user wants NAME" },
        { "make --user --full", "--user wants NAME" },
        { "make --user=", "--user wants NAME" },
        { "make --user -c file", "--user wants NAME" },
        { "-c", "--config wants FILE" },
        { "make --nothing", "no option '--nothing'" },
        { "make --use anna", "no option '--use'" },
        { "make --username=anna", "no option '--username'" },
        { "make --=x", "no option '--'" },
        { "make -x", "no option '-x'" },
        { "make -cfile", "no option '-cfile'" },
        { "make --full=yes", "--full takes no value" },
        { "make --json=", "--json takes no value" },
        { "make --user a --user b", "--user is given twice" },
        { "make --json --json", "--json is given twice" },
        { "plain --user anna", "no option '--user'" },
        { "--user anna make", "no option '--user'" },
        { "unmake", "no command 'unmake'" },
        { "-- unmake", "no command 'unmake'" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char memory[400];
        struct arguments arguments;
        struct error err = { 0 };
        if (parse(cases[i].line, memory, &arguments, &err) != PROVIDER_EINVAL ||
            !strstr(err.text, cases[i].text))
            fail_msg("'%s': expected '%s', got '%s'", cases[i].line, cases[i].text, err.text);
    }
}

static void what_nobody_took_is_named(void **state UNUSED)
{
    char memory[400];
    struct arguments arguments;
    struct error err = { 0 };
    assert_int_equal(parse("make --full extra", memory, &arguments, &err), 0);
    arguments_take_word(&arguments);
    assert_int_equal(arguments_end(&arguments, &err), PROVIDER_EINVAL);
    assert_string_equal(err.text, "--full means nothing here");
    arguments_take(&arguments, "full");
    assert_int_equal(arguments_end(&arguments, &err), PROVIDER_EINVAL);
    assert_non_null(strstr(err.text, "'extra'"));
}

static void more_than_there_is_room_for_is_refused(void **state UNUSED)
{
    char name[] = "make", option[] = "--set=a", word[] = "word";
    char *argv[ARGUMENTS_MAX + 2];
    struct arguments arguments;
    argv[0] = name;
    for (int i = 1; i < ARGUMENTS_MAX + 2; i++)
        argv[i] = option;
    assert_int_equal(arguments_parse(ARGUMENTS_MAX + 2, argv, common, of_command, &arguments, NULL),
                     PROVIDER_EINVAL);
    for (int i = 1; i < ARGUMENTS_MAX + 2; i++)
        argv[i] = word;
    assert_int_equal(arguments_parse(ARGUMENTS_MAX + 2, argv, common, of_command, &arguments, NULL),
                     PROVIDER_EINVAL);
    assert_int_equal(arguments_parse(0, argv, common, of_command, &arguments, NULL), 0);
    assert_null(arguments_take_word(&arguments));
}

static bool has_twin(const struct arguments_option *options, const struct arguments_option *one)
{
    for (; options && options->name; options++)
        if (options != one && (text_equal(options->name, one->name) ||
                               (one->letter && options->letter == one->letter)))
            return true;
    return false;
}

static void the_real_table_says_everything_once(void **state UNUSED)
{
    for (const struct command *command = commands; command->name; command++) {
        assert_ptr_equal(commands_find(command->name), command);
        assert_non_null(command->run);
        assert_true(*command->summary && command->usage);
        for (const struct arguments_option *option = command->options; option && option->name;
             option++) {
            assert_false(text_is_empty(option->help));
            if (has_twin(command->options, option) || has_twin(commands_common, option))
                fail_msg("%s has --%s twice", command->name, option->name);
        }
    }
    assert_null(commands_find("frob"));
    assert_null(commands_find(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_may_stand_anywhere),
        cmocka_unit_test(one_that_may_come_often_comes_in_order),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(one_dash_is_a_word),
        cmocka_unit_test(what_is_wrong_is_refused_and_named),
        cmocka_unit_test(what_nobody_took_is_named),
        cmocka_unit_test(more_than_there_is_room_for_is_refused),
        cmocka_unit_test(the_real_table_says_everything_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
