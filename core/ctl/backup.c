/* SPDX-License-Identifier: MIT
 *
 * A copy of the store: by the daemon while it runs, else by us. */
#include <limits.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/stopped.h"
#include "store/maintenance.h"

static char *absolute(const char *folder)
{
    CLEANUP(mem_free) char *here = *folder == '/' ? NULL : getcwd(NULL, 0);
    return here ? mem_format("%s/%s", here, folder) : mem_dup_text(folder);
}

static int backup_stopped(struct ctl *ctl, const char *folder)
{
    CLEANUP(store_close) struct store *store = NULL;
    int status = stopped_open(ctl, false, &store);
    if (status)
        return status;
    struct error err;
    int result = maintenance_backup(store, folder, &err);
    if (result)
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    return ctl_report(ctl, json_pack("{s:s}", "folder", folder), "backed up to '%s'", folder);
}

int ctl_backup(struct ctl *ctl)
{
    const char *given = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !given)
        return status ? status : ctl_complain(CTL_USAGE, "back up into which folder?");
    CLEANUP(mem_free) char *folder = absolute(given);
    if (!ctl_daemon_runs(ctl))
        return backup_stopped(ctl, folder);
    json_auto_t *body = json_pack("{s:s}", "folder", folder);
    json_auto_t *job = NULL;
    status = ctl_ask(ctl, "POST", "/api/backup", body, &job);
    return status ? status : ctl_follow_job(ctl, js_int(job, "id", 0));
}
