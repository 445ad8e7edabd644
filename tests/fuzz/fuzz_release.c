/* SPDX-License-Identifier: MIT
 *
 * Input: a packed release; or, beginning with '[', the claims of one, which are packed first and
 * whose answer must be JSON. */
#include "fuzz.h"

#include <string.h>

#include "base/json.h"
#include "release/release.h"

static bool show(const void *bytes, size_t len, struct text *out)
{
    struct release_packed release;
    if (!release_open(bytes, len, &release))
        return false;
    release_state(&release.facts);
    release_has_provider(&release, "yts");
    const struct release_view view = { .runtime_minutes = 100,
                                       .now_ms = INT64_C(1700000000000),
                                       .explain = true };
    return release_render(&release, &view, out);
}

/* What is packed anew is the same: verify holds releases against that. */
static bool is_renewed_as_it_is(const struct text *packed)
{
    CLEANUP(text_done) struct text again = TEXT_INIT(RELEASE_MAX_PACKED);
    struct release_packed release;
    struct release_facts facts;
    return release_open(packed->bytes, packed->len, &release) &&
           release_renew(&release, &facts, &again) && again.len == packed->len &&
           memcmp(again.bytes, packed->bytes, packed->len) == 0;
}

static void try_claims(const char *bytes, size_t len)
{
    json_auto_t *claims = NULL, *shown = NULL;
    struct release_facts facts = { .item = 1, .kind = PROVIDER_MOVIE, .season = -1 };
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED);
    CLEANUP(text_done) struct text out = TEXT_INIT(16 << 20);
    if (js_parse(bytes, len, len, &claims, NULL) || !json_is_array(claims) ||
        !release_pack(claims, &facts, &packed))
        return;
    HOLDS(is_renewed_as_it_is(&packed));
    HOLDS(show(packed.bytes, packed.len, &out));
    HOLDS(js_parse(text_string(&out), out.len, out.len, &shown, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(16 << 20);
    if (len > 0 && *bytes == '[')
        try_claims((const char *)bytes, len);
    else
        show(bytes, len, &out);
    return 0;
}
