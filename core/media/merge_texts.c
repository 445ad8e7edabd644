/* SPDX-License-Identifier: MIT */
#include "media/merging.h"

#include <string.h>

#include "base/json.h"
#include "media/language.h"
#include "media/placeholder.h"
#include "media/schema.h"

const char *merging_language(const struct merge_record *record)
{
    if (merge_is_local(record->provider))
        return "";
    const char *language = js_string(record->document, "title_language");
    if (!language)
        language = js_string(record->document, "original_language");
    return language ? language : "";
}

struct texts {
    struct merging *m;
    json_t *by_language; /* {language: {field: text}}; "" when nobody knows */
    const char *field;
    bool placeholders; /* take those too */
};

static void put_text(struct texts *texts, size_t record, const char *language, const json_t *value)
{
    const char *text = json_string_value(value);
    bool locked = merge_is_local(texts->m->records[record].provider);
    if (!text || (!locked && !texts->placeholders && strcmp(texts->field, "title") == 0 &&
                  placeholder_title(text)))
        return;
    json_t *of_language = json_object_get(texts->by_language, language);
    if (!of_language) {
        of_language = json_object();
        json_object_set_new(texts->by_language, language, of_language);
    }
    if (json_object_get(of_language, texts->field))
        return;
    json_object_set_new(of_language, texts->field, json_string(text));
    merging_credit(texts->m, record, texts->field);
}

/* One field of all records, in every language. */
static void gather(struct texts *texts)
{
    struct merging *m = texts->m;
    struct merging_order order = merging_order(m, texts->field);
    for (size_t i = 0; i < order.n; i++) {
        const struct merge_record *record = &m->records[order.records[i]];
        put_text(texts, order.records[i], merging_language(record),
                 json_object_get(record->document, texts->field));
        const char *language;
        json_t *of_language;
        json_object_foreach (json_object_get(record->document, "translations"), language,
                             of_language)
            put_text(texts, order.records[i], language, json_object_get(of_language, texts->field));
    }
}

/* The text that suits the configured languages best becomes the item's own. */
static void choose(const struct texts *texts, const struct language_wish *wish,
                   const char *original, json_t *languages)
{
    const char *language, *best_language = "";
    json_t *of_language, *best = NULL;
    int best_rank = 0;
    json_object_foreach (texts->by_language, language, of_language) {
        json_t *text = json_object_get(of_language, texts->field);
        int rank = language_rank(wish, language, original);
        rank = rank < 0 ? INT32_MAX : rank;
        if (!text || (best && rank >= best_rank))
            continue;
        best = text;
        best_rank = rank;
        best_language = language;
    }
    if (!best)
        return;
    json_object_set(texts->m->item, texts->field, best);
    if (*best_language)
        json_object_set_new(languages, texts->field, json_string(best_language));
}

static void take_original(struct merging *m, json_t *by_language)
{
    struct merging_order order = merging_order(m, "original_language");
    for (size_t i = 0; i < order.n; i++) {
        json_t *value = json_object_get(m->records[order.records[i]].document, "original_language");
        if (!value)
            continue;
        json_object_set(m->item, "original_language", value);
        merging_credit(m, order.records[i], "original_language");
        break;
    }
    order = merging_order(m, "original_title");
    for (size_t i = 0; i < order.n; i++) {
        json_t *value = json_object_get(m->records[order.records[i]].document, "original_title");
        if (!value)
            continue;
        json_object_set(m->item, "original_title", value);
        merging_credit(m, order.records[i], "original_title");
        struct texts texts = { .m = m, .by_language = by_language, .field = "title" };
        const char *language = js_string(m->item, "original_language");
        if (language && !merging_lock(m, "title"))
            put_text(&texts, order.records[i], language, value);
        return;
    }
    const json_t *same = json_object_get(by_language, js_string(m->item, "original_language"));
    js_set_string(m->item, "original_title", js_string(same, "title"));
}

static bool put_poster(json_t *posters, const char *language, const char *provider,
                       const char *path)
{
    if (!path || json_object_get(posters, language))
        return false;
    json_object_set_new(posters, language, merging_picture("posters", provider, path));
    return true;
}

/* What the choice is in.  A provider chooses for the language of the title, and where there is
 * nothing of that takes another: the list of posters says which, and what it lacks although it was
 * asked for the wanted languages is of the original one.  A list that may have been cut off says
 * nothing of what it lacks. */
static const char *choice_language(const struct merge_record *record, const char *choice)
{
    const json_t *images = js_object(record->document, "images");
    const json_t *all = js_array(images, "posters");
    const char *original = js_string(record->document, "original_language");
    for (size_t i = 0; !merge_is_local(record->provider) && i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        const char *own = js_string(one, "language");
        if (text_equal(js_string(one, "path"), choice))
            return own ? own : "";
    }
    bool is_told =
        images && json_array_size(all) < SCHEMA_MAX_IMAGES && !merge_is_local(record->provider);
    return is_told && original ? original : merging_language(record);
}

/* The provider's choice, then the first picture of each language; an operator's by language.  True:
 * something was taken. */
static bool put_posters_of(json_t *posters, const struct merge_record *record)
{
    const char *language, *choice = js_string(record->document, "poster");
    json_t *of_language;
    const json_t *all = js_array(js_object(record->document, "images"), "posters");
    bool taken =
        choice && put_poster(posters, choice_language(record, choice), record->provider, choice);
    for (size_t i = 0; !merge_is_local(record->provider) && i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        const char *own = js_string(one, "language");
        taken |= put_poster(posters, own ? own : "", record->provider, js_string(one, "path"));
    }
    json_object_foreach (json_object_get(record->document, "translations"), language, of_language)
        taken |= put_poster(posters, language, record->provider, js_string(of_language, "poster"));
    return taken;
}

json_t *merging_posters(struct merging *m)
{
    json_t *posters = json_object();
    struct merging_order order = merging_order(m, "poster");
    for (size_t i = 0; i < order.n; i++)
        if (put_posters_of(posters, &m->records[order.records[i]]))
            merging_credit(m, order.records[i], "poster");
    return posters;
}

static void take_posters(struct merging *m, const struct language_wish *wish)
{
    json_t *posters = merging_posters(m), *poster, *best = NULL;
    const char *language, *original = js_string(m->item, "original_language");
    int best_rank = 0;
    json_object_foreach (posters, language, poster) {
        int rank = language_rank(wish, language, original);
        rank = rank < 0 ? INT32_MAX - (*language == '\0') : rank;
        if (best && rank >= best_rank)
            continue;
        best = poster;
        best_rank = rank;
    }
    if (best)
        json_object_set(m->item, "poster", best);
    js_set(m->item, "posters", json_object_size(posters) ? posters : NULL);
    if (!json_object_size(posters))
        json_decref(posters);
}

static bool is_in(const json_t *alternatives, const char *title)
{
    for (size_t i = 0; i < json_array_size(alternatives); i++)
        if (text_equal(js_string(json_array_get(alternatives, i), "title"), title))
            return true;
    return false;
}

static void add_alternative(struct merging *m, const char *language, const char *title)
{
    json_t *all = json_object_get(m->item, "alternative_titles");
    if (!title || is_in(all, title))
        return;
    if (!all) {
        all = json_array();
        json_object_set_new(m->item, "alternative_titles", all);
    }
    json_t *one = json_object();
    js_set_string(one, "title", title);
    if (*language)
        js_set_string(one, "language", language);
    json_array_append_new(all, one);
}

/* An item whose title is locked in every language is still found by those it has elsewhere. */
static void keep_hidden_titles(struct merging *m)
{
    for (size_t i = 1; !merging_lock(m, "alternative_titles") && i < m->n; i++) {
        const struct merge_record *record = &m->records[m->order[i]];
        const char *language;
        json_t *of_language;
        add_alternative(m, merging_language(record), js_string(record->document, "title"));
        json_object_foreach (json_object_get(record->document, "translations"), language,
                             of_language)
            add_alternative(m, language, js_string(of_language, "title"));
    }
}

void merging_texts(struct merging *m)
{
    static const char *const fields[] = { "title", "overview", "tagline", "homepage" };
    struct language_wish wish = { .n_tags = 0 };
    json_auto_t *by_language = json_object();
    json_auto_t *languages = json_object();
    language_wish_make(NULL, NULL, m->policy->languages, m->policy->n_languages, &wish, NULL);
    struct texts texts = { .m = m, .by_language = by_language };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        texts.field = fields[i];
        gather(&texts);
        if (i == 0)
            take_original(m, by_language);
        choose(&texts, &wish, js_string(m->item, "original_language"), languages);
        if (i > 0 || json_object_get(m->item, "title"))
            continue;
        texts.placeholders = true;
        gather(&texts);
        texts.placeholders = false;
        choose(&texts, &wish, js_string(m->item, "original_language"), languages);
    }
    json_object_del(by_language, "");
    if (json_object_size(by_language))
        json_object_set(m->item, "translations", by_language);
    if (json_object_size(languages))
        json_object_set(m->item, "text_languages", languages);
    take_posters(m, &wish);
    if (merging_lock(m, "title"))
        keep_hidden_titles(m);
}
