/* SPDX-License-Identifier: MIT
 *
 * What core/media costs per title, per movie, per answer and per release name, and whether the
 * promises hold: a catalogue of a million titles in 35 s of CPU, a card in a few microseconds in
 * any language. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "bench.h"
#include "media/card.h"
#include "media/document.h"
#include "media/merge.h"
#include "naming/release_name.h"
#include "torrent/magnet.h"

enum { TITLES = 200000, MOVIES = 1000, RENDERINGS = 100000, LARGEST = 1 << 20 };

static const char *const order[] = { "tmdb", "trakt" };
static const char *const english[] = { "en" };
static const struct merge_policy policy = {
    .precedence = order, .n_precedence = 2, .languages = english, .n_languages = 1
};

static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int judge(const char *what, double us, double most)
{
    char promise[40];
    snprintf(promise, sizeof promise, "at most %.0f", most);
    struct bench_line line = {
        .name = what, .unit = "us", .value = us, .promise = promise, .kept = us <= most
    };
    return bench_say(&line);
}

/* From a document to the packed item and card. */
static bool take(uint32_t kind, const char *json, size_t len, struct text *item, struct text *card)
{
    json_auto_t *document = NULL;
    struct error err;
    if (document_read(kind, 0, json, len, &document, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return false;
    }
    struct merge_record record = { .provider = "tmdb", .document = document, .partial = true };
    struct card_facts facts = { .id = 42, .kind = document_item_kind(kind, document) };
    json_auto_t *merged = merge_records(&record, 1, &policy, NULL);
    text_clear(item);
    text_clear(card);
    card_pack(merged, &facts, card);
    card_pack_item(merged, &facts, item);
    return !item->overflow && !card->overflow;
}

static int measure_titles(void)
{
    CLEANUP(text_done) struct text item = TEXT_INIT(LARGEST), card = TEXT_INIT(LARGEST);
    double start = cpu_us();
    for (int i = 0; i < TITLES; i++) {
        char json[256];
        int n = snprintf(json, sizeof json,
                         "{\"ids\":{\"tmdb\":%d},\"kind\":\"movie\",\"title\":\"The Return of the "
                         "%d Dragons\",\"popularity\":%d.8133,\"adult\":false,\"video\":false}",
                         i + 1, i, i % 100);
        if (!take(PROVIDER_TITLE, json, (size_t)n, &item, &card))
            return 1;
    }
    double each = (cpu_us() - start) / TITLES;
    printf("# a title: card of %zu bytes, item of %zu bytes\n", card.len, item.len);
    return judge("title: read, merge, pack twice", each, 35) + (card.len > 250) + (item.len > 250);
}

/* A movie as a rich upstream has it: about 30 KB. */
static void write_movie(struct text *out)
{
    static const char *const languages[] = { "en-US", "de-DE", "fr-FR", "es-ES", "es-MX", "pt-PT",
                                             "pt-BR", "it-IT", "ja-JP", "ko-KR", "zh-CN", "zh-TW",
                                             "ru-RU", "pl-PL", "nl-NL", "tr-TR", "cs-CZ", "hu-HU" };
    text_add_string(out,
                    "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\",\"wikidata\":\"Q83495\"},"
                    "\"title\":\"The Matrix\",\"original_title\":\"The Matrix\","
                    "\"original_language\":\"en\",\"release_date\":\"1999-03-30\",\"genres\":"
                    "[\"tmdb:28\",\"tmdb:878\"],\"rating\":8.2,\"votes\":25000,\"runtime\":136,"
                    "\"popularity\":62.5,\"status\":\"released\",\"poster\":\"/f89U3ADr1.jpg\","
                    "\"backdrop\":\"/l4QHerTSbMI7.jpg\",\"budget\":63000000,\"cast\":[");
    for (int i = 0; i < 60; i++)
        text_add_format(out,
                        "%s{\"name\":\"Person Number %d\",\"character\":\"The Character %d\","
                        "\"order\":%d,\"profile\":\"/4D0PpNI0kmP58hgrwGC%d.jpg\",\"ids\":{\"tmdb\":"
                        "%d}}",
                        i ? "," : "", i, i, i, i, 6384 + i);
    text_add_string(out, "],\"crew\":[");
    for (int i = 0; i < 60; i++)
        text_add_format(out,
                        "%s{\"name\":\"Crew Member %d\",\"job\":\"Director %d\",\"department\":"
                        "\"Directing\",\"ids\":{\"tmdb\":%d}}",
                        i ? "," : "", i, i, 9340 + i);
    text_add_string(out, "],\"images\":{\"posters\":[");
    for (int i = 0; i < 40; i++)
        text_add_format(
            out,
            "%s{\"path\":\"/dXNAPwY7VrqMAo51EKhh%d.jpg\",\"width\":2000,\"height\":3000,"
            "\"language\":\"%.2s\",\"rating\":5.%d,\"votes\":12}",
            i ? "," : "", i, languages[i % 18], i);
    text_add_string(out, "]},\"translations\":{");
    for (size_t i = 0; i < ARRAY_LEN(languages); i++)
        text_add_format(out,
                        "%s\"%s\":{\"title\":\"Title %zu\",\"overview\":\"Set in the 22nd century, "
                        "The Matrix tells the story of a computer hacker who joins a group of "
                        "underground insurgents fighting the vast and powerful computers who now "
                        "rule the earth.  And so on, as long as an overview is, with some more "
                        "words that nobody reads, up to four hundred bytes or so of prose in each "
                        "of the languages that people took the trouble to write down.\"}",
                        i ? "," : "", languages[i], i);
    text_add_string(out, "}}");
}

static double measure_render(const struct text *packed, const char *language, struct text *out)
{
    struct language_wish wish;
    char title_language[LANGUAGE_LEN];
    language_wish_make(language, NULL, english, 1, &wish, NULL);
    double start = cpu_us();
    for (int i = 0; i < RENDERINGS; i++) {
        text_clear(out);
        if (!card_render(packed->bytes, packed->len, &wish, NULL, out, title_language))
            return 1e9;
    }
    return (cpu_us() - start) / RENDERINGS;
}

static int measure_movie(void)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(LARGEST), out = TEXT_INIT(LARGEST);
    CLEANUP(text_done) struct text item = TEXT_INIT(LARGEST), card = TEXT_INIT(LARGEST);
    write_movie(&json);
    double start = cpu_us();
    for (int i = 0; i < MOVIES; i++) {
        json_auto_t *parsed = NULL;
        if (js_parse(json.bytes, json.len, LARGEST, &parsed, NULL))
            return 1;
    }
    double parse = (cpu_us() - start) / MOVIES;
    start = cpu_us();
    for (int i = 0; i < MOVIES; i++) {
        json_auto_t *document = NULL;
        if (document_read(PROVIDER_MOVIE, 0, json.bytes, json.len, &document, NULL))
            return 1;
    }
    double read = (cpu_us() - start) / MOVIES;
    start = cpu_us();
    for (int i = 0; i < MOVIES; i++)
        if (!take(PROVIDER_MOVIE, json.bytes, json.len, &item, &card))
            return 1;
    double whole = (cpu_us() - start) / MOVIES;
    printf("# a movie of %zu bytes: item of %zu, card of %zu bytes; Jansson parses it in %.0f us\n",
           json.len, item.len, card.len, parse);
    int missed = judge("movie: check, beyond parsing", read - parse, 300);
    missed += judge("movie: merge, pack twice", whole - read, 1000);
    missed += judge("movie: render the card", measure_render(&card, "pt-BR", &out), 5);
    missed += judge("movie: render the whole item", measure_render(&item, "de", &out), 30);
    return missed;
}

static int measure_names(void)
{
    static const char *const names[] = {
        "The.Matrix.1999.2160p.UHD.BluRay.REMUX.HDR10.HEVC.TrueHD.7.1.Atmos-GROUP.mkv",
        "[Group] Some Long Anime Title: The Second Part - 12v2 [1080p][HEVC 10bit][9A3F2B11].mkv",
        "www.site.org - A Film (2019) [Tamil + Telugu + Hindi] 720p HDRip - x264 - 1.4GB - ESub",
        "A.Show.S01E02E03.The.French.Mistake.PROPER.1080p.AMZN.WEB-DL.DDP5.1.H.264-GROUP[eztv]",
    };
    struct release_name name;
    unsigned found = 0;
    double start = cpu_us();
    for (int i = 0; i < RENDERINGS; i++) {
        release_name_parse(names[i % 4], strlen(names[i % 4]), &name);
        found += name.lines != 0;
    }
    double each = (cpu_us() - start) / RENDERINGS;
    printf("release names: %.0f a second\n", 1e6 / each);
    return judge("release name: read", each, 30) + (found != RENDERINGS);
}

static int measure_magnets(void)
{
    static const char link[] =
        "magnet:?xt=urn:btih:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd&dn=A%20Film%20%282019%29&tr="
        "udp%3A%2F%2Ftracker.example.org%3A1337%2Fannounce&tr=udp%3A%2F%2Fopen.example.org%3A1337"
        "&tr=udp%3A%2F%2Fa.example.net%3A6969&tr=http%3A%2F%2Fb.example.com%3A80%2Fannounce";
    CLEANUP(text_done) struct text out = TEXT_INIT(LARGEST);
    double start = cpu_us();
    for (int i = 0; i < RENDERINGS; i++) {
        CLEANUP(magnet_free) struct magnet *magnet = NULL;
        text_clear(&out);
        if (magnet_parse(link, sizeof link - 1, 0, &magnet, NULL) || !magnet_build(magnet, &out))
            return 1;
    }
    return judge("magnet: read and built", (cpu_us() - start) / RENDERINGS, 20);
}

int main(void)
{
    int missed = measure_titles() + measure_movie();
    missed += measure_names() + measure_magnets();
    return missed ? 1 : 0;
}
