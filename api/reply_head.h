/* SPDX-License-Identifier: MIT
 *
 * The head of an answer: the status line and the header lines of a finished reply.  Any thread,
 * with a reply of its own. */
#pragma once

#include "reply.h"

/* The whole head, for a body of `len` bytes; false: `out` cannot hold it. */
bool reply_head_write(struct text *out, const struct reply *reply, const struct request *request,
                      int status, size_t len);

/* The lines that are the same whoever asks and whenever: those that a 304 has too, and those that
 * go with a body of `len` bytes. */
void reply_head_lines(const struct reply *reply, struct text *out);
void reply_head_entity(const struct reply *reply, size_t len, struct text *out);

/* The RateLimit lines. */
void reply_head_pace(const struct reply *reply, struct text *out);
