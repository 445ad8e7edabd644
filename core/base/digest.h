/* SPDX-License-Identifier: MIT
 *
 * The hashes that torrents are known by; nothing here guards a secret.  Pure; any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SHA1_LEN = 20, DIGEST_SHA256_LEN = 32 };

void digest_sha1(const void *bytes, size_t len, uint8_t out[DIGEST_SHA1_LEN]);
void digest_sha256(const void *bytes, size_t len, uint8_t out[DIGEST_SHA256_LEN]);

/* Of all bytes of a file from where it stands; -1 and errno when it cannot be read. */
int digest_sha256_file(int fd, uint8_t out[DIGEST_SHA256_LEN]);
