/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <unistd.h>

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

int digest_sha256_file(int fd, uint8_t out[DIGEST_SHA256_LEN])
{
    enum { PART = 1 << 18 };
    CLEANUP(mem_free) uint8_t *part = mem_alloc(PART);
    EVP_MD_CTX *sum = EVP_MD_CTX_new();
    if (!sum || EVP_DigestInit_ex(sum, EVP_sha256(), NULL) != 1)
        abort();
    ssize_t n;
    while ((n = read(fd, part, PART)) > 0)
        EVP_DigestUpdate(sum, part, (size_t)n);
    int failed_errno = errno;
    EVP_DigestFinal_ex(sum, out, NULL);
    EVP_MD_CTX_free(sum);
    errno = failed_errno;
    return n < 0 ? -1 : 0;
}
