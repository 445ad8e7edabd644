/* SPDX-License-Identifier: MIT
 *
 * miauflixctl, the operator's tool: asks a running daemon over its HTTP API, and works on the store
 * of a stopped one.  Results go to standard output, with --json as exactly one JSON value (what the
 * API said, where the API said it); everything else, complaints and progress, to standard error.
 * One thread.  Exit statuses are one table, for scripts. */
#pragma once

#include "base/json.h"
#include "conf/conf.h"
#include "ctl/arguments.h"
#include "ctl/table.h"

enum {
    CTL_OK = 0,
    CTL_FAILED = 1,
    CTL_USAGE = 2,
    CTL_UNREACHABLE = 3, /* no daemon answers */
    CTL_NOT_FOUND = 4,
    CTL_FINDINGS = 5,      /* verify or plugin check found something wrong */
    CTL_INTERRUPTED = 130, /* Ctrl-C while following a job, which goes on */
};

struct ctl {
    struct arguments arguments;
    struct conf *conf; /* once ctl_need_conf() was asked */
    bool json;
    const char *config, *data, *url, *token; /* of the command line or the environment, or NULL */
};

/* --- Arguments */

const char *ctl_take_option(struct ctl *ctl, const char *name);
bool ctl_take_flag(struct ctl *ctl, const char *name);
const char *ctl_take_word(struct ctl *ctl);

/* Complains of what is left over; CTL_OK when nothing is. */
int ctl_no_more(struct ctl *ctl);

/* --- Talking */

/* Prints "miauflixctl: ..." and returns `status`. */
int ctl_complain(int status, const char *fmt, ...) PRINTF(2, 3);
int ctl_status_of(int error_code);
int ctl_print_json(const json_t *value);

/* The one line of a command that did something, or `said` (taken) with --json. */
int ctl_report(struct ctl *ctl, json_t *said, const char *fmt, ...) PRINTF(3, 4);

/* What a daemon, an upstream or a file name says must not command the terminal: control characters
 * become spaces, in place.  NULL is fine. */
void ctl_clean(char *text);

/* Columns of the terminal; 0: standard output is none. */
unsigned ctl_width(void);
void ctl_print_table(const struct table *table);

/* The "results" of an answer, a row each, or `nothing` when there are none.  Returns CTL_OK. */
int ctl_print_results(const json_t *said, struct table *table,
                      void (*add_row)(struct table *table, const json_t *row), const char *nothing);

/* --- The daemon */

int ctl_need_conf(struct ctl *ctl);

/* Whether one is there to be asked: --url, or one that answers where the configuration says. */
bool ctl_daemon_runs(struct ctl *ctl);

/* Asks the daemon.  *out is what it answered, a new reference (NULL when it answered nothing).
 * Returns CTL_OK for 2xx; else it has told what the daemon said. */
int ctl_ask(struct ctl *ctl, const char *method, const char *path, const json_t *body,
            json_t **out);

/* `base` and one segment, encoded. */
char *ctl_path(const char *base, const char *segment);

/* Follows a job with a live line until it ends; CTL_FAILED when it failed. */
int ctl_follow_job(struct ctl *ctl, int64_t job);

/* --- The commands */

struct command {
    const char *name, *summary;
    const char *usage; /* its forms, a line each, without the name */
    const char *about; /* paragraphs, a line each */
    const struct arguments_option *options;
    int (*run)(struct ctl *ctl);
};

/* Ends with a row without a name. */
extern const struct command commands[];
const struct command *commands_find(const char *name);
extern const struct arguments_option commands_common[];
void commands_help(const struct command *command); /* NULL: of all */

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
