/* SPDX-License-Identifier: MIT
 *
 * Every answer of TMDB that was recorded goes through the real module wherever an answer may come:
 * as a movie, as a show and as results of a search for either.  It becomes documents or is refused
 * with a reason, and the table says which; what exactly is in the documents, the tests named
 * test_tmdb_*recorded say.  The numbers were counted in the recordings, not taken from the module:
 * an error means what its code does; one document of what has an id and a title (of a show: a
 * name); of `results`, the first 20 rows of the kind that have both; and without `results` it is no
 * search.  Of a show the module asks for an id and a name alone, so that a season
 * under a show's address would be one.  A recording that is not in the table fails the test. */
#include "tmdb_test.h"

#include <dirent.h>

enum { N_WAYS = 4, MAX_ROWS = 400 };

static const char *const ways[N_WAYS] = { "a movie", "a show", "results of movies",
                                          "results of shows" };

/* How many documents come out; negative: the PROVIDER_E code of the refusal. */
struct row {
    char name[80];
    int said[N_WAYS];
};

static char *table_path(void)
{
    const char *folder = getenv("MIAUFLIX_SRCDIR");

    return mem_format("%s/tests/data/tmdb_recorded.tsv", folder ? folder : ".");
}

static size_t read_rows(struct row *rows)
{
    CLEANUP(mem_free) char *path = table_path();
    CLEANUP(file_close) FILE *file = fopen(path, "r");
    size_t n = 0;

    if (!file)
        fail_msg("cannot read '%s'", path);
    while (n < MAX_ROWS && fscanf(file, "%79s %d %d %d %d", rows[n].name, &rows[n].said[0],
                                  &rows[n].said[1], &rows[n].said[2], &rows[n].said[3]) == 5)
        n++;
    return n;
}

/* The id the answer is about, so that it is not refused as that of another. */
static void read_id(const char *path, char out[24])
{
    json_auto_t *body = json_load_file(path, 0, NULL);
    const json_t *id = json_object_get(body, "id");

    snprintf(out, 24, "%lld", json_is_integer(id) ? (long long)json_integer_value(id) : 603);
}

static int run(const char *path, int way, char *reason, size_t size)
{
    const uint32_t kind = way % 2 ? PROVIDER_TVSHOW : PROVIDER_MOVIE;
    const struct provider_query query = { .size = sizeof(query), .kind = kind, .text = "any" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    char id[24];

    read_id(path, id);
    fake_host_answer(host, "{base}/*", &(struct fake_answer){ .status = 200, .body_file = path });
    int result = way < 2 ? fake_host_fetch(host, kind, "tmdb", id) : fake_host_search(host, &query);
    snprintf(reason, size, "%s", result ? fake_host_error(host) : "");
    return result ? result : (int)fake_host_n_documents(host);
}

static bool is_as_said(const char *folder, const char *name, const struct row *row)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, name);
    int said[N_WAYS];
    bool same = row != NULL;

    for (int way = 0; way < N_WAYS; way++) {
        char reason[300];

        said[way] = run(path, way, reason, sizeof(reason));
        if (said[way] < 0 && !*reason)
            fail_msg("%s is refused as %s without a reason", name, ways[way]);
        same = same && said[way] == row->said[way];
    }
    if (!same)
        print_message("%s\t%d\t%d\t%d\t%d\n", name, said[0], said[1], said[2], said[3]);
    return same;
}

static const struct row *find_row(const struct row *rows, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static bool is_answer(const char *name)
{
    return !strstr(name, ".meta.") && (strstr(name, ".json") || strstr(name, ".body"));
}

static void every_recorded_answer_becomes_documents_or_is_refused(void **state)
{
    CLEANUP(mem_free) char *folder = fake_host_recorded("tmdb/configuration.json");
    size_t n = 0, n_wrong = 0;

    (void)state;
    if (!folder) {
        print_message("# SKIP: the recorded answers are not there\n");
        skip();
    }
    CLEANUP(mem_free) struct row *rows = mem_alloc_array(MAX_ROWS, sizeof(*rows));
    const size_t n_rows = read_rows(rows);

    *strrchr(folder, '/') = '\0';
    DIR *entries = opendir(folder);

    assert_non_null(entries);
    for (const struct dirent *entry; (entry = readdir(entries));) {
        if (!is_answer(entry->d_name))
            continue;
        n++;
        n_wrong += !is_as_said(folder, entry->d_name, find_row(rows, n_rows, entry->d_name));
    }
    closedir(entries);
    assert_int_equal(n_wrong, 0);
    assert_int_equal(n, n_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_answer_becomes_documents_or_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
