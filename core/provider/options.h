/* SPDX-License-Identifier: MIT
 *
 * A plugin's options with their values: from the environment, NAME_FILE, the operator's file, the
 * catalogue's languages, or the plugin's fallback, in this order.  What is missing, unknown or
 * unreadable is said in words that name the file and line to change.  Secrets are registered with
 * the log.  Read-only once made; any thread. */
#pragma once

#include "provider/registry.h"

enum { OPTIONS_MAX_VALUE_LEN = 64 << 10, OPTIONS_MAX_MIRRORS = 16 };

struct option_values;

int options_resolve(const struct provider_info *info, const struct provider_settings *settings,
                    struct option_values **out, struct error *err);
void options_free(struct option_values *values);
DEFINE_CLEANUP(struct option_values *, options_free);

/* Whether an option of the plugin follows the languages of the catalogue: one that is called
 * "language" is the first of them, a list that is called "languages" all of them. */
bool options_follow_languages(const struct provider_info *info);

/* NULL when unset. */
const char *options_get(const struct option_values *values, const char *name);

/* Where that came from: "TMDB_API_KEY", "FILE:LINE" or "default". */
const char *options_origin(const struct option_values *values, const char *name);

/* Of the option that is PROVIDER_MIRRORS; 0 when there is none.  Valid as long as `values`. */
size_t options_mirrors(const struct option_values *values, const char *const **out);

/* The hosts of all values that are web addresses, single spaces between: whom the operator chose.
 * Empty: none. */
char *options_hosts(const struct option_values *values);
