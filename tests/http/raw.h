/* SPDX-License-Identifier: MIT
 *
 * A client without manners: sends bytes as they are, and reads what comes back until the connection
 * ends, an answer is whole, or a deadline. */
#pragma once

#include "base/text.h"

/* -1 when nobody listens. */
int raw_connect(uint16_t port);
bool raw_send(int fd, const char *bytes, size_t len);

/* One answer: head and as much body as its Content-Length says.  HEAD answers: `head_only`. False
 * when it did not come within 10 s or was cut off; *out has what came. */
bool raw_read_answer(int fd, bool head_only, struct text *out);

/* All until the end of the connection; false when it does not end within 10 s. */
bool raw_read_all(int fd, struct text *out);

/* The status of the answer that begins at `answer`; 0: it is none. */
int raw_status(const char *answer);

/* A header's value in a static buffer of the thread, or NULL. */
const char *raw_header(const char *answer, const char *name);
const char *raw_body(const char *answer);

/* Connects, sends, reads one answer, closes; its status, 0 for none. */
int raw_ask(uint16_t port, const char *request, struct text *out);
