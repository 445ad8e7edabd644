/* SPDX-License-Identifier: MIT
 *
 * Reading a magnet link, for tests. */
#pragma once

#include "../test.h"

#include <string.h>

#include "torrent/magnet.h"

#include "../parts.h"

#define V1 "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
#define LINK "magnet:?xt=urn:btih:" V1

static inline struct magnet *parse_with(const char *link, unsigned flags)
{
    struct magnet *magnet = NULL;
    struct error err = { 0 };
    if (magnet_parse(link, strlen(link), flags, &magnet, &err))
        fail_msg("'%.200s': %s", link, err.text);
    return magnet;
}

static inline struct magnet *parse(const char *link)
{
    return parse_with(link, 0);
}

static inline void refuse(const char *link, const char *because)
{
    struct magnet *magnet = NULL;
    struct error err = { 0 };
    assert_int_equal(magnet_parse(link, strlen(link), 0, &magnet, &err), PROVIDER_EINVAL);
    assert_null(magnet);
    if (!strstr(err.text, because))
        fail_msg("'%s' is refused with '%s'", link, err.text);
}

extern const struct test_part magnet_parts_part;
