/* SPDX-License-Identifier: MIT */
#include "media/card.h"

#include <string.h>

#include "media/card_format.h"
#include "media/document.h"
#include "media/filter.h"
#include "media/quality.h"

enum { UNWANTED = 1000000 };

static const char *const status_names[] = {
    [CARD_STATUS_RUMORED] = "rumored",
    [CARD_STATUS_PLANNED] = "planned",
    [CARD_STATUS_IN_PRODUCTION] = "in_production",
    [CARD_STATUS_POST_PRODUCTION] = "post_production",
    [CARD_STATUS_RELEASED] = "released",
    [CARD_STATUS_CANCELED] = "canceled",
    [CARD_STATUS_RETURNING] = "returning",
    [CARD_STATUS_ENDED] = "ended",
    [CARD_STATUS_PILOT] = "pilot",
};

const char *card_status_name(enum card_status status)
{
    return (unsigned)status < ARRAY_LEN(status_names) ? status_names[status] : NULL;
}

enum card_status card_status_of_name(const char *api_word)
{
    for (unsigned i = 1; i < ARRAY_LEN(status_names); i++)
        if (strcmp(status_names[i], api_word) == 0)
            return (enum card_status)i;
    return CARD_STATUS_UNKNOWN;
}

struct rendering {
    struct card_opened card;
    struct card_shown best[CARD_FIELDS];
    struct text *out;
};

void card_add_slice(struct text *out, struct card_slice slice)
{
    text_add(out, slice.at, (size_t)(slice.end - slice.at));
}

/* Behind the languages that are wanted before English; behind English when that is the first. */
static int rank_picture(const struct language_wish *wish)
{
    size_t n = 0;
    while (n < wish->n_tags && !language_same(wish->tags[n], "en"))
        n++;
    return (int)(n || !wish->n_tags ? n : 1) * LANGUAGE_RANKS * 2 - 1;
}

/* Twice those of language_rank(), so that there is a place between two of them. */
void card_rank_languages(const struct card_languages *languages, const struct language_wish *wish,
                         const char *original, int out_ranks[CARD_RANKS])
{
    for (unsigned i = 0; i < languages->n; i++) {
        int rank = language_rank(wish, languages->tags[i], original);
        out_ranks[i] = rank >= 0 ? rank * 2 : i ? UNWANTED : UNWANTED - 1;
    }
    out_ranks[CARD_RANK_PICTURE] = rank_picture(wish);
}

void card_choose(const struct card_languages *languages, const int ranks[CARD_RANKS],
                 struct card_slice texts, struct card_shown out_best[CARD_FIELDS])
{
    struct card_entry entry;
    while (card_next_entry(languages, &texts, &entry)) {
        struct card_shown *best = &out_best[entry.field];
        bool bare = entry.field == CARD_POSTER && !entry.language;
        int rank = ranks[bare ? CARD_RANK_PICTURE : entry.language];
        if (best->text.at && rank >= best->rank)
            continue;
        *best = (struct card_shown){ entry.text, rank, languages->tags[entry.language] };
    }
}

void card_add_shown(struct text *out, const struct card_shown *shown, const char *member)
{
    if (!shown->text.at)
        return;
    text_add_string(out, member);
    card_add_slice(out, shown->text);
    text_add_char(out, '"');
}

static void add_shown(struct rendering *r, enum card_field field, const char *member)
{
    card_add_shown(r->out, &r->best[field], member);
}

static void add_qualities(struct rendering *r)
{
    const char *separator = "";
    text_add_string(r->out, ",\"qualities\":[");
    for (int i = 0; i < QUALITY_N; i++) {
        if (!(r->card.facts.qualities >> i & 1))
            continue;
        text_add_string(r->out, separator);
        text_add_json_string(r->out, quality_word(i));
        separator = ",";
    }
    text_add_string(r->out, r->card.facts.flags & CARD_AVAILABLE ? "],\"available\":true"
                                                                 : "],\"available\":false");
}

/* Texts of one language stand side by side. */
static void add_translations(struct rendering *r)
{
    static const char *const names[] = { "\"title\":\"", "\"overview\":\"", "\"tagline\":\"",
                                         "\"homepage\":\"" };
    struct card_slice texts = r->card.sections[CARD_TEXTS];
    struct card_entry entry;
    unsigned open = 0;
    while (card_next_entry(&r->card.languages, &texts, &entry)) {
        if (entry.field >= ARRAY_LEN(names) || !entry.language)
            continue;
        if (entry.language != open) {
            text_add_string(r->out, open ? "},\"" : ",\"translations\":{\"");
            text_add_string(r->out, r->card.languages.tags[entry.language]);
            text_add_string(r->out, "\":{");
        } else {
            text_add_char(r->out, ',');
        }
        open = entry.language;
        text_add_string(r->out, names[entry.field]);
        card_add_slice(r->out, entry.text);
        text_add_char(r->out, '"');
    }
    if (open)
        text_add_string(r->out, "}}");
}

void card_add_languages(struct text *out, const struct card_shown *best, const char *const *names,
                        size_t n_names)
{
    bool any = false;
    for (size_t i = 0; i < n_names; i++) {
        if (!names[i] || text_is_empty(best[i].language))
            continue;
        text_add_string(out, any ? ",\"" : ",\"languages\":{\"");
        any = true;
        text_add_string(out, names[i]);
        text_add_string(out, "\":\"");
        text_add_string(out, best[i].language);
        text_add_char(out, '"');
    }
    if (any)
        text_add_char(out, '}');
}

static void render_card(struct rendering *r)
{
    const char *kind = document_kind_name(r->card.facts.kind);
    char head[64];
    int n = snprintf(head, sizeof head, "{\"kind\":\"%s\",\"id\":%u", kind ? kind : "unknown",
                     r->card.facts.id);
    text_add(r->out, head, (size_t)n);
    card_add_slice(r->out, r->card.sections[CARD_IDS]);
    add_shown(r, CARD_TITLE, ",\"title\":\"");
    add_shown(r, CARD_ORIGINAL, ",\"original_title\":\"");
    card_add_slice(r->out, r->card.sections[CARD_PLAIN]);
    add_shown(r, CARD_OVERVIEW, ",\"overview\":\"");
    add_shown(r, CARD_POSTER, ",\"poster\":\"");
    add_shown(r, CARD_BACKDROP, ",\"backdrop\":\"");
    add_qualities(r);
}

bool card_render(const void *bytes, size_t len, const struct language_wish *wish, const char *extra,
                 struct text *out, char out_language[LANGUAGE_LEN])
{
    static const char *const names[] = { "title", "overview", "tagline", "homepage", "poster" };
    struct rendering r = { .out = out };
    if (!card_open_bytes(bytes, len, &r.card))
        return false;
    text_reserve(out, len + 256);
    int ranks[CARD_RANKS];
    card_rank_languages(&r.card.languages, wish, r.card.facts.original_language, ranks);
    card_choose(&r.card.languages, ranks, r.card.sections[CARD_TEXTS], r.best);
    render_card(&r);
    if (r.card.whole) {
        add_shown(&r, CARD_TAGLINE, ",\"tagline\":\"");
        add_shown(&r, CARD_HOMEPAGE, ",\"homepage\":\"");
        card_add_slice(out, r.card.sections[CARD_WHOLE]);
        add_translations(&r);
    }
    card_add_languages(out, r.best, names, ARRAY_LEN(names));
    if (extra)
        text_add_string(out, extra);
    text_add_char(out, '}');
    const char *language = r.best[CARD_TITLE].language;
    snprintf(out_language, LANGUAGE_LEN, "%s", language ? language : "");
    return !out->overflow;
}

bool card_provenance(const void *bytes, size_t len, struct text *out)
{
    struct card_opened card;
    if (!card_open_bytes(bytes, len, &card))
        return false;
    card_add_slice(out, card.sections[CARD_ORIGINS]);
    return true;
}
