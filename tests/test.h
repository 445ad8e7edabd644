/* SPDX-License-Identifier: MIT
 *
 * What every cmocka test includes.  The four headers cmocka needs before itself stand here in their
 * order, so that sorted includes cannot break them. */
#pragma once

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */
