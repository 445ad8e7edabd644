/* SPDX-License-Identifier: MIT */
#include "media/merging.h"

#include <string.h>

#include "base/json.h"
#include "media/language.h"

/* What upstreams write where they have no title yet: these lose to any title of any language. */
static const char *const placeholders[] = {
    "TBA", "TBD", "T.B.A.", "To be announced", "Untitled", "Unknown", "N/A", "-", "?",
};

/* A placeholder when only a number stands beside it: "Episode 1", "1. Bölüm", "第1話". */
static const char *const numbered[] = {
    "Episode", "Episodio", "Episódio", "Épisode",   "Capítulo", "Folge",      "Aflevering",
    "Odcinek", "Avsnitt",  "Afsnit",   "Jakso",     "Эпизод",   "Серия",      "Серія",
    "Епізод",  "Epizod",   "Epizoda",  "Epizóda",   "Episod",   "Episodul",   "Episoade",
    "epizód",  "rész",     "Bölüm",    "Επεισόδιο", "Tập",      "エピソード", "에피소드",
    "제",      "第",       "الحلقة",   "פרק",       "ตอนที่",     "Part",       "Teil",
    "#",       "tt",
};

static const char *skip_number(const char *text, size_t *out_digits)
{
    text += strspn(text, " #");
    *out_digits = strspn(text, "0123456789");
    return text + *out_digits + strspn(text + *out_digits, " ");
}

/* Digits, perhaps with what East Asian languages write behind them. */
static bool is_number(const char *text)
{
    static const char *const counters[] = { "", "話", "话", "集", "回", "화" };
    size_t digits;
    const char *behind = skip_number(text, &digits);
    for (size_t i = 0; digits && i < ARRAY_LEN(counters); i++)
        if (strcmp(behind, counters[i]) == 0)
            return true;
    return false;
}

/* The number first: "1. epizóda", "3화".  A bare number is a title. */
static bool is_number_of(const char *text)
{
    static const char *const counters[] = { "話", "话", "集", "화" };
    size_t digits;
    const char *behind = skip_number(text, &digits);
    for (size_t i = 0; digits && i < ARRAY_LEN(counters); i++)
        if (strcmp(behind, counters[i]) == 0)
            return true;
    if (!digits || *behind != '.')
        return false;
    behind += 1 + strspn(behind + 1, " ");
    for (size_t i = 0; i < ARRAY_LEN(numbered); i++)
        if (strcasecmp(behind, numbered[i]) == 0)
            return true;
    return false;
}

bool merge_is_placeholder(const char *title)
{
    for (size_t i = 0; i < ARRAY_LEN(placeholders); i++)
        if (strcasecmp(title, placeholders[i]) == 0)
            return true;
    for (size_t i = 0; i < ARRAY_LEN(numbered); i++)
        if (text_starts_with(title, numbered[i]) && is_number(title + strlen(numbered[i])))
            return true;
    return is_number_of(title);
}

const char *merging_language(const struct merge_record *record)
{
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
    if (!text ||
        (!texts->placeholders && strcmp(texts->field, "title") == 0 && merge_is_placeholder(text)))
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
    const size_t *order = merging_order(m, texts->field);
    for (size_t i = 0; i < m->n; i++) {
        const struct merge_record *record = &m->records[order[i]];
        put_text(texts, order[i], merging_language(record),
                 json_object_get(record->document, texts->field));
        const char *language;
        json_t *of_language;
        json_object_foreach (json_object_get(record->document, "translations"), language,
                             of_language)
            put_text(texts, order[i], language, json_object_get(of_language, texts->field));
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
    const size_t *order = merging_order(m, "original_language");
    for (size_t i = 0; i < m->n; i++) {
        json_t *value = json_object_get(m->records[order[i]].document, "original_language");
        if (!value)
            continue;
        json_object_set(m->item, "original_language", value);
        merging_credit(m, order[i], "original_language");
        break;
    }
    order = merging_order(m, "original_title");
    for (size_t i = 0; i < m->n; i++) {
        json_t *value = json_object_get(m->records[order[i]].document, "original_title");
        if (!value)
            continue;
        json_object_set(m->item, "original_title", value);
        merging_credit(m, order[i], "original_title");
        struct texts texts = { .m = m, .by_language = by_language, .field = "title" };
        const char *language = js_string(m->item, "original_language");
        if (language)
            put_text(&texts, order[i], language, value);
        return;
    }
    const json_t *same = json_object_get(by_language, js_string(m->item, "original_language"));
    js_set_string(m->item, "original_title", js_string(same, "title"));
}

static void put_poster(json_t *posters, const char *language, const char *provider,
                       const char *path)
{
    if (path && !json_object_get(posters, language))
        json_object_set_new(posters, language, merging_picture("posters", provider, path));
}

/* One poster per language: the provider's choice, then the first picture of that language. */
static json_t *gather_posters(struct merging *m)
{
    json_t *posters = json_object();
    const size_t *order = merging_order(m, "poster");
    for (size_t i = 0; i < m->n; i++) {
        const struct merge_record *record = &m->records[order[i]];
        const char *chosen = js_string(record->document, "poster");
        const json_t *all = js_array(js_object(record->document, "images"), "posters");
        put_poster(posters, merging_language(record), record->provider, chosen);
        for (size_t k = 0; k < json_array_size(all); k++) {
            const json_t *one = json_array_get(all, k);
            const char *language = js_string(one, "language");
            put_poster(posters, language ? language : "", record->provider, js_string(one, "path"));
        }
        if (chosen || json_array_size(all))
            merging_credit(m, order[i], "poster");
    }
    return posters;
}

static void take_posters(struct merging *m, const struct language_wish *wish)
{
    json_t *posters = gather_posters(m), *poster, *best = NULL;
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
}
