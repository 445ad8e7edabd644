/* SPDX-License-Identifier: MIT
 *
 * What people type finds what they mean: the queries of tests/data/golden_queries.tsv over the
 * films of the sandbox and those of tests/data/golden_films.tsv.  The whole way from a provider's
 * document to a card is taken. */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "index/view.h"
#include "media/document.h"
#include "media/merge.h"
#include "media/rank.h"

enum { MAX_FILMS = 512, NAME_LEN = 128, LARGEST = 4 << 20, SHOWN = 5, MOST_COLUMNS = 8 };

struct golden {
    char names[MAX_FILMS][NAME_LEN]; /* "Dune (1984)", by id */
    uint32_t n;
    struct generation_builder *builder;
    struct view *view;
};

static char *read_file(const char *name, struct text *out)
{
    const char *folder = getenv("MIAUFLIX_SRCDIR");
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder ? folder : ".", name);
    CLEANUP(file_close) FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open '%s'", path);
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        text_add(out, block, n);
    return out->bytes;
}

/* --- Films */

static void add_document(struct golden *golden, json_t *wish)
{
    struct error err;
    CLEANUP(mem_free) char *json = json_dumps(wish, JSON_COMPACT);
    json_auto_t *document = NULL;
    if (document_read(PROVIDER_MOVIE, 0, json, strlen(json), &document, &err))
        fail_msg("%s: %s", js_string(wish, "title"), err.text);
    static const char *const order[] = { "tmdb" }, *const languages[] = { "en" };
    struct merge_policy policy = {
        .precedence = order, .n_precedence = 1, .languages = languages, .n_languages = 1
    };
    struct merge_record record = { .provider = "tmdb", .document = document };
    json_auto_t *item = merge_records(&record, 1, &policy, NULL);
    struct card_facts facts = { .id = ++golden->n, .kind = PROVIDER_MOVIE };
    CLEANUP(text_done) struct text card = TEXT_INIT(LARGEST);
    card_pack(item, &facts, &card);
    assert_true(golden->n < MAX_FILMS);
    snprintf(golden->names[golden->n], NAME_LEN, "%s (%d)", js_string(wish, "title"), facts.year);
    assert_true(generation_builder_add(golden->builder, card.bytes, card.len));
}

static void copy(json_t *from, const char *name, json_t *to, const char *as)
{
    json_t *value = json_object_get(from, name);
    if (value && !json_is_null(value) && !(json_is_string(value) && !*json_string_value(value)))
        json_object_set(to, as, value);
}

/* "US|Tell Your Children|original title" */
static void add_other_title(json_t *document, const char *text)
{
    const char *title = strchr(text, '|');
    title = title ? title + 1 : text;
    json_t *list = json_object_get(document, "alternative_titles");
    if (!list)
        json_object_set_new(document, "alternative_titles", list = json_array());
    json_array_append_new(list, json_pack("{s:s%}", "title", title, strcspn(title, "|")));
}

static json_t *document_of_film(json_t *film)
{
    json_t *document = json_object();
    json_object_set_new(document, "ids", json_pack("{s:O}", "tmdb", json_object_get(film, "id")));
    copy(film, "title", document, "title");
    copy(film, "original_title", document, "original_title");
    copy(film, "original_language", document, "original_language");
    copy(film, "release_date", document, "release_date");
    copy(film, "popularity", document, "popularity");
    copy(film, "vote_count", document, "votes");
    json_t *translations = json_object();
    const char *language;
    json_t *texts, *title;
    json_object_foreach (json_object_get(film, "translations"), language, texts) {
        const char *translated = json_string_value(json_array_get(texts, 0));
        if (!text_is_empty(translated))
            json_object_set_new(translations, language, json_pack("{s:s}", "title", translated));
    }
    json_object_set_new(document, "translations", translations);
    size_t i;
    json_array_foreach (json_object_get(film, "titles"), i, title)
        add_other_title(document, json_string_value(title));
    return document;
}

static void add_sandbox_films(struct golden *golden, const char *name)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(LARGEST);
    struct error err;
    json_auto_t *films = NULL;
    read_file(name, &text);
    if (js_parse(text.bytes, text.len, LARGEST, &films, &err))
        fail_msg("%s: %s", name, err.text);
    size_t i;
    json_t *film;
    json_array_foreach (films, i, film) {
        json_auto_t *document = document_of_film(film);
        add_document(golden, document);
    }
}

/* Splits at tabs; missing columns are "". */
static void split(char *line, char *columns[MOST_COLUMNS])
{
    for (size_t i = 0; i < MOST_COLUMNS; i++)
        columns[i] = line ? strsep(&line, "\t") : (char[]){ "" };
}

static void add_golden_film(struct golden *golden, char *columns[MOST_COLUMNS])
{
    double popularity = 0;
    int64_t votes = 0;
    assert_true(text_to_double(columns[4], &popularity));
    assert_true(text_to_int(columns[5], 0, INT32_MAX, &votes));
    json_auto_t *document = json_pack(
        "{s:{s:i}, s:s, s:s, s:s, s:s, s:f, s:I}", "ids", "tmdb", (int)golden->n + 1000, "title",
        columns[0], "original_title", columns[1], "original_language", columns[2], "release_date",
        columns[3], "popularity", popularity, "votes", (json_int_t)votes);
    char *others = columns[6], *other;
    while ((other = strsep(&others, "|")))
        if (*other) {
            CLEANUP(mem_free) char *text = mem_format("|%s", other);
            add_other_title(document, text);
        }
    add_document(golden, document);
}

static void each_row(struct golden *golden, const char *name,
                     void (*each)(struct golden *golden, char *columns[MOST_COLUMNS]))
{
    CLEANUP(text_done) struct text text = TEXT_INIT(LARGEST);
    char *rest = read_file(name, &text), *line, *columns[MOST_COLUMNS];
    while ((line = strsep(&rest, "\n"))) {
        if (!*line || *line == '#')
            continue;
        split(line, columns);
        each(golden, columns);
    }
}

static int set_up(void **state)
{
    struct golden *golden = mem_new(struct golden);
    golden->builder = generation_builder_new();
    add_sandbox_films(golden, "tests/sandbox/data/films/open.json");
    add_sandbox_films(golden, "tests/sandbox/data/films/silent.json");
    add_sandbox_films(golden, "tests/sandbox/data/films/sound.json");
    add_sandbox_films(golden, "tests/sandbox/data/films/odd.json");
    each_row(golden, "tests/data/golden_films.tsv", add_golden_film);
    golden->view =
        view_new(generation_build(golden->builder, &rank_default_weights), NULL, NULL, 0, 1);
    *state = golden;
    return 0;
}

static int tear_down(void **state)
{
    struct golden *golden = *state;
    generation_builder_free(golden->builder);
    view_unref(golden->view);
    free(golden);
    return 0;
}

/* --- Queries */

static unsigned n_queries, n_first, n_shown;

static void complain(const struct golden *golden, const char *query, const char *wanted,
                     const struct index_page *page)
{
    print_message("# '%s' wants %s, gets", query, wanted);
    for (size_t i = 0; i < page->n_hits; i++)
        print_message("%s %s %.2f", i ? "," : "", golden->names[page->hits[i].id],
                      page->hits[i].score);
    print_message("\n");
}

static void ask(struct golden *golden, char *columns[MOST_COLUMNS])
{
    const char *query = columns[0], *wanted = columns[1];
    struct filter all = { 0 };
    CLEANUP(index_page_done) struct index_page page = { 0 };
    view_search(golden->view, query, &all, 0, SHOWN, &page);
    if (strcmp(wanted, "-") == 0) {
        if (page.n_hits)
            complain(golden, query, "nothing", &page);
        assert_int_equal(page.n_hits, 0);
        return;
    }
    size_t place = 0;
    while (place < page.n_hits && strcmp(golden->names[page.hits[place].id], wanted) != 0)
        place++;
    n_queries++;
    n_first += place == 0 && page.n_hits > 0;
    n_shown += place < page.n_hits;
    if (place || !page.n_hits)
        complain(golden, query, wanted, &page);
}

static void what_people_mean_comes_first(void **state)
{
    n_queries = n_first = n_shown = 0;
    each_row(*state, "tests/data/golden_queries.tsv", ask);
    print_message("# %u of %u first, %u among the first %d\n", n_first, n_queries, n_shown, SHOWN);
    assert_true(n_queries >= 150);
    assert_int_equal(n_shown, n_queries);
    assert_true(n_first * 100 >= n_queries * 97);
}

static void the_explanation_adds_up_to_the_score(void **state)
{
    struct golden *golden = *state;
    static const char *const queries[] = { "dune 1984", "nosf", "matrx", "living dead night" };
    struct filter all = { .explain = true };
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        CLEANUP(index_page_done) struct index_page page = { 0 };
        view_search(golden->view, queries[i], &all, 0, SHOWN, &page);
        assert_true(page.n_hits > 0);
        double sum = 0;
        for (unsigned k = 0; k < RANK_N_ADDENDS; k++)
            sum += page.hits[0].addends[k];
        assert_true(sum > page.hits[0].score - 1e-9 && sum < page.hits[0].score + 1e-9);
        assert_true(page.hits[0].addends[RANK_MATCH] > 0);
    }
}

static void a_foreign_word_finds_nothing(void **state)
{
    struct golden *golden = *state;
    static const char *const queries[] = { "qqqqqqqq", "панцирь", "matrix qqqqqqqq", "?", "" };
    struct filter all = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        CLEANUP(index_page_done) struct index_page page = { 0 };
        view_search(golden->view, queries[i], &all, 0, SHOWN, &page);
        assert_int_equal(page.n_hits, 0);
        assert_int_equal(page.total, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_mean_comes_first),
        cmocka_unit_test(the_explanation_adds_up_to_the_score),
        cmocka_unit_test(a_foreign_word_finds_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
