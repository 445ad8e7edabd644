/* SPDX-License-Identifier: MIT
 *
 * Jobs as stored: a number and a JSON text that service/jobs writes.  Numbers ascend and are never
 * used twice. */
#pragma once

#include "store/store.h"

int job_rows_new_id(struct store *store, uint32_t *out, struct error *err);
int job_rows_get(struct store *store, uint32_t id, struct text *out_json, struct error *err);
int job_rows_put(struct store *store, uint32_t id, const char *json, struct error *err);
int job_rows_delete(struct store *store, uint32_t id, struct error *err);
int job_rows_walk(struct store *store,
                  int (*each)(uint32_t id, const char *json, size_t len, void *context),
                  void *context, struct error *err);
