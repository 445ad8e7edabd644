/* SPDX-License-Identifier: MIT
 *
 * What is to go wrong, per route, set at run time; and what was asked for, counted per route.  Any
 * thread; both lock themselves. */
#pragma once

#include <jansson.h>

#include "sandbox.h"

struct faults;
struct faults *faults_new(void);
void faults_free(struct faults *faults);
DEFINE_CLEANUP(struct faults *, faults_free);

/* One fault of POST /sandbox/faults: {"route": "/3/movie/\*", "fault": "429", "retry_after": "3",
 * "count": 5, "every": 2, "delay_ms": 100}. */
int faults_add(struct faults *faults, const json_t *json, struct error *err);
void faults_clear(struct faults *faults);
size_t faults_write(struct faults *faults, struct text *out); /* as a JSON array; how many */

/* Counts the request.  True when a fault answers instead of the service: reply is complete then. */
bool faults_before(struct faults *faults, const struct sandbox_request *request,
                   struct sandbox_reply *reply);

/* Faults that spoil a good answer: trickle, cut_off, wrong_types, empty, slow. */
void faults_after(struct faults *faults, const struct sandbox_request *request,
                  struct sandbox_reply *reply);

/* {"total":.., "routes":{"/3/movie/{id}":..}, "last":["GET /3/..."]} */
void faults_write_requests(struct faults *faults, struct text *out);
void faults_note_status(struct faults *faults, int status);
