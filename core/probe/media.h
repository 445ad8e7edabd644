/* SPDX-License-Identifier: MIT
 *
 * The only part that speaks to libavformat; runs in the probing process alone.  One thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Asks for the bytes of a file of `size` over standard input and adds what it is as a JSON object;
 * false: it is no media file. */
bool media_describe(int64_t size, struct text *out);
