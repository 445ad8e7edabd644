/* SPDX-License-Identifier: MIT */
#include "media/season.h"

#include "base/json.h"
#include "media/merging.h"
#include "media/placeholder.h"

static const char *const season_plain[] = { "air_date", "episode_count", "rating" };
static const char *const episode_plain[] = { "air_date", "runtime", "still", "type",
                                             "production_code" };

/* What is merged at a time: a season without its episodes, or one episode. */
struct part {
    struct merging merging;
    const char *const *languages; /* per record: of its own name and overview */
    int64_t episode;              /* its number; negative: a season */
};

/* --- Texts */

static bool is_real(const struct part *part, const char *name)
{
    return part->episode < 0 ? !placeholder_title(name) : !placeholder_episode(name, part->episode);
}

static void put_text(json_t *texts, const char *language, const char *field, const char *text)
{
    json_t *of_language = json_object_get(texts, language);
    if (!of_language) {
        of_language = json_object();
        json_object_set_new(texts, language, of_language);
    }
    if (!json_object_get(of_language, field))
        js_set_string(of_language, field, text);
}

/* The names of all records, the real ones only or whatever there is. */
static void put_names(struct part *part, bool only_real, json_t *texts)
{
    const struct merging_order order = merging_order(&part->merging, "title");
    for (size_t i = 0; i < order.n; i++) {
        const json_t *document = part->merging.records[order.records[i]].document;
        const char *name = js_string(document, "name"), *language;
        bool counts = json_is_true(json_object_get(document, "placeholder"));
        json_t *of_language;
        if (name && (!only_real || (!counts && is_real(part, name))))
            put_text(texts, part->languages[order.records[i]], "title", name);
        json_object_foreach (json_object_get(document, "translations"), language, of_language) {
            name = js_string(of_language, "title");
            if (name && (!only_real || is_real(part, name)))
                put_text(texts, language, "title", name);
        }
    }
}

static void put_overviews(struct part *part, json_t *texts)
{
    const struct merging_order order = merging_order(&part->merging, "overview");
    for (size_t i = 0; i < order.n; i++) {
        const json_t *document = part->merging.records[order.records[i]].document;
        const char *overview = js_string(document, "overview"), *language;
        json_t *of_language;
        if (overview)
            put_text(texts, part->languages[order.records[i]], "overview", overview);
        json_object_foreach (json_object_get(document, "translations"), language, of_language) {
            overview = js_string(of_language, "overview");
            if (overview)
                put_text(texts, language, "overview", overview);
        }
    }
}

static json_t *merge_part(struct part *part, const char *const *plain, size_t n)
{
    struct merging *m = &part->merging;
    json_t *texts = json_object();
    m->item = json_object();
    merging_begin(m);
    put_names(part, true, texts);
    if (!json_object_size(texts))
        put_names(part, false, texts);
    put_overviews(part, texts);
    json_object_set_new(m->item, "texts", texts);
    merging_lists(m);
    for (size_t i = 0; i < n; i++)
        merging_plain(m, plain[i]);
    return m->item;
}

/* --- Episodes */

struct numbered {
    int64_t number;
    size_t record, place; /* the first of a record's equals stays */
    const json_t *episode;
};

static int by_number(const void *a, const void *b)
{
    const struct numbered *one = a, *other = b;
    if (one->number != other->number)
        return one->number < other->number ? -1 : 1;
    if (one->record != other->record)
        return one->record < other->record ? -1 : 1;
    return one->place < other->place ? -1 : one->place > other->place;
}

/* Every record's episodes in order; they are the caller's to free. */
static struct numbered *sort_episodes(const struct merging *m, size_t *out_n)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += json_array_size(js_array(m->records[i].document, "episodes"));
    struct numbered *sorted = mem_alloc_array(n + 1, sizeof *sorted);
    *out_n = n;
    n = 0;
    for (size_t i = 0; i < m->n; i++) {
        const json_t *episodes = js_array(m->records[i].document, "episodes");
        for (size_t k = 0; k < json_array_size(episodes); k++) {
            const json_t *one = json_array_get(episodes, k);
            sorted[n++] = (struct numbered){ js_int(one, "episode_number", 0), i, k, one };
        }
    }
    qsort(sorted, n, sizeof *sorted, by_number);
    return sorted;
}

/* Room for what the records say of one episode. */
struct room {
    struct merge_record *records;
    const char **languages;
    size_t *order; /* and the field's own behind it */
};

/* Merges the episodes of one number that stand first, and returns how many they were. */
static size_t merge_episode(const struct part *season, const struct numbered *first, size_t n,
                            const struct room *room, json_t *out)
{
    size_t i = 0, n_records = 0;
    for (; i < n && first[i].number == first->number; i++) {
        if (i && first[i].record == first[i - 1].record)
            continue;
        room->records[n_records] = season->merging.records[first[i].record];
        room->records[n_records].document = first[i].episode;
        room->languages[n_records++] = season->languages[first[i].record];
    }
    struct part part = { .merging = { .records = room->records,
                                      .n = n_records,
                                      .policy = season->merging.policy,
                                      .order = room->order,
                                      .own_order = room->order + season->merging.n },
                         .languages = room->languages,
                         .episode = first->number };
    json_t *episode = merge_part(&part, episode_plain, ARRAY_LEN(episode_plain));
    merging_pair(&part.merging, "rating", "votes");
    json_object_set_new(episode, "episode_number", json_integer(first->number));
    json_array_append_new(out, episode);
    return i;
}

static json_t *merge_episodes(const struct part *season)
{
    size_t n, records = season->merging.n;
    CLEANUP(mem_free) struct merge_record *rows = mem_alloc_array(records, sizeof *rows);
    CLEANUP(mem_free) const char **languages = mem_alloc_array(records, sizeof *languages);
    CLEANUP(mem_free) size_t *order = mem_alloc_array(records, 2 * sizeof *order);
    CLEANUP(mem_free) struct numbered *sorted = sort_episodes(&season->merging, &n);
    const struct room room = { rows, languages, order };
    json_t *episodes = json_array();
    for (size_t i = 0; i < n;)
        i += merge_episode(season, &sorted[i], n - i, &room, episodes);
    return episodes;
}

/* --- The whole */

/* Several providers' episodes are united, so there may be more than the first one counts. */
static void count_episodes(json_t *season)
{
    json_int_t n = (json_int_t)json_array_size(js_array(season, "episodes"));
    if (js_int(season, "episode_count", -1) < n)
        json_object_set_new(season, "episode_count", json_integer(n));
}

json_t *season_merge(const struct merge_record *records, size_t n,
                     const struct merge_policy *policy)
{
    CLEANUP(mem_free) size_t *order = mem_alloc_array(n, 2 * sizeof *order);
    CLEANUP(mem_free) const char **languages = mem_alloc_array(n, sizeof *languages);
    struct part part = { .merging = { .records = records,
                                      .n = n,
                                      .policy = policy,
                                      .order = order,
                                      .own_order = order + n },
                         .languages = languages,
                         .episode = -1 };
    for (size_t i = 0; i < n; i++)
        languages[i] = merging_language(&records[i]);
    json_t *season = merge_part(&part, season_plain, ARRAY_LEN(season_plain));
    json_object_set(season, "season_number",
                    json_object_get(records[order[0]].document, "season_number"));
    json_object_set_new(season, "posters", merging_posters(&part.merging));
    json_object_set_new(season, "episodes", merge_episodes(&part));
    count_episodes(season);
    return season;
}
