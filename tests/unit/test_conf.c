/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include "conf/conf.h"
#include "conf/conf_file.h"
#include "conf/conf_table.h"

/* A folder of its own for each test, and the path of the main file in it. */
struct place {
    char folder[64];
    char file[96];
};

static int enter(void **state)
{
    struct place *place = mem_new(struct place);
    snprintf(place->folder, sizeof place->folder, "/tmp/test_conf.XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->file, sizeof place->file, "%s/miauflix.conf", place->folder);
    *state = place;
    return 0;
}

/* Not the whole environment: cmocka reads its own there. */
static void forget_variables(void)
{
    static const char *const names[] = {
        "CACHE_TTL_MOVIES",
        "CACHE_TTL_SEARCH",
        "CACHE_TTL_TVSHOWS",
        "MIAUFLIX_CACHE_TTL_MOVIES_S",
        "MIAUFLIX_CATALOGUE_LANGUAGES",
        "MIAUFLIX_CATALOGUE_PRECEDENCE",
        "MIAUFLIX_CATALOGUE_PRECEDENCE_OF",
        "MIAUFLIX_HTTP_ANONYMOUS_READ",
        "MIAUFLIX_HTTP_PORT",
        "MIAUFLIX_HTTP_PORT_FILE",
        "MIAUFLIX_LOG_LEVEL",
        "MIAUFLIX_NET_PROXY_FILE",
        "MIAUFLIX_PROVIDERS_FOLDER",
        "MIAUFLIX_STORE_CACHE",
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        unsetenv(names[i]);
}

static int remove_entry(const char *path, const struct stat *status UNUSED, int type UNUSED,
                        struct FTW *walk UNUSED)
{
    return remove(path);
}

static int leave(void **state)
{
    struct place *place = *state;
    nftw(place->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(place);
    forget_variables();
    return 0;
}

static void write_bytes(const struct place *place, const char *name, const void *bytes, size_t len)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", place->folder, name);
    CLEANUP(mem_free) char *parent = mem_dup_text(path);
    *strrchr(parent, '/') = '\0';
    assert_true(mkdir(parent, 0700) == 0 || errno == EEXIST);
    CLEANUP(file_close) FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
}

static void write_file(const struct place *place, const char *name, const char *text)
{
    write_bytes(place, name, text, strlen(text));
}

static struct conf *loaded(const struct place *place, const char *text)
{
    struct conf *conf = NULL;
    struct error err = { 0 };
    write_file(place, "miauflix.conf", text);
    if (conf_load(place->file, &conf, &err))
        fail_msg("%s", err.text);
    return conf;
}

/* The message without the folder in front, so that tests read like what a person sees. */
static const char *told(const struct place *place, struct error *err)
{
    CLEANUP(mem_free) char *prefix = mem_format("%s/", place->folder);
    for (char *at; (at = strstr(err->text, prefix));)
        memmove(at, at + strlen(prefix), strlen(at + strlen(prefix)) + 1);
    return err->text;
}

static void expect_told(const struct place *place, const char *said)
{
    struct conf *conf = NULL;
    struct error err = { 0 };
    int rc = conf_load(place->file, &conf, &err);
    assert_true(rc < 0);
    assert_int_equal(err.code, rc);
    assert_null(conf);
    assert_string_equal(told(place, &err), said);
}

static void expect_refused(const struct place *place, const char *text, const char *said)
{
    write_file(place, "miauflix.conf", text);
    expect_told(place, said);
}

static char *printed(const struct conf *conf)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&bytes, &len);
    conf_print(conf, out);
    fclose(out);
    char *copy = mem_dup(bytes, len);
    free(bytes);
    return copy;
}

static void without_a_file_the_defaults_hold(void **state UNUSED)
{
    CLEANUP(conf_free) struct conf *conf = NULL;
    struct error err = { 0 };
    assert_int_equal(conf_load(NULL, &conf, &err), 0);
    assert_string_equal(conf->listen_address, "127.0.0.1");
    assert_string_equal(conf->durability, "sync");
    assert_int_equal(conf->languages.n, 1);
    assert_string_equal(conf->languages.values[0], "en-US");
    assert_false(conf->anonymous_read);
    assert_null(conf->proxy);
    assert_non_null(conf->data_folder);
    assert_non_null(conf->plugin_path);
}

static void every_default_is_within_its_own_bounds(void **state)
{
    for (size_t i = 0; i < conf_table_len; i++) {
        char name[CONF_ENV_LEN];
        assert_non_null(conf_table[i].help);
        assert_true(conf_table[i].fallback || conf_table[i].sample);
        assert_ptr_equal(conf_table_find(conf_table[i].key), &conf_table[i]);
        assert_true(strlen(conf_table_env(&conf_table[i], name)) < CONF_ENV_LEN - 1);
        assert_true(conf_table[i].min <= conf_table[i].max);
    }
    CLEANUP(conf_free) struct conf *conf = loaded(*state, "");
    assert_int_equal(conf->store_cache_bytes, 16 << 20);
}

static void a_file_sets_values_of_each_type(void **state)
{
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "data_folder = \"/srv/m\";\n"
                       "http = { port = 0; anonymous_read = true; max_body = \"2 MiB\"; };\n"
                       "cache : { images = 9000000000L, ttl_movies_s = 0x10 }\n"
                       "catalogue = { languages = [ \"pt-BR\", \"en\" ]; scope = \"popular\" };\n");
    assert_string_equal(conf->data_folder, "/srv/m");
    assert_string_equal(conf->cache_folder, "/srv/m/cache");
    assert_int_equal(conf->listen_port, 0);
    assert_true(conf->anonymous_read);
    assert_int_equal(conf->http_max_body, 2 << 20);
    assert_int_equal(conf->image_cache_bytes, INT64_C(9000000000));
    assert_int_equal(conf->ttl_movies_s, 16);
    assert_int_equal(conf->languages.n, 2);
    assert_string_equal(conf->languages.values[0], "pt-BR");
    assert_string_equal(conf->catalogue_scope, "popular");
}

static void an_unknown_key_is_refused_with_its_line(void **state)
{
    expect_refused(*state, "\n\nhttp = {\n  prot = 1;\n};",
                   "miauflix.conf:4: unknown key 'http.prot'; did you mean 'http.port'?");
    expect_refused(*state, "colour = 1;", "miauflix.conf:1: unknown key 'colour'");
    expect_refused(*state, "log_levl = \"debug\";",
                   "miauflix.conf:1: unknown key 'log_levl'; did you mean 'log_level'?");
}

static void a_key_in_the_wrong_group_is_led_home(void **state)
{
    expect_refused(*state, "durability = \"sync\";",
                   "miauflix.conf:1: unknown key 'durability'; did you mean 'store.durability'?");
    expect_refused(*state, "http = { workers = 1; };",
                   "miauflix.conf:1: unknown key 'http.workers'; did you mean 'sync.workers'?");
    expect_refused(*state, "htpt = { port = 1; };", "miauflix.conf:1: unknown key 'htpt'");
}

static void a_wrong_type_is_refused(void **state)
{
    expect_refused(*state, "http = { port = \"80\"; };",
                   "miauflix.conf:1: http.port is a whole number, not a text in quotes");
    expect_refused(*state, "http = { port = 80.5; };",
                   "miauflix.conf:1: http.port is a whole number, not a number with a fraction");
    expect_refused(*state, "http = { anonymous_read = 1; };",
                   "miauflix.conf:1: http.anonymous_read is true or false, not a whole number");
    expect_refused(*state, "data_folder = [ \"a\" ];",
                   "miauflix.conf:1: data_folder is a text in quotes, not an array [ ... ]");
    expect_refused(*state, "data_folder = { a = 1; };",
                   "miauflix.conf:1: data_folder is a text in quotes, not a group { ... }");
    expect_refused(*state, "catalogue = { languages = [ 1, 2 ]; };",
                   "miauflix.conf:1: catalogue.languages: value 1 is not a text in quotes");
    expect_refused(*state, "catalogue = { languages = ( \"en\", true ); };",
                   "miauflix.conf:1: catalogue.languages: value 2 is not a text in quotes");
}

static void a_group_and_a_value_are_not_confused(void **state)
{
    expect_refused(*state, "http = 5;",
                   "miauflix.conf:1: http is a group { ... }, not a whole number");
    expect_refused(*state, "http = [ 5 ];",
                   "miauflix.conf:1: http is a group { ... }, not an array [ ... ]");
}

static void a_value_out_of_bounds_is_refused(void **state)
{
    expect_refused(*state, "http = { port = 65536; };",
                   "miauflix.conf:1: http.port: 65536 is out of bounds (0 to 65535)");
    expect_refused(*state, "http = { port = -1; };",
                   "miauflix.conf:1: http.port: -1 is out of bounds (0 to 65535)");
    expect_refused(*state, "\ncache = { ttl_movies_s = 0; };",
                   "miauflix.conf:2: cache.ttl_movies_s: 0 is out of bounds (1 to 31536000 "
                   "seconds)");
    expect_refused(*state, "store = { cache = \"1 KiB\"; };",
                   "miauflix.conf:1: store.cache: 1024 is out of bounds (1048576 to 274877906944 "
                   "bytes)");
    expect_refused(*state, "store = { cache = 9223372036854775807L; };",
                   "miauflix.conf:1: store.cache: 9223372036854775807 is out of bounds (1048576 to "
                   "274877906944 bytes)");
}

static void a_weight_out_of_bounds_is_refused(void **state)
{
    expect_refused(*state, "ranking = { exact = -1; };",
                   "miauflix.conf:1: ranking.exact: -1 is out of bounds (0 to 10000 hundredths of "
                   "a point)");
    expect_refused(*state, "ranking = { mistake = 10001; };",
                   "miauflix.conf:1: ranking.mistake: 10001 is out of bounds (0 to 10000 "
                   "hundredths of a point)");
    expect_refused(*state, "ranking = { year = 1.5; };",
                   "miauflix.conf:1: ranking.year is a whole number, not a number with a fraction");
    expect_refused(*state, "ranking = { titel = 1; };",
                   "miauflix.conf:1: unknown key 'ranking.titel'");
}

static void the_weights_of_ranking_are_in_hundredths(void **state)
{
    struct rank_weights weights;
    CLEANUP(conf_free) struct conf *usual = loaded(*state, "");
    conf_weights(usual, &weights);
    assert_true(rank_same_weights(&weights, &rank_default_weights));
    CLEANUP(conf_free)
    struct conf *conf = loaded(*state, "ranking = { exact = 0; mistake = 250; year = 1; };");
    conf_weights(conf, &weights);
    assert_false(rank_same_weights(&weights, &rank_default_weights));
    assert_true(weights.how[RANK_EXACT] == 0);
    assert_true(weights.mistake == -2.5);
    assert_true(weights.year == 0.01);
    assert_true(weights.coverage == rank_default_weights.coverage);
}

static void a_size_that_is_none_is_refused(void **state)
{
    static const char *const wrong[] = { "",   "MiB",   "1 MB",     "1.5 MiB",
                                         "-1", "1MiBs", "0x10 KiB", "99999999999 TiB" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(mem_free) char *text = mem_format("store = { cache = \"%s\"; };", wrong[i]);
        CLEANUP(mem_free)
        char *said =
            mem_format("miauflix.conf:1: store.cache: '%s' is no size (bytes, or a number with "
                       "KiB, MiB or GiB)",
                       wrong[i]);
        expect_refused(*state, text, said);
    }
}

static void an_integer_that_libconfig_would_cut_is_refused(void **state)
{
    expect_refused(*state, "cache = {\n  images = 9000000000; };",
                   "miauflix.conf:2: 9000000000 does not fit in 32 bits: write 9000000000L to use "
                   "64");
    expect_refused(*state, "a = 2147483648;",
                   "miauflix.conf:1: 2147483648 does not fit in 32 bits: write 2147483648L to use "
                   "64");
    expect_refused(*state, "a = -2147483649;",
                   "miauflix.conf:1: -2147483649 does not fit in 32 bits: write -2147483649L to "
                   "use 64");
    expect_refused(*state, "a = 0xFFFFFFFF;",
                   "miauflix.conf:1: 0xFFFFFFFF does not fit in 32 bits: write 0xFFFFFFFFL to use "
                   "64");
    expect_refused(*state, "a = [ 1,\n 12345678901234567890 ];",
                   "miauflix.conf:2: 12345678901234567890 does not fit in 64 bits");
    expect_refused(*state, "a = 99999999999999999999L;",
                   "miauflix.conf:1: 99999999999999999999 does not fit in 64 bits");
    expect_refused(*state, "a = 00000000000000000000000000000000000000001;",
                   "miauflix.conf:1: a number of more than 40 digits");
}

static void numbers_in_comments_texts_and_names_are_left_alone(void **state)
{
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "# 9000000000\n// 9000000000\n/* 9000000000\n 9000000000 */\n"
                       "data_folder = \"/m/9000000000 \\\" # 9000000000\";\n"
                       "http = { port = 2147; };\nstore = { cache = 2147483648L; };\n");
    assert_string_equal(conf->data_folder, "/m/9000000000 \" # 9000000000");
    assert_int_equal(conf->listen_port, 2147);
    assert_int_equal(conf->store_cache_bytes, INT64_C(2147483648));
}

static void the_largest_integers_that_fit_are_taken(void **state UNUSED)
{
    static const char text[] = "a = 2147483647; b = -2147483648; c = 0x7FFFFFFF; d = 1.5e300; "
                               "e = 9223372036854775807L; f = +1; g-1_99999999999 = 1;";
    struct error err = { 0 };
    assert_int_equal(conf_scan("x", text, strlen(text), &err), 0);
}

static void what_has_no_end_is_told_where_it_begins(void **state)
{
    expect_refused(*state, "\nlog_level = \"debug;\n\nhttp = {};\n",
                   "miauflix.conf:2: the text that begins here has no closing quote");
    expect_refused(*state, "\n\n/* never\n ended\n",
                   "miauflix.conf:3: the comment that begins here has no end");
}

static void text_cut_off_anywhere_never_crashes(void **state UNUSED)
{
    static const char text[] = "# c\n/* d */ a = \"x\\\"y\"; b = -0x1FL; c = [ 1, 2.5e-1 ];\n";
    struct error err = { 0 };
    for (size_t len = 0; len < sizeof text; len++) {
        CLEANUP(mem_free) char *exact = malloc(len ? len : 1);
        memcpy(exact, text, len);
        conf_scan("x", exact, len, &err);
    }
}

static void a_syntax_error_names_its_line(void **state)
{
    expect_refused(*state, "log_level = \"debug\";\nhttp = { port = ; };",
                   "miauflix.conf:2: syntax error");
    expect_refused(*state, "http = {\n port = 1;\n", "miauflix.conf:3: syntax error");
    expect_refused(*state, "catalogue = { languages = [ \"en\", ]; };",
                   "miauflix.conf:1: syntax error");
}

static void a_key_given_twice_is_refused(void **state)
{
    expect_refused(*state, "http = { port = 1;\n port = 2; };",
                   "miauflix.conf:2: duplicate setting name");
    expect_refused(*state, "http = { port = 1; };\nhttp = { threads = 8; };",
                   "miauflix.conf:2: duplicate setting name");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    const struct place *place = *state;
    write_bytes(place, "miauflix.conf", "a = 1;\n\0b = 2;", 14);
    expect_told(place, "miauflix.conf:2: not UTF-8 text");
    expect_refused(place, "log_level = \"\xC3\x28\";", "miauflix.conf:1: not UTF-8 text");
    expect_refused(place, "\xEF\xBB\xBFlog_level = \"debug\";",
                   "miauflix.conf:1: a byte order mark stands before the text: remove it");
}

static void a_file_that_cannot_be_read_says_why(void **state)
{
    struct place *place = *state;
    expect_told(place, "cannot read 'miauflix.conf': No such file or directory");
    assert_int_equal(mkdir(place->file, 0700), 0);
    expect_told(place, "cannot read 'miauflix.conf': it is a folder");
    assert_int_equal(rmdir(place->file), 0);
    assert_int_equal(mkfifo(place->file, 0600), 0);
    int keep_open = open(place->file, O_RDWR);
    expect_told(place, "cannot read 'miauflix.conf': it is no regular file");
    close(keep_open);
}

static void a_file_without_permission_says_so(void **state)
{
    const struct place *place = *state;
    write_file(place, "miauflix.conf", "");
    assert_int_equal(chmod(place->file, 0), 0);
    /* Root may read everything, so it is nobody who looks. */
    bool root = geteuid() == 0;
    if (root)
        assert_int_equal(seteuid(65534), 0);
    struct error err = { 0 };
    struct conf *conf = NULL;
    int rc = conf_load(place->file, &conf, &err);
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(rc, PROVIDER_EIO);
    assert_string_equal(told(place, &err), "cannot read 'miauflix.conf': Permission denied");
}

static void an_enormous_file_is_refused(void **state)
{
    const struct place *place = *state;
    CLEANUP(mem_free) char *large = mem_alloc(CONF_FILE_MAX + 1);
    memset(large, '\n', CONF_FILE_MAX + 1);
    write_bytes(place, "miauflix.conf", large, CONF_FILE_MAX + 1);
    expect_told(place, "'miauflix.conf' is larger than 1024 KiB");
}

static void an_include_is_read_and_its_errors_name_it(void **state)
{
    const struct place *place = *state;
    write_file(place, "more.conf", "\nhttp = { port = 81; };\n");
    CLEANUP(conf_free)
    struct conf *conf = loaded(place, "@include \"more.conf\"\nlog_level = \"debug\";\n");
    assert_int_equal(conf->listen_port, 81);
    CLEANUP(mem_free) char *out = printed(conf);
    CLEANUP(mem_free) char *origin = mem_format("%s/more.conf:2", place->folder);
    assert_non_null(strstr(out, origin));

    write_file(place, "more.conf", "\nhttp = { port = 8100000000; };\n");
    expect_told(place,
                "more.conf:2: 8100000000 does not fit in 32 bits: write 8100000000L to use 64");
    write_file(place, "more.conf", "\n\nhttp = { prt = 81; };\n");
    expect_told(place, "more.conf:3: unknown key 'http.prt'; did you mean 'http.port'?");
    write_file(place, "more.conf", "\nhttp = { port = };\n");
    expect_told(place, "more.conf:2: syntax error");
}

static void a_missing_include_is_told(void **state)
{
    expect_refused(*state, "\n@include \"nowhere.conf\"\n",
                   "miauflix.conf:2: cannot open include file");
}

static void words_that_mean_nothing_are_refused(void **state)
{
    expect_refused(*state, "store = { durability = \"fast\"; };",
                   "miauflix.conf:1: store.durability: 'fast' is none of: sync batch");
    expect_refused(*state, "store = { durability = \"sync batch\"; };",
                   "miauflix.conf:1: store.durability: 'sync batch' is none of: sync batch");
    expect_refused(*state, "store = { durability = \"\"; };",
                   "miauflix.conf:1: store.durability: '' is none of: sync batch");
    expect_refused(*state, "http = { address = \"::1\"; };",
                   "miauflix.conf:1: http.address: '::1' is not an IPv4 address");
    expect_refused(*state, "http = { address = \"\"; };",
                   "miauflix.conf:1: http.address: may not be empty");
    expect_refused(*state, "data_folder = \"a\\nb\";",
                   "miauflix.conf:1: data_folder: a control character in the text");
}

static void languages_and_origins_have_their_shape(void **state)
{
    static const char *const wrong[] = { "e", "english language", "pt_BR", "pt-", "-pt", "p1" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(mem_free)
        char *text = mem_format("catalogue = { languages = [ \"%s\" ]; };", wrong[i]);
        CLEANUP(mem_free)
        char *said =
            mem_format("miauflix.conf:1: catalogue.languages: '%s' is not a language tag such as "
                       "pt-BR",
                       wrong[i]);
        expect_refused(*state, text, said);
    }
    expect_refused(*state, "http = { cors_origins = [ \"https://a.example/\" ]; };",
                   "miauflix.conf:1: http.cors_origins: 'https://a.example/' is not an origin such "
                   "as https://app.example.org, or *");
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "catalogue = { languages = [ \"zh-Hant-TW\", \"es-419\" ]; };\n"
                       "http = { cors_origins = [ \"*\", \"http://localhost:3000\" ]; };");
    assert_int_equal(conf->languages.n, 2);
    assert_int_equal(conf->cors_origins.n, 2);
}

static void an_empty_or_doubled_list_is_refused(void **state)
{
    expect_refused(*state, "catalogue = { languages = [ ]; };",
                   "miauflix.conf:1: catalogue.languages: may not be empty");
    expect_refused(*state, "catalogue = { languages = [ \"en\", \"\" ]; };",
                   "miauflix.conf:1: catalogue.languages: value 2 is empty");
    expect_refused(*state, "catalogue = { languages = [ \"en\", \"de\", \"en\" ]; };",
                   "miauflix.conf:1: catalogue.languages: 'en' stands there twice");
}

static void the_environment_wins_over_the_file(void **state)
{
    setenv("MIAUFLIX_HTTP_PORT", "0", 1);
    setenv("CACHE_TTL_MOVIES", "77", 1);
    setenv("CACHE_TTL_TVSHOWS", "78", 1);
    setenv("CACHE_TTL_SEARCH", "79", 1);
    setenv("MIAUFLIX_CATALOGUE_LANGUAGES", "de, en,pt-BR", 1);
    setenv("MIAUFLIX_HTTP_ANONYMOUS_READ", "yes", 1);
    setenv("MIAUFLIX_STORE_CACHE", "64 MiB", 1);
    setenv("MIAUFLIX_LOG_LEVEL", "", 1);
    CLEANUP(conf_free)
    struct conf *conf = loaded(*state, "http = { port = 5; };\ncache = { ttl_movies_s = 5; };\n");
    assert_int_equal(conf->listen_port, 0);
    assert_int_equal(conf->ttl_movies_s, 77);
    assert_int_equal(conf->ttl_tvshows_s, 78);
    assert_int_equal(conf->ttl_search_s, 79);
    assert_int_equal(conf->languages.n, 3);
    assert_string_equal(conf->languages.values[2], "pt-BR");
    assert_true(conf->anonymous_read);
    assert_int_equal(conf->store_cache_bytes, 64 << 20);
    assert_string_equal(conf->log_level, "notice");
    CLEANUP(mem_free) char *out = printed(conf);
    assert_non_null(strstr(out, "# environment CACHE_TTL_MOVIES\n"));
}

static void the_systematic_name_wins_over_the_short_one(void **state)
{
    setenv("CACHE_TTL_MOVIES", "77", 1);
    setenv("MIAUFLIX_CACHE_TTL_MOVIES_S", "99", 1);
    CLEANUP(conf_free) struct conf *conf = loaded(*state, "");
    assert_int_equal(conf->ttl_movies_s, 99);
}

static void a_bad_variable_is_named(void **state)
{
    setenv("CACHE_TTL_MOVIES", "1h", 1);
    expect_refused(*state, "",
                   "environment CACHE_TTL_MOVIES: cache.ttl_movies_s: '1h' is no whole number");
    setenv("CACHE_TTL_MOVIES", "-5", 1);
    expect_refused(*state, "",
                   "environment CACHE_TTL_MOVIES: cache.ttl_movies_s: -5 is out of bounds (1 to "
                   "31536000 seconds)");
    forget_variables();
    setenv("MIAUFLIX_HTTP_ANONYMOUS_READ", "maybe", 1);
    expect_refused(*state, "",
                   "environment MIAUFLIX_HTTP_ANONYMOUS_READ: http.anonymous_read: 'maybe' is "
                   "neither true nor false");
}

static void a_secret_comes_from_a_file_and_is_never_shown(void **state)
{
    const struct place *place = *state;
    CLEANUP(mem_free) char *path = mem_format("%s/proxy", place->folder);
    write_file(place, "proxy", "http://me:hunter2@proxy:3128\n");
    setenv("MIAUFLIX_NET_PROXY_FILE", path, 1);
    CLEANUP(conf_free) struct conf *conf = loaded(place, "");
    assert_string_equal(conf->proxy, "http://me:hunter2@proxy:3128");
    CLEANUP(mem_free) char *out = printed(conf);
    assert_null(strstr(out, "hunter2"));
    assert_non_null(strstr(out, "net.proxy = ***"));
    assert_non_null(strstr(out, "# environment MIAUFLIX_NET_PROXY_FILE\n"));
}

static void a_bad_secret_is_not_shown_in_the_error(void **state)
{
    expect_refused(*state, "net = { proxy = \"hunter2\"; };",
                   "miauflix.conf:1: net.proxy: '***' is not a URL beginning with http, https, "
                   "socks5 or socks5h");
}

static void a_secret_file_that_cannot_be_read_is_told(void **state)
{
    setenv("MIAUFLIX_NET_PROXY_FILE", "/nowhere/at/all", 1);
    expect_refused(*state, "",
                   "environment MIAUFLIX_NET_PROXY_FILE: cannot read '/nowhere/at/all': No such "
                   "file or directory");
    setenv("MIAUFLIX_NET_PROXY_FILE", "/", 1);
    expect_refused(*state, "",
                   "environment MIAUFLIX_NET_PROXY_FILE: cannot read '/': Is a directory");
}

static void only_secrets_come_from_files(void **state)
{
    setenv("MIAUFLIX_HTTP_PORT_FILE", "/nowhere/at/all", 1);
    CLEANUP(conf_free) struct conf *conf = loaded(*state, "");
    assert_int_equal(conf->listen_port, 8480);
}

static void the_command_line_wins_over_everything(void **state)
{
    const struct conf_override overrides[] = {
        { .key = "http.port", .value = "9", .origin = "--port" },
    };
    struct place *place = *state;
    struct error err = { 0 };
    CLEANUP(conf_free) struct conf *conf = NULL;
    setenv("MIAUFLIX_HTTP_PORT", "8", 1);
    write_file(place, "miauflix.conf", "http = { port = 7; };");
    assert_int_equal(conf_load_with(place->file, overrides, 1, &conf, &err), 0);
    assert_int_equal(conf->listen_port, 9);
    CLEANUP(mem_free) char *out = printed(conf);
    assert_non_null(strstr(out, "# --port\n"));
}

static void a_bad_override_is_named(void **state UNUSED)
{
    const struct conf_override bad = { .key = "http.port", .value = "x", .origin = "--port" };
    const struct conf_override unknown = { .key = "http.pert", .value = "1", .origin = "--set" };
    struct error err = { 0 };
    struct conf *conf = NULL;
    assert_int_equal(conf_load_with(NULL, &bad, 1, &conf, &err), PROVIDER_EINVAL);
    assert_string_equal(err.text, "--port: http.port: 'x' is no whole number");
    assert_int_equal(conf_load_with(NULL, &unknown, 1, &conf, &err), PROVIDER_EINVAL);
    assert_string_equal(err.text, "--set: unknown key 'http.pert'; did you mean 'http.port'?");
    assert_null(conf);
}

static void providers_are_read_in_the_order_of_their_names(void **state)
{
    const struct place *place = *state;
    write_file(place, "providers.d/yts.conf", "enabled = false;");
    write_file(place, "providers.d/tmdb.conf",
               "enabled = true;\nlibrary = \"/opt/tmdb.so\";\nrequests_per_second = 0.5;\n"
               "burst = 7; parallel = 3; budget_hour = 100; budget_day = 9000000000L;\n"
               "timeout_s = 2.5; retries = 0; call_timeout_s = 60;\n"
               "api_key = \"abcdef\";\nbase_url = [ \"http://a\", \"http://b\" ];\nadult = false;\n"
               "pages = 5; ratio = 0.25;");
    write_file(place, "providers.d/.hidden.conf", "nonsense");
    write_file(place, "providers.d/README", "nonsense");
    CLEANUP(conf_free) struct conf *conf = loaded(place, "");
    assert_int_equal(conf->n_providers, 2);
    const struct provider_settings *tmdb = &conf->providers[0];
    assert_string_equal(tmdb->name, "tmdb");
    assert_true(tmdb->enabled);
    assert_string_equal(tmdb->library, "/opt/tmdb.so");
    assert_int_equal(tmdb->pace.rate_per_1000s, 500);
    assert_int_equal(tmdb->pace.burst, 7);
    assert_int_equal(tmdb->pace.max_parallel, 3);
    assert_int_equal(tmdb->pace.budget_hour, 100);
    assert_int_equal(tmdb->pace.budget_day, 9000000000);
    assert_int_equal(tmdb->pace.timeout_ms, 2500);
    assert_int_equal(tmdb->call_timeout_ms, 60000);
    assert_int_equal(tmdb->n_values, 6);
    assert_string_equal(tmdb->values[1].name, "base_url");
    assert_string_equal(tmdb->values[2].value, "http://b");
    assert_int_equal(tmdb->values[2].line, 7);
    assert_string_equal(tmdb->values[3].value, "false");
    assert_string_equal(tmdb->values[4].value, "5");
    assert_string_equal(tmdb->values[5].value, "0.25");
    assert_string_equal(conf->providers[1].name, "yts");
    assert_false(conf->providers[1].enabled);
}

static void provider_secrets_are_masked(void **state)
{
    const struct place *place = *state;
    write_file(place, "providers.d/trakt.conf",
               "client_secret = \"s3cr3t1\"; API_KEY = \"s3cr3t2\"; accessToken = \"s3cr3t3\"; "
               "password = \"s3cr3t4\";\nregion = \"de\";");
    CLEANUP(conf_free) struct conf *conf = loaded(place, "");
    CLEANUP(mem_free) char *out = printed(conf);
    assert_null(strstr(out, "s3cr3t"));
    assert_non_null(strstr(out, "trakt.region = \"de\""));
    assert_non_null(strstr(out, "trakt.conf:2\n"));
}

static void a_bad_provider_file_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        { "\nenabled = \"true\";", "2: enabled is true or false, without quotes" },
        { "enabled = 1;", "1: enabled is true or false, without quotes" },
        { "enable = true;", "1: unknown key 'enable'; did you mean 'enabled'?" },
        { "paralel = 2;", "1: unknown key 'paralel'; did you mean 'parallel'?" },
        { "library = 5;", "1: library is a text in quotes" },
        { "library = \"\";", "1: library is a text in quotes" },
        { "requests_per_second = 0;",
          "1: requests_per_second: 0 is out of bounds (0.001 to 100000)" },
        { "requests_per_second = \"4\";", "1: requests_per_second is a number" },
        { "parallel = 1.5;", "1: parallel is a whole number" },
        { "parallel = 0;", "1: parallel: 0 is out of bounds (1 to 256)" },
        { "retries = -1;", "1: retries: -1 is out of bounds (0 to 20)" },
        { "timeout_s = 1e99;", "1: timeout_s: 1e+99 is out of bounds (0.05 to 600)" },
        { "\n\nmirror = { a = 1; };",
          "3: option 'mirror' is a text, a number, true or false, or an array of those" },
        { "list = ( [ 1 ] );",
          "1: option 'list' is a text, a number, true or false, or an array of those" },
        { "budget_day = 9000000000;",
          "1: 9000000000 does not fit in 32 bits: write 9000000000L to use 64" },
        { "enabled = true\nx = ;", "2: syntax error" },
    };
    const struct place *place = *state;
    write_file(place, "miauflix.conf", "");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(mem_free) char *said = mem_format("providers.d/tmdb.conf:%s", rows[i].said);
        write_file(place, "providers.d/tmdb.conf", rows[i].text);
        expect_told(place, said);
    }
}

static void a_provider_file_has_a_providers_name(void **state)
{
    write_file(*state, "providers.d/TMDB Movies.conf", "enabled = true;");
    expect_refused(*state, "",
                   "'providers.d/TMDB Movies.conf': a provider's file is named after it: up to 31 "
                   "lower-case letters, digits and '_', then .conf");
}

static void a_provider_file_may_be_a_folder_by_mistake(void **state)
{
    write_file(*state, "providers.d/x", "");
    CLEANUP(mem_free)
    char *path = mem_format("%s/providers.d/yts.conf", ((struct place *)*state)->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_refused(*state, "", "cannot read 'providers.d/yts.conf': it is a folder");
}

static void a_named_providers_folder_must_exist(void **state)
{
    expect_refused(*state, "providers = { folder = \"/nowhere/at/all\"; };",
                   "cannot read the folder '/nowhere/at/all': No such file or directory");
}

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

static void write_two_providers(const struct place *place)
{
    write_file(place, "providers.d/tmdb.conf", "enabled = true;\n");
    write_file(place, "providers.d/trakt.conf", "enabled = false;\n");
}

static void expect_order(const struct conf *conf, size_t i, const char *field, const char *first,
                         size_t n)
{
    assert_true(i < conf->precedence_of.n);
    const struct merge_field_order *order = &conf->precedence_of.values[i];
    assert_string_equal(order->field, field);
    assert_string_equal(order->precedence[0], first);
    assert_int_equal(order->n_precedence, n);
}

static void fields_may_have_their_own_order_of_providers(void **state)
{
    write_two_providers(*state);
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "catalogue = {\n  precedence = [ \"tmdb\", \"trakt\" ];\n"
                       "  precedence_of = {\n    rating = [ \"trakt\", \"tmdb\" ];\n"
                       "    overview = \"trakt\";\n  };\n};\n");
    assert_int_equal(conf->precedence.n, 2);
    assert_int_equal(conf->precedence_of.n, 2);
    expect_order(conf, 0, "rating", "trakt", 2);
    expect_order(conf, 1, "overview", "trakt", 1);
    CLEANUP(mem_free) char *out = printed(conf);
    CLEANUP(mem_free)
    char *place = mem_format("# %s:4\n", ((struct place *)*state)->file);
    char *line = strstr(out, "catalogue.precedence_of.rating = [ \"trakt\", \"tmdb\" ]");
    assert_non_null(line);
    assert_memory_equal(strchr(line, '#'), place, strlen(place));
}

static void orders_of_fields_may_stand_in_the_environment(void **state)
{
    write_two_providers(*state);
    setenv("MIAUFLIX_CATALOGUE_PRECEDENCE_OF", "rating=trakt,tmdb cast=tmdb", 1);
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "catalogue = { precedence_of = { title = [ \"tmdb\" ]; }; };\n");
    assert_int_equal(conf->precedence_of.n, 2);
    expect_order(conf, 0, "rating", "trakt", 2);
    expect_order(conf, 1, "cast", "tmdb", 1);
}

static void an_order_that_means_nothing_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *line, *said;
    } rows[] = {
        { "ratng = [ \"tmdb\" ];",
          "miauflix.conf:3: catalogue.precedence_of: unknown field 'ratng'; did you "
          "mean 'rating'?" },
        { "votes = [ \"tmdb\" ];",
          "miauflix.conf:3: catalogue.precedence_of: unknown field 'votes'" },
        { "rating = [ ];", "miauflix.conf:3: catalogue.precedence_of.rating: may not be empty" },
        { "rating = 5;",
          "miauflix.conf:3: catalogue.precedence_of.rating is an array of texts [ \"...\" ], not a "
          "whole number" },
        { "rating = [ 5 ];",
          "miauflix.conf:3: catalogue.precedence_of: value 1 is not a text in quotes" },
        { "rating = [ \"TMDB\" ];",
          "miauflix.conf:3: catalogue.precedence_of.rating: 'TMDB' is not the name of a "
          "provider" },
        { "rating = [ \"local\" ];",
          "miauflix.conf:3: catalogue.precedence_of.rating: 'local' is not the name of "
          "a provider" },
        { "rating = [ \"tmdb\", \"tmdb\" ];",
          "miauflix.conf:3: catalogue.precedence_of.rating: 'tmdb' stands there twice" },
        { "rating = [ \"tmdb\", \"trackt\" ];",
          "miauflix.conf:3: catalogue.precedence_of.rating: unknown provider 'trackt': no "
          "trackt.conf in 'providers.d'" },
    };
    write_two_providers(*state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(mem_free)
        char *text =
            mem_format("catalogue = {\n  precedence_of = {\n    %s\n  };\n};\n", rows[i].line);
        expect_refused(*state, text, rows[i].said);
    }
    expect_refused(*state, "catalogue = {\n  precedence = [ \"tmdb\", \"yts\" ]; };\n",
                   "miauflix.conf:2: catalogue.precedence: unknown provider 'yts': no yts.conf in "
                   "'providers.d'");
    expect_refused(*state, "catalogue = {\n  precedence_of = [ \"tmdb\" ]; };\n",
                   "miauflix.conf:2: catalogue.precedence_of is a group of arrays { field = [ "
                   "\"...\" ]; }, not an array [ ... ]");
    setenv("MIAUFLIX_CATALOGUE_PRECEDENCE_OF", "rating", 1);
    expect_refused(*state, "",
                   "environment MIAUFLIX_CATALOGUE_PRECEDENCE_OF: catalogue.precedence_of: "
                   "'rating' is not FIELD=PROVIDER,PROVIDER");
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_in_etc_is_what_the_table_says),
        cmocka_unit_test(the_manual_page_lists_every_key),
        TEST(fields_may_have_their_own_order_of_providers),
        TEST(orders_of_fields_may_stand_in_the_environment),
        TEST(an_order_that_means_nothing_is_refused_with_its_line),
        TEST(without_a_file_the_defaults_hold),
        TEST(every_default_is_within_its_own_bounds),
        TEST(a_file_sets_values_of_each_type),
        TEST(an_unknown_key_is_refused_with_its_line),
        TEST(a_key_in_the_wrong_group_is_led_home),
        TEST(a_wrong_type_is_refused),
        TEST(a_group_and_a_value_are_not_confused),
        TEST(a_value_out_of_bounds_is_refused),
        TEST(a_weight_out_of_bounds_is_refused),
        TEST(the_weights_of_ranking_are_in_hundredths),
        TEST(a_size_that_is_none_is_refused),
        TEST(an_integer_that_libconfig_would_cut_is_refused),
        TEST(numbers_in_comments_texts_and_names_are_left_alone),
        TEST(the_largest_integers_that_fit_are_taken),
        TEST(what_has_no_end_is_told_where_it_begins),
        TEST(text_cut_off_anywhere_never_crashes),
        TEST(a_syntax_error_names_its_line),
        TEST(a_key_given_twice_is_refused),
        TEST(bytes_that_are_no_text_are_refused),
        TEST(a_file_that_cannot_be_read_says_why),
        TEST(a_file_without_permission_says_so),
        TEST(an_enormous_file_is_refused),
        TEST(an_include_is_read_and_its_errors_name_it),
        TEST(a_missing_include_is_told),
        TEST(words_that_mean_nothing_are_refused),
        TEST(languages_and_origins_have_their_shape),
        TEST(an_empty_or_doubled_list_is_refused),
        TEST(the_environment_wins_over_the_file),
        TEST(the_systematic_name_wins_over_the_short_one),
        TEST(a_bad_variable_is_named),
        TEST(a_secret_comes_from_a_file_and_is_never_shown),
        TEST(a_bad_secret_is_not_shown_in_the_error),
        TEST(a_secret_file_that_cannot_be_read_is_told),
        TEST(only_secrets_come_from_files),
        TEST(the_command_line_wins_over_everything),
        TEST(a_bad_override_is_named),
        TEST(providers_are_read_in_the_order_of_their_names),
        TEST(provider_secrets_are_masked),
        TEST(a_bad_provider_file_is_refused_with_its_line),
        TEST(a_provider_file_has_a_providers_name),
        TEST(a_provider_file_may_be_a_folder_by_mistake),
        TEST(a_named_providers_folder_must_exist),
        TEST(printing_shows_where_each_value_came_from),
        TEST(the_sample_can_be_uncommented_line_by_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
