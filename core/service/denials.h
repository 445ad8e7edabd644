/* SPDX-License-Identifier: MIT
 *
 * External ids that every provider denied knowing a moment ago, so that nobody spends their
 * requests by asking again and again.  Bounded: a newer one may take an older one's place.  Any
 * thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct denials;
struct denials *denials_new(void);
void denials_free(struct denials *denials);

/* `external` as ids_parse() writes it; times are steady.  Remembered for a minute from `now_ms`. */
void denials_put(struct denials *denials, uint32_t kind, const char *external, int64_t now_ms);
bool denials_has(struct denials *denials, uint32_t kind, const char *external, int64_t now_ms);
