/* SPDX-License-Identifier: MIT
 *
 * Taking in documents: titles, partial and whole ones, alone and in batches. */
#include "intake_stage.h"

#include <jansson.h>
#include <string.h>

#include "base/json.h"
#include "media/document.h"
#include "store/changes.h"
#include "store/state.h"

/* --- Whole, partial, titles */

static void a_title_becomes_an_item_that_waits_to_be_fetched(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_not_equal(id, 0);
    assert_int_equal(header_of(service, id).flags, ITEM_TITLE_ONLY);
    assert_int_equal(header_of(service, id).kind, PROVIDER_MOVIE);
    assert_int_equal(waiting(service), 1);
    assert_title(service, id, "Matrix");
    assert_int_equal(service_find(service, "tmdb:603"), id);
}

static void a_whole_document_replaces_the_title_and_ends_the_wait(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_equal(movie(service, 0, MATRIX), id);
    assert_int_equal(header_of(service, id).flags, 0);
    assert_int_equal(waiting(service), 0);
    assert_title(service, id, "The Matrix");
    assert_int_equal(service_find(service, "imdb:tt0133093"), id);
}

static void a_partial_document_never_beats_a_whole_one(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    uint64_t before = store_revision(service->store);
    assert_int_equal(movie(service, PROVIDER_PARTIAL,
                           "{\"ids\":{\"tmdb\":603,\"wikidata\":\"Q83495\"},\"title\":\"Wrong\"}"),
                     id);
    assert_int_equal(service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE), id);
    assert_int_equal(store_revision(service->store), before);
    assert_title(service, id, "The Matrix");
    assert_int_equal(service_find(service, "wikidata:Q83495"), 0);
    assert_int_equal(waiting(service), 0);
}

static void partial_documents_add_up(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, PROVIDER_PARTIAL, "{\"ids\":{\"tmdb\":603},\"title\":\"Matrix\"}");
    movie(service, PROVIDER_PARTIAL,
          "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\",\"release_date\":\"1999-03-31\"}");
    movie(service, PROVIDER_PARTIAL,
          "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\",\"runtime\":136}");
    json_auto_t *card = card_of(service, id);
    assert_string_equal(js_string(card, "release_date"), "1999-03-31");
    assert_int_equal(js_int(card, "runtime", 0), 136);
    assert_int_equal(waiting(service), 1);
}

static void a_whole_document_drops_what_it_no_longer_says(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    movie(service, 0, "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\"}");
    json_auto_t *card = card_of(service, id);
    assert_int_equal(js_int(card, "runtime", 0), 0);
    assert_int_equal(service_find(service, "imdb:tt0133093"), 0);
}

static void an_unchanged_document_gets_no_change_number(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    struct item_header first = header_of(service, id);
    uint64_t before = store_revision(service->store);
    service_pass_time(DAY_MS);
    assert_int_equal(movie(service, 0, MATRIX), id);
    struct item_header second = header_of(service, id);
    assert_int_equal(store_revision(service->store), before);
    assert_int_equal(second.revision, first.revision);
    assert_int_equal(second.updated_at_ms, first.updated_at_ms);
    assert_int_equal(second.expires_at_ms, first.expires_at_ms);
    assert_true(record_of(service, id, "script_a").fetched_at_ms >= first.fetched_at_ms + DAY_MS);
}

static void a_changed_document_gets_the_next_number_and_keeps_when_it_was_added(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    struct item_header first = header_of(service, id);
    service_pass_time(1000);
    movie(service, 0, "{\"ids\":{\"tmdb\":603},\"title\":\"Matrix, The\"}");
    struct item_header second = header_of(service, id);
    struct change change;
    assert_int_equal(second.revision, first.revision + 1);
    assert_int_equal(second.added_at_ms, first.added_at_ms);
    assert_true(second.updated_at_ms > first.updated_at_ms);
    assert_int_equal(changes_get(service->store, second.revision, &change, NULL), 0);
    assert_int_equal(change.what, CHANGE_UPDATED);
    assert_int_equal(changes_get(service->store, first.revision, &change, NULL),
                     PROVIDER_ENOTFOUND);
}

static void the_same_id_of_a_show_is_another_item(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    uint32_t show = service_take(service, "script_a", PROVIDER_TVSHOW, 0,
                                 "{\"ids\":{\"tmdb\":603},\"title\":\"A show\"}");
    assert_int_not_equal(show, id);
    assert_int_equal(header_of(service, show).kind, PROVIDER_TVSHOW);
}

/* --- Batches */

static void a_batch_is_committed_with_its_cursor(void **state)
{
    struct service *service = *state;
    struct intake_document documents[3] = { 0 };
    CLEANUP(text_done) struct text cursor = TEXT_INIT(1000);
    for (int i = 0; i < 3; i++) {
        CLEANUP(mem_free)
        char *json = mem_format("{\"ids\":{\"tmdb\":%d},\"title\":\"T%d\"}", i / 2 + 1, i);
        documents[i].kind = PROVIDER_MOVIE;
        assert_int_equal(
            document_read(PROVIDER_MOVIE, 0, json, strlen(json), &documents[i].document, NULL), 0);
    }
    assert_int_equal(
        catalog_take(service->catalog, "script_a", documents, 3, "sync/movies", "page 2", NULL), 0);
    assert_int_equal(documents[0].item_id, documents[1].item_id);
    assert_int_not_equal(documents[0].item_id, documents[2].item_id);
    assert_title(service, documents[0].item_id, "T1");
    assert_int_equal(state_get(service->store, "sync/movies", "script_a", &cursor, NULL), 0);
    assert_string_equal(cursor.bytes, "page 2");
    for (int i = 0; i < 3; i++)
        json_decref(documents[i].document);
}

static void a_restricted_catalogue_passes_over_titles_nobody_knows(void **state)
{
    struct service *service = *state;
    service->conf.catalogue_scope = "popular";
    assert_int_equal(service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE), 0);
    assert_int_equal(movie(service, PROVIDER_CHANGED, MATRIX_ID), 0);
    assert_int_equal(service_find(service, "tmdb:603"), 0);
    uint32_t id = movie(service, PROVIDER_CHANGED, "{\"ids\":{\"tmdb\":603},\"popularity\":60}");
    assert_int_not_equal(id, 0);
    assert_int_equal(waiting(service), 1);
}

static void the_order_of_providers_decides_each_field(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_b", PROVIDER_MOVIE, 0,
                               "{\"ids\":{\"tmdb\":603},\"title\":\"B\",\"runtime\":99}");
    movie(service, 0, ONE);
    assert_title(service, id, "The Matrix");
    json_auto_t *card = card_of(service, id);
    assert_int_equal(js_int(card, "runtime", 0), 99);
}

static const struct CMUnitTest tests[] = {
    SERVED(a_title_becomes_an_item_that_waits_to_be_fetched),
    SERVED(a_whole_document_replaces_the_title_and_ends_the_wait),
    SERVED(a_partial_document_never_beats_a_whole_one),
    SERVED(partial_documents_add_up),
    SERVED(a_whole_document_drops_what_it_no_longer_says),
    SERVED(an_unchanged_document_gets_no_change_number),
    SERVED(a_changed_document_gets_the_next_number_and_keeps_when_it_was_added),
    SERVED(the_same_id_of_a_show_is_another_item),
    SERVED(a_batch_is_committed_with_its_cursor),
    SERVED(a_restricted_catalogue_passes_over_titles_nobody_knows),
    SERVED(the_order_of_providers_decides_each_field),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), intake_due_part, intake_gone_part,
                                       intake_identity_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
