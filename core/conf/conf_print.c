/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "conf_held.h"

enum { LINE_MAX_LEN = 78, VALUE_WIDTH = 52 };

static const void *value_of(const struct conf_held *held, const struct conf_row *row)
{
    return (const char *)&held->conf + row->offset;
}

static void add_texts(struct text *out, const char *const *texts, size_t n)
{
    text_add_string(out, "[");
    for (size_t i = 0; i < n; i++) {
        text_add_string(out, i ? ", " : " ");
        text_add_json_string(out, texts[i]);
    }
    text_add_string(out, n ? " ]" : "]");
}

static void add_list(struct text *out, const struct conf_list *list)
{
    add_texts(out, list->values, list->n);
}

static void add_text(struct text *out, const struct conf_row *row, const char *value)
{
    if (!value)
        text_add_string(out, "none");
    else if (row->flags & CONF_SECRET)
        text_add_string(out, "***");
    else
        text_add_json_string(out, value);
}

static void add_value(struct text *out, const struct conf_held *held, const struct conf_row *row)
{
    const void *value = value_of(held, row);
    switch (row->type) {
    case CONF_INTEGER:
    case CONF_SIZE:
        text_add_format(out, "%lld", (long long)*(const int64_t *)value);
        break;
    case CONF_BOOL:
        text_add_string(out, *(const bool *)value ? "true" : "false");
        break;
    case CONF_LIST:
        add_list(out, value);
        break;
    default:
        add_text(out, row, *(const char *const *)value);
    }
}

void conf_print_line(FILE *out, const char *line, const char *origin)
{
    fprintf(out, "%-*s  # %s\n", VALUE_WIDTH, line, origin);
}

static void print_provider_line(const struct conf_provider_line *from, FILE *out)
{
    CLEANUP(text_done) struct text line = TEXT_INIT(64 << 10);
    CLEANUP(mem_free) char *origin = mem_format("%s:%u", from->file, from->line);
    text_add_format(&line, "%s.%s = ", from->provider, from->key);
    text_add_json_string(&line, from->value);
    conf_print_line(out, text_string(&line), origin);
}

static void print_orders(const struct conf_held *held, const struct conf_row *row, FILE *out)
{
    const struct conf_orders *orders = value_of(held, row);
    CLEANUP(text_done) struct text none = TEXT_INIT(256);
    text_add_format(&none, "%s = {}", row->key);
    if (!orders->n)
        conf_print_line(out, text_string(&none), held->origins[row - conf_table]);
    for (size_t i = 0; i < orders->n; i++) {
        const struct merge_field_order *order = &orders->values[i];
        CLEANUP(text_done) struct text line = TEXT_INIT(64 << 10);
        text_add_format(&line, "%s.%s = ", row->key, order->field);
        add_texts(&line, order->precedence, order->n_precedence);
        conf_print_line(out, text_string(&line), held->order_origins[i]);
    }
}

void conf_print(const struct conf *conf, FILE *out)
{
    const struct conf_held *held = (const struct conf_held *)(const void *)conf;
    for (size_t i = 0; i < conf_table_len; i++) {
        if (conf_table[i].type == CONF_ORDERS) {
            print_orders(held, &conf_table[i], out);
            continue;
        }
        CLEANUP(text_done) struct text line = TEXT_INIT(64 << 10);
        text_add_format(&line, "%s = ", conf_table[i].key);
        add_value(&line, held, &conf_table[i]);
        conf_print_line(out, text_string(&line), held->origins[i]);
    }
    for (size_t i = 0; i < held->n_lines; i++)
        print_provider_line(&held->lines[i], out);
}

/* A list as the table spells it: words with blanks between them. */
static void add_words(struct text *out, const char *text)
{
    text_add_char(out, '[');
    for (const char *at = text; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        CLEANUP(mem_free) char *word = mem_format("%.*s", (int)len, at);
        text_add_string(out, at == text ? " " : ", ");
        text_add_json_string(out, word);
        at += len;
    }
    text_add_string(out, " ]");
}

/* What somebody would write behind the key. */
static void add_sample(struct text *out, const struct conf_row *row)
{
    const char *text = row->sample ? row->sample : row->fallback;
    bool number = strspn(text, "0123456789") == strlen(text);
    if (row->type == CONF_ORDERS) {
        text_add_string(out, text);
    } else if (row->type == CONF_LIST) {
        add_words(out, text);
    } else if (row->type == CONF_INTEGER || row->type == CONF_BOOL ||
               (row->type == CONF_SIZE && number)) {
        text_add_string(out, text);
    } else {
        text_add_json_string(out, text);
    }
}

/* "0 to 65535", "one of: sync batch", or nothing. */
static void add_bounds(struct text *out, const struct conf_row *row)
{
    if (row->type == CONF_INTEGER)
        text_add_format(out, "%lld to %lld%s%s", (long long)row->min, (long long)row->max,
                        row->unit ? " " : "", row->unit ? row->unit : "");
    else if (row->type == CONF_SIZE)
        text_add_format(out, "%lld to %lld bytes", (long long)row->min, (long long)row->max);
    else if (row->type == CONF_CHOICE)
        text_add_format(out, "One of: %s", row->choices);
    else if (row->wanted)
        text_add_format(out, "%s %s",
                        row->type == CONF_LIST || row->type == CONF_ORDERS ? "Each is" : "It is",
                        row->wanted);
}

static void add_variables(struct text *out, const struct conf_row *row)
{
    char name[CONF_ENV_LEN];
    text_add_string(out, conf_table_env(row, name));
    if (row->flags & CONF_SECRET)
        text_add_format(out, ", %s_FILE", name);
    if (row->env)
        text_add_format(out, ", %s", row->env);
}

/* Breaks at spaces, each line behind `indent` and a '#'. */
static void print_comment(FILE *out, const char *indent, const char *text)
{
    size_t room = LINE_MAX_LEN - strlen(indent);
    while (*text) {
        size_t len = strlen(text);
        if (len > room) {
            for (len = room; len && text[len] != ' '; len--)
                continue;
            len = len ? len : strcspn(text, " ");
        }
        fprintf(out, "%s# %.*s\n", indent, (int)len, text);
        text += len + (text[len] == ' ');
    }
}

static void print_sample_row(FILE *out, const struct conf_row *row, const char *name,
                             const char *indent)
{
    CLEANUP(text_done) struct text help = TEXT_INIT(4096);
    CLEANUP(text_done) struct text bounds = TEXT_INIT(1024);
    CLEANUP(text_done) struct text value = TEXT_INIT(1024);
    add_bounds(&bounds, row);
    text_add_string(&help, row->help);
    if (bounds.len)
        text_add_format(&help, " %s.", text_string(&bounds));
    text_add_string(&help, " Environment: ");
    add_variables(&help, row);
    print_comment(out, indent, text_string(&help));
    add_sample(&value, row);
    fprintf(out, "%s#%s = %s;\n", indent, name, text_string(&value));
}

static size_t group_len(const struct conf_row *row)
{
    const char *dot = strchr(row->key, '.');
    return dot ? (size_t)(dot - row->key) : 0;
}

static bool same_group(const struct conf_row *a, const struct conf_row *b)
{
    return group_len(a) == group_len(b) && strncmp(a->key, b->key, group_len(a)) == 0;
}

void conf_print_sample(FILE *out)
{
    fputs("# miauflixd's configuration, in the syntax of libconfig.  What stands here behind a '#' "
          "is what\n# holds without it, or an example where that depends on the installation.\n"
          "# `miauflixd --check` judges this file, `miauflixd --print-config` shows what came of "
          "it.\n# Providers have a file each, in providers.d.  This file is written by `miauflixd "
          "--print-sample`.\n",
          out);
    for (size_t i = 0; i < conf_table_len; i++) {
        const struct conf_row *row = &conf_table[i];
        size_t len = group_len(row);
        fputs("\n", out);
        if (len && !same_group(row, row - 1))
            fprintf(out, "%.*s = {\n", (int)len, row->key);
        print_sample_row(out, row, row->key + (len ? len + 1 : 0), len ? "    " : "");
        if (len && (i + 1 == conf_table_len || !same_group(row, row + 1)))
            fputs("};\n", out);
    }
}

/* roff reads a leading '.' or "'" as a request and '\' and '-' in its own way. */
static void print_roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (const char *at = text; *at; at++) {
        if (*at == '\\')
            fputs("\\e", out);
        else if (*at == '-')
            fputs("\\-", out);
        else
            fputc(*at, out);
    }
    fputc('\n', out);
}

static void print_manual_row(FILE *out, const struct conf_row *row)
{
    CLEANUP(text_done) struct text line = TEXT_INIT(4096);
    CLEANUP(text_done) struct text bounds = TEXT_INIT(1024);
    fprintf(out, ".TP\n.B %s\n", row->key);
    print_roff(out, row->help);
    if (row->fallback && *row->fallback) {
        text_add_string(&line, "Default: ");
        text_add_format(&line, "%s.", row->fallback);
        print_roff(out, text_string(&line));
    }
    add_bounds(&bounds, row);
    if (bounds.len) {
        text_add_string(&bounds, ".");
        print_roff(out, text_string(&bounds));
    }
    text_clear(&line);
    text_add_string(&line, "Environment: ");
    add_variables(&line, row);
    text_add_string(&line, ".");
    print_roff(out, text_string(&line));
}

void conf_print_manual(FILE *out)
{
    for (size_t i = 0; i < conf_table_len; i++)
        print_manual_row(out, &conf_table[i]);
}
