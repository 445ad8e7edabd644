/* SPDX-License-Identifier: MIT
 *
 * /sandbox/...: how tests direct the sandbox while it runs.  Any thread. */
#pragma once

#include "faults.h"

/* False: no such route. */
bool admin_answer(struct sandbox *sandbox, struct faults *faults,
                  const struct sandbox_request *request, struct sandbox_reply *reply);
