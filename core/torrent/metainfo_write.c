/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "torrent/metainfo.h"

/* Keys stand in order. */

static void write_string(struct text *out, const char *text)
{
    text_add_format(out, "%zu:%s", strlen(text), text);
}

static void write_trackers(struct text *out, const json_t *trackers)
{
    size_t i;
    json_t *tracker;
    if (json_array_size(trackers) == 0)
        return;
    write_string(out, "announce");
    write_string(out, json_string_value(json_array_get(trackers, 0)));
    write_string(out, "announce-list");
    text_add_char(out, 'l');
    json_array_foreach (trackers, i, tracker) {
        text_add_char(out, 'l');
        write_string(out, json_string_value(tracker));
        text_add_char(out, 'e');
    }
    text_add_char(out, 'e');
}

static void write_text(struct text *out, const char *key, const char *text)
{
    if (!text)
        return;
    write_string(out, key);
    write_string(out, text);
}

bool metainfo_write(const struct metainfo *metainfo, struct text *out)
{
    int64_t created_ms;
    text_add_char(out, 'd');
    write_trackers(out, js_array(metainfo->document, "trackers"));
    write_text(out, "comment", js_string(metainfo->document, "comment"));
    write_text(out, "created by", js_string(metainfo->document, "created_by"));
    if (clock_parse(js_string(metainfo->document, "created_at"), &created_ms)) {
        write_string(out, "creation date");
        text_add_format(out, "i%llde", (long long)(created_ms / 1000));
    }
    write_string(out, "info");
    text_add(out, metainfo->info.at, metainfo->info.len);
    if (metainfo->layers.at) {
        write_string(out, "piece layers");
        text_add(out, metainfo->layers.at, metainfo->layers.len);
    }
    return text_add_char(out, 'e') && !out->overflow;
}
