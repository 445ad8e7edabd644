/* SPDX-License-Identifier: MIT */
#include "naming/release_text.h"

#include <string.h>

#include "base/cleanup.h"

enum { SEASON_LAST = 9999, EPISODE_LAST = 9999 };

static uint8_t gap_of(const struct release_text *text, size_t i)
{
    return i < text->n ? text->tokens[i].gap : GAP_CLOSE;
}

static struct release_slice skip(struct release_slice slice, size_t n)
{
    return (struct release_slice){ slice.at + n, slice.len - n };
}

static void set_season(struct release_token *token, unsigned first, unsigned last)
{
    token->has_season = true;
    token->seasons = (struct release_name_range){ (uint16_t)first, (uint16_t)last };
}

static void set_episode(struct release_token *token, unsigned first, unsigned last)
{
    token->has_episode = true;
    token->episodes = (struct release_name_range){ (uint16_t)first, (uint16_t)last };
}

static size_t done(struct release_token *token, size_t taken)
{
    token->meaning = RELEASE_IS_PLACE;
    token->strong = true;
    return taken;
}

/* "e02", "ep02", "02" (when `bare`), whole; the value or -1. */
static int read_episode_word(const struct release_text *text, size_t i, bool bare)
{
    unsigned value;
    struct release_slice slice = release_text_slice(text, i);
    size_t marked = slice.len && *slice.at == 'e' ? 1 : 0;
    if (marked && slice.len > 1 && slice.at[1] == 'p')
        marked = 2;
    if (!marked && !bare)
        return -1;
    struct release_slice digits = skip(slice, marked);
    size_t n = release_text_digits(digits, 4, &value);
    bool versioned = n && digits.len == n + 2 && digits.at[n] == 'v';
    return n && (n == digits.len || versioned) ? (int)value : -1;
}

/* "S01E12", "1x12", whole, of the season; the episode or -1. */
static int read_whole_place(const struct release_text *text, size_t i, unsigned season)
{
    unsigned number, episode;
    struct release_slice slice = release_text_slice(text, i);
    bool marked = slice.len && *slice.at == 's';
    slice = skip(slice, marked);
    size_t n = release_text_digits(slice, 4, &number);
    if (!n || n == slice.len || number != season || slice.at[n] != (marked ? 'e' : 'x'))
        return -1;
    slice = skip(slice, n + 1);
    n = release_text_digits(slice, 4, &episode);
    return n && n == slice.len ? (int)episode : -1;
}

/* What follows an episode: "-E03", "-03", "E04", "+E05", "-S01E03".  Adds the tokens it took. */
static void extend_episodes(struct release_text *text, size_t i, size_t *taken)
{
    struct release_token *token = &text->tokens[i];
    for (;;) {
        size_t next = i + *taken;
        uint8_t gap = gap_of(text, next);
        int value = read_episode_word(text, next, gap == GAP_HYPHEN);
        if (value < 0 && gap & GAP_HYPHEN && token->has_season)
            value = read_whole_place(text, next, token->seasons.first);
        if (value < 0 || value > EPISODE_LAST || gap & (GAP_OPEN | GAP_CLOSE | GAP_SLASH))
            return;
        bool range = gap & GAP_HYPHEN && value > token->episodes.last;
        if (!range && value != token->episodes.last + 1)
            return;
        token->episodes.last = (uint16_t)value;
        ++*taken;
    }
}

/* "e02e03", "e01-e03" is cut at the hyphen; "x02x03" with `mark` x.  The rest of the word. */
static bool read_episode_list(struct release_token *token, struct release_slice slice, char mark)
{
    unsigned value;
    while (slice.len) {
        size_t marked = *slice.at == mark ? 1 : 0;
        if (marked && mark == 'e' && slice.len > 1 && slice.at[1] == 'p')
            marked = 2;
        size_t n = marked ? release_text_digits(skip(slice, marked), 4, &value) : 0;
        if (!n || value > EPISODE_LAST)
            return false;
        if (!token->has_episode)
            set_episode(token, value, value);
        else if (value > token->episodes.last)
            token->episodes.last = (uint16_t)value;
        slice = skip(slice, marked + n);
        if (slice.len == 2 && *slice.at == 'v') /* S01E02v2 */
            return true;
    }
    return token->has_episode;
}

/* "-S07", "-07" behind "S01". */
static size_t extend_seasons(struct release_text *text, size_t i)
{
    unsigned value = 0;
    struct release_token *token = &text->tokens[i];
    uint8_t gap = gap_of(text, i + 1);
    struct release_slice slice = release_text_slice(text, i + 1);
    if (!(gap & GAP_HYPHEN) || gap & (GAP_OPEN | GAP_CLOSE))
        return 1;
    bool marked = slice.len > 1 && *slice.at == 's';
    if (!marked && (gap & GAP_SPACE || slice.len != 2))
        return 1;
    slice = skip(slice, marked);
    size_t n = release_text_digits(slice, 4, &value);
    if (!n || n != slice.len || value <= token->seasons.first || value > SEASON_LAST)
        return 1;
    token->seasons.last = (uint16_t)value;
    return 2;
}

/* "S01EP(01-09)": the numbers stand apart. */
static size_t read_apart(struct release_text *text, size_t i)
{
    struct release_token *token = &text->tokens[i];
    int first = release_text_number(text, i + 1);
    if (first < 0 || first > EPISODE_LAST)
        return 0;
    set_episode(token, (unsigned)first, (unsigned)first);
    size_t taken = 2;
    extend_episodes(text, i, &taken);
    return taken;
}

static size_t read_season_tail(struct release_text *text, size_t i)
{
    struct release_token *token = &text->tokens[i];
    size_t taken = extend_seasons(text, i);
    int value = read_episode_word(text, i + taken, false);
    if (taken > 1 || value < 0 || gap_of(text, i + taken) & (GAP_OPEN | GAP_CLOSE))
        return done(token, taken);
    set_episode(token, (unsigned)value, (unsigned)value);
    taken++;
    extend_episodes(text, i, &taken);
    return done(token, taken);
}

/* S01, S01E02..., T01E02 */
static size_t read_marked(struct release_text *text, size_t i)
{
    unsigned season;
    struct release_token *token = &text->tokens[i];
    struct release_slice slice = release_text_slice(text, i);
    if (slice.len < 2 || (*slice.at != 's' && *slice.at != 't'))
        return 0;
    size_t n = release_text_digits(skip(slice, 1), 4, &season);
    if (!n || season > SEASON_LAST)
        return 0;
    struct release_slice rest = skip(slice, n + 1);
    if (*slice.at == 't' && rest.len < 3) /* "T2" is a title */
        return 0;
    if (rest.len == 2 && memcmp(rest.at, "ep", 2) == 0) {
        size_t taken = read_apart(text, i);
        if (taken)
            set_season(token, season, season);
        return taken ? done(token, taken) : 0;
    }
    if (rest.len && !read_episode_list(token, rest, 'e')) {
        token->has_episode = false;
        return 0;
    }
    set_season(token, season, season);
    if (!rest.len)
        return read_season_tail(text, i);
    size_t taken = 1;
    extend_episodes(text, i, &taken);
    return done(token, taken);
}

/* 1x02 */
static size_t read_crossed(struct release_text *text, size_t i)
{
    unsigned season, episode;
    struct release_token *token = &text->tokens[i];
    struct release_slice slice = release_text_slice(text, i);
    size_t n = release_text_digits(slice, 4, &season);
    bool dated = n == 4 && season >= 1950 && season < 2100; /* a year of sport is its season */
    if (!n || n == slice.len || slice.at[n] != 'x' || (n > 2 && !dated))
        return 0;
    size_t digits = release_text_digits(skip(slice, n + 1), 3, &episode);
    if (digits < 2 || !read_episode_list(token, skip(slice, n), 'x')) {
        token->has_episode = false;
        return 0;
    }
    set_season(token, season, season);
    size_t taken = 1;
    extend_episodes(text, i, &taken);
    return done(token, taken);
}

/* E02, EP02 */
static size_t read_episode_alone(struct release_text *text, size_t i)
{
    int value = read_episode_word(text, i, false);
    struct release_slice slice = release_text_slice(text, i);
    if (value < 0 || value > EPISODE_LAST || slice.len < 3)
        return 0;
    set_episode(&text->tokens[i], (unsigned)value, (unsigned)value);
    size_t taken = 1;
    extend_episodes(text, i, &taken);
    return done(&text->tokens[i], taken);
}

/* The number said by one token, as "3", "03", "2nd"; -1. */
static int read_ordinal(const struct release_text *text, size_t i)
{
    unsigned value;
    struct release_slice slice = release_text_slice(text, i);
    size_t n = release_text_digits(slice, 2, &value);
    if (!n || slice.len != n + 2)
        return -1;
    struct release_slice tail = skip(slice, n);
    static const char tails[][3] = { "st", "nd", "rd", "th" };
    for (size_t k = 0; k < ARRAY_LEN(tails); k++)
        if (memcmp(tail.at, tails[k], 2) == 0)
            return (int)value;
    return -1;
}

static enum release_meaning beside(const struct release_text *text, size_t i)
{
    struct release_slice slice = release_text_slice(text, i);
    size_t taken;
    const struct release_word *word = release_words_find(&slice, 1, &taken);
    return word ? word->meaning : RELEASE_IS_TEXT;
}

static void set_named(struct release_token *token, enum release_meaning what, unsigned first,
                      unsigned last)
{
    if (what == RELEASE_IS_SEASON)
        set_season(token, first, last);
    else
        set_episode(token, first, last);
}

/* "to", as people say it where a season is named in words. */
static bool is_until(const struct release_text *text, size_t i)
{
    static const char *const words[] = { "to", "a", "\u00e0", "al", "bis" };
    for (size_t k = 0; k < ARRAY_LEN(words); k++)
        if (release_text_is(text, i, words[k]))
            return true;
    return false;
}

/* The end of "1-4", "1 - 4", "1 to 4"; `first` when there is none. */
static unsigned read_range_end(const struct release_text *text, size_t i, unsigned first,
                               size_t *taken)
{
    size_t next = i + *taken;
    bool joined = gap_of(text, next) & GAP_HYPHEN;
    bool to = is_until(text, next) || release_text_is(text, next, "of");
    int last = release_text_number(text, to ? next + 1 : next);
    if (release_text_is(text, next, "of") && last >= 0) { /* "3 of 8" */
        *taken += 2;
        return first;
    }
    if ((!joined && !to) || last <= (int)first || last > EPISODE_LAST ||
        gap_of(text, next) & (GAP_OPEN | GAP_CLOSE) || (last >= 1900 && first < 100))
        return first;
    *taken += to ? 2 : 1;
    return (unsigned)last;
}

/* "1,2,3": each the next. */
static unsigned read_list_end(const struct release_text *text, size_t i, unsigned last,
                              size_t *taken)
{
    while (gap_of(text, i + *taken) & GAP_OTHER &&
           release_text_number(text, i + *taken) == (int)last + 1) {
        last++;
        ++*taken;
    }
    return last;
}

static bool is_apart(uint8_t gap)
{
    return gap & GAP_HYPHEN && gap & GAP_SPACE;
}

/* "Cap.305", "Cap.201_210": the hundreds are the season. */
static void split_hundreds(struct release_text *text, size_t i, unsigned first, unsigned last,
                           size_t *taken)
{
    int end =
        gap_of(text, i + *taken) == GAP_UNDERSCORE ? release_text_number(text, i + *taken) : -1;
    if (*taken == 2 && end > (int)first && (unsigned)end / 100 == first / 100) {
        last = (unsigned)end;
        ++*taken;
    }
    if (last / 100 != first / 100)
        return;
    set_season(&text->tokens[i], first / 100, first / 100);
    set_episode(&text->tokens[i], first % 100, last % 100);
}

/* "Season 3", "Seasons 1-4", "Episode 08"; "Series 2 Part 11". */
static size_t read_named(struct release_text *text, size_t i)
{
    enum release_meaning what = beside(text, i);
    if (what != RELEASE_IS_SEASON && what != RELEASE_IS_EPISODE)
        return 0;
    int first = release_text_number(text, i + 1);
    if (first < 0 || first > EPISODE_LAST || gap_of(text, i + 1) & (GAP_CLOSE | GAP_SLASH) ||
        (first >= 1900 && first < 2100) || is_apart(gap_of(text, i + 1)) ||
        (what == RELEASE_IS_SEASON && text->tokens[i + 1].len > 2))
        return 0;
    size_t taken = 2;
    unsigned last = read_range_end(text, i, (unsigned)first, &taken);
    last = read_list_end(text, i, last, &taken);
    set_named(&text->tokens[i], what, (unsigned)first, last);
    if (release_text_is(text, i, "cap") && first > 100 && first % 100)
        split_hundreds(text, i, (unsigned)first, last, &taken);
    int part = release_text_number(text, i + taken + 1);
    if (release_text_is(text, i, "series") && release_text_is(text, i + taken, "part") &&
        part >= 0 && part <= EPISODE_LAST) {
        set_episode(&text->tokens[i], (unsigned)part, (unsigned)part);
        taken += 2;
    }
    return done(&text->tokens[i], taken);
}

/* "2nd Season", "2. Sezon", "7.B\u00f6l\u00fcm": the number comes first. */
static size_t read_named_behind(struct release_text *text, size_t i)
{
    enum release_meaning what = beside(text, i + 1);
    int ordinal = read_ordinal(text, i), number = release_text_number(text, i);
    if (what != RELEASE_IS_SEASON && what != RELEASE_IS_EPISODE)
        return 0;
    if (gap_of(text, i + 1) & (GAP_OPEN | GAP_CLOSE | GAP_SLASH | GAP_OTHER | GAP_HYPHEN))
        return 0;
    bool dotted =
        gap_of(text, i + 1) & GAP_DOT || !strchr("sSeE", *release_text_slice(text, i + 1).at);
    int after = release_text_number(text, i + 2);
    bool names_next = after >= 0 && after < 1000 && ordinal < 0;
    if (ordinal < 0 && (number < 0 || number > 99 || !dotted ||
                        (names_next && !(gap_of(text, i + 1) & GAP_SPACE) &&
                         beside(text, i + 3) == RELEASE_IS_TEXT)))
        return 0;
    unsigned value = (unsigned)(ordinal >= 0 ? ordinal : number);
    set_named(&text->tokens[i], what, value, value);
    return done(&text->tokens[i], 2);
}

/* "1-6 \u0441\u0435\u0440\u0438\u0438": a range before its word, which is none in English. */
static size_t read_range_behind(struct release_text *text, size_t i)
{
    enum release_meaning what = beside(text, i + 2);
    int first = release_text_number(text, i), last = release_text_number(text, i + 1);
    if ((what != RELEASE_IS_SEASON && what != RELEASE_IS_EPISODE) || first < 0 || last <= first ||
        last >= 1900 || gap_of(text, i + 1) != GAP_HYPHEN || gap_of(text, i + 2) != GAP_SPACE ||
        !(*release_text_slice(text, i + 2).at & 0x80))
        return 0;
    set_named(&text->tokens[i], what, (unsigned)first, (unsigned)last);
    return done(&text->tokens[i], 3);
}

/* \u7b2c04\u96c6: "number 4", episode or season by what stands behind. */
static size_t read_chinese(struct release_text *text, size_t i)
{
    static const struct {
        char bytes[4];
        enum release_meaning what;
    } counters[] = { { "\u96c6", RELEASE_IS_EPISODE }, { "\u8bdd", RELEASE_IS_EPISODE },
                     { "\u8a71", RELEASE_IS_EPISODE }, { "\u56de", RELEASE_IS_EPISODE },
                     { "\u5b63", RELEASE_IS_SEASON },  { "\u671f", RELEASE_IS_SEASON } };
    struct release_slice slice = release_text_slice(text, i);
    unsigned value;
    if (slice.len < 4 || memcmp(slice.at, "\u7b2c", 3) != 0)
        return 0;
    size_t n = release_text_digits(skip(slice, 3), 4, &value), taken = 1;
    unsigned last = value;
    if (n && slice.len == n + 3 && gap_of(text, i + 1) == GAP_HYPHEN) {
        slice = release_text_slice(text, i + 1);
        n = release_text_digits(slice, 4, &last);
        taken = 2;
    } else
        slice = skip(slice, 3);
    if (!n || slice.len < n + 3 || last < value)
        return 0;
    for (size_t k = 0; k < ARRAY_LEN(counters); k++)
        if (memcmp(slice.at + n, counters[k].bytes, 3) == 0) {
            set_named(&text->tokens[i], counters[k].what, value, last);
            return done(&text->tokens[i], taken);
        }
    return 0;
}

size_t release_place_read(struct release_text *text, size_t i)
{
    static size_t (*const readers[])(struct release_text *, size_t) = {
        read_marked,       read_crossed,      read_episode_alone, read_named,
        read_named_behind, read_range_behind, read_chinese,
    };
    size_t taken = 0;
    for (size_t k = 0; k < ARRAY_LEN(readers) && !taken; k++)
        taken = readers[k](text, i);
    return taken;
}
