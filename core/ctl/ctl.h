/* SPDX-License-Identifier: MIT
 *
 * miauflixctl, the operator's tool: asks a running daemon over its HTTP API, and works on the store
 * of a stopped one.  One thread.  Exit statuses are one table, for scripts. */
#pragma once

#include "base/json.h"
#include "conf.h"

enum {
    CTL_OK = 0,
    CTL_FAILED = 1,
    CTL_USAGE = 2,
    CTL_UNREACHABLE = 3, /* no daemon answers */
    CTL_NOT_FOUND = 4,
    CTL_FINDINGS = 5, /* verify or plugin check found something wrong */
};

struct ctl {
    struct conf *conf;
    bool json; /* print what the API said, for other programs */
    bool no_progress;
    const char *url, *token; /* of the command line; NULL: the control file's */
    int argc;                /* what stands behind the command's name */
    char **argv;
};

/* Takes the value of `--name VALUE` or `--name=VALUE` out of the arguments; NULL when it is not
 * there. */
const char *ctl_take_option(struct ctl *ctl, const char *name);
bool ctl_take_flag(struct ctl *ctl, const char *name);

/* The next argument, or NULL. */
const char *ctl_take_word(struct ctl *ctl);

/* Complains of what is left over; CTL_OK when nothing is. */
int ctl_no_more(struct ctl *ctl);

/* Prints "miauflixctl: ..." and returns `status`. */
int ctl_complain(int status, const char *fmt, ...) PRINTF(2, 3);
int ctl_status_of(int error_code);

/* Asks the daemon.  *out is what it answered, a new reference (NULL when it answered nothing).
 * Returns CTL_OK for 2xx; else it has told what the daemon said. */
int ctl_ask(struct ctl *ctl, const char *method, const char *path, const json_t *body,
            json_t **out);

/* The daemon's answer as it is, for --json. */
int ctl_print_json(const json_t *value);

/* A table: columns separated by tabs, aligned when printed. */
struct ctl_table {
    struct text text;
};
void ctl_table_row(struct ctl_table *table, const char *fmt, ...) PRINTF(2, 3);
void ctl_table_print(struct ctl_table *table);

/* Follows a job with a live line until it ends; CTL_FAILED when it failed. */
int ctl_follow_job(struct ctl *ctl, int64_t job);

/* The commands. */
int ctl_status(struct ctl *ctl);
int ctl_providers(struct ctl *ctl);
int ctl_sync(struct ctl *ctl);
int ctl_jobs(struct ctl *ctl);
int ctl_search(struct ctl *ctl);
int ctl_show(struct ctl *ctl);
int ctl_token(struct ctl *ctl);
int ctl_backup(struct ctl *ctl);
int ctl_restore(struct ctl *ctl);
int ctl_verify(struct ctl *ctl);
int ctl_compact(struct ctl *ctl);
int ctl_export(struct ctl *ctl);
int ctl_import(struct ctl *ctl);
int ctl_plugin(struct ctl *ctl);
