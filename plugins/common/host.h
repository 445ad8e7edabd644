/* SPDX-License-Identifier: MIT
 *
 * The host's services with variable arguments and defaults filled in, for plugins written here.
 * Everything runs on the thread of the call it is given; host_log() on any. */
#pragma once

#include <miauflix/provider.h>

struct out;

void host_log(struct provider_call *call, int level, const char *fmt, ...) PROVIDER_PRINTF(3, 4);

/* Explains a failure and returns `code`. */
int host_fail(struct provider_call *call, int code, const char *fmt, ...) PROVIDER_PRINTF(3, 4);

/* The option's value, NULL when it is unset or empty. */
const char *host_option(struct provider_call *call, const char *name);

/* "true yes on 1" and "false no off 0" in any case; the fallback when unset.  A word that is
 * neither is a failure. */
int host_option_bool(struct provider_call *call, const char *name, int fallback, int *out);
int host_option_int(struct provider_call *call, const char *name, long min, long max, long fallback,
                    long *out);

/* Hands over one document; PROVIDER_ELIMIT when `document` outgrew its limit. */
int host_emit(struct provider_call *call, uint32_t kind, uint32_t flags,
              const struct out *document);

/* Nonzero when nobody waits any more or the deadline passed. */
int host_is_over(struct provider_call *call);
