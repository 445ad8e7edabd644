/* SPDX-License-Identifier: MIT
 *
 * The OpenAPI 3.1 description, written from the route table, so that it cannot say anything else
 * than what the router does.  Pure; any thread. */
#pragma once

#include "base/text.h"

void openapi_write(struct text *out);

/* The JSON of a schema component, by name; NULL: there is none. */
const char *openapi_schema(const char *name);
