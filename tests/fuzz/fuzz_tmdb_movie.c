/* SPDX-License-Identifier: MIT
 *
 * Input: a movie as TMDB answers it.  Whatever it holds, what plugins/tmdb makes of it is a
 * document that the schema accepts. */
#include "fuzz.h"

#include "common/field.h"
#include "media/document.h"
#include "tmdb/item.h"
#include "tmdb/movie.h"

#include <miauflix/provider.h>

static void accepted(uint32_t flags, const struct out *document)
{
    json_auto_t *read = NULL;
    struct error err = { 0 };

    HOLDS(!document->failed);
    HOLDS(document_read(PROVIDER_MOVIE, flags, document->bytes, document->len, &read, &err) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    OUT_AUTO document = OUT_INIT(DOCUMENT_MAX_LEN);
    json_auto_t *movie = field_parse((const char *)bytes, len);
    int64_t id;

    if (movie_write(&document, movie, "de-DE"))
        accepted(0, &document);
    if (item_write_row(&document, movie, &item_movie, "en-US"))
        accepted(PROVIDER_PARTIAL, &document);
    if (item_write_changed(&document, movie, "2026-11-22", &id))
        accepted(PROVIDER_CHANGED, &document);
    return 0;
}
