/* SPDX-License-Identifier: MIT
 *
 * What verifying a store found, for tests. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "store/maintenance.h"

struct findings {
    char text[4000];
};

/* A maintenance_checks.report whose context is a struct findings. */
static inline void note_finding(const char *finding, void *context)
{
    struct findings *findings = context;
    size_t used = strlen(findings->text);
    snprintf(findings->text + used, sizeof findings->text - used, "%s\n", finding);
}

/* How many there are. */
static inline uint64_t verify(struct store *store, struct findings *findings)
{
    uint64_t n = 0;
    findings->text[0] = '\0';
    struct maintenance_checks checks = { .report = note_finding, .context = findings };
    assert_int_equal(maintenance_verify_tables(store, &checks, &n, NULL), 0);
    return n;
}
