/* SPDX-License-Identifier: MIT
 *
 * A packed release as programs wrote it before editions and languages were among its facts. */
#pragma once

#include <string.h>

#include "release/release.h"

static inline void make_old_release(const struct text *packed, struct text *out)
{
    enum { OLD_HEAD = 2 + RELEASE_HASH_LEN + 77, FURTHER = 4 + 2 * RELEASE_LANGUAGES };
    text_clear(out);
    text_add(out, packed->bytes, OLD_HEAD);
    text_add(out, packed->bytes + OLD_HEAD + FURTHER, packed->len - OLD_HEAD - FURTHER);
    out->bytes[1] = 1;
}
