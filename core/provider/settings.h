/* SPDX-License-Identifier: MIT
 *
 * Copies of one provider's settings: the registry keeps its own, because a reload frees what it was
 * opened with.  Any thread, object not shared. */
#pragma once

#include "provider/registry.h"

struct provider_settings *settings_copy(const struct provider_settings *from);
void settings_free(struct provider_settings *settings);
DEFINE_CLEANUP(struct provider_settings *, settings_free);

/* Whether a provider opened with `a` would come out the same with `b`, their languages aside: those
 * matter to who asks for them. */
bool settings_equal(const struct provider_settings *a, const struct provider_settings *b);
