/* SPDX-License-Identifier: MIT */
#include "naming/release_grammar.h"

#include <string.h>

#include "base/cleanup.h"

static void copy(const struct release_text *text, size_t from, size_t to, struct release_name *out)
{
    size_t start = text->tokens[from].start;
    size_t end = text->tokens[to - 1].start + text->tokens[to - 1].len;
    size_t len = MIN(end - start, sizeof out->group - 1);
    while (len && (text->bytes[start + len] & 0xC0) == 0x80)
        len--; /* never half a character */
    memcpy(out->group, text->bytes + start, len);
    out->group[len] = '\0';
}

/* A group goes on over dots and hyphens, and ends at a blank or a bracket. */
static size_t run_end(const struct release_text *text, size_t i, size_t last)
{
    size_t end = i + 1;
    while (end < last && !(text->tokens[end].gap & ~(GAP_DOT | GAP_HYPHEN)))
        end++;
    return end;
}

/* A name in a bracket of its own: [YTS.MX]; a site's mark is none. */
static bool take_bracket(const struct release_text *text, size_t i, size_t last,
                         struct release_name *out)
{
    uint8_t bracket = text->tokens[i].bracket;
    size_t end = i;
    while (end < last && text->tokens[end].bracket == bracket) {
        if (text->tokens[end].meaning == RELEASE_IS_SITE)
            return false;
        end++;
    }
    if (!bracket || text->tokens[i].opener != '[' || end - i > 4)
        return false;
    copy(text, i, end, out);
    return true;
}

/* Behind the last tag: "-GROUP", " - GROUP", "x264 GROUP", "by GROUP". */
static bool take_behind(const struct release_text *text, size_t i, size_t last, bool only_glued,
                        struct release_name *out)
{
    if ((release_text_is(text, i, "by") || release_text_is(text, i, "\u043e\u0442")) &&
        i + 1 < last)
        i++;
    uint8_t gap = text->tokens[i].gap;
    if (text->tokens[i].meaning == RELEASE_IS_SITE && gap != GAP_HYPHEN)
        return false;
    if (gap & GAP_OPEN)
        return take_bracket(text, i, last, out);
    size_t end = run_end(text, i, last);
    bool closed = end == last || text->tokens[end].gap & (GAP_OPEN | GAP_CLOSE);
    if (only_glued && !(gap & GAP_HYPHEN && !(gap & GAP_SPACE) && closed))
        return false;
    copy(text, i, end, out);
    return true;
}

void release_group_take(const struct release_text *text, const struct release_layout *layout,
                        size_t last_tag, struct release_name *out)
{
    size_t after = last_tag == RELEASE_NOWHERE ? layout->last : last_tag + 1;
    while (after < layout->last && text->tokens[after].follows)
        after++; /* the end of a batch */
    bool tagged = last_tag != RELEASE_NOWHERE && last_tag != layout->year &&
                  last_tag != layout->number &&
                  text->tokens[last_tag].meaning != RELEASE_IS_PLACE &&
                  text->tokens[last_tag].meaning != RELEASE_IS_DATE;
    if (after < layout->last && take_behind(text, after, layout->last, !tagged, out))
        return;
    if (layout->lead == RELEASE_NOWHERE)
        return;
    size_t end = layout->lead;
    while (end < text->n && text->tokens[end].bracket == text->tokens[layout->lead].bracket)
        end++;
    copy(text, layout->lead, end, out);
}
