/* SPDX-License-Identifier: MIT */
#include "service/episodes.h"

#include "base/clock.h"
#include "index/index.h"
#include "media/card.h"
#include "media/season.h"
#include "service/derive.h"
#include "store/seasons.h"

enum { MAX_PAGE = 16 << 20, MAX_CARD = 4 << 20 };

/* --- The show */

/* Tells who reads what is needed of the show, without reading all of it; false when it has to be
 * asked for first. */
static bool find_fresh(struct catalog *catalog, const struct catalog_ask *ask,
                       struct card_facts *facts, struct catalog_item *out)
{
    struct catalog_name name;
    struct item_header header;
    CLEANUP(text_done) struct text start = TEXT_INIT(4096);
    if (catalog_find(catalog, ask->kind, ask->id_text, &name, NULL) || !name.id ||
        name.moved_from ||
        items_get_start(catalog_store(catalog), name.id, &header, &start, NULL) ||
        header.kind != ask->kind || !catalog_is_fresh(catalog, &header) ||
        !card_facts_read(start.bytes, start.len, facts))
        return false;
    *out = (struct catalog_item){ .id = name.id, .updated_at_ms = header.updated_at_ms };
    out->fresh_s = MAX((header.expires_at_ms - clock_wall_ms()) / 1000, (int64_t)0);
    return true;
}

/* Afterwards out->json is empty and may take an answer, unless the show has moved. */
static int reach(struct catalog *catalog, const struct catalog_ask *ask, struct card_facts *facts,
                 struct catalog_item *out, struct error *err)
{
    struct item_header header;
    CLEANUP(text_done) struct text start = TEXT_INIT(4096);
    int result = 0;
    if (!find_fresh(catalog, ask, facts, out)) {
        result = catalog_item(catalog, ask, out, err);
        if (result || out->moved_to)
            return result;
        result = items_get_start(catalog_store(catalog), out->id, &header, &start, err);
        if (!result && !card_facts_read(start.bytes, start.len, facts))
            result = error_set(err, PROVIDER_EIO, "item %u cannot be read: run miauflixctl verify",
                               out->id);
        text_done(&out->json);
    }
    out->json = (struct text)TEXT_INIT(MAX_PAGE);
    out->etag[0] = out->language[0] = '\0';
    return result;
}

/* --- One season */

struct reading {
    struct card_facts facts; /* of the show */
    struct season_reader reader;
    struct text packed;
};

static void reading_done(struct reading *reading)
{
    text_done(&reading->packed);
}
DEFINE_CLEANUP_VALUE(struct reading, reading_done);

static int read_season(struct catalog *catalog, const struct episodes_ask *ask,
                       struct reading *reading, struct catalog_item *out, struct error *err)
{
    reading->packed.limit = DERIVE_MAX_LEN;
    int result = reach(catalog, &ask->show, &reading->facts, out, err);
    if (result || out->moved_to)
        return result;
    reading->reader =
        (struct season_reader){ .wish = ask->show.wish,
                                .original_language = reading->facts.original_language };
    result = seasons_get(catalog_store(catalog), out->id, ask->season, &reading->packed, err);
    if (result == PROVIDER_ENOTFOUND)
        return error_set(err, PROVIDER_ENOTFOUND, "no season %u of show %u is known", ask->season,
                         out->id);
    return result;
}

static int fail_unreadable(const struct episodes_ask *ask, uint32_t show, struct error *err)
{
    return error_set(err, PROVIDER_EIO,
                     "season %u of show %u cannot be read: run miauflixctl verify", ask->season,
                     show);
}

int episodes_season(struct catalog *catalog, const struct episodes_ask *ask,
                    struct catalog_item *out, struct error *err)
{
    CLEANUP(reading_done) struct reading reading = { .packed = TEXT_INIT(0) };
    int result = read_season(catalog, ask, &reading, out, err);
    if (result || out->moved_to)
        return result;
    return season_render(reading.packed.bytes, reading.packed.len, out->id, &reading.reader, true,
                         &out->json, out->language)
               ? 0
               : fail_unreadable(ask, out->id, err);
}

int episodes_page(struct catalog *catalog, const struct episodes_ask *ask, struct catalog_item *out,
                  uint64_t *out_total, struct error *err)
{
    CLEANUP(reading_done) struct reading reading = { .packed = TEXT_INIT(0) };
    struct season_facts facts;
    int result = read_season(catalog, ask, &reading, out, err);
    if (result || out->moved_to)
        return result;
    if (!season_facts_read(reading.packed.bytes, reading.packed.len, &facts) ||
        !season_render_episodes(reading.packed.bytes, reading.packed.len, &reading.reader,
                                (uint64_t)(ask->page - 1) * ask->limit, ask->limit, &out->json))
        return fail_unreadable(ask, out->id, err);
    *out_total = facts.n_episodes;
    return 0;
}

int episodes_one(struct catalog *catalog, const struct episodes_ask *ask, struct catalog_item *out,
                 struct error *err)
{
    CLEANUP(reading_done) struct reading reading = { .packed = TEXT_INIT(0) };
    bool found;
    int result = read_season(catalog, ask, &reading, out, err);
    if (result || out->moved_to)
        return result;
    if (!season_render_episode(reading.packed.bytes, reading.packed.len, &reading.reader,
                               ask->episode, true, NULL, &found, &out->json, out->language))
        return fail_unreadable(ask, out->id, err);
    return found ? 0
                 : error_set(err, PROVIDER_ENOTFOUND, "no episode %u of season %u is known",
                             ask->episode, ask->season);
}

/* --- All seasons of a show */

struct listing {
    const struct season_reader *reader;
    struct text *out;
    uint64_t skip, n;
    uint32_t limit;
};

static int add_season(uint32_t show, uint32_t season UNUSED, const void *packed, size_t len,
                      void *context)
{
    struct listing *listing = context;
    char language[LANGUAGE_LEN];
    if (listing->n >= listing->skip && listing->n - listing->skip < listing->limit) {
        if (listing->out->len > 1)
            text_add_char(listing->out, ',');
        if (!season_render(packed, len, show, listing->reader, false, listing->out, language))
            return PROVIDER_EIO;
    }
    listing->n++;
    return 0;
}

int episodes_seasons(struct catalog *catalog, const struct episodes_ask *ask,
                     struct catalog_item *out, uint64_t *out_total, struct error *err)
{
    struct card_facts facts;
    int result = reach(catalog, &ask->show, &facts, out, err);
    if (result || out->moved_to)
        return result;
    struct season_reader reader = { ask->show.wish, facts.original_language };
    struct listing listing = { .reader = &reader,
                               .out = &out->json,
                               .skip = (uint64_t)(ask->page - 1) * ask->limit,
                               .limit = ask->limit };
    text_add_char(&out->json, '[');
    result = seasons_walk(catalog_store(catalog), out->id, add_season, &listing, err);
    text_add_char(&out->json, ']');
    if (result == PROVIDER_EIO)
        return error_set(err, PROVIDER_EIO,
                         "the seasons of show %u cannot be read: run miauflixctl verify", out->id);
    *out_total = listing.n;
    return result;
}

/* --- The calendar */

struct calendar {
    struct catalog *catalog;
    struct filter seen; /* what the configuration lets be seen */
    const struct episodes_calendar_ask *ask;
    uint32_t judged; /* the show that was asked about last */
    bool is_seen;
    struct airing *page; /* limit of them */
    uint64_t total;
};

static int note_airing(const struct airing *airing, void *context)
{
    struct calendar *calendar = context;
    uint64_t skip = (uint64_t)(calendar->ask->page - 1) * calendar->ask->limit;
    if (calendar->judged != airing->show)
        calendar->is_seen = index_judge(catalog_index(calendar->catalog), airing->show, NULL, false,
                                        &calendar->seen) != INDEX_NEITHER;
    calendar->judged = airing->show;
    if (!calendar->is_seen)
        return 0;
    if (calendar->total >= skip && calendar->total - skip < calendar->ask->limit)
        calendar->page[calendar->total - skip] = *airing;
    calendar->total++;
    return 0;
}

/* One element, with the card of its show; false when it went meanwhile. */
static bool add_airing(struct catalog *catalog, const struct airing *airing,
                       const struct language_wish *wish, struct text *out)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    CLEANUP(text_done) struct text show = TEXT_INIT(MAX_CARD);
    CLEANUP(text_done) struct text packed = TEXT_INIT(DERIVE_MAX_LEN);
    struct card_facts facts;
    char language[LANGUAGE_LEN];
    bool found;
    text_add_string(&show, ",\"show\":");
    if (cards_get(catalog_store(catalog), airing->show, &card, NULL) ||
        !card_facts_read(card.bytes, card.len, &facts) ||
        !card_render(card.bytes, card.len, wish, NULL, &show, language) ||
        seasons_get(catalog_store(catalog), airing->show, airing->season, &packed, NULL))
        return false;
    struct season_reader reader = { wish, facts.original_language };
    size_t before = out->len;
    if (before > 1)
        text_add_char(out, ',');
    if (season_render_episode(packed.bytes, packed.len, &reader, airing->episode, false,
                              text_string(&show), &found, out, language) &&
        found)
        return true;
    out->len = before;
    return false;
}

int episodes_calendar(struct catalog *catalog, const struct episodes_calendar_ask *ask,
                      struct catalog_page *out, struct error *err)
{
    CLEANUP(mem_free)
    struct airing *page = mem_alloc_array(ask->limit + 1, sizeof *page);
    struct calendar calendar = {
        .catalog = catalog, .seen = { .kind = PROVIDER_TVSHOW }, .ask = ask, .page = page
    };
    uint64_t revision = index_revision(catalog_index(catalog));
    catalog_restrict(catalog, &calendar.seen);
    int result = airings_walk(catalog_store(catalog), ask->from_day, ask->to_day, note_airing,
                              &calendar, err);
    if (result)
        return result;
    *out = (struct catalog_page){ .results = TEXT_INIT(MAX_PAGE),
                                  .facets = TEXT_INIT(MAX_PAGE),
                                  .total = calendar.total,
                                  .revision = revision };
    uint64_t skip = (uint64_t)(ask->page - 1) * ask->limit;
    uint64_t n = calendar.total > skip ? MIN(calendar.total - skip, (uint64_t)ask->limit) : 0;
    text_add_char(&out->results, '[');
    for (uint64_t i = 0; i < n; i++)
        add_airing(catalog, &page[i], ask->wish, &out->results);
    text_add_char(&out->results, ']');
    return 0;
}
