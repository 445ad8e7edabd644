/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <fcntl.h>
#include <string.h>

#include "command_line.h"

/* What a command line wrote and answered. */
struct said {
    int status;
    struct command_line line;
    struct conf *conf;
    char out[64 << 10], err[4096];
};

/* Points a standard stream at a temporary file; the old descriptor is returned. */
static int redirect(FILE *stream, FILE *to)
{
    fflush(stream);
    int old = dup(fileno(stream));
    assert_true(old >= 0);
    assert_true(dup2(fileno(to), fileno(stream)) >= 0);
    return old;
}

static void restore(FILE *stream, int old, FILE *from, char *out, size_t size)
{
    fflush(stream);
    dup2(old, fileno(stream));
    close(old);
    rewind(from);
    out[fread(out, 1, size - 1, from)] = '\0';
    fclose(from);
}

static struct said *run(const char *const *arguments)
{
    struct said *said = mem_new(struct said);
    char *argv[16] = { mem_dup_text("miauflixd") };
    int argc = 1;
    for (; arguments[argc - 1]; argc++)
        argv[argc] = mem_dup_text(arguments[argc - 1]);
    FILE *out = tmpfile(), *err = tmpfile();
    int old_out = redirect(stdout, out), old_err = redirect(stderr, err);
    said->status = command_line_run(argc, argv, &said->line, &said->conf);
    restore(stdout, old_out, out, said->out, sizeof said->out);
    restore(stderr, old_err, err, said->err, sizeof said->err);
    for (size_t i = 0; i < COMMAND_LINE_SETS; i++)
        free(said->line.memory[i]);
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    return said;
}

static void said_free(struct said *said)
{
    conf_free(said->conf);
    free(said);
}
DEFINE_CLEANUP(struct said *, said_free);

#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL })

static void values_of_the_command_line_reach_the_configuration(void **state UNUSED)
{
    CLEANUP(said_free)
    struct said *said = RUN("--port", "0", "-d", "/srv/x", "--set", "catalogue.languages=de,en");
    assert_int_equal(said->status, COMMAND_LINE_START);
    assert_int_equal(said->conf->listen_port, 0);
    assert_string_equal(said->conf->data_folder, "/srv/x");
    assert_int_equal(said->conf->languages.n, 2);
    assert_string_equal(said->out, "");
}

static void check_says_nothing_when_all_is_well(void **state UNUSED)
{
    CLEANUP(said_free) struct said *said = RUN("--check", "--port", "1");
    assert_int_equal(said->status, 0);
    assert_null(said->conf);
    assert_string_equal(said->out, "");
    assert_string_equal(said->err, "");
}

static void a_bad_value_ends_with_status_1(void **state UNUSED)
{
    CLEANUP(said_free) struct said *said = RUN("--check", "--port", "70000");
    assert_int_equal(said->status, 1);
    assert_string_equal(said->err,
                        "miauflixd: --port: http.port: 70000 is out of bounds (0 to 65535)\n");
}

static void a_missing_file_ends_with_status_1(void **state UNUSED)
{
    CLEANUP(said_free) struct said *said = RUN("--config", "/nowhere/at/all");
    assert_int_equal(said->status, 1);
    assert_null(said->conf);
    assert_string_equal(said->err,
                        "miauflixd: cannot read '/nowhere/at/all': No such file or directory\n");
}

static void mistakes_end_with_status_2_and_a_hint(void **state UNUSED)
{
    CLEANUP(said_free) struct said *word = RUN("start");
    assert_int_equal(word->status, 2);
    assert_string_equal(word->err, "miauflixd: 'start' is no option\nTry: miauflixd --help\n");
    CLEANUP(said_free) struct said *option = RUN("--nonsense");
    assert_int_equal(option->status, 2);
    assert_non_null(strstr(option->err, "Try: miauflixd --help\n"));
    CLEANUP(said_free) struct said *without = RUN("--port");
    assert_int_equal(without->status, 2);
}

static void set_wants_a_key_and_a_value(void **state UNUSED)
{
    static const char *const wrong[] = { "http.port", "=5", "" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(said_free) struct said *said = RUN("--set", wrong[i]);
        assert_int_equal(said->status, 2);
        assert_non_null(strstr(said->err, "--set wants KEY=VALUE"));
    }
    CLEANUP(said_free) struct said *unknown = RUN("--set", "http.pord=5");
    assert_int_equal(unknown->status, 1);
    assert_non_null(strstr(unknown->err, "did you mean 'http.port'?"));
}

static void print_config_names_the_command_line(void **state UNUSED)
{
    CLEANUP(said_free) struct said *said = RUN("--print-config", "--port", "7");
    assert_int_equal(said->status, 0);
    assert_null(said->conf);
    assert_non_null(strstr(said->out, "http.port = 7"));
    assert_non_null(strstr(said->out, "# --port\n"));
}

static void help_and_version_go_to_standard_output(void **state UNUSED)
{
    CLEANUP(said_free) struct said *help = RUN("--help");
    assert_int_equal(help->status, 0);
    assert_non_null(strstr(help->out, "--print-config"));
    CLEANUP(said_free) struct said *version = RUN("--version");
    assert_int_equal(version->status, 0);
    assert_true(text_starts_with(version->out, "miauflixd "));
    CLEANUP(said_free) struct said *sample = RUN("--print-sample");
    assert_int_equal(sample->status, 0);
    assert_non_null(strstr(sample->out, "#port = 8480;"));
}

static void help_does_not_need_a_good_configuration(void **state UNUSED)
{
    CLEANUP(said_free) struct said *said = RUN("--config", "/nowhere/at/all", "--help");
    assert_int_equal(said->status, 0);
}

static void the_configuration_can_be_loaded_again(void **state UNUSED)
{
    const struct command_line line = {
        .sets = { { .key = "http.port", .value = "5", .origin = "--port" } }, .n_sets = 1
    };
    struct error err = { 0 };
    CLEANUP(conf_free) struct conf *conf = NULL;
    assert_int_equal(command_line_conf(&line, &conf, &err), 0);
    assert_int_equal(conf->listen_port, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_the_command_line_reach_the_configuration),
        cmocka_unit_test(check_says_nothing_when_all_is_well),
        cmocka_unit_test(a_bad_value_ends_with_status_1),
        cmocka_unit_test(a_missing_file_ends_with_status_1),
        cmocka_unit_test(mistakes_end_with_status_2_and_a_hint),
        cmocka_unit_test(set_wants_a_key_and_a_value),
        cmocka_unit_test(print_config_names_the_command_line),
        cmocka_unit_test(help_and_version_go_to_standard_output),
        cmocka_unit_test(help_does_not_need_a_good_configuration),
        cmocka_unit_test(the_configuration_can_be_loaded_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
