/* SPDX-License-Identifier: MIT */
#include "torrent/magnet_url.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/address.h"
#include "torrent/magnet.h"

enum { HOST_MAX = 253, LABEL_MAX = 63, SCHEME_MAX = 8 };

struct authority {
    char host[HOST_MAX + 3]; /* lower case, an IPv6 address in its brackets */
    unsigned port;           /* 0: not said */
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_label_char(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
}

/* A DNS name as it may stand in a URL.  What ends in a number is an address in a spelling that
 * resolvers read their own way (127.1, 0x7f.1, 2130706433), and no name. */
static bool is_host_name(const char *host, size_t len)
{
    size_t label = 0;
    const char *last = host;
    for (size_t i = 0; i < len; i++) {
        if (host[i] == '.') {
            if (!label || host[i - 1] == '-')
                return false;
            label = 0;
            last = host + i + 1;
            continue;
        }
        if (!is_label_char(host[i]) || (!label && host[i] == '-') || ++label > LABEL_MAX)
            return false;
    }
    return label && host[len - 1] != '-' && !is_digit(*last);
}

/* Names that stay inside a house: one label, and the ends set apart for it. */
static bool is_inner_name(const char *host)
{
    static const char *const ends[] = { ".localhost", ".local", ".internal", ".lan",
                                        ".home",      ".corp",  ".intranet", ".home.arpa" };
    if (!strchr(host, '.'))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (text_ends_with(host, ends[i]))
            return true;
    return false;
}

static bool write_address6(const char *inner, size_t len, char *out, size_t size)
{
    char plain[INET6_ADDRSTRLEN + 1], normal[INET6_ADDRSTRLEN + 1];
    struct in6_addr address;
    if (len >= sizeof plain)
        return false;
    memcpy(plain, inner, len);
    plain[len] = '\0';
    if (inet_pton(AF_INET6, plain, &address) != 1 ||
        !inet_ntop(AF_INET6, &address, normal, sizeof normal))
        return false;
    snprintf(out, size, "[%s]", normal);
    return true;
}

static bool is_address4(const char *host)
{
    struct in_addr address;
    return inet_pton(AF_INET, host, &address) == 1;
}

static bool read_host(const char *at, size_t len, char *out, size_t size)
{
    if (len > 2 && *at == '[' && at[len - 1] == ']')
        return write_address6(at + 1, len - 2, out, size);
    if (len && at[len - 1] == '.')
        len--;
    if (!len || len > HOST_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        out[i] = lower(at[i]);
    out[len] = '\0';
    return is_address4(out) || is_host_name(out, len);
}

static bool is_allowed(const char *host, unsigned flags)
{
    if (flags & MAGNET_ALLOW_PRIVATE)
        return true;
    if (*host == '[' || is_address4(host))
        return address_is_public_text(host);
    return !is_inner_name(host);
}

static bool read_port(const char *at, size_t len, unsigned *out)
{
    unsigned port = 0;
    if (!len || len > 5)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(at[i]))
            return false;
        port = port * 10 + (unsigned)(at[i] - '0');
    }
    *out = port;
    return port > 0 && port <= 65535;
}

/* host, host:port, [v6]:port; no user. */
static bool read_authority(const char *at, size_t len, unsigned flags, struct authority *out)
{
    *out = (struct authority){ .port = 0 };
    const char *bracket = *at == '[' ? memchr(at, ']', len) : NULL;
    size_t host_len = bracket ? (size_t)(bracket - at) + 1 : 0;
    const char *colon = memchr(at + host_len, ':', len - host_len);
    if (colon) {
        size_t after = (size_t)(colon - at) + 1;
        if ((bracket && colon != bracket + 1) || !read_port(at + after, len - after, &out->port))
            return false;
    }
    host_len = colon ? (size_t)(colon - at) : len;
    return read_host(at, host_len, out->host, sizeof out->host) && is_allowed(out->host, flags);
}

static bool is_word_of(const char *word, const char *words)
{
    size_t len = strlen(word);
    for (const char *at = words; *at;) {
        size_t n = strcspn(at, " ");
        if (n == len && memcmp(at, word, len) == 0)
            return true;
        at += n + (at[n] == ' ');
    }
    return false;
}

static bool read_scheme(const char *url, size_t len, const char *schemes, char *out,
                        size_t *out_len)
{
    size_t n = 0;
    for (; n < len && n < SCHEME_MAX && url[n] != ':'; n++)
        out[n] = lower(url[n]);
    out[n] = '\0';
    *out_len = n + 3;
    return len > n + 3 && memcmp(url + n, "://", 3) == 0 && is_word_of(out, schemes);
}

static unsigned default_port(const char *scheme)
{
    if (strcmp(scheme, "http") == 0 || strcmp(scheme, "ws") == 0)
        return 80;
    return strcmp(scheme, "https") == 0 || strcmp(scheme, "wss") == 0 ? 443 : 0;
}

/* Path and query up to the fragment: bytes beyond ASCII are encoded, blanks and controls are not
 * taken at all. */
static bool add_path(const char *at, size_t len, struct text *out)
{
    for (size_t i = 0; i < len && at[i] != '#'; i++) {
        unsigned char c = (unsigned char)at[i];
        if (c <= ' ' || c == 0x7F || strchr("\"<>\\^`{|}", c))
            return false;
        bool added = c < 0x80 ? text_add_char(out, at[i]) : text_add_format(out, "%%%02X", c);
        if (!added)
            return false;
    }
    return true;
}

char *magnet_url_normalise(const char *url, size_t len, const char *schemes, unsigned flags)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(MAGNET_URL_LEN);
    char scheme[SCHEME_MAX + 1];
    struct authority authority;
    size_t from, to;
    if (len > MAGNET_URL_LEN || !read_scheme(url, len, schemes, scheme, &from))
        return NULL;
    for (to = from; to < len && !strchr("/?#", url[to]);)
        to++;
    if (to == from || !read_authority(url + from, to - from, flags, &authority))
        return NULL;
    bool udp = strcmp(scheme, "udp") == 0;
    if (udp && !authority.port)
        return NULL; /* the protocol has no port of its own */
    text_add_format(&out, "%s://%s", scheme, authority.host);
    if (authority.port && authority.port != default_port(scheme))
        text_add_format(&out, ":%u", authority.port);
    if (!add_path(url + to, len - to, &out) || out.overflow)
        return NULL;
    return text_take(&out);
}

char *magnet_peer_normalise(const char *peer, size_t len, unsigned flags)
{
    struct authority authority;
    if (!len || len > HOST_MAX + 8 || !read_authority(peer, len, flags, &authority) ||
        !authority.port)
        return NULL;
    return mem_format("%s:%u", authority.host, authority.port);
}
