/* SPDX-License-Identifier: MIT */
#include "index/index.h"
#include "media/card.h"
#include "service/prove.h"

enum { PAGE = 1000 };

/* One bit per item that the index has to show and has not yet. */
struct awaited {
    uint64_t *bits;
    size_t n_words;
    maintenance_report *report;
    void *report_context;
    uint64_t n;
};

static void awaited_done(struct awaited *awaited)
{
    free(awaited->bits);
}
DEFINE_CLEANUP_VALUE(struct awaited, awaited_done);

static void tell(struct awaited *awaited, const char *fmt, uint32_t id)
{
    CLEANUP(mem_free) char *finding = mem_format("%s%u", fmt, id);
    awaited->report(finding, awaited->report_context);
    awaited->n++;
}

static int await(uint32_t id, const void *card, size_t len, void *context)
{
    struct awaited *awaited = context;
    struct card_facts facts;
    size_t word = id / 64;
    if (!card_facts_read(card, len, &facts)) {
        tell(awaited, "the card cannot be read of item ", id);
        return 0;
    }
    if (facts.flags & CARD_GONE)
        return 0;
    if (word >= awaited->n_words) {
        size_t n = MAX(word + 1, awaited->n_words * 2 + 1024);
        awaited->bits = mem_resize(awaited->bits, n, sizeof *awaited->bits);
        for (size_t i = awaited->n_words; i < n; i++)
            awaited->bits[i] = 0;
        awaited->n_words = n;
    }
    awaited->bits[word] |= UINT64_C(1) << id % 64;
    return 0;
}

static void see(struct awaited *awaited, uint32_t id)
{
    uint64_t bit = UINT64_C(1) << id % 64;
    if (id / 64 >= awaited->n_words || !(awaited->bits[id / 64] & bit)) {
        tell(awaited, "the index shows what has no card, or shows it twice: item ", id);
        return;
    }
    awaited->bits[id / 64] &= ~bit;
}

static int see_all(struct index *index, uint32_t kind, struct awaited *awaited, struct error *err)
{
    const struct filter filter = { .kind = kind };
    size_t n;
    uint64_t skip = 0;
    do {
        CLEANUP(index_page_done) struct index_page page = { 0 };
        int result = index_query(index, NULL, &filter, skip, PAGE, &page, err);
        if (result)
            return result;
        for (size_t i = 0; i < page.n_hits; i++)
            see(awaited, page.hits[i].id);
        n = page.n_hits;
        skip += n;
    } while (n == PAGE);
    return 0;
}

int prove_index(struct store *store, maintenance_report *report, void *report_context,
                uint64_t *out_n, struct error *err)
{
    static const uint32_t kinds[] = { PROVIDER_MOVIE, PROVIDER_TVSHOW };
    CLEANUP(awaited_done)
    struct awaited awaited = { .report = report, .report_context = report_context };
    CLEANUP(index_close) struct index *index = NULL;
    int result = cards_walk(store, await, &awaited, err);
    if (!result)
        result = index_open_paced(store, NULL, &rank_default_weights, &index, err);
    for (size_t i = 0; !result && i < ARRAY_LEN(kinds); i++)
        result = see_all(index, kinds[i], &awaited, err);
    for (size_t i = 0; !result && i < awaited.n_words; i++)
        for (unsigned bit = 0; awaited.bits[i] >> bit && bit < 64; bit++)
            if (awaited.bits[i] >> bit & 1)
                tell(&awaited, "the index does not show item ", (uint32_t)(i * 64 + bit));
    *out_n = awaited.n;
    return result;
}
