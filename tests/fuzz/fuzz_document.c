/* SPDX-License-Identifier: MIT
 *
 * Input: a digit (the kind), a digit (the flags), then the document.  What was accepted must be
 * accepted again, and be the same. */
#include "fuzz.h"

#include "base/json.h"
#include "media/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len < 2)
        return 0;
    uint32_t kind = bytes[0] & 7u, flags = bytes[1] & 7u;
    json_auto_t *document = NULL, *again = NULL;
    struct error err = { 0 };
    if (document_read(kind, flags, (const char *)bytes + 2, len - 2, &document, &err)) {
        HOLDS(err.code == PROVIDER_EREFUSED && err.text[0]);
        return 0;
    }
    CLEANUP(text_done) struct text text = TEXT_INIT(16 << 20);
    HOLDS(js_write(document, &text));
    HOLDS(document_read(kind, flags, text.bytes, text.len, &again, NULL) == 0);
    HOLDS(json_equal(document, again));
    return 0;
}
