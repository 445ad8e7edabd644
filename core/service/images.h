/* SPDX-License-Identifier: MIT
 *
 * Pictures: finds the provider's URL, fetches it (from its host alone, and never from private
 * addresses, except the hosts the operator configured) and neither keeps nor lets through what is
 * no picture.  Any thread. */
#pragma once

#include "provider/registry.h"

struct images_options {
    struct net_body_cache cache; /* pictures apart from other bodies; .get NULL: nowhere */
    uint32_t max_asks;           /* under way at once; what is beyond is refused */
};

struct images;
struct images *images_new(struct net *net, struct registry *registry,
                          const struct images_options *options);
void images_free(struct images *images); /* before net_close() */
DEFINE_CLEANUP(struct images *, images_free);

struct images_ask {
    const char *kind;     /* "posters", "backdrops", "logos", "profiles", "stills" */
    const char *provider; /* name */
    const char *file;     /* "abc.jpg" */
    uint32_t width;       /* at least; 0: the original */
    int64_t deadline_ms;  /* steady */
};

/* *out_type is a constant text, "image/jpeg".  PROVIDER_EINVAL: no such kind or an impossible file
 * name; PROVIDER_ENOTFOUND; PROVIDER_EPARSE: what came is no picture; PROVIDER_EUPSTREAM: the host
 * failed, sends too much or is not to be asked; PROVIDER_EBUSY: too many ask already. */
int images_fetch(struct images *images, const struct images_ask *ask, struct upstream_answer **out,
                 const char **out_type, struct error *err);

/* The media type that the first bytes tell; NULL: no picture we let through (SVG is a program). */
const char *images_type_of(const void *bytes, size_t len);
