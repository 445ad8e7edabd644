/* SPDX-License-Identifier: MIT */
#include "base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"

struct range4 {
    uint32_t first;
    int bits;
};

/* IANA's special-purpose registry, and multicast and above. */
static const struct range4 not_public4[] = {
    { 0x00000000, 8 },  { 0x0A000000, 8 },  { 0x64400000, 10 }, { 0x7F000000, 8 },
    { 0xA9FE0000, 16 }, { 0xAC100000, 12 }, { 0xC0000000, 24 }, { 0xC0000200, 24 },
    { 0xC0586300, 24 }, { 0xC0A80000, 16 }, { 0xC6120000, 15 }, { 0xC6336400, 24 },
    { 0xCB007100, 24 }, { 0xE0000000, 3 },
};

struct range6 {
    unsigned char first[4];
    int bits;
};

/* Within 2000::/3: protocol assignments with Teredo, documentation. */
static const struct range6 not_public6[] = {
    { { 0x20, 0x01, 0x00, 0x00 }, 23 },
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
    { { 0x3f, 0xff, 0x00, 0x00 }, 20 },
};

static bool is_public4(uint32_t address)
{
    for (size_t i = 0; i < ARRAY_LEN(not_public4); i++)
        if ((address ^ not_public4[i].first) >> (32 - not_public4[i].bits) == 0)
            return false;
    return true;
}

static uint32_t read32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool is_public6(const unsigned char at[16])
{
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
    static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
    if (memcmp(at, mapped, 12) == 0 || memcmp(at, nat64, 12) == 0)
        return is_public4(read32(at + 12));
    if (at[0] >> 5 != 1)
        return false;
    if (at[0] == 0x20 && at[1] == 0x02) /* 6to4 carries an IPv4 address */
        return is_public4(read32(at + 2));
    for (size_t i = 0; i < ARRAY_LEN(not_public6); i++) {
        uint32_t differs = read32(at) ^ read32(not_public6[i].first);
        if (differs >> (32 - not_public6[i].bits) == 0)
            return false;
    }
    return true;
}

bool address_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return is_public4(ntohl(in.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 in6;
    memcpy(&in6, address, sizeof in6);
    return is_public6(in6.sin6_addr.s6_addr);
}

static bool parse_address(const char *text, struct sockaddr_storage *out)
{
    char plain[INET6_ADDRSTRLEN + 2];
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
    snprintf(plain, sizeof plain, "%s", *text == '[' ? text + 1 : text);
    plain[strcspn(plain, "]%")] = '\0';
    if (inet_pton(AF_INET, plain, &in.sin_addr) == 1)
        memcpy(out, &in, sizeof in);
    else if (inet_pton(AF_INET6, plain, &in6.sin6_addr) == 1)
        memcpy(out, &in6, sizeof in6);
    else
        return false;
    return true;
}

bool address_is_public_text(const char *address)
{
    struct sockaddr_storage parsed;
    return parse_address(address, &parsed) && address_is_public((struct sockaddr *)&parsed);
}

bool address_refuses_host(const char *host)
{
    struct sockaddr_storage parsed;
    if (parse_address(host, &parsed))
        return !address_is_public((struct sockaddr *)&parsed);
    size_t len = strlen(host);
    bool dotted = len && host[len - 1] == '.';
    static const char local[] = "localhost";
    size_t bare = len - dotted, n = sizeof local - 1;
    return bare >= n && strncasecmp(host + bare - n, local, n) == 0 &&
           (bare == n || host[bare - n - 1] == '.');
}
