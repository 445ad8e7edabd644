/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "../old_release.h"
#include "base/clock.h"
#include "base/json.h"
#include "release/edition.h"
#include "release/release.h"
#include "release/release_score.h"

#define HASH "0123456789abcdef0123456789abcdef01234567"

static json_t *document(const char *json)
{
    json_t *value = json_loads(json, 0, NULL);
    assert_non_null(value);
    return value;
}

static struct release_facts blank(uint32_t kind)
{
    struct release_facts facts = { .item = 7, .kind = kind, .added_at_ms = 1000 };
    assert_true(release_hash_of_text(HASH, facts.infohash));
    return facts;
}

/* Packs the claims and shows the release as JSON. */
static json_t *show(const json_t *claims, uint32_t kind, struct release_facts *out)
{
    struct text packed = TEXT_INIT(RELEASE_MAX_PACKED), shown = TEXT_INIT(RELEASE_MAX_PACKED);
    struct release_packed release;
    const struct release_view view = { .runtime_minutes = 100, .now_ms = 1000, .explain = true };
    *out = blank(kind);
    assert_true(release_pack(claims, out, &packed));
    assert_true(release_open(packed.bytes, packed.len, &release));
    assert_memory_equal(&release.facts, out, sizeof *out);
    assert_true(release_render(&release, &view, &shown));
    json_t *json = json_loads(text_string(&shown), 0, NULL);
    assert_non_null(json);
    text_done(&packed);
    text_done(&shown);
    return json;
}

static void what_no_claim_says_is_read_from_the_name(void **state UNUSED)
{
    json_auto_t *claims = json_array();
    json_auto_t *one = document("{\"infohash\":\"" HASH "\",\"name\":"
                                "\"Some.Film.2020.REPACK.2160p.HDR10.BluRay.x265.DTS-GRP\"}");
    struct release_facts facts;
    assert_true(release_claim(claims, "a", 5, one));
    json_auto_t *shown = show(claims, PROVIDER_MOVIE, &facts);
    assert_int_equal(facts.quality, quality_of_word("2160p"));
    assert_int_equal(facts.source, QUALITY_BLURAY);
    assert_int_equal(facts.codec, QUALITY_H265);
    assert_int_equal(facts.flags, RELEASE_IS_REPACK | RELEASE_HAS_HDR);
    assert_int_equal(facts.season, -1);
    assert_string_equal(js_string(shown, "quality"), "2160p");
    assert_string_equal(js_string(shown, "hdr"), "HDR10");
    assert_true(json_is_null(json_object_get(json_object_get(shown, "availability"), "claimed")));
}

static void a_claim_counts_more_than_the_name(void **state UNUSED)
{
    json_auto_t *claims = json_array();
    json_auto_t *one = document("{\"name\":\"Film.2020.720p.WEB.x264\",\"quality\":\"1080p\","
                                "\"source\":\"bluray\",\"codec\":\"x265\",\"repack\":false}");
    struct release_facts facts;
    release_claim(claims, "a", 5, one);
    json_auto_t *shown = show(claims, PROVIDER_MOVIE, &facts);
    assert_string_equal(js_string(shown, "quality"), "1080p");
    assert_string_equal(js_string(shown, "source"), "bluray");
    assert_string_equal(js_string(shown, "codec"), "x265");
    assert_true(json_is_false(json_object_get(shown, "repack")));
}

static void trackers_are_united_and_seeds_are_never_summed(void **state UNUSED)
{
    json_auto_t *claims = json_array();
    json_auto_t *a = document("{\"name\":\"x\",\"seeds\":40,\"peers\":9,\"trackers\":["
                              "\"udp://one.example:1/announce\",\"javascript:alert(1)\"]}");
    json_auto_t *b =
        document("{\"name\":\"y\",\"seeds\":60,\"peers\":3,\"trackers\":["
                 "\"udp://two.example:1/announce\",\"udp://one.example:1/announce\"]}");
    struct release_facts facts;
    release_claim(claims, "a", 5, a);
    release_claim(claims, "b", 6, b);
    json_auto_t *shown = show(claims, PROVIDER_MOVIE, &facts);
    assert_int_equal(facts.seeds, 60);
    assert_int_equal(facts.peers, 9);
    assert_int_equal(facts.claimed_at_ms, 6);
    assert_int_equal(json_array_size(js_array(shown, "trackers")), 2);
    assert_int_equal(json_array_size(js_array(shown, "provider")), 2);
    assert_string_equal(js_string(shown, "name"), "x");
    assert_null(strstr(js_string(shown, "magnet"), "javascript"));
    assert_non_null(strstr(js_string(shown, "magnet"), "urn:btih:" HASH));
}

static void a_provider_has_one_claim(void **state UNUSED)
{
    json_auto_t *claims = json_array();
    json_auto_t *a = document("{\"name\":\"x\",\"seeds\":40}");
    json_auto_t *b = document("{\"name\":\"x\",\"seeds\":4}");
    struct release_facts facts;
    release_claim(claims, "a", 5, a);
    release_claim(claims, "a", 6, b);
    json_auto_t *shown = show(claims, PROVIDER_MOVIE, &facts);
    assert_int_equal(json_array_size(claims), 1);
    assert_int_equal(facts.seeds, 4);
}

static void more_providers_than_there_is_room_for_are_refused(void **state UNUSED)
{
    json_auto_t *claims = json_array();
    json_auto_t *one = document("{\"name\":\"x\"}");
    for (int i = 0; i < RELEASE_MAX_CLAIMS; i++) {
        char name[16];
        snprintf(name, sizeof name, "p%d", i);
        assert_true(release_claim(claims, name, 1, one));
    }
    assert_false(release_claim(claims, "late", 1, one));
    assert_true(release_claim(claims, "p3", 2, one));
    assert_int_equal(json_array_size(claims), RELEASE_MAX_CLAIMS);
}

static void a_release_of_a_show_has_its_episodes(void **state UNUSED)
{
    json_auto_t *claims = json_array();
    json_auto_t *one = document("{\"name\":\"Show.S02E03-E05.720p.HDTV.x264-A\"}");
    struct release_facts facts;
    release_claim(claims, "a", 5, one);
    json_auto_t *shown = show(claims, PROVIDER_TVSHOW, &facts);
    assert_int_equal(facts.season, 2);
    assert_int_equal(facts.first_episode, 3);
    assert_int_equal(facts.last_episode, 5);
    assert_int_equal(json_array_size(js_array(shown, "episodes")), 3);
}

static void a_release_without_a_name_is_none(void **state UNUSED)
{
    struct text packed = TEXT_INIT(RELEASE_MAX_PACKED);
    struct release_facts facts = blank(PROVIDER_MOVIE);
    json_auto_t *claims = json_array();
    assert_false(release_pack(claims, &facts, &packed));
    json_auto_t *one = document("{\"seeds\":4}");
    release_claim(claims, "a", 5, one);
    assert_false(release_pack(claims, &facts, &packed));
    text_done(&packed);
}

static void bytes_that_are_cut_off_are_no_release(void **state UNUSED)
{
    struct text packed = TEXT_INIT(RELEASE_MAX_PACKED);
    struct release_facts facts = blank(PROVIDER_MOVIE);
    struct release_packed release;
    json_auto_t *claims = json_array();
    json_auto_t *one = document("{\"name\":\"Film.2020.1080p\",\"seeds\":4}");
    release_claim(claims, "a", 5, one);
    assert_true(release_pack(claims, &facts, &packed));
    for (size_t len = 0; len < packed.len; len++) {
        char *cut = mem_dup(packed.bytes, len);
        assert_false(release_open(cut, len, &release));
        free(cut);
    }
    packed.bytes[1] = 99; /* a version of the future */
    assert_false(release_open(packed.bytes, packed.len, &release));
    text_done(&packed);
}

/* --- Editions and languages */

static uint32_t edition(const char *word)
{
    int place = edition_of_word(word);
    assert_in_range(place, 0, 31);
    return 1u << place;
}

static void editions_are_found_in_what_people_call_them(void **state UNUSED)
{
    assert_int_equal(edition_bits(NULL), edition("none"));
    assert_int_equal(edition_bits(""), edition("none"));
    assert_int_equal(edition_bits("Director's Cut, IMAX"), edition("directors") | edition("imax"));
    assert_int_equal(edition_bits("EXTENDED cut"), edition("extended"));
    assert_int_equal(edition_bits("Final"), edition("other"));
    assert_int_equal(edition_bits("?"), edition("other"));
    assert_int_equal(edition_of_word("Extended"), -1);
    assert_int_equal(edition_of_word(""), -1);
}

static void each_word_of_the_parameter_is_an_edition_of_its_own(void **state UNUSED)
{
    char words[] = EDITION_WORDS;
    uint32_t all = 0;
    for (char *rest = words, *word; (word = strsep(&rest, "|"));) {
        assert_int_equal(all & edition(word), 0);
        all |= edition(word);
    }
    assert_int_equal(all & (all + 1), 0); /* and none is left out */
    assert_int_equal(edition_bits("Unrated") & ~all, 0);
}

static void a_language_is_the_same_in_every_region(void **state UNUSED)
{
    assert_int_not_equal(release_language("pt"), 0);
    assert_int_equal(release_language("pt"), release_language("pt-BR"));
    assert_int_equal(release_language("PT_br"), release_language("pt-PT"));
    assert_int_not_equal(release_language("pt"), release_language("pl"));
    assert_int_not_equal(release_language("de"), release_language("den"));
    assert_int_not_equal(release_language("zza"), release_language("zz"));
    assert_int_equal(release_language(""), 0);
    assert_int_equal(release_language("german"), 0);
    assert_int_equal(release_language("d3"), 0);
}

static void languages_are_told_once_and_as_many_as_there_is_room_for(void **state UNUSED)
{
    json_auto_t *claims = json_array();
    json_auto_t *one =
        document("{\"name\":\"Film.2020.German.1080p\",\"languages\":[\"pt-BR\",\"pt\","
                 "\"nonsense\",7,\"en\"]}");
    json_auto_t *many =
        document("{\"name\":\"x\",\"languages\":[\"aa\",\"ab\",\"ac\",\"ad\",\"ae\","
                 "\"af\",\"ag\",\"ah\",\"ai\",\"aj\",\"ak\",\"al\",\"am\",\"an\",\"ao\"]}");
    struct release_facts facts;
    release_claim(claims, "a", 5, one);
    json_decref(show(claims, PROVIDER_MOVIE, &facts));
    assert_int_equal(facts.languages[0], release_language("pt"));
    assert_int_equal(facts.languages[1], release_language("en"));
    assert_int_equal(facts.languages[2], 0);
    release_claim(claims, "a", 5, many);
    json_auto_t *shown = show(claims, PROVIDER_MOVIE, &facts);
    assert_int_equal(facts.languages[RELEASE_LANGUAGES - 1], release_language("an"));
    assert_int_equal(json_array_size(js_array(shown, "languages")), 15);
    assert_int_equal(facts.editions, edition("none"));
}

static void what_an_earlier_program_packed_is_read_and_renewed(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED);
    CLEANUP(text_done) struct text old = TEXT_INIT(RELEASE_MAX_PACKED);
    CLEANUP(text_done) struct text renewed = TEXT_INIT(RELEASE_MAX_PACKED);
    struct release_facts facts = blank(PROVIDER_MOVIE), found;
    struct release_packed release;
    json_auto_t *claims = json_array();
    json_auto_t *one =
        document("{\"name\":\"Film.2020.German.Extended.1080p.BluRay.x264\",\"seeds\":4}");
    release_claim(claims, "a", 5, one);
    facts.verified_at_ms = 77;
    assert_true(release_pack(claims, &facts, &packed));
    make_old_release(&packed, &old);
    assert_true(release_open(old.bytes, old.len, &release));
    assert_true(release.is_outdated);
    assert_int_equal(release.facts.verified_at_ms, 77);
    assert_int_equal(release.facts.languages[0], 0);
    assert_true(release_has_provider(&release, "a"));
    assert_true(release_renew(&release, &found, &renewed));
    assert_memory_equal(&found, &facts, sizeof facts);
    assert_int_equal(renewed.len, packed.len);
    assert_memory_equal(renewed.bytes, packed.bytes, packed.len);
    assert_true(release_open(packed.bytes, packed.len, &release));
    assert_false(release.is_outdated);
    for (size_t len = 0; len < old.len; len++)
        assert_false(release_open(old.bytes, len, &release));
    for (int version = 0; version < 256; version++) {
        packed.bytes[1] = (char)version;
        assert_true(version == 2 || !release_open(packed.bytes, packed.len, &release));
    }
}

static void infohashes_are_hex_or_base32_and_never_zero(void **state UNUSED)
{
    uint8_t hash[RELEASE_HASH_LEN], again[RELEASE_HASH_LEN];
    char text[2 * RELEASE_HASH_LEN + 1];
    assert_true(release_hash_of_text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", hash));
    release_hash_to_text(hash, text);
    assert_true(release_hash_of_text(text, again));
    assert_memory_equal(hash, again, sizeof hash);
    assert_false(release_hash_of_text("0000000000000000000000000000000000000000", hash));
    assert_false(release_hash_of_text("0123456789abcdef0123456789abcdef0123456", hash));
    assert_false(release_hash_of_text("0123456789abcdef0123456789abcdef0123456z", hash));
    assert_false(release_hash_of_text("", hash));
}

/* --- The order */

static double score_of(struct release_facts facts, unsigned runtime, int64_t now_ms)
{
    struct release_score score;
    release_score(&facts, runtime, now_ms, &score);
    return score.score;
}

static struct release_facts typical(void)
{
    struct release_facts facts = blank(PROVIDER_MOVIE);
    facts.season = facts.first_episode = facts.last_episode = -1;
    facts.quality = 2;
    facts.source = QUALITY_WEB;
    facts.codec = QUALITY_H264;
    facts.size = UINT64_C(2000000000);
    facts.seeds = 50;
    facts.claimed_at_ms = 2000;
    return facts;
}

static void what_is_better_has_a_higher_score(void **state UNUSED)
{
    const int64_t now_ms = INT64_C(40) * 24 * 3600 * 1000;
    struct release_facts base = typical(), other = base;
    double score = score_of(base, 100, now_ms);
    other.quality = 1;
    assert_true(score_of(other, 100, now_ms) < score);
    other = base, other.source = QUALITY_CAM;
    assert_true(score_of(other, 100, now_ms) < score - 30);
    other = base, other.size = 90 * 1000 * 1000; /* no film of 100 minutes in 1080p */
    assert_true(score_of(other, 100, now_ms) < score - 20);
    other = base, other.seeds = 5;
    assert_true(score_of(other, 100, now_ms) < score);
    other = base, other.seeds = 0;
    assert_true(score_of(other, 100, now_ms) < score - 15);
    other = base, other.verified_at_ms = 1, other.verified_seeds = 50;
    assert_true(score_of(other, 100, now_ms) > score);
    other.verified_seeds = 0;
    assert_true(score_of(other, 100, now_ms) < score - 30);
    other = base, other.flags = RELEASE_IS_3D;
    assert_true(score_of(other, 100, now_ms) < score);
    other = base, other.flags = RELEASE_IS_REPACK;
    assert_true(score_of(other, 100, now_ms) > score);
}

static void a_fresh_upload_without_seeds_is_not_dead_yet(void **state UNUSED)
{
    struct release_facts facts = typical();
    facts.seeds = 0;
    facts.uploaded_at_ms = 1000;
    facts.claimed_at_ms = 3600 * 1000;
    double fresh = score_of(facts, 100, 7200 * 1000);
    facts.claimed_at_ms = INT64_C(30) * 24 * 3600 * 1000;
    assert_true(score_of(facts, 100, facts.claimed_at_ms + 1000) < fresh - 10);
}

static void only_what_was_looked_at_is_dead(void **state UNUSED)
{
    struct release_facts facts = { .claimed_at_ms = 1000, .seeds = 5 };
    assert_int_equal(release_state(&facts), RELEASE_ALIVE);
    facts.seeds = 0;
    assert_int_equal(release_state(&facts), RELEASE_UNKNOWN);
    facts.claimed_at_ms = 0;
    assert_int_equal(release_state(&facts), RELEASE_UNKNOWN);
    facts.verified_at_ms = 2000;
    assert_int_equal(release_state(&facts), RELEASE_DEAD);
    facts.claimed_at_ms = 3000, facts.seeds = 9; /* a claim does not bring it back */
    assert_int_equal(release_state(&facts), RELEASE_DEAD);
    facts.verified_seeds = 1;
    assert_int_equal(release_state(&facts), RELEASE_ALIVE);
}

static void addends_are_named_and_sum_up(void **state UNUSED)
{
    struct release_facts facts = typical();
    struct release_score score;
    double sum = 50;
    release_score(&facts, 100, 5000, &score);
    for (unsigned i = 0; i < RELEASE_SCORE_N_ADDENDS; i++) {
        assert_non_null(release_addend_name(i));
        sum += score.addends[i];
    }
    assert_null(release_addend_name(RELEASE_SCORE_N_ADDENDS));
    assert_true(sum == score.score);
}

static void no_two_releases_are_equal(void **state UNUSED)
{
    struct release_facts a = typical(), b = a;
    b.infohash[19] ^= 1;
    struct release_order first = { 10, &a }, second = { 10, &b };
    assert_true(release_compare(&first, &second) * release_compare(&second, &first) < 0);
    b.size++;
    assert_true(release_compare(&second, &first) < 0);
    a.seeds++;
    assert_true(release_compare(&first, &second) < 0);
    second.score = 11;
    assert_true(release_compare(&second, &first) < 0);
}

static void the_size_of_a_pack_is_not_judged(void **state UNUSED)
{
    struct release_facts facts = typical();
    facts.size = 1000;
    assert_int_equal(release_judge_size(&facts, 100), QUALITY_TOO_SMALL);
    assert_int_equal(release_judge_size(&facts, 0), QUALITY_UNTESTED);
    facts.season = 1;
    assert_int_equal(release_judge_size(&facts, 100), QUALITY_UNTESTED);
    facts.first_episode = facts.last_episode = 3;
    assert_int_equal(release_judge_size(&facts, 100), QUALITY_TOO_SMALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_claim_says_is_read_from_the_name),
        cmocka_unit_test(a_claim_counts_more_than_the_name),
        cmocka_unit_test(trackers_are_united_and_seeds_are_never_summed),
        cmocka_unit_test(a_provider_has_one_claim),
        cmocka_unit_test(more_providers_than_there_is_room_for_are_refused),
        cmocka_unit_test(a_release_of_a_show_has_its_episodes),
        cmocka_unit_test(a_release_without_a_name_is_none),
        cmocka_unit_test(bytes_that_are_cut_off_are_no_release),
        cmocka_unit_test(editions_are_found_in_what_people_call_them),
        cmocka_unit_test(each_word_of_the_parameter_is_an_edition_of_its_own),
        cmocka_unit_test(a_language_is_the_same_in_every_region),
        cmocka_unit_test(languages_are_told_once_and_as_many_as_there_is_room_for),
        cmocka_unit_test(what_an_earlier_program_packed_is_read_and_renewed),
        cmocka_unit_test(infohashes_are_hex_or_base32_and_never_zero),
        cmocka_unit_test(what_is_better_has_a_higher_score),
        cmocka_unit_test(a_fresh_upload_without_seeds_is_not_dead_yet),
        cmocka_unit_test(only_what_was_looked_at_is_dead),
        cmocka_unit_test(addends_are_named_and_sum_up),
        cmocka_unit_test(no_two_releases_are_equal),
        cmocka_unit_test(the_size_of_a_pack_is_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
