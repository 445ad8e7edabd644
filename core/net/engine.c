/* SPDX-License-Identifier: MIT */
#include "net/engine.h"

#include <utlist.h>

#include "net/transfer.h"

enum { POLL_MS = 30 * 1000, MAX_CONNECTIONS = 128 };

static CURL *borrow_handle(struct engine *engine)
{
    {
        LOCK_SCOPE(&engine->lock);
        if (engine->n_idle)
            return engine->idle[--engine->n_idle];
    }
    return curl_easy_init();
}

static void return_handle(struct engine *engine, CURL *easy)
{
    if (!easy)
        return;
    curl_easy_reset(easy);
    {
        LOCK_SCOPE(&engine->lock);
        if (engine->n_idle < ENGINE_MAX_IDLE) {
            engine->idle[engine->n_idle++] = easy;
            return;
        }
    }
    curl_easy_cleanup(easy);
}

/* From here on the transfer is its owner's alone. */
static void finish(struct transfer *transfer, enum transfer_end end)
{
    LOCK_SCOPE(&transfer->lock);
    transfer->end = end;
    transfer->over = true;
    lock_signal(&transfer->ended);
}

static enum transfer_end judge(struct transfer *transfer, CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return TRANSFER_DONE;
    case CURLE_OPERATION_TIMEDOUT:
        return TRANSFER_TIMEOUT;
    case CURLE_FILESIZE_EXCEEDED:
        return TRANSFER_TOO_LARGE;
    default:
        break;
    }
    if (transfer->too_large)
        return TRANSFER_TOO_LARGE;
    return transfer->refused ? TRANSFER_REFUSED : TRANSFER_FAILED;
}

static void end_transfer(struct engine *engine, struct transfer *transfer, enum transfer_end end)
{
    curl_off_t bytes = 0;
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(engine->multi, transfer->easy);
    DL_DELETE2(engine->running, transfer, run_prev, run_next);
    transfer->running = false;
    transfer->bytes = (uint64_t)bytes;
    response_finish(transfer->response, (int)status);
    return_handle(engine, steal(transfer->easy));
    finish(transfer, end);
}

static struct transfer *of_handle(CURL *easy)
{
    char *private = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
    return (struct transfer *)(void *)private;
}

static void collect_ended(struct engine *engine)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(engine->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        struct transfer *transfer = of_handle(message->easy_handle);
        CURLcode code = message->data.result;
        if (code && !transfer->problem[0])
            snprintf(transfer->problem, sizeof transfer->problem, "%s", curl_easy_strerror(code));
        end_transfer(engine, transfer, judge(transfer, code));
    }
}

static void start_incoming(struct engine *engine, struct transfer *incoming)
{
    while (incoming) {
        struct transfer *transfer = incoming;
        incoming = transfer->next;
        if (curl_multi_add_handle(engine->multi, transfer->easy) == CURLM_OK) {
            DL_APPEND2(engine->running, transfer, run_prev, run_next);
            transfer->running = true;
        } else {
            return_handle(engine, steal(transfer->easy));
            finish(transfer, TRANSFER_FAILED);
        }
    }
}

static void dismiss(struct engine *engine, struct transfer *leaving)
{
    while (leaving) {
        struct transfer *transfer = leaving;
        leaving = transfer->next_leaving;
        /* It may have ended by itself meanwhile; its owner waits for this either way. */
        if (transfer->running)
            end_transfer(engine, transfer, TRANSFER_ABORTED);
        LOCK_SCOPE(&transfer->lock);
        transfer->dismissed = true;
        lock_signal(&transfer->ended);
    }
}

/* Takes over what callers have queued; false when the engine is to stop. */
static bool take_queues(struct engine *engine)
{
    struct transfer *incoming, *leaving;
    bool stopping;
    {
        LOCK_SCOPE(&engine->lock);
        incoming = steal(engine->incoming);
        leaving = steal(engine->leaving);
        engine->awake = false;
        stopping = engine->stopped = engine->stopping;
    }
    start_incoming(engine, incoming);
    while (stopping && engine->running)
        end_transfer(engine, engine->running, TRANSFER_ABORTED);
    dismiss(engine, leaving);
    return !stopping;
}

static void *drive(void *context)
{
    struct engine *engine = context;
    while (take_queues(engine)) {
        int running;
        curl_multi_perform(engine->multi, &running);
        collect_ended(engine);
        curl_multi_poll(engine->multi, NULL, 0, POLL_MS, NULL);
    }
    return NULL;
}

/* One wake-up suffices for everything queued until the thread looks. */
static void wake(struct engine *engine) REQUIRES(engine->lock)
{
    if (!engine->awake)
        curl_multi_wakeup(engine->multi);
    engine->awake = true;
}

struct engine *engine_new(const struct engine_options *options)
{
    struct engine *engine = mem_new(struct engine);
    lock_init(&engine->lock);
    engine->user_agent = mem_dup_text(options->user_agent);
    engine->proxy = mem_dup_text(options->proxy);
    engine->ca_file = mem_dup_text(options->ca_file);
    engine->connect_timeout_ms = options->connect_timeout_ms ? options->connect_timeout_ms : 10000;
    engine->multi = curl_multi_init();
    if (!engine->multi)
        abort(); /* out of memory at start */
    curl_multi_setopt(engine->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(engine->multi, CURLMOPT_MAXCONNECTS, (long)MAX_CONNECTIONS);
    engine->thread = lock_thread_start("net", drive, engine);
    return engine;
}

void engine_stop(struct engine *engine)
{
    {
        LOCK_SCOPE(&engine->lock);
        if (engine->stopping)
            return;
        engine->stopping = true;
        wake(engine);
    }
    pthread_join(engine->thread, NULL);
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    engine_stop(engine);
    for (size_t i = 0; i < engine->n_idle; i++)
        curl_easy_cleanup(engine->idle[i]);
    curl_multi_cleanup(engine->multi);
    lock_done(&engine->lock);
    free(engine->user_agent);
    free(engine->proxy);
    free(engine->ca_file);
    free(engine);
}

struct transfer *engine_start(struct engine *engine, const struct transfer_spec *spec)
{
    struct transfer *transfer = mem_new(struct transfer);
    transfer->engine = engine;
    transfer->response = response_new(spec->max_body);
    lock_init(&transfer->lock);
    lock_condition_init(&transfer->ended);
    transfer->easy = borrow_handle(engine);
    if (!transfer_dress(transfer, spec)) {
        return_handle(engine, steal(transfer->easy));
        finish(transfer, transfer->refused ? TRANSFER_REFUSED : TRANSFER_FAILED);
        return transfer;
    }
    bool queued;
    {
        LOCK_SCOPE(&engine->lock);
        queued = !engine->stopped;
        if (queued) {
            LL_PREPEND(engine->incoming, transfer);
            wake(engine);
        }
    }
    if (!queued) {
        return_handle(engine, steal(transfer->easy));
        finish(transfer, TRANSFER_ABORTED);
    }
    return transfer;
}

/* The engine forgets it: it has ended, and stands in none of the engine's lists. */
static void withdraw(struct transfer *transfer)
{
    struct engine *engine = transfer->engine;
    bool queued;
    {
        LOCK_SCOPE(&engine->lock);
        queued = !engine->stopped;
        if (queued) {
            LL_PREPEND2(engine->leaving, transfer, next_leaving);
            wake(engine);
        }
    }
    LOCK_SCOPE(&transfer->lock);
    while (queued ? !transfer->dismissed : !transfer->over)
        lock_wait(&transfer->ended, &transfer->lock);
}

bool transfer_wait(struct transfer *transfer, int64_t until_ms)
{
    LOCK_SCOPE(&transfer->lock);
    while (!transfer->over)
        if (!lock_wait_until(&transfer->ended, &transfer->lock, until_ms))
            return transfer->over;
    return true;
}

enum transfer_end transfer_end(const struct transfer *transfer)
{
    return transfer->end;
}

const char *transfer_problem(const struct transfer *transfer)
{
    return transfer->problem;
}

uint64_t transfer_bytes(const struct transfer *transfer)
{
    return transfer->bytes;
}

struct response *transfer_take_response(struct transfer *transfer)
{
    return steal(transfer->response);
}

void transfer_free(struct transfer *transfer)
{
    if (!transfer)
        return;
    if (!transfer_wait(transfer, 0))
        withdraw(transfer);
    curl_slist_free_all(transfer->headers);
    response_unref(transfer->response);
    lock_condition_done(&transfer->ended);
    lock_done(&transfer->lock);
    free(transfer);
}
