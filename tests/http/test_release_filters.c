/* SPDX-License-Identifier: MIT
 *
 * Filters, orders and pages of releases in any combination, against a scan of what was put in.  The
 * releases say everything themselves and are older than ten years, so that neither their names nor
 * the time of day changes what follows. */
#include "../test.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "house.h"
#include "media/document.h"
#include "raw.h"
#include "service/catalog.h"
#include "service/intake.h"

enum { N_RELEASES = 120, N_QUESTIONS = 250, N_ITEMS = 3, HASH_LEN = 40 };

static const char *const qualities[] = { NULL, "480p", "720p", "1080p", "2160p" };
static const char *const sources[] = { NULL, "cam", "dvd", "tv", "web", "bluray", "remux" };
static const char *const codecs[] = { NULL, "xvid", "x264", "x265", "av1" };
static const char *const editions[] = { NULL, "extended", "directors", "imax" };
static const char *const edition_names[] = { NULL, "Extended Cut", "Director's Cut", "IMAX" };
static const char *const languages[] = { NULL, "en", "de", "pt" };
static const char *const types[] = { "movie", "season", "episode" };
static const char *const providers[] = { "tmdb", "other" };
static const char *const items[N_ITEMS] = { "tt0000001", "tt0000002", "tt0000003" };
static const char *const flag_names[] = { "3d", "hdr", "repack", "proper" };
static const char *const sorts[] = { "added", "seeds", "size", "score" };
enum { SORT_SCORE = 3 };

/* Places in the tables above; 0 is unknown where the table begins with NULL. */
struct put {
    char hash[HASH_LEN + 1];
    unsigned item, quality, source, codec, edition, type, provider;
    unsigned languages; /* bits */
    unsigned flags;     /* bits of flag_names */
    unsigned seeds, day;
    uint64_t size;   /* 0: unknown */
    size_t place[2]; /* among all of them by score, best first and best last */
};

/* 0: whatever it is.  Bits are of places in the tables. */
struct wish {
    unsigned qualities, least_quality, sources, codecs, editions, language, types;
    unsigned flags, without;
    unsigned provider, item; /* from 1 */
    unsigned min_seeds;
    uint64_t min_size, max_size;
    unsigned sort;
    bool ascending;
    unsigned page, limit;
};

static uint32_t chance_state;

static unsigned chance(unsigned n)
{
    chance_state = chance_state * 1664525 + 1013904223;
    return (unsigned)(((uint64_t)chance_state * n) >> 32);
}

/* --- What is there */

static struct put all[N_RELEASES];

/* Few different figures, so that many are equal. */
static struct put invent(unsigned i)
{
    struct put put = {
        .item = chance(N_ITEMS),
        .quality = chance(ARRAY_LEN(qualities)),
        .source = chance(ARRAY_LEN(sources)),
        .codec = chance(ARRAY_LEN(codecs)),
        .edition = chance(ARRAY_LEN(editions)),
        .provider = chance(2),
        .languages = chance(1u << ARRAY_LEN(languages)) & ~1u,
        .flags = chance(1u << ARRAY_LEN(flag_names)) & chance(1u << ARRAY_LEN(flag_names)),
        .seeds = chance(6) * 7,
        .day = 1 + chance(9),
        .size = UINT64_C(700000000) * chance(8),
    };
    put.type = put.item == N_ITEMS - 1 ? 1 + chance(2) : 0;
    for (unsigned n = 0; n < HASH_LEN; n += 8)
        snprintf(put.hash + n, sizeof put.hash - n, "%08x", n ? chance(1u << 31) : i * 2654435761u);
    return put;
}

static json_t *describe(const struct put *put)
{
    json_t *spoken = json_array();
    for (unsigned i = 1; i < ARRAY_LEN(languages); i++)
        if (put->languages >> i & 1)
            json_array_append_new(spoken, json_string(languages[i]));
    CLEANUP(mem_free) char *day = mem_format("2010-01-%02uT00:00:00Z", put->day);
    json_t *json =
        json_pack("{s:s,s:s,s:s,s:{s:s},s:s*,s:s*,s:s*,s:s*,s:o,s:i,s:s,s:b,s:b}", "infohash",
                  put->hash, "name", "abc", "kind", put->type ? "tvshow" : "movie", "item", "imdb",
                  items[put->item], "quality", qualities[put->quality], "source",
                  sources[put->source], "codec", codecs[put->codec], "edition",
                  edition_names[put->edition], "languages", spoken, "seeds", (int)put->seeds,
                  "uploaded_at", day, "repack", put->flags >> 2 & 1, "proper", put->flags >> 3 & 1);
    assert_non_null(json);
    json_object_set_new(json, "3d", json_boolean(put->flags & 1));
    if (put->flags & 2)
        json_object_set_new(json, "hdr", json_string("HDR10"));
    if (put->size)
        json_object_set_new(json, "size", json_integer((json_int_t)put->size));
    if (put->type)
        json_object_set_new(json, "season_number", json_integer(1));
    if (put->type == 2)
        json_object_set_new(json, "episodes", json_pack("[i]", 3));
    return json;
}

static void put_in(struct house *house, const struct put *put)
{
    struct error err = { 0 };
    json_auto_t *json = describe(put);
    CLEANUP(mem_free) char *text = json_dumps(json, 0);
    json_auto_t *document = NULL;
    if (document_read(PROVIDER_RELEASE, 0, text, strlen(text), &document, &err))
        fail_msg("%s: %s", text, err.text);
    struct intake_document one = { .kind = PROVIDER_RELEASE, .document = document };
    if (catalog_take(house->services.catalog, providers[put->provider], &one, 1, NULL, NULL, &err))
        fail_msg("%s", err.text);
}

/* --- What is asked, and what a scan answers */

static unsigned some_bits(unsigned n)
{
    return chance(4) ? 0 : chance(1u << n) & ~1u;
}

static struct wish invent_wish(void)
{
    struct wish wish = {
        .qualities = some_bits(ARRAY_LEN(qualities)),
        .least_quality = chance(5) ? 0 : chance(ARRAY_LEN(qualities)),
        .sources = some_bits(ARRAY_LEN(sources)),
        .codecs = some_bits(ARRAY_LEN(codecs)),
        .editions = chance(4) ? 0 : chance(1u << ARRAY_LEN(editions)),
        .language = chance(4) ? 0 : chance(ARRAY_LEN(languages)),
        .types = chance(4) ? 0 : chance(1u << ARRAY_LEN(types)),
        .provider = chance(5) ? 0 : 1 + chance(2),
        .item = chance(3) ? 0 : 1 + chance(N_ITEMS),
        .min_seeds = chance(4) ? 0 : chance(40),
        .min_size = chance(5) ? 0 : UINT64_C(350000000) * chance(14),
        .max_size = chance(5) ? 0 : UINT64_C(350000000) * chance(14),
        .sort = chance(ARRAY_LEN(sorts)),
        .ascending = chance(2),
        .page = 1 + chance(3),
        .limit = 1 + chance(40),
    };
    for (unsigned i = 0; i < ARRAY_LEN(flag_names); i++)
        if (!chance(6))
            *(chance(2) ? &wish.flags : &wish.without) |= 1u << i;
    return wish;
}

static void add_words(struct text *out, const char *name, const char *const *words, unsigned bits,
                      unsigned n)
{
    const char *before = "&";
    for (unsigned i = 0; i < n; i++) {
        if (!(bits >> i & 1))
            continue;
        text_add_format(out, "%s%s%s", before, *before == '&' ? name : "",
                        words[i] ? words[i] : "none");
        before = ",";
    }
}

static void add_number(struct text *out, const char *name, uint64_t value)
{
    if (value)
        text_add_format(out, "&%s=%llu", name, (unsigned long long)value);
}

static void write_question(const struct wish *wish, struct text *out)
{
    text_add_format(out, "/api/releases?sort=%s&order=%s&page=%u&limit=%u", sorts[wish->sort],
                    wish->ascending ? "asc" : "desc", wish->page, wish->limit);
    add_words(out, "quality=", qualities, wish->qualities, ARRAY_LEN(qualities));
    add_words(out, "source=", sources, wish->sources, ARRAY_LEN(sources));
    add_words(out, "codec=", codecs, wish->codecs, ARRAY_LEN(codecs));
    add_words(out, "edition=", editions, wish->editions, ARRAY_LEN(editions));
    add_words(out, "type=", types, wish->types, ARRAY_LEN(types));
    if (wish->least_quality)
        text_add_format(out, "&quality_min=%s", qualities[wish->least_quality]);
    if (wish->language)
        text_add_format(out, "&language=%s", languages[wish->language]);
    if (wish->provider)
        text_add_format(out, "&provider=%s", providers[wish->provider - 1]);
    if (wish->item)
        text_add_format(out, "&imdb=%s", items[wish->item - 1]);
    for (unsigned i = 0; i < ARRAY_LEN(flag_names); i++)
        if ((wish->flags | wish->without) >> i & 1)
            text_add_format(out, "&%s=%u", flag_names[i], wish->flags >> i & 1);
    add_number(out, "min_seeds", wish->min_seeds);
    add_number(out, "min_size", wish->min_size);
    add_number(out, "max_size", wish->max_size);
}

static bool is_among(unsigned bits, unsigned place)
{
    return !bits || (bits >> place & 1);
}

/* What is unknown passes no filter that asks for it. */
static bool fits(const struct wish *wish, const struct put *put)
{
    return is_among(wish->qualities, put->quality) && put->quality >= wish->least_quality &&
           is_among(wish->sources, put->source) && is_among(wish->codecs, put->codec) &&
           is_among(wish->editions, put->edition) && is_among(wish->types, put->type) &&
           (!wish->language || put->languages >> wish->language & 1) &&
           (!wish->provider || put->provider == wish->provider - 1) &&
           (!wish->item || put->item == wish->item - 1) &&
           (put->flags & wish->flags) == wish->flags && !(put->flags & wish->without) &&
           put->seeds >= wish->min_seeds && put->size >= wish->min_size &&
           (!wish->max_size || (put->size && put->size <= wish->max_size));
}

static const struct wish *asked; /* for qsort() */

/* Negative: a stands before b.  Those of one key stand best first in both directions. */
static int compare_puts(const void *a, const void *b)
{
    const struct put *one = *(const struct put *const *)a, *other = *(const struct put *const *)b;
    const double keys[][2] = { { one->day, other->day },
                               { one->seeds, other->seeds },
                               { (double)one->size, (double)other->size },
                               { 0, 0 } };
    const double *key = keys[asked->sort];
    const unsigned by = asked->sort == SORT_SCORE && asked->ascending;
    if (key[0] != key[1])
        return (key[0] > key[1]) != asked->ascending ? -1 : 1;
    return one->place[by] < other->place[by] ? -1 : one->place[by] > other->place[by];
}

static size_t scan(const struct wish *wish, const struct put **out)
{
    size_t n = 0;
    for (size_t i = 0; i < N_RELEASES; i++)
        if (fits(wish, &all[i]))
            out[n++] = &all[i];
    asked = wish;
    qsort(out, n, sizeof *out, compare_puts);
    return n;
}

static json_t *ask(struct house *house, const char *target)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(4 << 20);
    CLEANUP(mem_free)
    char *request = mem_format("GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
                               target, house->reader);
    if (raw_ask(house->port, request, &answer) != 200)
        fail_msg("%s: %s", target, text_string(&answer));
    json_t *body = json_loads(raw_body(text_string(&answer)), 0, NULL);
    assert_non_null(body);
    return body;
}

static void assert_answered(struct house *house, const struct wish *wish)
{
    const struct put *wanted[N_RELEASES];
    CLEANUP(text_done) struct text target = TEXT_INIT(4096);
    const size_t n = scan(wish, wanted), skip = (size_t)(wish->page - 1) * wish->limit;
    write_question(wish, &target);
    json_auto_t *page = ask(house, text_string(&target));
    const json_t *results = js_array(page, "results");
    if (js_int(page, "total", -1) != (int64_t)n)
        fail_msg("%s: %d of them, not %zu", text_string(&target), (int)js_int(page, "total", -1),
                 n);
    assert_int_equal(json_array_size(results), skip < n ? MIN(n - skip, (size_t)wish->limit) : 0);
    for (size_t i = 0; i < json_array_size(results); i++) {
        const char *have = js_string(json_array_get(results, i), "infohash");
        if (strcmp(have, wanted[skip + i]->hash) != 0)
            fail_msg("%s: place %zu is %s, not %s", text_string(&target), i, have,
                     wanted[skip + i]->hash);
    }
}

/* --- By score: what the scan cannot know it takes over, and looks that scores only fall, or rise
 */

static void put_place(const char *hash, unsigned by, size_t place)
{
    size_t i = 0;
    while (i < N_RELEASES && strcmp(all[i].hash, hash) != 0)
        i++;
    assert_in_range(i, 0, N_RELEASES - 1);
    all[i].place[by] = place;
}

static void learn_places(struct house *house, unsigned by)
{
    double before = by ? -1 : INFINITY;
    size_t n = 0;
    for (unsigned page = 1; n < N_RELEASES; page++) {
        CLEANUP(mem_free)
        char *target = mem_format("/api/releases?sort=score&order=%s&limit=50&page=%u",
                                  by ? "asc" : "desc", page);
        json_auto_t *answer = ask(house, target);
        const json_t *results = js_array(answer, "results"), *release;
        size_t i;
        assert_int_not_equal(json_array_size(results), 0);
        json_array_foreach (results, i, release) {
            const double score = js_double(release, "score", -1);
            assert_true(by ? score >= before : score <= before);
            before = score;
            put_place(js_string(release, "infohash"), by, n++);
        }
    }
    assert_int_equal(n, N_RELEASES);
}

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house_open(house);
    for (unsigned i = 0; i < N_ITEMS; i++) {
        CLEANUP(mem_free)
        char *json = mem_format("{\"ids\":{\"tmdb\":%u,\"imdb\":\"%s\"},\"title\":\"Item\","
                                "\"runtime\":100}",
                                i + 1, items[i]);
        house_add(house, i == N_ITEMS - 1 ? PROVIDER_TVSHOW : PROVIDER_MOVIE, json);
    }
    chance_state = 5;
    for (unsigned i = 0; i < N_RELEASES; i++) {
        all[i] = invent(i);
        put_in(house, &all[i]);
    }
    house_settle(house);
    learn_places(house, 0);
    learn_places(house, 1);
    *state = house;
    return 0;
}

static void any_filters_with_any_order_answer_as_a_scan_does(void **state)
{
    unsigned n_some = 0;
    for (unsigned i = 0; i < N_QUESTIONS; i++) {
        const struct put *wanted[N_RELEASES];
        const struct wish wish = invent_wish();
        assert_answered(*state, &wish);
        n_some += scan(&wish, wanted) > 0;
    }
    assert_true(n_some > N_QUESTIONS / 5); /* most of it would else be about nothing */
}

/* Each alone, so that none hides behind another. */
static void each_filter_alone_answers_as_a_scan_does(void **state)
{
    static const struct wish wishes[] = {
        { .qualities = 1u << 3 | 1u << 1 },
        { .least_quality = 3 },
        { .sources = 1u << 4 },
        { .codecs = 1u << 3 | 1u << 4 },
        { .editions = 1 },
        { .editions = 1u << 2 },
        { .language = 2 },
        { .types = 2 },
        { .types = 1u | 4 },
        { .flags = 1 },
        { .without = 1 },
        { .flags = 2 },
        { .without = 2 },
        { .flags = 4 },
        { .without = 4 },
        { .flags = 8 },
        { .without = 8 },
        { .provider = 2 },
        { .item = 3 },
        { .min_seeds = 8 },
        { .min_size = 2100000001 },
        { .max_size = 2100000000 },
    };
    for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
        const struct put *wanted[N_RELEASES];
        struct wish wish = wishes[i];
        wish.page = 1;
        wish.limit = 100;
        const size_t n = scan(&wish, wanted);
        assert_in_range(n, 1, N_RELEASES - 1);
        assert_answered(*state, &wish);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_filter_alone_answers_as_a_scan_does),
        cmocka_unit_test(any_filters_with_any_order_answer_as_a_scan_does),
    };
    return cmocka_run_group_tests(tests, open_house, house_leave);
}
