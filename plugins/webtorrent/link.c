/* SPDX-License-Identifier: MIT */
#include "webtorrent/link.h"

#include <stdlib.h>
#include <string.h>

#define HEX "0123456789abcdef"

static const char *const schemes[] = {
    "http://", "https://", "udp://",
#if defined TORRENT_USE_RTC && TORRENT_USE_RTC /* libtorrent says so, from 2.1 */
    "ws://",   "wss://",
#endif
};

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A percent-encoded value of at most `size` - 1 printable ASCII bytes; false when it is not. */
static bool decode(const char *text, size_t len, char *out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        int byte = (unsigned char)text[i];

        if (byte == '%') {
            const int high = i + 2 < len ? digit(text[i + 1]) : -1;
            const int low = high >= 0 ? digit(text[i + 2]) : -1;

            if (low < 0)
                return false;
            byte = high << 4 | low;
            i += 2;
        }
        if (byte <= ' ' || byte > '~' || n + 1 >= size)
            return false;
        out[n++] = (char)byte;
    }
    out[n] = '\0';
    return true;
}

static bool is_hex(const char *text, size_t len)
{
    return strlen(text) == len && strspn(text, HEX) == len && strspn(text, "0") < len;
}

/* Twice the same is once; two different ones are none. */
static bool take_hash(const char *hash, size_t len, char *out)
{
    if (!is_hex(hash, len) || (*out && strcmp(out, hash) != 0))
        return false;
    memcpy(out, hash, len + 1);
    return true;
}

static bool read_topic(const char *topic, struct link *out)
{
    if (strncmp(topic, "urn:btih:", 9) == 0)
        return take_hash(topic + 9, ENGINE_HASH_SIZE - 1, out->v1);
    if (strncmp(topic, "urn:btmh:1220", 13) == 0)
        return take_hash(topic + 13, ENGINE_V2_SIZE - 1, out->v2);
    return true; /* of another network */
}

static bool is_known(const struct link *link, const char *url)
{
    for (size_t i = 0; i < link->n_trackers; i++)
        if (strcmp(link->trackers[i], url) == 0)
            return true;
    return false;
}

static bool add_tracker(const char *url, struct link *out)
{
    bool is_spoken = false;

    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
        is_spoken = is_spoken || strncmp(url, schemes[i], strlen(schemes[i])) == 0;
    if (!is_spoken || out->n_trackers == LINK_TRACKERS || is_known(out, url))
        return true;
    out->trackers[out->n_trackers] = strdup(url);
    return out->trackers[out->n_trackers++] != NULL;
}

static bool read_part(const char *part, size_t len, struct link *out)
{
    char value[LINK_TRACKER_LEN + 1];
    const bool is_topic = len > 3 && strncmp(part, "xt=", 3) == 0;

    if (!is_topic && !(len > 3 && strncmp(part, "tr=", 3) == 0))
        return true;
    if (!decode(part + 3, len - 3, value, sizeof(value)))
        return !is_topic; /* a tracker nobody can ask is left out */
    return is_topic ? read_topic(value, out) : add_tracker(value, out);
}

bool link_read(const char *text, struct link *out)
{
    *out = (struct link){ .n_trackers = 0 };
    if (!text || strnlen(text, LINK_LEN + 1) > LINK_LEN || strncmp(text, "magnet:?", 8) != 0)
        return false;
    for (text += 8; *text; text += *text == '&') {
        const size_t len = strcspn(text, "&");

        if (!read_part(text, len, out))
            return false;
        text += len;
    }
    return out->v1[0] || out->v2[0];
}

void link_done(struct link *link)
{
    for (size_t i = 0; i < link->n_trackers; i++)
        free(link->trackers[i]);
    link->n_trackers = 0;
}

struct engine_magnet link_magnet(const struct link *link)
{
    return (struct engine_magnet){
        .v1 = link->v1[0] ? link->v1 : NULL,
        .v2 = link->v2[0] ? link->v2 : NULL,
        .trackers = (const char *const *)link->trackers,
        .n_trackers = link->n_trackers,
    };
}
