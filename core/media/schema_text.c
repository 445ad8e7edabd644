/* SPDX-License-Identifier: MIT */
#include "media/schema.h"

#include "base/cleanup.h"

static void write_range(const struct schema_field *field, struct text *out)
{
    text_add_format(out, ", %lld..%lld", (long long)field->min, (long long)field->max);
}

/* The type of one value of a field. */
static void write_type(const struct schema_field *field, struct text *out)
{
    static const char *const said[] = {
        [SCHEMA_INT] = "integer",       [SCHEMA_NUMBER] = "number",
        [SCHEMA_BOOL] = "boolean",      [SCHEMA_DATE] = "date",
        [SCHEMA_TIME] = "time",         [SCHEMA_LANGUAGE] = "language tag",
        [SCHEMA_COUNTRY] = "country",   [SCHEMA_PICTURE] = "picture",
        [SCHEMA_INFOHASH] = "infohash", [SCHEMA_GENRES] = "genre",
        [SCHEMA_IDS] = "ids",           [SCHEMA_ITEM_IDS] = "ids",
    };
    switch (field->type) {
    case SCHEMA_STRING:
        text_add_format(out, "string, %lld..%lld bytes", (long long)field->min,
                        (long long)field->max);
        return;
    case SCHEMA_URL:
        text_add_format(out, "http(s) URL, ..%lld", (long long)field->max);
        return;
    case SCHEMA_WORD:
        text_add_format(out, "`%s`", field->words);
        return;
    case SCHEMA_OBJECT:
        text_add_format(out, "%s", field->of->title);
        return;
    default:
        text_add_string(out, said[field->type]);
    }
    if (field->type == SCHEMA_INT || field->type == SCHEMA_NUMBER)
        write_range(field, out);
}

static void write_row(const struct schema_field *field, struct text *out)
{
    static const char *const keys[] = { "", "language tag", "country" };
    text_add_format(out, "| `%s` | ", field->name);
    if (field->keyed)
        text_add_format(out, "object (%u), %s -> ", field->many, keys[field->keyed]);
    else if (field->many)
        text_add_format(out, "array (%u) of ", field->many);
    write_type(field, out);
    text_add_format(out, " | %s | %s |\n", field->required ? "yes" : "", field->note);
}

void schema_write_markdown(struct text *out)
{
    const struct schema *schema;
    for (size_t i = 0; (schema = schema_at(i)); i++) {
        text_add_format(out, "### %s\n\n| field | type | required | notes |\n|---|---|---|---|\n",
                        schema->title);
        for (size_t f = 0; f < schema->n_fields; f++)
            write_row(&schema->fields[f], out);
        text_add_string(out, "\n");
    }
}
