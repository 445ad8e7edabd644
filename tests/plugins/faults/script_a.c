/* SPDX-License-Identifier: MIT */
#include "script.h"

SCRIPT_INFO("script_a");
