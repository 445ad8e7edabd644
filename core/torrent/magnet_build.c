/* SPDX-License-Identifier: MIT */
#include "torrent/magnet.h"

#include <string.h>

static void add_text(struct text *out, const char *name, const char *value)
{
    if (text_is_empty(value))
        return;
    text_add_format(out, "&%s=", name);
    text_add_url_encoded(out, value);
}

static void add_list(struct text *out, const char *name, const struct magnet_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        add_text(out, name, list->texts[i]);
}

static void add_files(struct text *out, const struct magnet *magnet)
{
    for (size_t i = 0; i < magnet->n_files; i++) {
        text_add_string(out, i ? "," : "&so=");
        text_add_format(out, "%u", magnet->files[i].first);
        if (magnet->files[i].last > magnet->files[i].first)
            text_add_format(out, "-%u", magnet->files[i].last);
    }
}

bool magnet_build(const struct magnet *magnet, struct text *out)
{
    bool v1 = *magnet->v1 != '\0', v2 = *magnet->v2 != '\0';
    if (!v1 && !v2)
        return false;
    text_add_string(out, "magnet:?");
    if (v1)
        text_add_format(out, "xt=urn:btih:%s", magnet->v1);
    if (v2)
        text_add_format(out, "%sxt=urn:btmh:1220%s", v1 ? "&" : "", magnet->v2);
    if (magnet->length)
        text_add_format(out, "&xl=%llu", (unsigned long long)magnet->length);
    add_text(out, "dn", magnet->name);
    add_list(out, "tr", &magnet->trackers);
    add_list(out, "ws", &magnet->web_seeds);
    add_list(out, "as", &magnet->sources);
    add_list(out, "xs", &magnet->exact_sources);
    add_text(out, "kt", magnet->keywords);
    add_list(out, "x.pe", &magnet->peers);
    add_files(out, magnet);
    return !out->overflow;
}
