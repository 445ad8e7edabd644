/* SPDX-License-Identifier: MIT
 *
 * All items derived anew when the order of providers has changed: a job that goes through the
 * catalogue in small transactions, so that reads and other writes go on, and resumes where a crash
 * or a stop cut it off.  Any thread. */
#pragma once

#include "service/catalog.h"
#include "service/jobs.h"

#define REDERIVE_JOB "derive"

/* Starts the job when the items were last derived under another policy than the catalogue's. */
int rederive_start(struct catalog *catalog, struct jobs *jobs, struct error *err);
