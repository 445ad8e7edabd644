/* SPDX-License-Identifier: MIT
 *
 * Input: packed bytes; or, beginning with '{', a season that is packed first and whose answers must
 * be JSON. */
#include "fuzz.h"

#include "base/json.h"
#include "media/document.h"
#include "media/season.h"

static const struct language_wish wish = { .n_tags = 2, .tags = { "pt-BR", "de" } };
static const struct season_reader reader = { .wish = &wish, .original_language = "ja" };

static void count(int32_t day, uint32_t episode, void *context)
{
    size_t *total = context;
    *total += (size_t)episode + (day > 0);
}

static bool render(const void *bytes, size_t len, struct text *out)
{
    char language[LANGUAGE_LEN];
    struct season_facts facts;
    size_t total = 0;
    bool found;
    season_facts_read(bytes, len, &facts);
    season_airings(bytes, len, count, &total);
    season_render_episode(bytes, len, &reader, 1, true, NULL, &found, out, language);
    text_clear(out);
    season_render_episodes(bytes, len, &reader, 1, 20, out);
    text_clear(out);
    return season_render(bytes, len, 1, &reader, true, out, language);
}

static void try_document(const char *bytes, size_t len)
{
    json_auto_t *document = NULL, *value = NULL;
    CLEANUP(text_done) struct text packed = TEXT_INIT(16 << 20);
    CLEANUP(text_done) struct text out = TEXT_INIT(32 << 20);
    if (document_read(PROVIDER_SEASON, 0, bytes, len, &document, NULL))
        return;
    const struct merge_record record = { .provider = "a", .document = document };
    const struct merge_policy policy = { .n_precedence = 0 };
    json_auto_t *merged = season_merge(&record, 1, &policy);
    season_pack(merged, &packed);
    HOLDS(render(packed.bytes, packed.len, &out));
    HOLDS(js_parse(out.bytes, out.len, out.len, &value, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(1 << 20);
    if (len && bytes[0] == '{')
        try_document((const char *)bytes, len);
    else
        render(bytes, len, &out);
    return 0;
}
