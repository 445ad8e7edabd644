/* SPDX-License-Identifier: MIT
 *
 * Reading a torrent file, for tests. */
#pragma once

#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "torrent/metainfo.h"

#include "../parts.h"

static inline struct metainfo *read_bytes(const char *bytes, size_t len)
{
    struct metainfo *out = NULL;
    struct error err = { 0 };
    if (metainfo_read(bytes, len, &out, &err) != 0)
        fail_msg("%s", err.text);
    return out;
}

static inline struct metainfo *read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static inline void refuse_bytes(const char *bytes, size_t len)
{
    struct metainfo *out = NULL;
    struct error err = { 0 };
    int code = metainfo_read(bytes, len, &out, &err);
    if (code != PROVIDER_EREFUSED && code != PROVIDER_ELIMIT)
        fail_msg("'%.*s': %d %s", (int)MIN(len, (size_t)200), bytes, code, err.text);
    assert_null(out);
    assert_string_not_equal(err.text, "");
}

static inline void refuse(const char *text)
{
    refuse_bytes(text, strlen(text));
}

static inline const char *path_of(const struct metainfo *metainfo, size_t i)
{
    return js_string(json_array_get(js_array(metainfo->document, "files"), i), "path");
}

static inline size_t n_files(const struct metainfo *metainfo)
{
    return json_array_size(js_array(metainfo->document, "files"));
}

extern const struct test_part metainfo_v2_part;
