/* SPDX-License-Identifier: MIT
 *
 * Input: a magnet link.  What is accepted is built again, and that reads as the same magnet. */
#include "fuzz.h"

#include <string.h>

#include "torrent/magnet.h"

static void check_hash(const char *hash, size_t len)
{
    HOLDS(!*hash || (strlen(hash) == len && strspn(hash, "0123456789abcdef") == len));
}

static void try_with(const uint8_t *bytes, size_t len, unsigned flags)
{
    CLEANUP(magnet_free) struct magnet *magnet = NULL;
    CLEANUP(magnet_free) struct magnet *again = NULL;
    CLEANUP(text_done) struct text first = TEXT_INIT(4 * MAGNET_LEN);
    CLEANUP(text_done) struct text second = TEXT_INIT(4 * MAGNET_LEN);
    if (magnet_parse((const char *)bytes, len, flags, &magnet, NULL))
        return;
    check_hash(magnet->v1, MAGNET_V1_HEX);
    check_hash(magnet->v2, MAGNET_V2_HEX);
    HOLDS(*magnet->v1 || *magnet->v2);
    HOLDS(magnet_build(magnet, &first));
    HOLDS(magnet_parse(first.bytes, first.len, flags, &again, NULL) == 0);
    HOLDS(again->n_dropped == 0);
    HOLDS(magnet_build(again, &second));
    HOLDS(strcmp(text_string(&first), text_string(&second)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    try_with(bytes, len, 0);
    try_with(bytes, len, MAGNET_ALLOW_PRIVATE);
    return 0;
}
