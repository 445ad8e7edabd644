/* SPDX-License-Identifier: MIT
 *
 * Input: packed bytes; or, beginning with '{', a movie that is packed first and whose answers must
 * be JSON. */
#include "fuzz.h"

#include "base/json.h"
#include "media/card.h"
#include "media/document.h"
#include "media/merge.h"

static void count(const char *title, size_t len, const char *language, void *context)
{
    size_t *total = context;
    *total += len + (title[0] == language[0]);
}

static bool render(const void *bytes, size_t len, struct text *out)
{
    struct language_wish wish = { .n_tags = 2, .tags = { "pt-BR", "de" } };
    char language[LANGUAGE_LEN];
    struct card_facts facts;
    size_t total = 0;
    card_facts_read(bytes, len, &facts);
    card_titles(bytes, len, count, &total);
    return card_render(bytes, len, &wish, NULL, out, language);
}

static void expect_json(const struct text *packed)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(32 << 20);
    json_auto_t *value = NULL;
    HOLDS(render(packed->bytes, packed->len, &out));
    HOLDS(js_parse(out.bytes, out.len, out.len, &value, NULL) == 0);
}

static void try_document(const char *bytes, size_t len)
{
    json_auto_t *document = NULL;
    if (document_read(PROVIDER_MOVIE, 0, bytes, len, &document, NULL))
        return;
    const char *const languages[] = { "de", "en" };
    struct merge_record records[] = { { .provider = "a", .document = document },
                                      { .provider = "b", .document = document } };
    struct merge_policy policy = { .languages = languages, .n_languages = 2 };
    json_auto_t *item = merge_records(records, 2, &policy, NULL);
    struct card_facts facts = { .id = 1, .kind = PROVIDER_MOVIE };
    CLEANUP(text_done) struct text card = TEXT_INIT(16 << 20), whole = TEXT_INIT(16 << 20);
    card_pack(item, &facts, &card);
    card_pack_item(item, &facts, &whole);
    expect_json(&card);
    expect_json(&whole);
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
