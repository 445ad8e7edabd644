/* SPDX-License-Identifier: MIT */
#include "torrent/magnet.h"

#include <string.h>
#include <strings.h>

#include "torrent/magnet_url.h"

/* One parameter, decoded: bytes, not text. */
struct parameter {
    char name[8]; /* lower case, without the ".1" of numbered ones */
    char *value;  /* NUL-terminated, but may hold NULs */
    size_t len;
};

struct reading {
    struct magnet *magnet;
    unsigned flags;
    bool has_length;
};

/* --- Cutting and decoding */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Unlike text_url_decode() this lets any byte pass, and a percent sign that begins nothing. */
static size_t decode(const char *at, size_t len, bool plus_is_space, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        char c = at[i];
        if (c == '%' && len - i > 2 && hex_digit(at[i + 1]) >= 0 && hex_digit(at[i + 2]) >= 0) {
            c = (char)(hex_digit(at[i + 1]) * 16 + hex_digit(at[i + 2]));
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        out[n++] = c;
    }
    out[n] = '\0';
    return n;
}

/* "xt.1" is "xt"; "x.pe" is itself; "amp;dn" comes from links copied out of HTML. */
static bool read_name(const char *at, size_t len, char *out, size_t size)
{
    if (len > 4 && strncasecmp(at, "amp;", 4) == 0) {
        at += 4;
        len -= 4;
    }
    size_t end = len;
    while (end && at[end - 1] >= '0' && at[end - 1] <= '9')
        end--;
    if (end > 1 && end < len && at[end - 1] == '.')
        len = end - 1;
    if (!len || len >= size)
        return false;
    for (size_t i = 0; i < len; i++)
        out[i] = at[i] >= 'A' && at[i] <= 'Z' ? (char)(at[i] | 0x20) : at[i];
    out[len] = '\0';
    return true;
}

/* --- The hashes */

static int take_hash(char *slot, const char *read, const char *what, struct error *err)
{
    if (*slot && strcmp(slot, read) != 0)
        return error_set(err, PROVIDER_EINVAL, "the link names two different %s hashes", what);
    memcpy(slot, read, strlen(read) + 1);
    return 0;
}

static int take_topic(struct reading *reading, const struct parameter *parameter, struct error *err)
{
    static const char v1[] = "urn:btih:", v2[] = "urn:btmh:";
    enum { PREFIX = sizeof v1 - 1 };
    char hash[MAGNET_V2_HEX + 1];
    const char *value = parameter->value;
    size_t rest = parameter->len > PREFIX ? parameter->len - PREFIX : 0;
    if (strncasecmp(value, v1, PREFIX) == 0) {
        if (!magnet_read_v1(value + PREFIX, rest, hash))
            return error_set(err, PROVIDER_EINVAL, "the link's btih is no hash");
        return take_hash(reading->magnet->v1, hash, "v1", err);
    }
    if (strncasecmp(value, v2, PREFIX) == 0) {
        if (!magnet_read_v2(value + PREFIX, rest, hash))
            return error_set(err, PROVIDER_EINVAL, "the link's btmh is no SHA-256 multihash");
        return take_hash(reading->magnet->v2, hash, "v2", err);
    }
    return 0; /* another network's */
}

/* --- Lists */

/* Takes the text over; false when it was there, or there are enough. */
static bool add_text(struct magnet_list *list, char *text, size_t most)
{
    CLEANUP(mem_free) char *owned = text;
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->texts[i], text) == 0)
            return false;
    if (list->n == most)
        return false;
    list->texts = mem_resize(list->texts, list->n + 1, sizeof *list->texts);
    list->texts[list->n++] = steal(owned);
    return true;
}

static void take_text(struct reading *reading, struct magnet_list *list, char *text, size_t most)
{
    if (!text || !add_text(list, text, most))
        reading->magnet->n_dropped++;
}

char *magnet_tracker(const char *url, size_t len, unsigned flags)
{
    return magnet_url_normalise(url, len, "udp http https ws wss", flags);
}

bool magnet_add_tracker(struct magnet *magnet, const char *url, unsigned flags)
{
    char *normal = magnet_tracker(url, strlen(url), flags);
    return normal && add_text(&magnet->trackers, normal, MAGNET_TRACKERS);
}

static void take_tracker(struct reading *reading, const struct parameter *parameter)
{
    take_text(reading, &reading->magnet->trackers,
              magnet_tracker(parameter->value, parameter->len, reading->flags), MAGNET_TRACKERS);
}

static char *normal_url(struct reading *reading, const struct parameter *parameter)
{
    return magnet_url_normalise(parameter->value, parameter->len, "http https", reading->flags);
}

static void take_web_seed(struct reading *reading, const struct parameter *parameter)
{
    take_text(reading, &reading->magnet->web_seeds, normal_url(reading, parameter), MAGNET_SEEDS);
}

static void take_source(struct reading *reading, const struct parameter *parameter)
{
    take_text(reading, &reading->magnet->sources, normal_url(reading, parameter), MAGNET_SEEDS);
}

/* BEP 46: urn:btpk: and a public key of 64 hex digits; or a URL. */
static void take_exact_source(struct reading *reading, const struct parameter *parameter)
{
    static const char key[] = "urn:btpk:";
    enum { PREFIX = sizeof key - 1 };
    char *text = NULL;
    if (strncasecmp(parameter->value, key, PREFIX) == 0 && parameter->len == PREFIX + 64) {
        char lower[PREFIX + 65];
        for (size_t i = 0; i <= parameter->len; i++)
            lower[i] = (char)(parameter->value[i] >= 'A' && parameter->value[i] <= 'Z'
                                  ? parameter->value[i] | 0x20
                                  : parameter->value[i]);
        if (strspn(lower + PREFIX, "0123456789abcdef") == 64)
            text = mem_dup_text(lower);
    } else {
        text = normal_url(reading, parameter);
    }
    take_text(reading, &reading->magnet->exact_sources, text, MAGNET_SEEDS);
}

static void take_peer(struct reading *reading, const struct parameter *parameter)
{
    take_text(reading, &reading->magnet->peers,
              magnet_peer_normalise(parameter->value, parameter->len, reading->flags),
              MAGNET_PEERS);
}

/* --- Texts and numbers */

/* Tidied, blanks single and none at the ends; NULL when nothing is left. */
static char *clean_text(const char *bytes, size_t len)
{
    CLEANUP(mem_free) char *tidy = mem_alloc(MAGNET_TEXT_LEN + 1);
    size_t n = text_tidy(bytes, len, tidy, MAGNET_TEXT_LEN + 1), kept = 0;
    for (size_t i = 0; i < n; i++)
        if (tidy[i] != ' ' || (kept && tidy[kept - 1] != ' '))
            tidy[kept++] = tidy[i];
    while (kept && tidy[kept - 1] == ' ')
        kept--;
    tidy[kept] = '\0';
    return kept ? steal(tidy) : NULL;
}

static void take_first_text(struct reading *reading, char **slot, const struct parameter *parameter)
{
    if (*slot) {
        reading->magnet->n_dropped++;
        return;
    }
    *slot = clean_text(parameter->value, parameter->len);
}

static void take_name(struct reading *reading, const struct parameter *parameter)
{
    take_first_text(reading, &reading->magnet->name, parameter);
}

static void take_keywords(struct reading *reading, const struct parameter *parameter)
{
    take_first_text(reading, &reading->magnet->keywords, parameter);
}

static void take_length(struct reading *reading, const struct parameter *parameter)
{
    int64_t length;
    if (reading->has_length || strlen(parameter->value) != parameter->len ||
        !text_to_int(parameter->value, 1, INT64_C(1) << 50, &length)) {
        reading->magnet->n_dropped++;
        return;
    }
    reading->has_length = true;
    reading->magnet->length = (uint64_t)length;
}

/* --- Files (BEP 53) */

static size_t read_index(const char *at, size_t len, uint32_t *out)
{
    uint32_t value = 0;
    size_t n = 0;
    for (; n < len && at[n] >= '0' && at[n] <= '9'; n++) {
        if (value > MAGNET_FILE_LAST)
            return 0;
        value = value * 10 + (uint32_t)(at[n] - '0');
    }
    *out = value;
    return value <= MAGNET_FILE_LAST ? n : 0;
}

static bool read_range(const char *at, size_t len, struct magnet_range *out)
{
    size_t n = read_index(at, len, &out->first);
    if (!n)
        return false;
    out->last = out->first;
    if (n == len)
        return true;
    if (at[n] != '-')
        return false;
    size_t rest = len - n - 1;
    return rest && read_index(at + n + 1, rest, &out->last) == rest && out->last >= out->first;
}

/* Keeps the ranges ascending and apart; false when there are too many. */
static bool add_range(struct magnet *magnet, struct magnet_range range)
{
    struct magnet_range *list = magnet->files;
    size_t at = 0, to;
    while (at < magnet->n_files && list[at].last + 1 < range.first)
        at++;
    for (to = at; to < magnet->n_files && list[to].first <= range.last + 1; to++) {
        range.first = MIN(range.first, list[to].first);
        range.last = MAX(range.last, list[to].last);
    }
    if (to == at && magnet->n_files == MAGNET_RANGES)
        return false;
    memmove(list + at + 1, list + to, (magnet->n_files - to) * sizeof *list);
    magnet->n_files = magnet->n_files + 1 - (to - at);
    list[at] = range;
    return true;
}

static void take_files(struct reading *reading, const struct parameter *parameter)
{
    const char *end = parameter->value + parameter->len;
    for (const char *at = parameter->value; at < end;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma ? comma : end;
        struct magnet_range range;
        if (!read_range(at, (size_t)(stop - at), &range) || !add_range(reading->magnet, range))
            reading->magnet->n_dropped++;
        at = stop + 1;
    }
}

/* --- The whole */

static const struct {
    const char *name;
    void (*take)(struct reading *reading, const struct parameter *parameter);
    bool plus_is_space;
} parameters[] = {
    { "dn", take_name, true },          { "tr", take_tracker, false },
    { "ws", take_web_seed, false },     { "as", take_source, false },
    { "xs", take_exact_source, false }, { "x.pe", take_peer, false },
    { "so", take_files, false },        { "kt", take_keywords, true },
    { "xl", take_length, false },
};

static int take_parameter(struct reading *reading, const char *at, size_t len, struct error *err)
{
    const char *equals = memchr(at, '=', len);
    struct parameter parameter;
    if (!equals || !read_name(at, (size_t)(equals - at), parameter.name, sizeof parameter.name))
        return 0;
    size_t value_len = len - (size_t)(equals - at) - 1;
    CLEANUP(mem_free) char *value = mem_alloc(value_len + 1);
    parameter.value = value;
    if (strcmp(parameter.name, "xt") == 0) {
        parameter.len = decode(equals + 1, value_len, false, value);
        return take_topic(reading, &parameter, err);
    }
    for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
        if (strcmp(parameter.name, parameters[i].name) != 0)
            continue;
        parameter.len = decode(equals + 1, value_len, parameters[i].plus_is_space, value);
        if (parameter.len)
            parameters[i].take(reading, &parameter);
        return 0;
    }
    return 0;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Without the blanks around it, and without a fragment. */
static void trim(const char **link, size_t *len)
{
    while (*len && is_blank(**link)) {
        ++*link;
        --*len;
    }
    const char *fragment = *len ? memchr(*link, '#', *len) : NULL;
    if (fragment)
        *len = (size_t)(fragment - *link);
    while (*len && is_blank((*link)[*len - 1]))
        --*len;
}

int magnet_parse(const char *link, size_t len, unsigned flags, struct magnet **out,
                 struct error *err)
{
    static const char scheme[] = "magnet:?";
    enum { SCHEME = sizeof scheme - 1 };
    trim(&link, &len);
    if (len > MAGNET_LEN)
        return error_set(err, PROVIDER_EINVAL, "a magnet link of more than %d bytes", MAGNET_LEN);
    if (len < SCHEME || strncasecmp(link, scheme, SCHEME) != 0)
        return error_set(err, PROVIDER_EINVAL, "no magnet link");
    CLEANUP(magnet_free) struct magnet *magnet = mem_new(struct magnet);
    struct reading reading = { .magnet = magnet, .flags = flags };
    const char *at = link + SCHEME, *end = link + len;
    while (at < end) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        const char *stop = next ? next : end;
        int rc = take_parameter(&reading, at, (size_t)(stop - at), err);
        if (rc)
            return rc;
        at = stop + 1;
    }
    if (!*magnet->v1 && !*magnet->v2)
        return error_set(err, PROVIDER_EINVAL, "the link names no BitTorrent hash");
    *out = steal(magnet);
    return 0;
}

static void free_list(struct magnet_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->texts[i]);
    free(list->texts);
}

void magnet_free(struct magnet *magnet)
{
    if (!magnet)
        return;
    free(magnet->name);
    free(magnet->keywords);
    free_list(&magnet->trackers);
    free_list(&magnet->web_seeds);
    free_list(&magnet->sources);
    free_list(&magnet->exact_sources);
    free_list(&magnet->peers);
    free(magnet);
}
