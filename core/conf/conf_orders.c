/* SPDX-License-Identifier: MIT
 *
 * Orders of providers per field: a group { rating = [ "trakt", "tmdb" ]; } in the file, the text
 * "rating=trakt,tmdb overview=tmdb" elsewhere. */
#include <string.h>

#include "conf_held.h"
#include "media/merge_fields.h"

enum { ORDERS_MAX = 64, PROVIDERS_MAX = 64 };

static struct conf_orders *orders_of(struct conf_held *held, const struct conf_row *row)
{
    return (struct conf_orders *)(void *)((char *)&held->conf + row->offset);
}

static const char *field_meant(const char *name)
{
    for (size_t i = 0; i < merge_n_fields; i++)
        if (merge_field_has_order(merge_fields[i].name) &&
            conf_table_distance(name, merge_fields[i].name, 2) <= 2)
            return merge_fields[i].name;
    return NULL;
}

static int judge_field(const struct conf_row *row, const struct conf_orders *orders,
                       const char *field, struct error *err)
{
    const char *meant = merge_field_has_order(field) ? NULL : field_meant(field);
    if (meant)
        return error_set(err, PROVIDER_EINVAL, "%s: unknown field '%.40s'; did you mean '%s'?",
                         row->key, field, meant);
    if (!merge_field_has_order(field))
        return error_set(err, PROVIDER_EINVAL, "%s: unknown field '%.40s'", row->key, field);
    for (size_t i = 0; i < orders->n; i++)
        if (strcmp(orders->values[i].field, field) == 0)
            return error_set(err, PROVIDER_EINVAL, "%s: '%s' stands there twice", row->key, field);
    return 0;
}

static int judge_provider(const struct conf_row *row, const char *field, const char *const *before,
                          size_t n, const char *name, struct error *err)
{
    if (!row->is_fine(name))
        return error_set(err, PROVIDER_EINVAL, "%s.%s: '%.60s' is not %s", row->key, field, name,
                         row->wanted);
    for (size_t i = 0; i < n; i++)
        if (strcmp(before[i], name) == 0)
            return error_set(err, PROVIDER_EINVAL, "%s.%s: '%s' stands there twice", row->key,
                             field, name);
    return n < PROVIDERS_MAX ? 0
                             : error_set(err, PROVIDER_ELIMIT, "%s.%s: more than %d values",
                                         row->key, field, PROVIDERS_MAX);
}

void conf_orders_clear(struct conf_held *held, const struct conf_row *row)
{
    struct conf_orders *orders = orders_of(held, row);
    orders->n = 0;
    orders->values = conf_keep(held, mem_alloc_array(ORDERS_MAX, sizeof *orders->values));
    held->order_origins = conf_keep(held, mem_alloc_array(ORDERS_MAX, sizeof *held->order_origins));
}

int conf_orders_add(struct conf_held *held, const struct conf_row *row, const char *field,
                    const char *const *providers, size_t n, const char *origin, struct error *err)
{
    struct conf_orders *orders = orders_of(held, row);
    int rc = judge_field(row, orders, field, err);
    if (!rc && !n)
        rc = error_set(err, PROVIDER_EINVAL, "%s.%s: may not be empty", row->key, field);
    const char **kept = conf_keep(held, mem_alloc_array(n + 1, sizeof *kept));
    for (size_t i = 0; !rc && i < n; i++) {
        rc = judge_provider(row, field, kept, i, providers[i], err);
        kept[i] = conf_keep_text(held, providers[i]);
    }
    if (rc)
        return rc;
    held->order_origins[orders->n] = conf_keep_text(held, origin);
    orders->values[orders->n++] =
        (struct merge_field_order){ conf_keep_text(held, field), kept, n };
    return 0;
}

/* Cuts `text` at the separators; at most `max` words. */
static size_t cut(char *text, const char *separators, char **out, size_t max)
{
    size_t n = 0;
    char *rest = NULL;
    for (char *at = strtok_r(text, separators, &rest); at && n < max;
         at = strtok_r(NULL, separators, &rest))
        out[n++] = at;
    return n;
}

int conf_orders_set_text(struct conf_held *held, const struct conf_row *row, const char *text,
                         const char *origin, struct error *err)
{
    CLEANUP(mem_free) char *copy = mem_dup_text(text);
    char *orders[ORDERS_MAX];
    size_t n = cut(copy, " ", orders, ARRAY_LEN(orders));
    conf_orders_clear(held, row);
    for (size_t i = 0; i < n; i++) {
        char *equals = strchr(orders[i], '=');
        char *providers[PROVIDERS_MAX];
        if (!equals)
            return error_set(err, PROVIDER_EINVAL, "%s: '%.60s' is not FIELD=PROVIDER,PROVIDER",
                             row->key, orders[i]);
        *equals = '\0';
        size_t n_providers = cut(equals + 1, ",", providers, ARRAY_LEN(providers));
        int rc = conf_orders_add(held, row, orders[i], (const char *const *)providers, n_providers,
                                 origin, err);
        if (rc)
            return rc;
    }
    return 0;
}

/* --- Once the providers are read */

static int find_providers(const struct conf_held *held, const char *key, const char *const *names,
                          size_t n, const char *origin, struct error *err)
{
    const struct conf *conf = &held->conf;
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = 0; !found && k < conf->n_providers; k++)
            found = strcmp(conf->providers[k].name, names[i]) == 0;
        if (!found)
            return error_set(err, PROVIDER_EINVAL,
                             "%s: %s: unknown provider '%s': no %s.conf in '%s'", origin, key,
                             names[i], names[i], conf->providers_folder);
    }
    return 0;
}

int conf_orders_find_providers(const struct conf_held *held, struct error *err)
{
    const struct conf *conf = &held->conf;
    const struct conf_row *row = conf_table_find("catalogue.precedence");
    const char *origin = held->origins[row - conf_table];
    /* The default names a provider that need not be there. */
    int rc = strcmp(origin, "default") == 0
                 ? 0
                 : find_providers(held, row->key, conf->precedence.values, conf->precedence.n,
                                  origin, err);
    for (size_t i = 0; !rc && i < conf->precedence_of.n; i++) {
        const struct merge_field_order *order = &conf->precedence_of.values[i];
        CLEANUP(mem_free) char *key = mem_format("catalogue.precedence_of.%s", order->field);
        rc = find_providers(held, key, order->precedence, order->n_precedence,
                            held->order_origins[i], err);
    }
    return rc;
}
