/* SPDX-License-Identifier: MIT
 *
 * Input: a .torrent file.  What is accepted is written again, and that reads as the same torrent.
 */
#include "fuzz.h"

#include <string.h>

#include "base/json.h"
#include "torrent/metainfo.h"

static void check_paths(const json_t *files)
{
    size_t i;
    json_t *file;
    json_array_foreach (files, i, file) {
        CLEANUP(mem_free) char *inside = mem_format("/%s/", js_string(file, "path"));
        HOLDS(!strstr(inside, "/../") && !strstr(inside, "//"));
        HOLDS(js_int(file, "index", -1) == (int64_t)i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(metainfo_free) struct metainfo *metainfo = NULL;
    CLEANUP(metainfo_free) struct metainfo *again = NULL;
    CLEANUP(text_done) struct text written = TEXT_INIT(2 * METAINFO_MAX);
    if (metainfo_read((const char *)bytes, len, &metainfo, NULL))
        return 0;
    HOLDS(*metainfo->v1 || *metainfo->v2);
    HOLDS(js_string(metainfo->document, "name"));
    check_paths(js_array(metainfo->document, "files"));
    HOLDS(metainfo_write(metainfo, &written));
    HOLDS(metainfo_read(written.bytes, written.len, &again, NULL) == 0);
    HOLDS(json_equal(metainfo->document, again->document));
    HOLDS(strcmp(metainfo->v1, again->v1) == 0 && strcmp(metainfo->v2, again->v2) == 0);
    return 0;
}
