/* SPDX-License-Identifier: MIT */
#include "service/backup.h"

#include "store/maintenance.h"

struct backup {
    struct store *store;
    char *folder;
};

static void backup_free(void *context)
{
    struct backup *backup = context;
    free(backup->folder);
    free(backup);
}

static int copy(struct job *job, void *context, struct error *err)
{
    struct backup *backup = context;
    job_set_phase(job, "copying");
    return maintenance_backup(backup->store, backup->folder, err);
}

int backup_run(struct jobs *jobs, struct store *store, const char *folder, uint32_t *out_job,
               struct error *err)
{
    struct backup *backup = mem_new(struct backup);
    *backup = (struct backup){ .store = store, .folder = mem_dup_text(folder) };
    bool joined;
    return jobs_start(jobs, "backup", folder, NULL, copy, backup, backup_free, out_job, &joined,
                      err);
}
