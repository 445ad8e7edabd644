/* SPDX-License-Identifier: MIT
 *
 * How often something is fetched anew although nobody announced that it changed: one table of rules
 * by age, state and interest.  The changes feed brings what people edit; these rules bring what
 * changes without an edit (votes, popularity, what airs next) and what a feed forgot.  Pure; any
 * thread. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What the rules look at; days since 1970, INT32_MIN: unknown. */
struct refresh_facts {
    uint32_t kind;  /* PROVIDER_MOVIE or PROVIDER_TVSHOW */
    uint8_t status; /* enum card_status */
    int32_t release_day;
    int32_t next_day, last_day; /* of a show: when the next and the last episode air */
    double popularity;
    bool listed; /* a list has it */
};

/* From a whole media document; `listed` is left to the caller. */
void refresh_facts_read(uint32_t kind, const json_t *document, struct refresh_facts *out);

/* When what was fetched at now_ms is due again.  ttl_ms: how long it counts as fresh, which is what
 * readers look at often are kept ahead of.  salt (the item's id) spreads what was fetched together.
 */
int64_t refresh_due_ms(const struct refresh_facts *facts, int64_t ttl_ms, int64_t now_ms,
                       uint32_t salt);

/* The name of the rule that applies, for people and tests. */
const char *refresh_rule_name(const struct refresh_facts *facts, int64_t now_ms);
