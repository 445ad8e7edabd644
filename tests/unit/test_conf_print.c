/* SPDX-License-Identifier: MIT
 *
 * The configuration in print: where each value came from, the sample, the manual page. */
#include "conf_place.h"

#include <string.h>
#include <sys/stat.h>

#include "conf/conf.h"
#include "conf/conf_table.h"

static void printing_shows_where_each_value_came_from(void **state)
{
    const struct place *place = *state;
    CLEANUP(conf_free) struct conf *conf = loaded(place, "\nhttp = {\n port = 1; };");
    CLEANUP(mem_free) char *out = printed(conf);
    CLEANUP(mem_free) char *origin = mem_format("# %s/miauflix.conf:3\n", place->folder);
    assert_non_null(strstr(out, origin));
    size_t lines = 0;
    for (const char *at = out; *at; at++)
        lines += *at == '\n';
    assert_int_equal(lines, conf_table_len);
    assert_non_null(strstr(out, "http.address = \"127.0.0.1\""));
    assert_non_null(strstr(out, "net.ca_file = none"));
}

static char *written_by(void (*print)(FILE *))
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&bytes, &len);
    print(out);
    fclose(out);
    char *copy = mem_dup(bytes, len);
    free(bytes);
    return copy;
}

static char *source_file(const char *name)
{
    const char *folder = getenv("MIAUFLIX_SRCDIR");
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder ? folder : ".", name);
    CLEANUP(file_close) FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot read '%s'", path);
    CLEANUP(text_done) struct text text = TEXT_INIT(1 << 20);
    char buffer[4096];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, file));)
        text_add(&text, buffer, n);
    return text_take(&text);
}

static void the_sample_in_etc_is_what_the_table_says(void **state UNUSED)
{
    CLEANUP(mem_free) char *made = written_by(conf_print_sample);
    CLEANUP(mem_free) char *kept = source_file("etc/miauflix.conf");
    assert_string_equal(kept, made);
}

static void the_manual_page_lists_every_key(void **state UNUSED)
{
    CLEANUP(mem_free) char *made = written_by(conf_print_manual);
    CLEANUP(mem_free) char *page = source_file("docs/man/miauflix.conf.5");
    assert_non_null(strstr(page, made));
}

/* With each '#' before a key taken away, it is a configuration of the defaults. */
static void the_sample_can_be_uncommented_line_by_line(void **state)
{
    CLEANUP(mem_free) char *sample = written_by(conf_print_sample);
    for (char *at = sample; (at = strchr(at, '#')); at++)
        if (at[1] != ' ' && at[1] != '\n')
            *at = ' ';
    CLEANUP(mem_free) char *folder = mem_format("%s/none", ((struct place *)*state)->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    write_file(*state, "none/tmdb.conf", "enabled = false;\n");
    setenv("MIAUFLIX_PROVIDERS_FOLDER", folder, 1);
    CLEANUP(conf_free) struct conf *conf = loaded(*state, sample);
    assert_string_equal(conf->data_folder, "/var/lib/miauflix");
    assert_int_equal(conf->listen_port, 8480);
    assert_int_equal(conf->http_max_body, 1 << 20);
    CLEANUP(mem_free) char *out = printed(conf);
    assert_null(strstr(out, "# default"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_sample_in_etc_is_what_the_table_says),
    cmocka_unit_test(the_manual_page_lists_every_key),
    TEST(printing_shows_where_each_value_came_from),
    TEST(the_sample_can_be_uncommented_line_by_line),
};

const struct test_part conf_print_part = TEST_PART(tests);
