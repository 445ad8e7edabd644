/* SPDX-License-Identifier: MIT */
#include "service/availability.h"
#include "sync/sync_inside.h"

static struct availability availability_of(const struct sync *sync)
{
    return (struct availability){ .catalog = sync->catalog, .registry = sync->registry };
}

bool sync_availability_is_due(struct sync *sync, int64_t now_ms)
{
    const struct availability availability = availability_of(sync);
    return availability_is_due(&availability, now_ms);
}

int sync_run_availability(struct job *job, void *context, struct error *err)
{
    struct task *task = context;
    const struct availability availability = availability_of(task->sync);
    return sync_end(task, job, availability_run(&availability, job, err), err);
}
