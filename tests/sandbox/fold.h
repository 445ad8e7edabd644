/* SPDX-License-Identifier: MIT
 *
 * Search without case and accents: "cafe" finds "Café".  Pure; any thread. */
#pragma once

#include "base/text.h"

/* malloc'ed; never NULL. */
char *fold_text(const char *text);

/* Every word of the folded query begins a word of the title. */
bool fold_matches(const char *title, const char *folded_query);
