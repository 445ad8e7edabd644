/* SPDX-License-Identifier: MIT */
#include "service/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "media/document.h"
#include "media/ids.h"
#include "service/intake.h"
#include "service/release_swarm.h"
#include "store/ids.h"

bool lists_source_parse(const char *text, struct lists_source *out)
{
    const char *colon = strchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    if (!len || len >= sizeof out->provider || !colon[1] || strlen(colon + 1) >= sizeof out->name)
        return false;
    memcpy(out->provider, text, len);
    out->provider[len] = '\0';
    snprintf(out->name, sizeof out->name, "%s", colon + 1);
    return true;
}

/* --- What a list names and nobody knows yet */

struct lookup {
    struct store *store;
    struct store_txn *txn; /* NULL: outside one */
    uint32_t kind;
    uint32_t found; /* 0: nobody has any of the ids */
};

static int look_up(const char *text, void *context)
{
    struct lookup *lookup = context;
    int result = lookup->txn
                     ? external_ids_txn_find(lookup->txn, lookup->kind, text, &lookup->found, NULL)
                     : external_ids_find(lookup->store, lookup->kind, text, &lookup->found, NULL);
    return result == 0;
}

/* Seasons and episodes stand on lists of some providers, and are no items here. */
static uint32_t item_kind_of(const json_t *row)
{
    uint32_t kind = document_kind_of_name(js_string(row, "kind"));
    return kind == PROVIDER_MOVIE || kind == PROVIDER_TVSHOW ? kind : 0;
}

/* Documents on their way into the catalogue. */
struct naming {
    struct catalog *catalog;
    const char *provider;
    struct intake_document documents[INTAKE_MAX_DOCUMENTS];
    size_t n;
};

static int flush(struct naming *naming, struct error *err)
{
    int result = naming->n ? catalog_take(naming->catalog, naming->provider, naming->documents,
                                          naming->n, NULL, NULL, err)
                           : 0;
    for (size_t i = 0; i < naming->n; i++)
        json_decref(naming->documents[i].document);
    naming->n = 0;
    return result;
}

static void add_document(struct naming *naming, uint32_t kind, uint32_t flags, json_t *document)
{
    naming->documents[naming->n++] =
        (struct intake_document){ .kind = kind, .flags = flags, .document = document };
}

/* Its title is there at once; the rest waits to be fetched, before what is on no list. */
static int name_item(struct naming *naming, uint32_t kind, const json_t *row, struct error *err)
{
    if (naming->n + 2 > INTAKE_MAX_DOCUMENTS) {
        int result = flush(naming, err);
        if (result)
            return result;
    }
    if (js_string(row, "title")) {
        json_t *title = json_object();
        json_object_set(title, "ids", js_object(row, "ids"));
        js_set_string(title, "title", js_string(row, "title"));
        js_set(title, "year", json_incref(json_object_get(row, "year")));
        add_document(naming, kind, PROVIDER_PARTIAL, title);
    }
    json_t *changed = json_object();
    json_object_set(changed, "ids", js_object(row, "ids"));
    json_object_set_new(changed, "popularity",
                        json_real(0)); /* so it is wanted, whatever the scope */
    add_document(naming, kind, PROVIDER_CHANGED, changed);
    return 0;
}

static int name_unknown(struct catalog *catalog, const char *provider, const json_t *items,
                        struct error *err)
{
    CLEANUP(mem_free) struct naming *naming = mem_new(struct naming);
    naming->catalog = catalog;
    naming->provider = provider;
    int result = 0;
    size_t i;
    json_t *row;
    json_array_foreach (items, i, row) {
        struct lookup lookup = { .store = catalog_store(catalog), .kind = item_kind_of(row) };
        if (!result && lookup.kind && !ids_each(js_object(row, "ids"), look_up, &lookup))
            result = name_item(naming, lookup.kind, row, err);
    }
    int flushed = flush(naming, result ? NULL : err);
    return result ? result : flushed;
}

/* --- Taking a list in */

struct taking {
    const struct lists_source *source;
    const json_t *document; /* NULL: only that there is such a list */
    int64_t now_ms;
    struct list_item *items;
    size_t n;
    struct list_item **order; /* room for as many */
    uint32_t id;              /* out */
    bool changed;             /* out */
};

static int64_t added_at(const json_t *row)
{
    const char *text = js_string(row, "added_at");
    int64_t at_ms;
    return text && clock_parse(text, &at_ms) ? at_ms : 0;
}

static int compare_items(const void *a, const void *b)
{
    const struct list_item *const *x = a, *const *y = b;
    if ((*x)->item_id != (*y)->item_id)
        return (*x)->item_id > (*y)->item_id ? 1 : -1;
    return (*x > *y) - (*x < *y);
}

/* Two rows of the source may be one item here: the first counts. */
static void drop_repeats(struct taking *taking)
{
    for (size_t i = 0; i < taking->n; i++)
        taking->order[i] = &taking->items[i];
    qsort(taking->order, taking->n, sizeof(struct list_item *), compare_items);
    uint32_t last = 0;
    for (size_t i = 0; i < taking->n; i++) {
        uint32_t item = taking->order[i]->item_id;
        if (item == last)
            taking->order[i]->item_id = 0;
        last = item;
    }
    size_t kept = 0;
    for (size_t i = 0; i < taking->n; i++)
        if (taking->items[i].item_id)
            taking->items[kept++] = taking->items[i];
    taking->n = kept;
}

static void resolve_items(struct taking *taking, struct store_txn *txn)
{
    size_t i;
    json_t *row;
    taking->n = 0;
    json_array_foreach (js_array(taking->document, "items"), i, row) {
        struct lookup lookup = { .txn = txn, .kind = item_kind_of(row) };
        if (lookup.kind && ids_each(js_object(row, "ids"), look_up, &lookup))
            taking->items[taking->n++] = (struct list_item){ .item_id = lookup.found,
                                                             .kind = lookup.kind,
                                                             .added_at_ms = added_at(row),
                                                             .note = js_string(row, "note") };
    }
    drop_repeats(taking);
}

static int write_about(const struct taking *taking, struct text *out, struct error *err)
{
    const json_t *document = taking->document;
    const char *poster = js_string(document, "poster"), *name = js_string(document, "name");
    CLEANUP(mem_free)
    char *path =
        poster ? mem_format("/api/images/posters/%s%s", taking->source->provider, poster) : NULL;
    json_auto_t *about = json_object();
    js_set_string(about, "name", name ? name : taking->source->name);
    js_set_string(about, "description", js_string(document, "description"));
    js_set_string(about, "author", js_string(document, "owner"));
    js_set_string(about, "language", js_string(document, "language"));
    js_set_string(about, "poster", path);
    return js_write(about, out) ? 0
                                : error_set(err, PROVIDER_ELIMIT,
                                            "the texts of a list have more "
                                            "than %d bytes",
                                            LIST_ABOUT_MAX_LEN);
}

/* The list of the source, or a new one; *out_is_new. */
static int find_list(struct store_txn *txn, const struct taking *taking, struct list_row *out,
                     struct text *out_about, bool *out_is_new, struct error *err)
{
    const struct lists_source *source = taking->source;
    *out = (struct list_row){ .kind = LIST_SYNCED,
                              .visibility = LIST_PUBLIC,
                              .created_at_ms = taking->now_ms,
                              .updated_at_ms = taking->now_ms };
    snprintf(out->provider, sizeof out->provider, "%s", source->provider);
    snprintf(out->source, sizeof out->source, "%s", source->name);
    int result = list_sources_txn_find(txn, source->provider, source->name, &out->id, err);
    *out_is_new = result == PROVIDER_ENOTFOUND;
    if (*out_is_new)
        return list_rows_txn_new_id(txn, &out->id, err);
    return result ? result : list_rows_txn_get(txn, out->id, out, out_about, err);
}

/* Before they are on the list; those that are on any other have been hastened then. */
static int hasten_new(const struct taking *taking, struct store_txn *txn, struct error *err)
{
    int result = 0;
    for (size_t i = 0; i < taking->n && !result; i++)
        if (!item_lists_txn_any(txn, taking->items[i].item_id))
            result = release_swarm_listed(txn, taking->items[i].item_id, taking->now_ms, err);
    return result;
}

static int take(struct store_txn *txn, void *context, struct error *err)
{
    struct taking *taking = context;
    struct list_row row;
    bool is_new, changed;
    CLEANUP(text_done) struct text former = TEXT_INIT(LIST_ABOUT_MAX_LEN * 2);
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN);
    int result = find_list(txn, taking, &row, &former, &is_new, err);
    if (!result)
        result = write_about(taking, &about, err);
    if (result)
        return result;
    resolve_items(taking, txn);
    taking->id = row.id;
    result = hasten_new(taking, txn, err);
    if (!result)
        result = list_items_txn_replace(txn, row.id, taking->items, taking->n, taking->now_ms,
                                        &changed, err);
    if (result)
        return result;
    changed = changed || !row.revision || row.flags & LIST_GONE ||
              !text_equal(text_string(&former), text_string(&about));
    taking->changed = changed;
    row.flags &= ~(uint32_t)LIST_GONE;
    row.gone_since_ms = 0;
    row.checked_at_ms = taking->now_ms;
    row.n_items = (uint32_t)taking->n;
    if (changed)
        result = list_rows_txn_change(txn, &row, taking->now_ms, err);
    return result ? result : list_rows_txn_put(txn, &row, about.bytes, about.len, err);
}

int lists_take(struct catalog *catalog, const struct lists_source *source, const json_t *document,
               struct error *err)
{
    const json_t *items = js_array(document, "items");
    size_t n = json_array_size(items);
    int result = name_unknown(catalog, source->provider, items, err);
    if (result)
        return result;
    CLEANUP(mem_free) struct list_item *rows = mem_alloc_array(n + 1, sizeof *rows);
    CLEANUP(mem_free) struct list_item **order = mem_alloc_array(n + 1, sizeof *order);
    struct taking taking = { .source = source,
                             .document = document,
                             .now_ms = clock_wall_ms(),
                             .items = rows,
                             .order = order };
    result = store_write(catalog_store(catalog), take, &taking, err);
    if (!result && taking.changed)
        log_debug("lists", "list %u, '%s:%s', changed, it has %zu items", taking.id,
                  source->provider, source->name, taking.n);
    return result;
}

/* --- Before and after it is there */

static int declare(struct store_txn *txn, void *context, struct error *err)
{
    struct taking *taking = context;
    struct list_row row;
    bool is_new;
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN * 2);
    int result = find_list(txn, taking, &row, &about, &is_new, err);
    if (result || !is_new)
        return result;
    result = write_about(taking, &about, err);
    return result ? result : list_rows_txn_put(txn, &row, about.bytes, about.len, err);
}

int lists_declare(struct catalog *catalog, const struct lists_source *source, struct error *err)
{
    uint32_t id;
    if (list_sources_find(catalog_store(catalog), source->provider, source->name, &id, NULL) == 0)
        return 0;
    struct taking taking = { .source = source, .now_ms = clock_wall_ms() };
    return store_write(catalog_store(catalog), declare, &taking, err);
}

static int miss(struct store_txn *txn, void *context, struct error *err)
{
    struct taking *taking = context;
    struct list_row row;
    bool is_new;
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN * 2);
    int result = find_list(txn, taking, &row, &about, &is_new, err);
    if (!result && is_new)
        result = write_about(taking, &about, err);
    if (result)
        return result;
    row.checked_at_ms = taking->now_ms;
    if (!row.gone_since_ms)
        row.gone_since_ms = taking->now_ms;
    else if (taking->now_ms - row.gone_since_ms >= INTAKE_GONE_AFTER_MS &&
             !(row.flags & LIST_GONE)) {
        row.flags |= LIST_GONE;
        result = list_rows_txn_change(txn, &row, taking->now_ms, err);
    }
    return result ? result : list_rows_txn_put(txn, &row, about.bytes, about.len, err);
}

int lists_miss(struct catalog *catalog, const struct lists_source *source, struct error *err)
{
    struct taking taking = { .source = source, .now_ms = clock_wall_ms() };
    return store_write(catalog_store(catalog), miss, &taking, err);
}

/* --- Removing */

static int delete_list(struct store_txn *txn, void *context, struct error *err)
{
    return list_rows_txn_delete(txn, *(uint32_t *)context, clock_wall_ms(), err);
}

int lists_delete(struct catalog *catalog, uint32_t id, struct error *err)
{
    return store_write(catalog_store(catalog), delete_list, &id, err);
}
