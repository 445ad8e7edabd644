/* SPDX-License-Identifier: MIT
 *
 * Jobs as they are shown: the running ones from memory, the others from their rows. */
#include "base/json.h"
#include "base/log.h"
#include "service/jobs_inside.h"
#include "store/jobs.h"

enum { MAX_KEPT = 1000 /* ended jobs; older ones are forgotten */ };

int jobs_show(struct jobs *jobs, uint32_t id, struct text *out_json, struct error *err)
{
    lock_take(&jobs->lock);
    struct job *job;
    HASH_FIND(hh, jobs->running, &id, sizeof id, job);
    CLEANUP(mem_free) char *text = job ? job_describe_text(job) : NULL;
    lock_release(&jobs->lock);
    text_clear(out_json);
    if (text)
        return text_add_string(out_json, text) ? 0 : error_set(err, PROVIDER_ELIMIT, "a large job");
    int result = job_rows_get(jobs->store, id, out_json, err);
    return result == PROVIDER_ENOTFOUND ? error_set(err, result, "there is no job %u", id) : result;
}

/* A page being gathered, with the table locked: a job is either in it, or its row is final. */
struct listing {
    struct jobs *jobs;
    const char *state;
    json_t *rows;
};

/* What a running job is now; its stored form lags behind.  NULL: it does not run. */
static json_t *describe_running(struct jobs *jobs, uint32_t id) REQUIRES(jobs->lock)
{
    struct job *job;
    HASH_FIND(hh, jobs->running, &id, sizeof id, job);
    if (!job)
        return NULL;
    LOCK_SCOPE(&job->lock);
    return job_describe(job);
}

/* Called with the table locked, which the analysis cannot see through the walk. */
static int collect(uint32_t id, const char *json, size_t len, void *context) NO_LOCK_ANALYSIS
{
    struct listing *listing = context;
    json_auto_t *row = describe_running(listing->jobs, id);
    if (!row)
        row = json_loadb(json, len, 0, NULL);
    if (row && (!listing->state || text_equal(js_string(row, "state"), listing->state)))
        json_array_append(listing->rows, row);
    return 0;
}

int jobs_list(struct jobs *jobs, const char *state, uint32_t page, uint32_t limit,
              struct text *out_json, uint64_t *out_total, struct error *err)
{
    json_auto_t *rows = json_array();
    struct listing listing = { .jobs = jobs, .state = state, .rows = rows };
    lock_take(&jobs->lock);
    int result = job_rows_walk(jobs->store, collect, &listing, err);
    lock_release(&jobs->lock);
    if (result)
        return result;
    size_t total = json_array_size(rows), skip = (size_t)(page - 1) * limit;
    json_auto_t *shown = json_array();
    for (size_t i = skip; i < total && i < skip + limit; i++)
        json_array_append(shown, json_array_get(rows, total - 1 - i));
    text_clear(out_json);
    if (!js_write(shown, out_json))
        return error_set(err, PROVIDER_ELIMIT, "the list of jobs is too long");
    *out_total = total;
    return 0;
}

struct sweep {
    struct jobs *jobs;
    json_t *interrupted; /* rows that say "running" though nobody runs them */
    uint32_t *ids;
    size_t n, capacity;
};

static int look_at_row(uint32_t id, const char *json, size_t len, void *context)
{
    struct sweep *sweep = context;
    if (sweep->n == sweep->capacity) {
        sweep->capacity = sweep->capacity * 2 + 64;
        sweep->ids = mem_resize(sweep->ids, sweep->capacity, sizeof *sweep->ids);
    }
    sweep->ids[sweep->n++] = id;
    json_t *row = json_loadb(json, len, 0, NULL);
    if (row && text_equal(js_string(row, "state"), "running"))
        json_array_append(sweep->interrupted, row);
    json_decref(row);
    return 0;
}

void jobs_sweep(struct jobs *jobs)
{
    json_auto_t *interrupted = json_array();
    struct sweep sweep = { .jobs = jobs, .interrupted = interrupted };
    struct error err;
    if (job_rows_walk(jobs->store, look_at_row, &sweep, &err))
        log_warning("jobs", "cannot read the jobs: %s, starting without them", err.text);
    size_t i;
    json_t *row;
    json_array_foreach (interrupted, i, row) {
        json_object_set_new(row, "state", json_string("interrupted"));
        CLEANUP(text_done) struct text text = TEXT_INIT(JOBS_MAX_JSON);
        js_write(row, &text);
        job_rows_put(jobs->store, (uint32_t)js_int(row, "id", 0), text_string(&text), NULL);
    }
    for (i = 0; i + MAX_KEPT < sweep.n; i++)
        job_rows_delete(jobs->store, sweep.ids[i], NULL);
    free(sweep.ids);
}
