/* SPDX-License-Identifier: MIT
 *
 * Reads one film in the form of data/README: the form in which the bundled films are written and in
 * which a test adds its own. */
#pragma once

#include <jansson.h>

#include "film.h"

/* The film borrows strings from `json`, which must live as long as it does.  NULL and err when it
 * has no id or no title, or anything is of the wrong type. */
struct film *read_film(const json_t *json, struct error *err);

/* Absent and null read as `fallback`, "" stays "": to the sandbox these are three things. */
const char *read_string(const json_t *json, const char *key, const char *fallback);

/* The n-th of the parts between bars: "Cary Grant|Peter Joshua|m". */
const char *read_part(struct film *film, const char *line, int n);
