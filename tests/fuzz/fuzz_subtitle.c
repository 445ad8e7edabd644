/* SPDX-License-Identifier: MIT
 *
 * Input: a subtitle file.  What is accepted is WebVTT in UTF-8, and converts to itself. */
#include "fuzz.h"

#include <string.h>

#include "media/subtitle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(text_done) struct text first = TEXT_INIT(8 * SUBTITLE_MAX);
    CLEANUP(text_done) struct text second = TEXT_INIT(8 * SUBTITLE_MAX);
    if (subtitle_to_vtt((const char *)bytes, len, &first, NULL))
        return 0;
    HOLDS(first.len >= 6 && memcmp(first.bytes, "WEBVTT", 6) == 0);
    HOLDS(first.len > SUBTITLE_MAX || subtitle_to_vtt(first.bytes, first.len, &second, NULL) == 0);
    HOLDS(first.len > SUBTITLE_MAX ||
          (second.len == first.len && memcmp(first.bytes, second.bytes, first.len) == 0));
    return 0;
}
