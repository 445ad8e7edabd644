/* SPDX-License-Identifier: MIT
 *
 * How a call is made, for the files that offer calls: call.c has the operations of the vtable,
 * call_extension.c enters those of the extensions, call_streams.c offers them. */
#pragma once

#include "provider/arguments.h"
#include "provider/host.h"

enum { CALL_CLOSE_MS = 500 };

struct call_order {
    enum operation operation;
    struct call_arguments *arguments; /* goes to the call */
    const struct call_wait *wait;     /* may be NULL */
    const struct call_sink *sink;     /* may be NULL */
    /* Fetches the answer once the plugin came back with `code`; what it returns is what the call
     * comes to.  Not asked when the plugin did not come back.  May be NULL. */
    int (*take)(struct call_arguments *arguments, int code, void *context, struct error *err);
    void *context;
};

int call_provider(struct provider_entry *provider, const struct call_order *order,
                  struct error *err);

/* On an instance that the caller has in use. */
int call_instance(struct instance *instance, const struct call_order *order, struct error *err);

/* Without regard to who else is inside. */
int call_perform(struct host_call *call, const struct call_wait *wait, struct error *err);

/* In call_extension.c: looks which tables there are, on the thread of open(); enters one. */
void call_find_extensions(struct instance *instance);
bool call_has_extension(const struct instance *instance, enum operation operation);
int call_invoke_extension(struct host_call *call);
