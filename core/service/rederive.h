/* SPDX-License-Identifier: MIT
 *
 * All items derived anew when the order of providers has changed: a job that goes through the
 * catalogue in small transactions, so that reads and other writes go on, and resumes where a crash
 * or a stop cut it off.  Any thread. */
#pragma once

#include "service/catalog.h"
#include "service/derive.h"
#include "service/jobs.h"

#define REDERIVE_JOB "derive"

/* Whether the items of a stopped store were derived under another policy. */
bool rederive_is_due(struct store *store, const struct derive_policy *policy);

/* All items of a stopped store have been derived under it. */
int rederive_mark(struct store *store, const struct derive_policy *policy, struct error *err);

/* Starts the job when the items were last derived under another policy than the catalogue's. */
int rederive_start(struct catalog *catalog, struct jobs *jobs, struct error *err);
