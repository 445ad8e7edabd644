/* SPDX-License-Identifier: MIT
 *
 * What the server listens on.  Any thread. */
#pragma once

#include <stdint.h>

#include "base/text.h"

/* "a, b" and a port to CivetWeb's "a:port,b:port"; "*" is every address. */
int ports_write(const char *addresses, uint16_t port, struct text *out, struct error *err);

/* CivetWeb only says that it failed; binding the same addresses ourselves tells why. */
int ports_explain(const char *ports, struct error *err);
