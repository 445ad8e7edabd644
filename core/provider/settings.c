/* SPDX-License-Identifier: MIT */
#include "provider/settings.h"

#include "base/mem.h"

struct provider_settings *settings_copy(const struct provider_settings *from)
{
    struct provider_settings *copy = mem_new(struct provider_settings);
    *copy = *from;
    copy->name = mem_dup_text(from->name);
    copy->file = mem_dup_text(from->file);
    copy->library = mem_dup_text(from->library);
    copy->languages = mem_dup_text(from->languages);
    copy->pace.name = NULL;
    copy->pace.mirrors = NULL;
    copy->pace.n_mirrors = 0;
    struct provider_setting *values =
        mem_alloc_array(from->n_values + 1, sizeof(struct provider_setting));
    for (size_t i = 0; i < from->n_values; i++)
        values[i] = (struct provider_setting){ .name = mem_dup_text(from->values[i].name),
                                               .value = mem_dup_text(from->values[i].value),
                                               .line = from->values[i].line };
    copy->values = values;
    return copy;
}

/* The copy's texts are its own; the struct calls them const for everybody else. */
static void drop(const void *owned)
{
    free((void *)(uintptr_t)owned);
}

void settings_free(struct provider_settings *settings)
{
    if (!settings)
        return;
    for (size_t i = 0; i < settings->n_values; i++) {
        drop(settings->values[i].name);
        drop(settings->values[i].value);
    }
    drop(settings->values);
    drop(settings->name);
    drop(settings->file);
    drop(settings->library);
    drop(settings->languages);
    free(settings);
}

static bool pace_is_equal(const struct upstream_options *a, const struct upstream_options *b)
{
    return a->rate_per_1000s == b->rate_per_1000s && a->burst == b->burst &&
           a->max_parallel == b->max_parallel && a->budget_hour == b->budget_hour &&
           a->budget_day == b->budget_day && a->timeout_ms == b->timeout_ms &&
           a->retries == b->retries && a->circuit_failures == b->circuit_failures &&
           a->circuit_open_ms == b->circuit_open_ms && a->stale_if_error_s == b->stale_if_error_s &&
           a->not_found_ttl_s == b->not_found_ttl_s;
}

bool settings_equal(const struct provider_settings *a, const struct provider_settings *b)
{
    if (!text_equal(a->name, b->name) || !text_equal(a->file, b->file) ||
        !text_equal(a->library, b->library) || a->enabled != b->enabled ||
        a->n_values != b->n_values || a->call_timeout_ms != b->call_timeout_ms ||
        !pace_is_equal(&a->pace, &b->pace))
        return false;
    for (size_t i = 0; i < a->n_values; i++)
        if (!text_equal(a->values[i].name, b->values[i].name) ||
            !text_equal(a->values[i].value, b->values[i].value))
            return false;
    return true;
}
