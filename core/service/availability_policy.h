/* SPDX-License-Identifier: MIT
 *
 * How often a release's swarm is looked at: one table of rules by age, interest and state.  A
 * check takes seconds and others' bandwidth, so that what is new, watched, on a list or well known
 * is looked at often and what is dead rarely, though never not at all.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct availability_facts {
    int64_t since_ms;       /* uploaded, or first heard of */
    int64_t verified_at_ms; /* 0: nobody looked yet */
    int64_t dead_since_ms;  /* 0: alive, or not known */
    double popularity;      /* of its item */
    bool listed;            /* a list has its item */
    bool opened;            /* somebody made a torrent of it here, and plays it or may */
    unsigned unanswered;    /* checks in a row that nobody answered */
};

/* When to look again at what is so at now_ms.  salt spreads what came in together. */
int64_t availability_due_ms(const struct availability_facts *facts, int64_t now_ms, uint32_t salt);

/* The name of the rule that applies, for people and tests. */
const char *availability_rule_name(const struct availability_facts *facts, int64_t now_ms);
