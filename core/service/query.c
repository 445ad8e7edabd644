/* SPDX-License-Identifier: MIT */
#include "service/query.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "index/fold.h"

#define BLANKS " \t\r\n\f\v"

static char *copy_trimmed(const char *text, size_t len)
{
    while (len && strchr(BLANKS, *text)) {
        text++;
        len--;
    }
    while (len && strchr(BLANKS, text[len - 1]))
        len--;
    return mem_format("%.*s", (int)len, text);
}

/* "1963", "(1963)". */
static int year_of(const char *part, size_t len, struct fold *fold)
{
    fold_text(part, len, fold);
    return fold->n == 1 ? fold_year(fold->words[0]) : 0;
}

/* A year is a hint where other words remain, and the last one is: "2001 a space odyssey 1968". */
static void take_year_out(struct query *query, struct fold *fold)
{
    const char *at = query->text, *year_at = NULL;
    size_t year_len = 0, len;
    for (; *(at += strspn(at, BLANKS)); at += len) {
        len = strcspn(at, BLANKS);
        int year = year_of(at, len, fold);
        if (!year)
            continue;
        query->year = year;
        year_at = at;
        year_len = len;
    }
    if (!year_at)
        return;
    CLEANUP(mem_free)
    char *rest =
        mem_format("%.*s%s", (int)(year_at - query->text), query->text, year_at + year_len);
    fold_text(rest, strlen(rest), fold);
    if (fold->n)
        query->words = copy_trimmed(rest, strlen(rest));
    else
        query->year = 0;
}

void query_read(const char *text, struct query *out)
{
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    *out = (struct query){ .text = copy_trimmed(text, strlen(text)) };
    fold_text(out->text, strlen(out->text), fold);
    out->has_words = fold->n > 0;
    if (!ids_parse(out->text, out->id)) {
        *out->id = '\0';
        take_year_out(out, fold);
    }
}

void query_done(struct query *query)
{
    free(query->text);
    free(query->words);
    *query = (struct query){ 0 };
}
