/* SPDX-License-Identifier: MIT
 *
 * /sandbox/...: how tests direct the sandbox while it runs.  Any thread. */
#pragma once

#include "faults.h"

/* False: no such route. */
bool admin_answer(struct catalog *catalog, struct faults *faults,
                  const struct sandbox_request *request, struct sandbox_reply *reply);
