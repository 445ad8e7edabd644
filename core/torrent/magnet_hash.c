/* SPDX-License-Identifier: MIT */
#include "torrent/magnet.h"

#include <string.h>

enum { BASE32_LEN = 32, MULTIHASH_PREFIX = 4 };

static bool read_hex(const char *text, size_t len, char *out)
{
    bool zero = true;
    for (size_t i = 0; i < len; i++) {
        char c = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] | 0x20) : text[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
        zero &= c == '0';
        out[i] = c;
    }
    out[len] = '\0';
    return !zero;
}

/* RFC 4648 without the digits that look like letters. */
static int base32_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

static bool read_base32(const char *text, char *out)
{
    char hex[MAGNET_V1_HEX + 1];
    uint32_t bits = 0;
    size_t n_bits = 0, n = 0;
    for (size_t i = 0; i < BASE32_LEN; i++) {
        int value = base32_value(text[i]);
        if (value < 0)
            return false;
        bits = (bits << 5 | (uint32_t)value) & 0xFFF;
        n_bits += 5;
        for (; n_bits >= 4; n_bits -= 4)
            hex[n++] = "0123456789abcdef"[bits >> (n_bits - 4) & 0xF];
    }
    return read_hex(hex, MAGNET_V1_HEX, out);
}

bool magnet_read_v1(const char *text, size_t len, char out[MAGNET_V1_HEX + 1])
{
    char read[MAGNET_V1_HEX + 1];
    bool good = len == MAGNET_V1_HEX ? read_hex(text, len, read)
                                     : len == BASE32_LEN && read_base32(text, read);
    if (good)
        memcpy(out, read, sizeof read);
    return good;
}

bool magnet_read_v2(const char *text, size_t len, char out[MAGNET_V2_HEX + 1])
{
    char read[MAGNET_V2_HEX + 1];
    /* The multihash of SHA-256: code 0x12, 0x20 bytes. */
    if (len != MULTIHASH_PREFIX + MAGNET_V2_HEX || memcmp(text, "1220", MULTIHASH_PREFIX) != 0 ||
        !read_hex(text + MULTIHASH_PREFIX, MAGNET_V2_HEX, read))
        return false;
    memcpy(out, read, sizeof read);
    return true;
}
