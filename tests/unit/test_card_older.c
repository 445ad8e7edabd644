/* SPDX-License-Identifier: MIT
 *
 * Ratings in cards, and cards as older programs packed them. */
#include "../test.h"

#include <jansson.h>
#include <string.h>

#include "media/card.h"

static const char rated[] = "{\"title\":\"A\",\"rating\":8.217,\"votes\":3}";

static void pack(const char *document, bool whole, struct text *out)
{
    json_auto_t *item = json_loads(document, 0, NULL);
    struct card_facts facts = { .id = 1, .kind = PROVIDER_MOVIE };
    card_pack(item, &facts, out);
    if (!whole)
        return;
    text_clear(out);
    card_pack_item(item, &facts, out);
}

static void ratings_are_kept_to_the_thousandth(void **state UNUSED)
{
    static const struct {
        double rating;
        unsigned kept;
    } rows[] = {
        { 8.217, 8217 }, { 8.2, 8200 }, { 5.676, 5676 },  { 7.99961, 7999 }, { 10, 10000 },
        { 0.001, 1 },    { 0, 0 },      { 9.9999, 9999 }, { -1, 0 },         { 11, 10000 }
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        json_auto_t *item = json_pack("{s:f}", "rating", rows[i].rating);
        struct card_facts facts = { .id = 1 };
        CLEANUP(text_done) struct text out = TEXT_INIT(1000);
        card_pack(item, &facts, &out);
        assert_int_equal(facts.rating_x1000, rows[i].kept);
    }
}

/* --- What older programs packed: tenths of the rating among the facts */

static void make_old(struct text *packed, unsigned char tenths)
{
    packed->bytes[1] = 1;
    packed->bytes[58] = (char)tenths;
    packed->bytes[59] = 0;
}

static unsigned rating_of(const struct text *packed, size_t len)
{
    struct card_facts facts;
    CLEANUP(mem_free) char *bytes = mem_dup(packed->bytes, len);
    assert_true(card_facts_read(bytes, len, &facts));
    return facts.rating_x1000;
}

static void an_older_card_is_read_exactly_and_renewed(void **state UNUSED)
{
    for (int whole = 0; whole <= 1; whole++) {
        CLEANUP(text_done) struct text now = TEXT_INIT(1 << 20), old = TEXT_INIT(1 << 20);
        CLEANUP(text_done) struct text shown = TEXT_INIT(1000);
        const struct language_wish wish = { .n_tags = 0 };
        char language[LANGUAGE_LEN];
        pack(rated, whole, &now);
        text_add(&old, now.bytes, now.len);
        make_old(&old, 82);
        assert_int_equal(rating_of(&old, old.len), 8217);
        assert_true(card_render(old.bytes, old.len, &wish, NULL, &shown, language));
        assert_non_null(strstr(text_string(&shown), ",\"rating\":8.217,"));
        assert_true(card_renew(&old));
        assert_int_equal(old.len, now.len);
        assert_memory_equal(old.bytes, now.bytes, now.len);
        assert_false(card_renew(&old));
        assert_memory_equal(old.bytes, now.bytes, now.len);
    }
}

static void of_an_older_card_without_its_members_the_tenths_are_known(void **state UNUSED)
{
    CLEANUP(text_done) struct text old = TEXT_INIT(1 << 20);
    pack("{\"title\":\"A\"}", false, &old);
    make_old(&old, 82);
    for (size_t len = 2 + 65; len <= old.len; len++)
        assert_int_equal(rating_of(&old, len), 8200);
    make_old(&old, 255);
    assert_int_equal(rating_of(&old, old.len), 10000);
}

static void what_is_no_older_card_is_not_renewed(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), same = TEXT_INIT(1 << 20);
    assert_false(card_renew(&packed));
    pack(rated, true, &packed);
    packed.bytes[1] = 99; /* a version from the future */
    text_add(&same, packed.bytes, packed.len);
    assert_false(card_renew(&packed));
    assert_memory_equal(packed.bytes, same.bytes, same.len);
    packed.bytes[1] = 1;
    packed.len = 60;
    assert_false(card_renew(&packed));
    assert_int_equal(packed.bytes[1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratings_are_kept_to_the_thousandth),
        cmocka_unit_test(an_older_card_is_read_exactly_and_renewed),
        cmocka_unit_test(of_an_older_card_without_its_members_the_tenths_are_known),
        cmocka_unit_test(what_is_no_older_card_is_not_renewed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
