/* SPDX-License-Identifier: MIT */
#include "ctl/table.h"

#include <stdarg.h>
#include <string.h>
#include <utf8proc.h>

enum { MAX_BYTES = 16 << 20, GAP = 2 };

void table_done(struct table *table)
{
    text_done(&table->text);
}

void table_cell(struct table *table, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    CLEANUP(mem_free) char *cell = mem_format_args(fmt, args);
    va_end(args);
    for (unsigned char *at = (unsigned char *)cell; *at; at++)
        *at = *at < ' ' || *at == 0x7F ? ' ' : *at;
    table->text.limit = MAX_BYTES;
    text_add_string(&table->text, cell);
    text_add_char(&table->text, '\t');
}

void table_end_row(struct table *table)
{
    text_add_char(&table->text, '\n');
}

/* The bytes of the first character and the columns it takes. */
static size_t step(const char *text, size_t len, unsigned *out_columns)
{
    utf8proc_int32_t point;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &point);
    int columns = n > 0 ? utf8proc_charwidth(point) : 1;
    *out_columns = columns > 0 ? (unsigned)columns : 0;
    return n > 0 ? (size_t)n : 1;
}

unsigned table_width_of(const char *text, size_t len)
{
    unsigned width = 0;
    for (size_t at = 0; at < len;) {
        unsigned columns;
        at += step(text + at, len - at, &columns);
        width += columns;
    }
    return width;
}

/* How many bytes fit into `width` columns. */
static size_t fitting(const char *text, size_t len, unsigned width)
{
    size_t at = 0;
    for (unsigned used = 0; at < len;) {
        unsigned columns;
        size_t n = step(text + at, len - at, &columns);
        if (used + columns > width)
            break;
        used += columns;
        at += n;
    }
    return at;
}

struct column {
    const char *name;
    size_t name_len;
    bool right;
    unsigned width;
};

static unsigned read_heading(const char *heading, struct column columns[TABLE_COLUMNS])
{
    unsigned n = 0;
    for (const char *at = heading ? heading : ""; *at && n < TABLE_COLUMNS; n++) {
        columns[n].right = *at == '>';
        at += columns[n].right;
        columns[n].name = at;
        columns[n].name_len = strcspn(at, "|");
        columns[n].width = table_width_of(at, columns[n].name_len);
        at += columns[n].name_len;
        at += *at == '|';
    }
    return n;
}

static void measure(const char *text, struct column columns[TABLE_COLUMNS])
{
    for (unsigned column = 0; *text; text++) {
        size_t len = strcspn(text, "\t\n");
        if (text[len] == '\t' && column < TABLE_COLUMNS)
            columns[column].width = MAX(columns[column].width, table_width_of(text, len));
        column = text[len] == '\n' ? 0 : column + 1;
        text += len;
    }
}

struct printing {
    struct column columns[TABLE_COLUMNS];
    unsigned width; /* of the terminal; 0: any */
    unsigned used;  /* columns of this line */
    unsigned owed;  /* spaces before the next cell; none stand at the end of a line */
    FILE *out;
};

static void print_cell(struct printing *printing, unsigned at, const char *cell, size_t len,
                       bool last)
{
    const struct column *column = &printing->columns[MIN(at, TABLE_COLUMNS - 1u)];
    unsigned width = table_width_of(cell, len);
    unsigned missing = column->width > width ? column->width - width : 0;
    if (!len) {
        printing->owed += missing + GAP;
        return;
    }
    unsigned before = printing->owed + (column->right ? missing : 0);
    unsigned start = printing->used + before;
    bool cut = last && printing->width > start + 1 && width > printing->width - start;
    if (cut)
        len = fitting(cell, len, printing->width - start - 1);
    fprintf(printing->out, "%*s", (int)before, "");
    fwrite(cell, 1, len, printing->out);
    fputs(cut ? "…" : "", printing->out);
    printing->used = start + width;
    printing->owed = GAP + (column->right ? 0 : missing);
}

static void end_line(struct printing *printing)
{
    putc('\n', printing->out);
    printing->used = printing->owed = 0;
}

static void print_rows(struct printing *printing, const char *text)
{
    unsigned column = 0;
    for (; *text; text++) {
        size_t len = strcspn(text, "\t\n");
        if (text[len] == '\t')
            print_cell(printing, column++, text, len, text[len + 1] == '\n');
        else {
            end_line(printing);
            column = 0;
        }
        text += len;
    }
}

void table_print(const struct table *table, unsigned width, FILE *out)
{
    struct printing printing = { .width = width, .out = out };
    unsigned n = read_heading(table->heading, printing.columns);
    measure(text_string(&table->text), printing.columns);
    for (unsigned i = 0; i < n; i++)
        print_cell(&printing, i, printing.columns[i].name, printing.columns[i].name_len,
                   i + 1 == n);
    if (n)
        end_line(&printing);
    print_rows(&printing, text_string(&table->text));
}

/* A terminal obeys control characters; a text from outside must not command it. */
static void put_clean(const char *text, size_t len, FILE *out)
{
    for (size_t i = 0; i < len; i++)
        putc((unsigned char)text[i] < ' ' || text[i] == 0x7F ? '?' : text[i], out);
}

void table_wrap(const char *text, unsigned indent, unsigned width, FILE *out)
{
    unsigned used = 0;
    for (const char *at = text + strspn(text, " \t\r\n"); *at; at += strspn(at, " \t\r\n")) {
        size_t len = strcspn(at, " \t\r\n");
        unsigned columns = table_width_of(at, len);
        if (used && used + 1 + columns > width) {
            putc('\n', out);
            used = 0;
        }
        fprintf(out, "%*s", used ? 1 : (int)indent, "");
        put_clean(at, len, out);
        used = (used ? used + 1 : indent) + columns;
        at += len;
    }
    if (used)
        putc('\n', out);
}
