/* SPDX-License-Identifier: MIT
 *
 * Watching a job.  The job is the daemon's: whoever stops watching does not stop it. */
#include "ctl/follow.h"

#include <signal.h>
#include <time.h>

#include "ctl/ctl.h"
#include "ctl/human.h"

enum { LOOK_EVERY_MS = 400, BAR = 24, MAX_LINE = 1000 };

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal UNUSED)
{
    interrupted = 1;
}

static void add_bar(struct text *out, int64_t done, int64_t total)
{
    int64_t part = MIN(MAX(done, 0), total);
    int filled = (int)((double)part * BAR / (double)total);
    text_add_char(out, '[');
    for (int i = 0; i < BAR; i++)
        text_add_char(out, i < filled ? '#' : '.');
    text_add_format(out, "] %3d %%  ", (int)((double)part * 100 / (double)total));
}

void follow_line(const json_t *job, struct text *out)
{
    char number[HUMAN_LEN];
    int64_t done = js_int(job, "done", 0), total = js_int(job, "total", 0);
    int64_t errors = js_int(job, "errors", 0);
    double rate = js_double(job, "rate_per_s", 0);
    const char *phase = js_string(job, "phase");
    if (total > 0)
        add_bar(out, done, total);
    text_add_format(out, "%s: %s", phase ? phase : "working", human_count(done, number));
    if (total > 0)
        text_add_format(out, " of %s", human_count(total, number));
    if (rate > 0)
        text_add_format(out, rate < 10 ? ", %.1f/s" : ", %.0f/s", rate);
    if (rate > 0 && total > done)
        text_add_format(out, ", %s left",
                        human_duration((int64_t)((double)(total - done) / rate) + 1, number));
    if (errors)
        text_add_format(out, ", %s error%s", human_count(errors, number), errors == 1 ? "" : "s");
}

static bool has_ended(const json_t *job)
{
    const char *state = js_string(job, "state");
    return !text_equal(state, "running") && !text_equal(state, "queued");
}

/* Nothing but a terminal gets the live line: a log would hold hundreds. */
static bool is_live(const struct ctl *ctl)
{
    return isatty(STDERR_FILENO) && !ctl->json;
}

static void print_live(const json_t *job)
{
    CLEANUP(text_done) struct text line = TEXT_INIT(MAX_LINE);
    follow_line(job, &line);
    ctl_clean(line.bytes);
    fprintf(stderr, "\r\033[K%s", text_string(&line));
}

static void print_last_errors(const json_t *job)
{
    size_t i;
    json_t *row;
    json_array_foreach (js_array(job, "last_errors"), i, row) {
        if (json_is_string(row))
            ctl_complain(CTL_OK, "  %s", json_string_value(row));
    }
}

static int print_end(struct ctl *ctl, const json_t *job)
{
    char done[HUMAN_LEN], errors[HUMAN_LEN];
    const char *state = js_string(job, "state"), *detail = js_string(job, "detail");
    const char *kind = js_string(job, "kind");
    int64_t n_done = js_int(job, "done", 0), n_errors = js_int(job, "errors", 0);
    CLEANUP(mem_free)
    char *counts = n_done || n_errors
                       ? mem_format(": %s done, %s errors", human_count(n_done, done),
                                    human_count(n_errors, errors))
                       : NULL;
    ctl_report(ctl, json_incref((json_t *)(uintptr_t)job), "%s %s%s%s%s", kind ? kind : "job",
               state ? state : "ended", counts ? counts : "", detail ? ": " : "",
               detail ? detail : "");
    if (!ctl->json)
        print_last_errors(job);
    return text_equal(state, "done") ? CTL_OK : CTL_FAILED;
}

static int leave(int64_t id)
{
    ctl_complain(CTL_OK,
                 "job %lld goes on; `miauflixctl jobs %lld follow` watches it again, "
                 "`miauflixctl jobs %lld cancel` stops it",
                 (long long)id, (long long)id, (long long)id);
    return CTL_INTERRUPTED;
}

static int watch(struct ctl *ctl, int64_t id)
{
    CLEANUP(mem_free) char *path = mem_format("/api/jobs/%lld", (long long)id);
    const struct timespec pause = { .tv_nsec = LOOK_EVERY_MS * 1000000L };
    bool live = is_live(ctl);
    while (!interrupted) {
        json_auto_t *job = NULL;
        int status = ctl_ask(ctl, "GET", path, NULL, &job);
        bool over = status || has_ended(job);
        if (live && over)
            fputs("\r\033[K", stderr);
        if (over)
            return status ? status : print_end(ctl, job);
        if (live)
            print_live(job);
        nanosleep(&pause, NULL);
    }
    if (live)
        fputc('\n', stderr);
    return leave(id);
}

int ctl_follow_job(struct ctl *ctl, int64_t id)
{
    const struct sigaction action = { .sa_handler = on_interrupt };
    struct sigaction before;
    sigaction(SIGINT, &action, &before);
    int status = watch(ctl, id);
    sigaction(SIGINT, &before, NULL);
    return status;
}
