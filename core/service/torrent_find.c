/* SPDX-License-Identifier: MIT */
#include "service/torrent_find.h"

#include <sodium.h>
#include <string.h>

#include "base/json.h"
#include "torrent/magnet.h"

int torrent_find(struct store *store, const char *infohash, struct torrent_row *out,
                 struct text *out_json, struct error *err)
{
    uint8_t hash[TORRENT_HASH_LEN];
    size_t n, len = strlen(infohash);
    bool good = (len == MAGNET_V1_HEX || len == MAGNET_V2_HEX) &&
                strspn(infohash, "0123456789abcdefABCDEF") == len &&
                sodium_hex2bin(hash, sizeof hash, infohash, 40, NULL, &n, NULL) == 0;
    int failed = good ? torrent_rows_get(store, hash, out, out_json, err) : PROVIDER_ENOTFOUND;
    if (failed == PROVIDER_ENOTFOUND)
        return error_set(err, PROVIDER_ENOTFOUND, "no torrent has this infohash");
    return failed;
}

/* A torrent of v2 alone goes by the beginning of that hash: it has no other. */
static void take_hashes(const json_t *document, struct magnet *magnet)
{
    const char *v1 = js_string(document, "infohash"), *v2 = js_string(document, "infohash_v2");
    if (v2)
        snprintf(magnet->v2, sizeof magnet->v2, "%s", v2);
    if (v1 && !(v2 && text_starts_with(v2, v1)))
        snprintf(magnet->v1, sizeof magnet->v1, "%s", v1);
}

int torrent_link(const json_t *document, struct text *out, struct error *err)
{
    CLEANUP(magnet_free) struct magnet *magnet = mem_new(struct magnet);
    size_t i;
    json_t *tracker;
    take_hashes(document, magnet);
    json_array_foreach (js_array(document, "trackers"), i, tracker)
        if (json_is_string(tracker))
            magnet_add_tracker(magnet, json_string_value(tracker), MAGNET_ALLOW_PRIVATE);
    text_clear(out);
    return magnet_build(magnet, out)
               ? 0
               : error_set(err, PROVIDER_EPARSE, "the stored torrent has no infohash");
}
