/* SPDX-License-Identifier: MIT
 *
 * The schema components of the OpenAPI description, as JSON texts.  Constant. */
#pragma once

#include <stddef.h>

struct openapi_schema {
    const char *name, *json;
};

extern const struct openapi_schema openapi_schemas[];
extern const size_t openapi_n_schemas;
