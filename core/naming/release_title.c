/* SPDX-License-Identifier: MIT */
#include "naming/release_grammar.h"

#include <string.h>

#include "base/cleanup.h"

struct span {
    size_t from, to; /* tokens */
};

static bool is_latin(const struct release_text *text, size_t i)
{
    const struct release_token *token = &text->tokens[i];
    bool letter = false;
    for (size_t k = 0; k < token->len; k++) {
        unsigned char c = (unsigned char)text->lower[token->start + k];
        letter |= c >= 'a' && c <= 'z';
        if (c >= 0xCD && c != 0xE2)
            return false; /* Greek and beyond; 0xE2 is punctuation */
    }
    return letter;
}

static bool is_foreign(const struct release_text *text, size_t i)
{
    const struct release_token *token = &text->tokens[i];
    for (size_t k = 0; k < token->len; k++) {
        unsigned char c = (unsigned char)text->lower[token->start + k];
        if (c >= 0xCD && c != 0xE2)
            return true;
    }
    return false;
}

static size_t count(const struct release_text *text, struct span span,
                    bool (*is)(const struct release_text *, size_t))
{
    size_t n = 0;
    for (size_t i = span.from; i < span.to; i++)
        n += is(text, i);
    return n;
}

/* Whether the blank between two words was written as a dot or a line. */
static bool is_blank_for(const struct release_text *text, struct span span)
{
    for (size_t i = span.from + 1; i < span.to; i++)
        if (text->tokens[i].gap & GAP_SPACE)
            return false;
    return true;
}

/* "S.H.I.E.L.D": single capitals keep their dots. */
static bool is_initial(const struct release_text *text, size_t i, struct span span)
{
    return i >= span.from && i < span.to && text->tokens[i].len == 1 &&
           text->bytes[text->tokens[i].start] >= 'A' && text->bytes[text->tokens[i].start] <= 'Z';
}

struct writer {
    char *out;
    size_t len;
};

static void put(struct writer *writer, const char *bytes, size_t len)
{
    if (writer->len + len >= RELEASE_NAME_TITLE)
        len = 0;
    memcpy(writer->out + writer->len, bytes, len);
    writer->len += len;
}

/* A character that is put in parts could be cut within. */
static size_t character_len(const char *at)
{
    size_t len = 1;
    while ((at[len] & 0xC0) == 0x80)
        len++;
    return len;
}

/* What stands between two words of a title, dots and lines read as blanks. */
static void put_gap(const struct release_text *text, size_t i, struct span span, bool dotted,
                    struct writer *writer)
{
    size_t from = text->tokens[i - 1].start + text->tokens[i - 1].len;
    bool initials = is_initial(text, i - 1, span) && is_initial(text, i, span);
    bool after_initials = is_initial(text, i - 1, span) && is_initial(text, i - 2, span);
    if (dotted && initials) {
        put(writer, ".", 1);
        return;
    }
    if (dotted && after_initials)
        put(writer, ".", 1);
    for (size_t at = from, len; at < text->tokens[i].start; at += len) {
        char c = text->bytes[at];
        bool blank = c == '_' || c == ' ' || (c == '.' && dotted);
        len = character_len(text->bytes + at);
        if (!blank)
            put(writer, text->bytes + at, len);
        else if (writer->len && writer->out[writer->len - 1] != ' ')
            put(writer, " ", 1);
    }
}

static void trim(struct writer *writer)
{
    while (writer->len && strchr(" -_|/([{,;:~+=", writer->out[writer->len - 1]))
        writer->len--;
    writer->out[writer->len] = '\0';
}

/* The last dot of "S.H.I.E.L.D.", and closing signs, belong to the last word. */
static void put_tail(const struct release_text *text, struct span span, struct writer *writer)
{
    const struct release_token *last = &text->tokens[span.to - 1];
    size_t at = last->start + last->len;
    bool initials = is_initial(text, span.to - 1, span) && is_initial(text, span.to - 2, span);
    if (text->bytes[at] == '.' && initials)
        put(writer, ".", 1);
    bool opened = memchr(writer->out, text->bytes[at] == ')' ? '(' : '[', writer->len) != NULL;
    if (opened && (text->bytes[at] == ')' || text->bytes[at] == ']'))
        put(writer, text->bytes + at, 1);
}

static void write_title(const struct release_text *text, struct span span, char *out)
{
    struct writer writer = { .out = out };
    bool dotted = is_blank_for(text, span);
    const struct release_token *first = &text->tokens[span.from];
    if (first->start && text->bytes[first->start - 1] == '(' && first->bracket)
        put(&writer, "(", 1); /* (500) Days of Summer */
    for (size_t i = span.from; i < span.to; i++) {
        if (i > span.from)
            put_gap(text, i, span, dotted, &writer);
        put(&writer, text->bytes + text->tokens[i].start, text->tokens[i].len);
    }
    trim(&writer);
    if (writer.len)
        put_tail(text, span, &writer);
    out[writer.len] = '\0';
}

/* "Brother / Other title": cut at the slashes; the part in Latin letters is the title when the
 * first is not. */
static struct span choose(const struct release_text *text, struct span whole, struct span *other)
{
    struct span first = whole, best = whole;
    for (size_t i = whole.from + 1, from = whole.from; i <= whole.to; i++) {
        bool cut =
            i == whole.to || (text->tokens[i].gap & GAP_SLASH && text->tokens[i].gap & GAP_SPACE);
        if (!cut)
            continue;
        struct span part = { from, i };
        if (from == whole.from)
            first = best = part;
        else if (count(text, first, is_foreign) && !count(text, part, is_foreign) &&
                 best.from == first.from)
            best = part;
        else if (!other->to)
            *other = part;
        from = i;
    }
    if (best.from != first.from)
        *other = first;
    return best;
}

/* "Original.Name.Latin Name" without a slash: the script changes once. */
static struct span part_scripts(const struct release_text *text, struct span span,
                                struct span *other)
{
    size_t i = span.from;
    while (i < span.to && is_foreign(text, i))
        i++;
    if (i == span.from || i == span.to || !is_latin(text, i) ||
        count(text, (struct span){ i, span.to }, is_foreign))
        return span;
    *other = (struct span){ span.from, i };
    return (struct span){ i, span.to };
}

static bool has_words(const struct release_text *text, size_t from, size_t to)
{
    while (from < to && (text->tokens[from].meaning == RELEASE_IS_YEAR ||
                         text->tokens[from].meaning == RELEASE_IS_NUMBER))
        from++;
    return from < to;
}

/* A bracket that closes a title holds its name in another language, or years: (2001-2011). */
static struct span part_bracket(const struct release_text *text, struct span span,
                                struct span *other)
{
    uint8_t bracket = text->tokens[span.to - 1].bracket;
    size_t i = span.to;
    while (i > span.from && text->tokens[i - 1].bracket == bracket)
        i--;
    if (!bracket || i == span.from || text->tokens[i].opener != '(')
        return span;
    if (has_words(text, i, span.to))
        *other = (struct span){ i, span.to };
    return (struct span){ span.from, i };
}

void release_title_take(const struct release_text *text, const struct release_layout *layout,
                        struct release_name *out)
{
    struct span whole = { layout->start, layout->end }, other = { 0, 0 };
    if (whole.from >= whole.to)
        return;
    struct span span = choose(text, whole, &other);
    span = part_scripts(text, span, &other);
    span = part_bracket(text, span, &other);
    write_title(text, span, out->title);
    if (other.to)
        write_title(text, other, out->other_title);
    if (*out->other_title == '(' && !strchr(out->other_title, ')'))
        memmove(out->other_title, out->other_title + 1, strlen(out->other_title));
}
