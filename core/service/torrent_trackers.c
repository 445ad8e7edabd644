/* SPDX-License-Identifier: MIT
 *
 * The trackers of a torrent that is known: whoever names it again may know more of them. */
#include <string.h>

#include "base/json.h"
#include "service/torrents_inside.h"
#include "torrent/metainfo.h"

static bool has_text(const json_t *array, const char *text)
{
    size_t i;
    json_t *one;
    json_array_foreach (array, i, one)
        if (text_equal(json_string_value(one), text))
            return true;
    return false;
}

void torrents_unite_trackers(json_t *document, const json_t *known)
{
    size_t i;
    json_t *tracker, *united = json_array();
    json_array_foreach (js_array(known, "trackers"), i, tracker)
        json_array_append(united, tracker);
    json_array_foreach (js_array(document, "trackers"), i, tracker)
        if (json_array_size(united) < METAINFO_MAX_TRACKERS &&
            !has_text(united, json_string_value(tracker)))
            json_array_append(united, tracker);
    js_set(document, "trackers", united);
}

struct known {
    const struct torrent_row *row;
    struct text json;
};

static int keep(struct store_txn *txn, void *context, struct error *err)
{
    const struct known *known = context;
    return torrents_txn_keep(txn, known->row, &known->json, err);
}

static json_t *trackers_of(const struct magnet *magnet)
{
    json_t *trackers = json_array();
    for (size_t i = 0; i < magnet->trackers.n; i++)
        json_array_append_new(trackers, json_string(magnet->trackers.texts[i]));
    return json_pack("{s:o}", "trackers", trackers);
}

int torrents_learn_trackers(struct torrents *torrents, const struct torrent_row *row,
                            const struct text *json, const struct magnet *magnet, struct error *err)
{
    struct known known = { .row = row, .json = TEXT_INIT(TORRENTS_MAX_JSON) };
    json_auto_t *document = NULL;
    int failed = js_parse(json->bytes, json->len, TORRENTS_MAX_JSON, &document, err);
    if (failed || js_bool(document, "private", false))
        return failed;
    json_auto_t *more = trackers_of(magnet);
    torrents_unite_trackers(more, document);
    if (json_array_size(js_array(more, "trackers")) ==
        json_array_size(js_array(document, "trackers")))
        return 0;
    js_set(document, "trackers", json_incref(json_object_get(more, "trackers")));
    failed = js_write(document, &known.json)
                 ? store_write(torrents->store, keep, &known, err)
                 : error_set(err, PROVIDER_ELIMIT, "the torrent is too large");
    text_done(&known.json);
    return failed;
}
