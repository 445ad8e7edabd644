/* SPDX-License-Identifier: MIT */
#include "ticket.h"

#include <sodium.h>
#include <string.h>

#include "app.h"
#include "base/clock.h"

enum { SEAL_LEN = 16 };

/* "expiry-seal", both in hex; the seal covers the expiry and the torrent. */
static void write_for(const struct app *app, const char *infohash, uint64_t until_s,
                      char out[TICKET_SIZE])
{
    uint8_t seal[SEAL_LEN];
    char said[160];
    int n = snprintf(said, sizeof said, "stream %llx %.64s", (unsigned long long)until_s, infohash);
    crypto_generichash(seal, sizeof seal, (const uint8_t *)said, (unsigned long long)n,
                       app->ticket_key, sizeof app->ticket_key);
    n = snprintf(out, TICKET_SIZE, "%llx-", (unsigned long long)until_s);
    sodium_bin2hex(out + n, (size_t)(TICKET_SIZE - n), seal, sizeof seal);
}

void ticket_write(const struct app *app, const char *infohash, char out[TICKET_SIZE])
{
    write_for(app, infohash, (uint64_t)(clock_wall_ms() / 1000) + TICKET_LIFE_S, out);
}

bool ticket_is_good(const struct app *app, const char *infohash, const char *ticket)
{
    char own[TICKET_SIZE];
    char *end = NULL;
    size_t len = strlen(ticket);
    if (len >= TICKET_SIZE || len < 2 * SEAL_LEN + 2)
        return false;
    uint64_t until_s = strtoull(ticket, &end, 16);
    write_for(app, infohash, until_s, own);
    return strlen(own) == len && sodium_memcmp(own, ticket, len) == 0 &&
           until_s > (uint64_t)(clock_wall_ms() / 1000);
}
