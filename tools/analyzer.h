/* SPDX-License-Identifier: MIT
 *
 * For the static analysers, which look at one file at a time: they cannot know that error_set()
 * returns the code it was given, and would follow paths on which a failure counts as success.
 * Included before each file but error.c. */
#pragma once

#include "base/error.h"

#define error_set(err, code, ...) (error_set((err), (code), __VA_ARGS__), (code))
#define error_errno(err, number, ...) (error_errno((err), (number), __VA_ARGS__), PROVIDER_EIO)
