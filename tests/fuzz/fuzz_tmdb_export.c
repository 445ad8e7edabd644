/* SPDX-License-Identifier: MIT
 *
 * Input: a daily id export, gzipped or plain.  Each of its lines becomes a document that the schema
 * accepts, or none. */
#include "fuzz.h"

#include "media/document.h"
#include "tmdb/export_line.h"
#include "tmdb/lines.h"

#include <miauflix/provider.h>

enum { MAX_INFLATED = 8 << 20 };

static void read_line(const char *text, size_t len, const struct item_shape *shape,
                      struct out *document)
{
    json_auto_t *read = NULL;
    struct error err = { 0 };

    if (export_line_read(text, len, shape, true, true, document) != EXPORT_TITLE)
        return;
    HOLDS(!document->failed);
    HOLDS(document_read(PROVIDER_TITLE, 0, document->bytes, document->len, &read, &err) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    OUT_AUTO document = OUT_INIT(DOCUMENT_MAX_LEN);
    LINES_AUTO *lines = lines_new((const char *)bytes, len, MAX_INFLATED);
    enum lines_verdict verdict;

    HOLDS(lines != NULL);
    do {
        const char *text = NULL;
        size_t text_len = 0;

        verdict = lines_next(lines, &text, &text_len);
        if (verdict == LINES_LINE) {
            read_line(text, text_len, &item_movie, &document);
            read_line(text, text_len, &item_show, &document);
        }
    } while (verdict == LINES_LINE || verdict == LINES_LONG);
    HOLDS(lines_share(lines) >= 0.0 && lines_share(lines) <= 1.0);
    return 0;
}
