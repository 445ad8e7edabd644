/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <openssl/evp.h>

#include "base/mem.h"

static void digest(const EVP_MD *how, const void *bytes, size_t len, uint8_t *out)
{
    /* Fails only where the machine's policy has switched the algorithm off: no torrent can be
     * named there at all. */
    if (EVP_Digest(bytes, len, out, NULL, how, NULL) != 1)
        abort();
}

void digest_sha1(const void *bytes, size_t len, uint8_t out[DIGEST_SHA1_LEN])
{
    digest(EVP_sha1(), bytes, len, out);
}

void digest_sha256(const void *bytes, size_t len, uint8_t out[DIGEST_SHA256_LEN])
{
    digest(EVP_sha256(), bytes, len, out);
}
