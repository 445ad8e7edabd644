/* SPDX-License-Identifier: MIT
 *
 * What people type and what they mean: over the sandbox's films, and over titles that are hard. */
#include "../test.h"

#include <jansson.h>
#include <string.h>

#include "base/json.h"
#include "index/fold.h"
#include "index/view.h"
#include "media/card.h"

enum { MAX_FILMS = 400 };

static struct {
    struct view *view;
    char *titles[MAX_FILMS]; /* by id */
    uint32_t n;
} films;

static void add_film(struct generation_builder *builder, json_t *item)
{
    assert_true(films.n + 1 < MAX_FILMS);
    uint32_t id = ++films.n;
    films.titles[id] = mem_dup_text(js_string(item, "title"));
    struct card_facts facts = { .id = id, .kind = PROVIDER_MOVIE };
    CLEANUP(text_done) struct text card = TEXT_INIT(1 << 20);
    card_pack(item, &facts, &card);
    assert_true(generation_builder_add(builder, card.bytes, card.len));
    json_decref(item);
}

static json_t *item_of(const json_t *film)
{
    json_t *item = json_object(), *others = json_array();
    const char *language;
    size_t i;
    json_t *row;
    static const char *const same[] = { "title", "original_title", "release_date", "popularity" };
    for (i = 0; i < ARRAY_LEN(same); i++)
        if (json_object_get(film, same[i]))
            json_object_set(item, same[i], json_object_get(film, same[i]));
    json_object_foreach (json_object_get(film, "translations"), language, row) {
        const char *title = json_string_value(json_array_get(row, 0));
        if (title && *title)
            json_array_append_new(others, json_pack("{s:s}", "title", title));
    }
    json_object_set_new(item, "alternative_titles", others);
    return item;
}

static void add_file(struct generation_builder *builder, const char *name)
{
    const char *source = getenv("MIAUFLIX_SRCDIR");
    CLEANUP(mem_free)
    char *path = mem_format("%s/tests/sandbox/data/films/%s", source ? source : ".", name);
    json_auto_t *rows = json_load_file(path, 0, NULL);
    assert_non_null(rows);
    size_t i;
    json_t *film;
    json_array_foreach (rows, i, film)
        add_film(builder, item_of(film));
}

static int load(void **state UNUSED)
{
    static const char *const hard[] = { "M",
                                        "It",
                                        "Up",
                                        "Her",
                                        "It's a Wonderful Life",
                                        "Upgrade",
                                        "Æon Flux",
                                        "2001: A Space Odyssey",
                                        "1917",
                                        "Amélie",
                                        "Elephant Walk",
                                        "Elephants Walk",
                                        "Elephantine",
                                        "Rocky II",
                                        "Rocky III",
                                        "東京物語",
                                        "Tom & Jerry",
                                        "WALL·E",
                                        "Vicky",
                                        "Dr. Strangelove or: How I Learned to Stop Worrying and "
                                        "Love the Bomb",
                                        "クレヨンしんちゃん嵐を呼ぶモーレツオトナ帝国の逆襲",
                                        "Saw X",
                                        "Malcolm X",
                                        "Spider-Man",
                                        "Ocean's Twelve" };
    CLEANUP(generation_builder_free)
    struct generation_builder *builder = generation_builder_new();
    static const char *const files[] = { "open.json", "silent.json", "sound.json", "odd.json" };
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        add_file(builder, files[i]);
    for (size_t i = 0; i < ARRAY_LEN(hard); i++)
        add_film(builder, json_pack("{s:s, s:f}", "title", hard[i], "popularity", 3.0 + (double)i));
    films.view = view_new(generation_build(builder, &rank_default_weights), NULL, NULL, 0, 1);
    return 0;
}

static int unload(void **state UNUSED)
{
    view_unref(films.view);
    for (uint32_t id = 1; id <= films.n; id++)
        free(films.titles[id]);
    return 0;
}

/* Where among the answers the title stands, from 1; 0: not at all. */
static size_t rank_of(const char *query, const char *title, uint64_t *out_total)
{
    struct filter filter = { 0 };
    CLEANUP(index_page_done) struct index_page page = { 0 };
    view_search(films.view, query, &filter, 0, MAX_FILMS, &page);
    *out_total = page.total;
    for (size_t i = 0; i < page.n_hits; i++)
        if (text_equal(films.titles[page.hits[i].id], title))
            return i + 1;
    return 0;
}

static void assert_first(const char *query, const char *title)
{
    uint64_t total;
    size_t rank = rank_of(query, title, &total);
    if (rank != 1)
        fail_msg("'%s' finds '%s' at %zu of %llu", query, title, rank, (unsigned long long)total);
}

/* Which title of which film is found first, and how. */
static void assert_hit(const char *query, const char *title, uint8_t how)
{
    struct filter filter = { 0 };
    CLEANUP(index_page_done) struct index_page page = { 0 };
    view_search(films.view, query, &filter, 0, 1, &page);
    assert_int_equal(page.n_hits, 1);
    assert_string_equal(films.titles[page.hits[0].id], title);
    assert_int_equal(page.hits[0].title, 0);
    assert_int_equal(page.hits[0].how, how);
}

static void assert_nothing(const char *query)
{
    uint64_t total;
    rank_of(query, "", &total);
    if (total)
        fail_msg("'%s' finds %llu", query, (unsigned long long)total);
}

static void what_is_typed_in_full_comes_first(void **state UNUSED)
{
    for (uint32_t id = 1; id <= films.n; id++) {
        uint64_t total;
        size_t rank = rank_of(films.titles[id], films.titles[id], &total);
        if (rank != 1)
            fail_msg("'%s' finds itself at %zu of %llu", films.titles[id], rank,
                     (unsigned long long)total);
    }
}

static void short_titles_are_found_by_themselves(void **state UNUSED)
{
    assert_first("m", "M");
    assert_first("It", "It");
    assert_first("UP", "Up");
    assert_first("her", "Her");
    assert_first("1917", "1917");
}

static void what_is_begun_is_found(void **state UNUSED)
{
    assert_first("big bu", "Big Buck Bunny");
    assert_first("sint", "Sintel");
    assert_first("wonderful li", "It's a Wonderful Life");
    assert_first("vi", "Vicky");
}

static void mistakes_are_forgiven_when_nothing_says_it(void **state UNUSED)
{
    assert_first("sintle", "Sintel");
    assert_first("metropilis", "Metropolis");
    assert_first("nosfertu", "Nosferatu");
    assert_first("wonderfull lief", "It's a Wonderful Life");
    assert_first("upgarde", "Upgrade");
}

/* Whatever the order: how the title matched, and what that is worth. */
static void a_sorted_search_says_how_each_title_matched(void **state UNUSED)
{
    static const struct {
        const char *query, *title;
        enum index_how how;
        unsigned field;
    } rows[] = {
        { "nosfertu", "Nosferatu", INDEX_FUZZY, INDEX_TITLE },
        { "sintel", "Sintel", INDEX_EXACT, INDEX_TITLE },
        { "wonderful li", "It's a Wonderful Life", INDEX_WORDS, INDEX_TITLE },
        { "ビッグ・バック・バニー", "Big Buck Bunny", INDEX_EXACT, INDEX_ALTERNATIVE_TITLE },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct filter filter = { .sort = FILTER_SORT_RATING, .explain = true };
        CLEANUP(index_page_done) struct index_page page = { 0 };
        view_search(films.view, rows[i].query, &filter, 0, MAX_FILMS, &page);
        size_t at = 0;
        while (at < page.n_hits && !text_equal(films.titles[page.hits[at].id], rows[i].title))
            at++;
        assert_true(at < page.n_hits);
        const struct index_hit *hit = &page.hits[at];
        assert_int_equal(hit->how, rows[i].how);
        assert_int_equal(hit->field, rows[i].field);
        assert_true(hit->score > 0 && hit->addends[RANK_MATCH] > 0);
    }
}

static void spelling_does_not_matter(void **state UNUSED)
{
    assert_first("amelie", "Amélie");
    assert_first("aeon flux", "Æon Flux");
    assert_first("tom and jerry", "Tom & Jerry");
    assert_first("rocky 2", "Rocky II");
    assert_first("rocky iii", "Rocky III");
    assert_first("wall e", "WALL·E");
    assert_first("its a wonderful life", "It's a Wonderful Life");
}

static void two_characters_of_chinese_or_japanese_are_enough(void **state UNUSED)
{
    assert_first("京物", "東京物語");
    assert_first("東京", "東京物語");
    assert_nothing("京東");
}

static void translations_find_the_film(void **state UNUSED)
{
    assert_first("кролик", "Big Buck Bunny");
    assert_first("ビッグ・バック・バニー", "Big Buck Bunny");
}

static void a_year_is_a_hint(void **state UNUSED)
{
    assert_first("metropolis 1927", "Metropolis");
    assert_first("sintel 1950", "Sintel");
    assert_first("2001 space odyssey", "2001: A Space Odyssey");
    assert_first("1917 2019", "1917");
}

static void nonsense_finds_nothing(void **state UNUSED)
{
    assert_nothing("");
    assert_nothing("   ");
    assert_nothing("!!! ???");
    assert_nothing("xqzvkwj");
    assert_nothing("sintel xqzvkwj");
    assert_nothing("\xff\xfe");
}

static void each_word_of_a_long_title_counts(void **state UNUSED)
{
    static const char title[] =
        "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb";
    static const char kana[] = "クレヨンしんちゃん嵐を呼ぶモーレツオトナ帝国の逆襲";
    assert_hit("dr strangelove or how i learned to stop worrying and love the bomb", title,
               INDEX_EXACT);
    assert_hit("dr strangelove or how i learned to stop worrying and love the bo", title,
               INDEX_PREFIX);
    assert_hit("bomb dr strangelove or how i learned to stop worrying and love the", title,
               INDEX_WORDS);
    assert_nothing("dr strangelove or how i learned to stop worrying and love the xqzvkwj");
    assert_hit(kana, kana, INDEX_EXACT);
    assert_hit("クレヨンしんちゃん嵐を呼ぶモーレツオトナ帝国の", kana, INDEX_PREFIX);
    assert_nothing("クレヨンしんちゃん嵐を呼ぶモーレツオトナ帝国の鬼");
}

static void a_title_is_exact_in_each_way_of_writing_it(void **state UNUSED)
{
    assert_hit("saw 10", "Saw X", INDEX_EXACT);
    assert_hit("malcolm x", "Malcolm X", INDEX_EXACT);
    assert_hit("spiderman", "Spider-Man", INDEX_EXACT);
    assert_hit("spider man", "Spider-Man", INDEX_EXACT);
    assert_hit("spiderm", "Spider-Man", INDEX_PREFIX);
    assert_hit("ocean twelve", "Ocean's Twelve", INDEX_EXACT);
    assert_hit("oceans twelve", "Ocean's Twelve", INDEX_EXACT);
    assert_nothing("10 saw xqzvkwj");
    assert_nothing("xqzvkwj spiderman");
}

/* The first eight bytes of a term are compared as one number; what goes on is read. */
static void words_that_begin_with_the_same_eight_letters_are_told_apart(void **state UNUSED)
{
    uint64_t total;
    assert_int_equal(rank_of("elephants walk", "Elephants Walk", &total), 1);
    assert_int_equal(total, 1);
    assert_int_equal(rank_of("elephant walk", "Elephant Walk", &total), 1);
    assert_int_equal(total, 1);
    rank_of("elephan", "", &total);
    assert_int_equal(total, 4); /* with "Elephants Dream", a film of the sandbox */
    rank_of("elephant", "", &total);
    assert_int_equal(total, 4);
    rank_of("elephanti", "", &total);
    assert_int_equal(total, 1);
}

/* Looks at each term in turn. */
static void assert_found_as_by_a_scan(const struct generation *generation, const char *word)
{
    uint32_t low, high, first = generation->terms.n, n = 0, itself = GENERATION_NONE;
    for (uint32_t i = 0; i < generation->terms.n; i++) {
        const char *term = generation_term(generation, i);
        first = MIN(first, strncmp(term, word, strlen(word)) >= 0 ? i : first);
        n += strncmp(term, word, strlen(word)) == 0;
        itself = strcmp(term, word) == 0 ? i : itself;
    }
    generation_prefix(generation, word, &low, &high);
    assert_int_equal(low, first);
    assert_int_equal(high - low, n);
    assert_int_equal(generation_find_term(generation, word), itself);
}

static void terms_are_found_by_any_part_of_their_beginning(void **state UNUSED)
{
    const struct generation *generation = films.view->base;
    for (uint32_t i = 0; i < generation->terms.n; i += 5) {
        char word[FOLD_WORD_LEN + 2];
        snprintf(word, sizeof word, "%s", generation_term(generation, i));
        for (size_t len = strlen(word); len > 0; word[--len] = '\0')
            assert_found_as_by_a_scan(generation, word);
    }
    for (uint32_t term = 0; term < generation->terms.n; term++)
        assert_int_equal(generation_find_term(generation, generation_term(generation, term)), term);
}

static void terms_that_nobody_has_are_not_found(void **state UNUSED)
{
    static const char *const words[] = { "",          "a0",         "elephan",
                                         "elephantx", "elephantss", "elephant0",
                                         "elephanti", "zzzzzzzzz",  "\xf4\x8f\xbf\xbf" };
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        assert_found_as_by_a_scan(films.view->base, words[i]);
        assert_int_equal(generation_find_term(films.view->base, words[i]), GENERATION_NONE);
    }
}

static void a_very_long_query_does_no_harm(void **state UNUSED)
{
    CLEANUP(text_done) struct text query = TEXT_INIT(100000);
    for (int i = 0; i < 5000; i++)
        text_add_string(&query, "night of the ");
    uint64_t total;
    rank_of(text_string(&query), "", &total);
    text_clear(&query);
    for (int i = 0; i < 50000; i++)
        text_add_char(&query, 'a');
    assert_nothing(text_string(&query));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_in_full_comes_first),
        cmocka_unit_test(short_titles_are_found_by_themselves),
        cmocka_unit_test(what_is_begun_is_found),
        cmocka_unit_test(mistakes_are_forgiven_when_nothing_says_it),
        cmocka_unit_test(a_sorted_search_says_how_each_title_matched),
        cmocka_unit_test(spelling_does_not_matter),
        cmocka_unit_test(two_characters_of_chinese_or_japanese_are_enough),
        cmocka_unit_test(translations_find_the_film),
        cmocka_unit_test(a_year_is_a_hint),
        cmocka_unit_test(nonsense_finds_nothing),
        cmocka_unit_test(each_word_of_a_long_title_counts),
        cmocka_unit_test(a_title_is_exact_in_each_way_of_writing_it),
        cmocka_unit_test(words_that_begin_with_the_same_eight_letters_are_told_apart),
        cmocka_unit_test(terms_are_found_by_any_part_of_their_beginning),
        cmocka_unit_test(terms_that_nobody_has_are_not_found),
        cmocka_unit_test(a_very_long_query_does_no_harm),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
