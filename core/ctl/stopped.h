/* SPDX-License-Identifier: MIT
 *
 * The store of a stopped daemon, for the commands that need it. */
#pragma once

#include "ctl/ctl.h"
#include "store/store.h"

/* `make`: one that is not there is made.  CTL_OK, or it has said why not. */
int stopped_open(struct ctl *ctl, bool make, struct store **out);
