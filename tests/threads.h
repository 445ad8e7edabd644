/* SPDX-License-Identifier: MIT
 *
 * The system's threads, which a test may forbid: the programs with this file start none while they
 * are forbidden, as when there are too many in the machine. */
#pragma once

#include <stdbool.h>

void threads_forbid(bool forbid);
