/* SPDX-License-Identifier: MIT */
#include "media/merge.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/merge_fields.h"
#include "media/merging.h"

bool merge_is_local(const char *provider)
{
    return strcmp(provider, MERGE_LOCAL) == 0;
}

static size_t place_of(const char *const *precedence, size_t n, const char *provider)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(precedence[i], provider) == 0)
            return i;
    return n;
}

static bool is_before(const struct merge_record *a, const struct merge_record *b,
                      const char *const *precedence, size_t n)
{
    if (merge_is_local(a->provider) != merge_is_local(b->provider))
        return merge_is_local(a->provider);
    if (a->partial != b->partial)
        return b->partial;
    size_t place_a = place_of(precedence, n, a->provider);
    size_t place_b = place_of(precedence, n, b->provider);
    return place_a != place_b ? place_a < place_b : strcmp(a->provider, b->provider) < 0;
}

/* Insertion sort: there are as many records as providers. */
static void sort_records(const struct merging *m, const char *const *precedence, size_t n,
                         size_t *order)
{
    for (size_t i = 0; i < m->n; i++) {
        size_t at = i;
        for (; at && is_before(&m->records[i], &m->records[order[at - 1]], precedence, n); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

void merging_begin(struct merging *m)
{
    sort_records(m, m->policy->precedence, m->policy->n_precedence, m->order);
}

const json_t *merging_lock(const struct merging *m, const char *field)
{
    const struct merge_record *first = m->n ? &m->records[m->order[0]] : NULL;
    return first && merge_is_local(first->provider) ? json_object_get(first->document, field)
                                                    : NULL;
}

struct merging_order merging_order(struct merging *m, const char *field)
{
    if (merging_lock(m, field))
        return (struct merging_order){ m->order, 1 };
    for (size_t i = 0; m->n > 1 && i < m->policy->n_fields; i++) {
        const struct merge_field_order *own = &m->policy->fields[i];
        if (strcmp(own->field, field) != 0)
            continue;
        sort_records(m, own->precedence, own->n_precedence, m->own_order);
        return (struct merging_order){ m->own_order, m->n };
    }
    return (struct merging_order){ m->order, m->n };
}

void merging_credit(struct merging *m, size_t record, const char *field)
{
    if (!m->fields)
        return;
    json_t *fields = m->fields[record];
    size_t n = json_array_size(fields);
    for (size_t i = 0; i < n; i++)
        if (text_equal(json_string_value(json_array_get(fields, i)), field))
            return;
    json_array_append_new(fields, json_string(field));
}

/* The value of the first record that has one, borrowed; NULL when none has. */
static json_t *pick_by(struct merging *m, const char *order_of, const char *field,
                       size_t *out_record)
{
    const struct merging_order order = merging_order(m, order_of);
    for (size_t i = 0; i < order.n; i++) {
        json_t *value = json_object_get(m->records[order.records[i]].document, field);
        if (!value)
            continue;
        *out_record = order.records[i];
        return value;
    }
    return NULL;
}

static json_t *pick(struct merging *m, const char *field, size_t *out_record)
{
    return pick_by(m, field, field, out_record);
}

void merging_plain(struct merging *m, const char *field)
{
    size_t record;
    const json_t *value = pick(m, field, &record);
    if (!value)
        return;
    json_object_set_new(m->item, field, merging_member(field, value, m->records[record].provider));
    merging_credit(m, record, field);
}

void merging_pair(struct merging *m, const char *first, const char *second)
{
    size_t record;
    json_t *value = pick(m, first, &record);
    if (!value)
        return;
    json_object_set(m->item, first, value);
    merging_credit(m, record, first);
    value = json_object_get(m->records[record].document, second);
    if (!value)
        return;
    json_object_set(m->item, second, value);
    merging_credit(m, record, second);
}

/* A show's date is that of its first episode; a year stands alone only when nobody has a date. */
static void take_date(struct merging *m)
{
    static const char *const fields[] = { "release_date", "first_air_date", "year" };
    size_t record, first = merging_lock(m, "first_air_date") ? 1 : 0;
    for (size_t i = first; i < ARRAY_LEN(fields); i++) {
        json_t *value = pick_by(m, i < 2 ? fields[i] : "release_date", fields[i], &record);
        if (!value)
            continue;
        const char *date = json_string_value(value);
        if (date) {
            json_object_set_new(m->item, "year", json_integer(strtol(date, NULL, 10)));
            json_object_set(m->item, "release_date", value);
        } else {
            json_object_set(m->item, "year", value);
        }
        merging_credit(m, record, fields[i]);
        return;
    }
}

/* A lock on one of both leaves the other to the providers. */
static void take_votes(struct merging *m)
{
    const json_t *lock = merging_lock(m, "votes");
    size_t record = m->order[0];
    json_t *votes = lock ? json_object_get(m->records[record].document, "votes") : NULL;
    for (size_t i = 1; !lock && !votes && i < m->n; i++) {
        record = m->order[i];
        votes = json_object_get(m->records[record].document, "votes");
    }
    if (!votes)
        return;
    json_object_set(m->item, "votes", votes);
    merging_credit(m, record, "votes");
}

/* What every provider says, beside the one that is shown. */
static void take_ratings(struct merging *m)
{
    merging_pair(m, "rating", "votes");
    if (merging_lock(m, "rating") || merging_lock(m, "votes"))
        take_votes(m);
    if (!json_object_get(m->item, "rating"))
        return;
    json_t *ratings = json_object();
    for (size_t i = 0; i < m->n; i++) {
        const struct merge_record *record = &m->records[m->order[i]];
        json_t *rating = json_object_get(record->document, "rating");
        json_t *votes = json_object_get(record->document, "votes");
        if (!rating || merge_is_local(record->provider))
            continue;
        json_t *one = json_object();
        json_object_set(one, "rating", rating);
        if (votes)
            json_object_set(one, "votes", votes);
        json_object_set_new(ratings, record->provider, one);
    }
    js_set(m->item, "ratings", json_object_size(ratings) ? ratings : NULL);
    if (!json_object_size(ratings))
        json_decref(ratings);
}

static json_t *write_provenance(const struct merging *m)
{
    json_t *provenance = json_object();
    for (size_t i = 0; i < m->n; i++) {
        size_t at = m->order[i];
        char when[CLOCK_TEXT_LEN];
        json_t *one = json_object();
        if (m->records[at].fetched_at_ms)
            js_set_string(one, "fetched_at", clock_format(m->records[at].fetched_at_ms, when));
        json_object_set(one, "fields", m->fields[at]);
        json_object_set_new(provenance, m->records[at].provider, one);
    }
    return provenance;
}

json_t *merge_records(const struct merge_record *records, size_t n,
                      const struct merge_policy *policy, json_t **out_provenance)
{
    CLEANUP(mem_free) size_t *order = mem_alloc_array(n ? n : 1, 2 * sizeof *order);
    CLEANUP(mem_free) json_t **fields = NULL;
    struct merging m = {
        .records = records,
        .n = n,
        .policy = policy,
        .order = order,
        .own_order = order + n,
        .item = json_object(),
    };
    if (out_provenance) {
        m.fields = fields = mem_alloc_array(n ? n : 1, sizeof *fields);
        for (size_t i = 0; i < n; i++)
            fields[i] = json_array();
    }
    merging_begin(&m);
    merging_lists(&m);
    merging_texts(&m);
    take_date(&m);
    take_ratings(&m);
    merging_pair(&m, "status", "status_raw");
    for (size_t i = 0; i < merge_n_fields; i++)
        if (merge_fields[i].how == MERGE_PLAIN)
            merging_plain(&m, merge_fields[i].name);
    if (out_provenance) {
        *out_provenance = write_provenance(&m);
        for (size_t i = 0; i < n; i++)
            json_decref(fields[i]);
    }
    return m.item;
}
