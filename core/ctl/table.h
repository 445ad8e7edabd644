/* SPDX-License-Identifier: MIT
 *
 * Tables for a terminal: columns as wide as their widest cell, in columns of the terminal and not
 * in bytes.  What comes from outside cannot break a row: control characters are shown as spaces.
 * One thread. */
#pragma once

#include "base/text.h"

enum { TABLE_COLUMNS = 16 };

struct table {
    struct text text;    /* cells end with \t, rows with \n */
    const char *heading; /* names with '|' between, '>' before those that align to the right */
};

void table_done(struct table *table);
DEFINE_CLEANUP_VALUE(struct table, table_done);

void table_cell(struct table *table, const char *fmt, ...) PRINTF(2, 3);
void table_end_row(struct table *table);

/* `width` is that of the terminal; what goes beyond it in the last column is cut.  0: nothing is.
 */
void table_print(const struct table *table, unsigned width, FILE *out);

/* Columns a text takes. */
unsigned table_width_of(const char *text, size_t len);

/* A paragraph, broken between words to fit `width`, each line behind `indent` spaces. */
void table_wrap(const char *text, unsigned indent, unsigned width, FILE *out);
