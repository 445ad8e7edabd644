/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "index/index.h"
#include "media/document.h"
#include "service/lists.h"
#include "service/pages.h"

enum { MAX_PAGE = 8 << 20 };

/* --- Lists */

static bool may_read(const struct list_row *row, const char *user)
{
    return row->visibility == LIST_PUBLIC || (*row->owner && text_equal(row->owner, user));
}

int lists_find(struct catalog *catalog, const char *text, const char *user, struct list_row *out,
               struct error *err)
{
    struct store *store = catalog_store(catalog);
    struct lists_source source;
    int64_t number;
    uint32_t id = 0;
    int result = 0;
    if (text_to_int(text, 1, UINT32_MAX, &number))
        id = (uint32_t)number;
    else if (lists_source_parse(text, &source))
        result = list_sources_find(store, source.provider, source.name, &id, err);
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN * 2);
    struct list_row row;
    if (!result && id)
        result = list_rows_get(store, id, &row, &about, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    if (result || !id || !may_read(&row, user))
        return error_set(err, PROVIDER_ENOTFOUND, "there is no list '%.60s'", text);
    *out = row;
    return 0;
}

static void add_time(const char *key, int64_t at_ms, struct text *out)
{
    char at[CLOCK_TEXT_LEN];
    if (at_ms)
        text_add_format(out, ",\"%s\":\"%s\"", key, clock_format(at_ms, at));
}

static const char *state_of(const struct list_row *row)
{
    if (row->flags & LIST_GONE)
        return "gone";
    if (row->gone_since_ms)
        return "missing";
    return row->revision ? "ok" : "waiting";
}

static void add_source(const struct list_row *row, struct text *out)
{
    if (row->kind != LIST_SYNCED)
        return;
    text_add_string(out, ",\"source\":{\"provider\":");
    text_add_json_string(out, row->provider);
    text_add_string(out, ",\"id\":");
    text_add_json_string(out, row->source);
    text_add_format(out, ",\"state\":\"%s\"", state_of(row));
    add_time("checked_at", row->checked_at_ms, out);
    add_time("missing_since", row->gone_since_ms, out);
    text_add_char(out, '}');
}

/* `about` is an object that has a name at least: its members stand behind the number. */
static void add_list(const struct list_row *row, const char *about, size_t len, struct text *out)
{
    static const char *const kinds[] = { "", "manual", "smart", "synced" };
    static const char *const visibilities[] = { "", "private", "shared", "public" };
    text_add_format(out, "{\"id\":%u,", row->id);
    text_add(out, about + 1, len - 2);
    text_add_format(out, ",\"kind\":\"%s\",\"visibility\":\"%s\",\"owner\":", kinds[row->kind],
                    visibilities[row->visibility]);
    text_add_json_string(out, *row->owner ? row->owner : NULL);
    add_source(row, out);
    text_add_format(out, ",\"item_count\":%u,\"revision\":%llu", row->n_items,
                    (unsigned long long)row->revision);
    add_time("created_at", row->created_at_ms, out);
    add_time("updated_at", row->updated_at_ms, out);
    text_add_char(out, '}');
}

struct paging {
    enum lists_scope scope;
    const char *user;
    uint64_t skip, limit, seen;
    struct text *out;
};

static bool is_wanted(const struct list_row *row, enum lists_scope scope, const char *user)
{
    bool mine = *row->owner && text_equal(row->owner, user);
    bool public = row->visibility == LIST_PUBLIC;
    return may_read(row, user) && (scope == LISTS_MINE     ? mine
                                   : scope == LISTS_PUBLIC ? public
                                   : scope == LISTS_SHARED ? !mine && !public
                                                           : true);
}

static int add_if_seen(const struct list_row *row, const char *about, size_t len, void *context)
{
    struct paging *paging = context;
    if (!is_wanted(row, paging->scope, paging->user) || paging->seen++ < paging->skip ||
        paging->seen > paging->skip + paging->limit)
        return 0;
    if (paging->out->len > 1)
        text_add_char(paging->out, ',');
    add_list(row, about, len, paging->out);
    return 0;
}

int lists_page(struct catalog *catalog, enum lists_scope scope, const char *user, uint32_t page,
               uint32_t limit, struct text *out_json, uint64_t *out_total, struct error *err)
{
    struct paging paging = { .scope = scope,
                             .user = user,
                             .skip = (uint64_t)(page - 1) * limit,
                             .limit = limit,
                             .out = out_json };
    text_add_char(out_json, '[');
    int result = list_rows_walk(catalog_store(catalog), add_if_seen, &paging, err);
    text_add_char(out_json, ']');
    if (!result)
        *out_total = paging.seen;
    return result;
}

int lists_show(struct catalog *catalog, uint32_t id, struct text *out_json, struct error *err)
{
    struct list_row row;
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN * 2);
    int result = list_rows_get(catalog_store(catalog), id, &row, &about, err);
    if (!result)
        add_list(&row, about.bytes, about.len, out_json);
    return result;
}

/* --- The items of one */

struct writing {
    struct catalog *catalog;
    const struct language_wish *wish;
    uint64_t left;
    struct text *out;
};

/* The card but for its closing brace; what is not known but by its number yet shows as that. */
static void add_card(struct writing *writing, const struct list_item *item)
{
    CLEANUP(pages_card_done) struct pages_card card = { 0 };
    if (pages_card_get(writing->catalog, item->item_id, PAGES_NO_TITLE, writing->wish, &card))
        text_add(writing->out, card.json, card.len);
    else
        text_add_format(writing->out, "{\"kind\":\"%s\",\"id\":%u", document_kind_name(item->kind),
                        item->item_id);
}

static int add_item(uint32_t list UNUSED, uint32_t position, const struct list_item *item,
                    void *context)
{
    struct writing *writing = context;
    if (writing->out->len > 1)
        text_add_char(writing->out, ',');
    add_card(writing, item);
    text_add_format(writing->out, ",\"position\":%u", position);
    add_time("added_at", item->added_at_ms, writing->out);
    if (item->note) {
        text_add_string(writing->out, ",\"note\":");
        text_add_json_string(writing->out, item->note);
    }
    text_add_char(writing->out, '}');
    return --writing->left == 0;
}

/* `n` items of the list from a position on. */
static int add_range(struct writing *writing, uint32_t list, uint64_t position, uint64_t n,
                     struct error *err)
{
    writing->left = n;
    if (!n || position > LIST_MAX_ITEMS)
        return 0;
    int result = list_items_walk(catalog_store(writing->catalog), list, (uint32_t)position,
                                 add_item, writing, err);
    return MIN(result, 0);
}

/* A list as numbers, in its order. */
struct members {
    uint32_t *ids;
    size_t n;
};

static void members_done(struct members *members)
{
    free(members->ids);
}
DEFINE_CLEANUP_VALUE(struct members, members_done);

static int read_members(struct catalog *catalog, uint32_t list, struct members *out,
                        struct error *err)
{
    out->ids = mem_resize(NULL, LIST_MAX_ITEMS, sizeof *out->ids);
    return list_items_numbers(catalog_store(catalog), list, out->ids, &out->n, err);
}

/* What the filter leaves of the list, in the list's order. */
static int add_filtered(struct writing *writing, const struct filter *filter, uint64_t skip,
                        uint32_t limit, struct catalog_page *out, struct error *err)
{
    CLEANUP(members_done) struct members members = { 0 };
    int result = read_members(writing->catalog, filter->list, &members, err);
    if (result)
        return result;
    CLEANUP(mem_free) bool *matches = mem_alloc_array(members.n + 1, sizeof *matches);
    index_select(catalog_index(writing->catalog), filter, members.ids, members.n, matches);
    for (size_t i = 0; i < members.n && !result; i++)
        if (matches[i] && out->total++ >= skip && out->total <= skip + limit)
            result = add_range(writing, filter->list, i + 1, 1, err);
    return result;
}

static uint64_t position_of(const struct members *members, uint32_t id)
{
    for (size_t i = 0; i < members->n; i++)
        if (members->ids[i] == id)
            return i + 1;
    return LIST_MAX_ITEMS + 1; /* it left the list meanwhile */
}

/* In another order than the list's: the index has it. */
static int add_sorted(struct writing *writing, const struct filter *filter, uint64_t skip,
                      uint32_t limit, struct catalog_page *out, struct error *err)
{
    CLEANUP(index_page_done) struct index_page found = { 0 };
    CLEANUP(members_done) struct members members = { 0 };
    int result = read_members(writing->catalog, filter->list, &members, err);
    if (!result)
        result =
            index_query(catalog_index(writing->catalog), NULL, filter, skip, limit, &found, err);
    for (size_t i = 0; i < found.n_hits && !result; i++)
        result = add_range(writing, filter->list, position_of(&members, found.hits[i].id), 1, err);
    out->total = found.total;
    return result;
}

static int add_facets(struct catalog *catalog, const struct filter *filter,
                      struct catalog_page *out, struct error *err)
{
    CLEANUP(index_page_done) struct index_page found = { 0 };
    int result = index_query(catalog_index(catalog), NULL, filter, 0, 0, &found, err);
    if (!result)
        pages_write_facets(&found, &out->facets);
    return result;
}

static int write_items(struct writing *writing, const struct filter *filter, uint64_t skip,
                       uint32_t limit, struct catalog_page *out, struct error *err)
{
    struct list_row row;
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN * 2);
    int result = list_rows_get(catalog_store(writing->catalog), filter->list, &row, &about, err);
    if (result)
        return result;
    if (filter->order_given && filter->sort == FILTER_SORT_DEFAULT)
        return error_set(err, PROVIDER_EINVAL,
                         "order: a list has an order of its own, name another with sort");
    struct filter ordered = *filter;
    if (filter->sort == FILTER_SORT_DEFAULT && row.sort != FILTER_SORT_DEFAULT) {
        ordered.sort = row.sort;
        ordered.ascending = row.ascending;
        ordered.order_given = true;
    }
    if (ordered.sort != FILTER_SORT_DEFAULT)
        return add_sorted(writing, &ordered, skip, limit, out, err);
    if (!filter_is_open(filter))
        return add_filtered(writing, filter, skip, limit, out, err);
    out->total = row.n_items;
    return add_range(writing, filter->list, skip + 1, limit, err);
}

int lists_items(struct catalog *catalog, const struct filter *filter,
                const struct language_wish *wish, uint32_t page, uint32_t limit,
                struct catalog_page *out, struct error *err)
{
    CLEANUP(catalog_page_done)
    struct catalog_page made = { .results = TEXT_INIT(MAX_PAGE),
                                 .facets = TEXT_INIT(MAX_PAGE),
                                 .revision = index_revision(catalog_index(catalog)) };
    struct writing writing = { .catalog = catalog, .wish = wish, .out = &made.results };
    text_add_char(&made.results, '[');
    int result = write_items(&writing, filter, (uint64_t)(page - 1) * limit, limit, &made, err);
    if (!result && filter->facets)
        result = add_facets(catalog, filter, &made, err);
    if (result)
        return result;
    text_add_char(&made.results, ']');
    *out = made;
    made = (struct catalog_page){ 0 };
    return 0;
}
