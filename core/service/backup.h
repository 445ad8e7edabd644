/* SPDX-License-Identifier: MIT
 *
 * A backup of the running store, as a job.  Any thread. */
#pragma once

#include "service/jobs.h"

/* Starts it, or joins the one under way into the same folder. */
int backup_run(struct jobs *jobs, struct store *store, const char *folder, uint32_t *out_job,
               struct error *err);
