/* SPDX-License-Identifier: MIT */
#include "net/target.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static void free_parser(CURLU **parser)
{
    curl_url_cleanup(*parser);
}

static void free_part(char **part)
{
    curl_free(*part);
}

#define PARSER __attribute__((cleanup(free_parser))) CURLU *
#define PART __attribute__((cleanup(free_part))) char *

static bool is_clean(const char *url)
{
    size_t len = strlen(url);
    if (!len || len > TARGET_MAX_URL)
        return false;
    for (const unsigned char *at = (const unsigned char *)url; *at; at++)
        if (*at <= 0x20 || *at == 0x7f)
            return false;
    return true;
}

static bool read_parts(CURLU *parser, struct target *out)
{
    PART scheme = NULL;
    PART host = NULL;
    PART port = NULL;
    PART user = NULL;
    int64_t number;
    if (curl_url_get(parser, CURLUPART_SCHEME, &scheme, 0) ||
        curl_url_get(parser, CURLUPART_HOST, &host, 0) ||
        curl_url_get(parser, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) ||
        !curl_url_get(parser, CURLUPART_USER, &user, 0) || strlen(host) >= sizeof out->host ||
        !text_to_int(port, 1, 65535, &number))
        return false;
    if (strcasecmp(scheme, "https") != 0 && strcasecmp(scheme, "http") != 0)
        return false;
    *out = (struct target){ .https = strcasecmp(scheme, "https") == 0, .port = (int)number };
    for (size_t i = 0; host[i]; i++)
        out->host[i] = host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] | 0x20) : host[i];
    return true;
}

bool target_parse(const char *url, struct target *out)
{
    PARSER parser = curl_url();
    return parser && is_clean(url) && !curl_url_set(parser, CURLUPART_URL, url, 0) &&
           read_parts(parser, out);
}

int target_expand(const char *url, const char *base, char **out, struct error *err)
{
    CLEANUP(mem_free) char *whole = NULL;
    if (!text_starts_with(url, TARGET_BASE))
        whole = mem_dup_text(url);
    else if (base)
        whole = mem_format("%s%s", base, url + strlen(TARGET_BASE));
    else
        return error_set(err, PROVIDER_EINVAL, "no base URL is configured");
    struct target target;
    if (!target_parse(whole, &target))
        return error_set(err, PROVIDER_EINVAL,
                         "not an http or https URL, too long, or with a user name in it");
    *out = steal(whole);
    return 0;
}

static bool resolve(const char *from, const char *location, struct target *out_after, char **out)
{
    PARSER parser = curl_url();
    PART absolute = NULL;
    if (!parser || !is_clean(location) || curl_url_set(parser, CURLUPART_URL, from, 0) ||
        curl_url_set(parser, CURLUPART_URL, location, 0) || !read_parts(parser, out_after) ||
        curl_url_get(parser, CURLUPART_URL, &absolute, 0) || !is_clean(absolute))
        return false;
    *out = mem_dup_text(absolute);
    return true;
}

enum target_hop target_redirect(const char *from, const char *location, char **out)
{
    CLEANUP(mem_free) char *absolute = NULL;
    struct target before, after;
    if (!target_parse(from, &before) || !resolve(from, location, &after, &absolute))
        return TARGET_NOWHERE;
    if (before.https && !after.https)
        return TARGET_NOWHERE;
    *out = steal(absolute);
    if (strcmp(before.host, after.host) != 0)
        return TARGET_OTHER_HOST;
    if (before.https == after.https && before.port == after.port)
        return TARGET_SAME_HOST;
    return before.port == 80 && after.port == 443 ? TARGET_SAME_HOST : TARGET_OTHER_HOST;
}
