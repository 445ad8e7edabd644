/* SPDX-License-Identifier: MIT
 *
 * `miauflixctl plugin new NAME`: a plugin that builds at once, out of tree, against the installed
 * header, and passes the conformance check.  Any thread. */
#pragma once

#include "base/error.h"

/* Makes the folder `parent`/`name` with NAME.c, Makefile, NAME.conf and README.md.  Nothing that
 * exists is overwritten: PROVIDER_ECONFLICT. */
int skeleton_write(const char *parent, const char *name, struct error *err);
