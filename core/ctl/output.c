/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "ctl/ctl.h"

enum { MAX_COLUMNS = 12, MAX_TABLE = 4 << 20 };

int ctl_print_json(const json_t *value)
{
    CLEANUP(mem_free) char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY);
    puts(text ? text : "null");
    return CTL_OK;
}

void ctl_table_row(struct ctl_table *table, const char *fmt, ...)
{
    if (!table->text.limit)
        table->text.limit = MAX_TABLE;
    va_list args;
    va_start(args, fmt);
    CLEANUP(mem_free) char *row = NULL;
    if (vasprintf(&row, fmt, args) >= 0) {
        text_add_string(&table->text, row);
        text_add_char(&table->text, '\n');
    }
    va_end(args);
}

/* Characters, not bytes: titles come in every script. */
static int width_of(const char *text, size_t len)
{
    int width = 0;
    for (size_t i = 0; i < len; i++)
        width += ((unsigned char)text[i] & 0xC0) != 0x80;
    return width;
}

/* Calls `each` for every cell. */
static void each_cell(const char *text,
                      void (*each)(const char *cell, size_t len, unsigned column, bool last,
                                   int *widths),
                      int *widths)
{
    unsigned column = 0;
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "\t\n");
        bool last = at[len] != '\t';
        each(at, len, MIN(column, MAX_COLUMNS - 1u), last, widths);
        column = last ? 0 : column + 1;
        at += len + (at[len] != '\0');
    }
}

static void measure(const char *cell, size_t len, unsigned column, bool last UNUSED, int *widths)
{
    widths[column] = MAX(widths[column], width_of(cell, len));
}

static void print_cell(const char *cell, size_t len, unsigned column, bool last, int *widths)
{
    fwrite(cell, 1, len, stdout);
    if (last)
        putchar('\n');
    else
        printf("%*s", widths[column] - width_of(cell, len) + 2, "");
}

void ctl_table_print(struct ctl_table *table)
{
    int widths[MAX_COLUMNS] = { 0 };
    each_cell(text_string(&table->text), measure, widths);
    each_cell(text_string(&table->text), print_cell, widths);
    text_done(&table->text);
}
