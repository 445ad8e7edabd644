/* SPDX-License-Identifier: MIT
 *
 * The death marker: a small file per provider in the state folder, mapped into memory, that knows
 * how many threads are inside the plugin's code right now.  Entering and leaving is one atomic
 * addition each, and what was written survives the death of the process.
 *
 * Who is blamed for a death: when a thread crashes inside a plugin (a fault, abort(), exit()), that
 * plugin; when one crashes elsewhere, every plugin that was inside a call, because it may have
 * damaged memory.  A process that was killed from outside (kill -9, a power cut) blames nobody.
 * Deaths more than a week apart do not add up.
 *
 * marker_open() and marker_close() by the registry; the rest on any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum { MARKER_MAX_DEATHS = 3 };

struct marker;

/* Reads what the last run left, counts a death when there was one, and starts anew.  `folder` is
 * created when it is missing. */
int marker_open(const char *folder, const char *provider, struct marker **out, struct error *err);

/* A clean stop: the file goes, unless it has deaths to remember. */
void marker_close(struct marker *marker);
DEFINE_CLEANUP(struct marker *, marker_close);

/* The same while a thread is stuck inside: its memory stays, the thread may still come back. */
void marker_leave_behind(struct marker *marker);

uint32_t marker_deaths(const struct marker *marker);
bool marker_forbids(const struct marker *marker);    /* three deaths: quarantine */
bool marker_died_now(const struct marker *marker);   /* the last run ended inside this plugin */
bool marker_was_killed(const struct marker *marker); /* inside when killed from outside */
void marker_reset(struct marker *marker);

/* Around plugin code, on the thread that runs it. */
void marker_enter(struct marker *marker);
void marker_leave(struct marker *marker);

/* Around host code that a plugin calls: what goes wrong there is not its fault. Returns what
 * marker_resume() takes. */
struct marker *marker_pause(void);
void marker_resume(struct marker *marker);

/* Once per thread that enters plugins: a stack for the crash handler, so that a stack overflow is
 * noticed too. */
void marker_thread_begin(void);
void marker_thread_end(void);
