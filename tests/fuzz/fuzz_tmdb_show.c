/* SPDX-License-Identifier: MIT
 *
 * Input: a show as TMDB answers it, seasons appended.  Whatever it holds, what plugins/tmdb makes
 * of it are documents that the schema accepts.  Its season 1 is also taken for its season 0 in
 * another language. */
#include "fuzz.h"

#include "common/field.h"
#include "media/document.h"
#include "tmdb/editions.h"
#include "tmdb/item.h"
#include "tmdb/show.h"

#include <miauflix/provider.h>

static void accepted(uint32_t kind, uint32_t flags, const struct out *document)
{
    json_auto_t *read = NULL;
    struct error err = { 0 };

    HOLDS(!document->failed);
    HOLDS(document_read(kind, flags, document->bytes, document->len, &read, &err) == 0);
}

static void try_seasons(struct out *document, const json_t *show)
{
    const struct season_edition edition = { .language = "en-US",
                                            .season = editions_season(show, 1) };

    for (int64_t number = 0; number < 3; number++) {
        const struct season_source source = { .show = show,
                                              .season = editions_season(show, number),
                                              .language = "de-DE",
                                              .editions = &edition,
                                              .n_editions = 1 };

        (void)season_lacks_texts(&source, number == 0, 20000);
        if (source.season && season_write(document, &source, number == 2))
            accepted(PROVIDER_SEASON, 0, document);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    OUT_AUTO document = OUT_INIT(DOCUMENT_MAX_LEN);
    json_auto_t *show = field_parse((const char *)bytes, len);

    if (show_write(&document, show, "de-DE"))
        accepted(PROVIDER_TVSHOW, 0, &document);
    if (item_write_row(&document, show, &item_show, "en-US"))
        accepted(PROVIDER_TVSHOW, PROVIDER_PARTIAL, &document);
    try_seasons(&document, show);
    return 0;
}
