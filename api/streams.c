/* SPDX-License-Identifier: MIT
 *
 * The files of torrents: their bytes in ranges, how far they are, and how to have them ready. */
#include "service/streams.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "range.h"
#include "routes.h"
#include "service/torrent_subtitle.h"
#include "ticket.h"

enum {
    CHUNK = 256 << 10,            /* on its way through the processor's cache */
    STALL_MS = 60 * 1000,         /* without a byte from the swarm, in mid file */
    PATIENCE_MS = 15 * 60 * 1000, /* of a player that pauses */
    KEEP_MS = 10 * 60 * 1000,     /* what was prepared */
    FRESH_S = 24 * 3600,
    MAX_FILE = 1000000,
    MAX_SUBTITLE = 32 << 20,
    STALLED_RETRY_S = 5,
};

/* --- Which file */

static bool find_file(struct app *app, const struct request *request, struct stream_file *out,
                      struct error *err)
{
    int64_t index;
    *out = (struct stream_file){ .size = 0 };
    if (text_to_int(request->arguments[1], 0, MAX_FILE, &index))
        return streams_find(app->services.streams, request->arguments[0], index, out, err) == 0;
    error_set(err, PROVIDER_ENOTFOUND, "the torrent has no such file");
    return false;
}

/* What a swarm does is not what a request did: it may be worth another try, or a hand at the disk.
 */
static void refuse(struct reply *reply, const struct error *err)
{
    struct problem problem;
    switch (err->code) {
    case PROVIDER_ETIME:
        problem_set(&problem, 503, "stalled", "%s", err->text);
        problem.retry_after_s = STALLED_RETRY_S;
        break;
    case PROVIDER_EFULL:
        problem_set(&problem, 507, "full", "no room is left for the files of torrents");
        break;
    case PROVIDER_EIO:
        problem_set(&problem, 500, "io", "the file cannot be read");
        break;
    default:
        problem_from_error(&problem, err);
    }
    log_mask(problem.detail);
    reply_problem(reply, &problem);
}

/* --- The bytes */

struct sending {
    struct request *request;
    struct stream *stream;
    struct call_buffer buffer;
    uint64_t at, end;
    size_t n; /* in the buffer, to be sent next */
};

static bool is_over(void *context)
{
    return exchange_is_over(context);
}

static int fetch(struct sending *sending, int64_t ms, struct error *err)
{
    const struct call_wait wait = { .deadline_ms = clock_steady_ms() + ms,
                                    .is_over = is_over,
                                    .context = sending->request->exchange };
    sending->buffer.size = (size_t)MIN((uint64_t)CHUNK, sending->end - sending->at);
    return streams_read(sending->stream, sending->at, &sending->buffer, &wait, &sending->n, err);
}

static bool send_chunk(struct sending *sending)
{
    sending->at += sending->n;
    return exchange_write_patiently(sending->request->exchange, sending->buffer.bytes, sending->n,
                                    false, PATIENCE_MS);
}

/* The first bytes are there; what fails from here on can only be told by an end too early. */
static void send_all(struct sending *sending, struct reply *reply)
{
    struct exchange *exchange = sending->request->exchange;
    struct text *head = exchange->scratch;
    struct error err = { 0 };
    bool well = reply_begin(reply, sending->request, sending->end - sending->at, head) &&
                exchange_write_patiently(exchange, head->bytes, head->len, true, PATIENCE_MS) &&
                send_chunk(sending);
    while (well && sending->at < sending->end) {
        well = fetch(sending, STALL_MS, &err) == 0;
        if (!well && !exchange_is_over(exchange))
            log_notice("http", "a stream ends at byte %llu: %s", (unsigned long long)sending->at,
                       err.text);
        well = well && send_chunk(sending);
    }
    if (!well)
        exchange_close(exchange);
}

static void send_range(struct app *app, struct request *request, const struct stream_file *file,
                       const struct range *range, struct reply *reply)
{
    struct error err = { 0 };
    int64_t until_ms = clock_steady_ms() + app->services.conf->fetch_timeout_ms;
    const struct call_wait wait = { .deadline_ms = until_ms,
                                    .is_over = is_over,
                                    .context = request->exchange };
    CLEANUP(streams_close) struct stream *opened = NULL;
    struct sending sending = { .request = request,
                               .at = range->first,
                               .end = range->first + range->len };
    int failed = streams_open(app->services.streams, file, &wait, &opened, &err);
    sending.stream = opened;
    if (!failed)
        failed = fetch(&sending, MAX(until_ms - clock_steady_ms(), (int64_t)1), &err);
    if (failed)
        refuse(reply, &err);
    else
        send_all(&sending, reply);
    call_buffer_done(&sending.buffer);
}

/* The name a player shows and a browser saves it under. */
static void say_name(struct reply *reply, const char *name)
{
    CLEANUP(text_done) struct text encoded = TEXT_INIT(800);
    if (text_add_url_encoded(&encoded, name) && encoded.len)
        reply_header(reply, "Content-Disposition: inline; filename*=UTF-8''%s",
                     text_string(&encoded));
}

static void refuse_range(struct reply *reply, uint64_t size)
{
    struct problem problem;
    problem_set(&problem, 416, "range", "the file ends before that: it has %llu bytes",
                (unsigned long long)size);
    reply_problem(reply, &problem);
    reply_header(reply, "Content-Range: bytes */%llu", (unsigned long long)size);
}

/* What the request asks for; a HEAD asks for the whole (RFC 9110). */
static enum range_verdict judge_range(const struct request *request, const struct reply *reply,
                                      uint64_t size, struct range *out)
{
    char etag[REPLY_ETAG_LEN + 2];
    const char *header = exchange_header(request->exchange, "Range");
    snprintf(etag, sizeof etag, "\"%s\"", reply->etag);
    if (request->method != REQUEST_GET ||
        !range_condition_holds(exchange_header(request->exchange, "If-Range"), etag))
        header = NULL;
    return range_parse(header, size, out);
}

static bool is_known_already(const struct request *request, const struct reply *reply)
{
    return request->if_none_match && request_etag_matches(request->if_none_match, reply->etag);
}

/* Of a part that shall fit to another: the file of a torrent never changes, but a request may name
 * another's. */
static bool is_expected(const struct request *request, const struct reply *reply)
{
    return !request->if_match || request_etag_matches(request->if_match, reply->etag);
}

static void refuse_state(struct reply *reply)
{
    struct problem problem = { 0 };
    problem_precondition(&problem);
    reply_problem(reply, &problem);
}

static void describe(struct reply *reply, const struct stream_file *file)
{
    snprintf(reply->etag, sizeof reply->etag, "%s-%u", file->hash, file->index);
    reply->status = 200;
    reply->type = file->mime;
    reply->plain = true;
    reply->max_age_s = FRESH_S;
    reply_header(reply, "Accept-Ranges: bytes");
    say_name(reply, file->name);
}

/* Of what has no body: a HEAD, or a file without bytes. */
static void send_head(struct request *request, uint64_t len, struct reply *reply)
{
    struct text *head = request->exchange->scratch;
    if (reply_begin(reply, request, len, head))
        exchange_write(request->exchange, head->bytes, head->len);
    else
        exchange_close(request->exchange);
}

void streams_bytes(struct app *app, struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    CLEANUP(stream_file_done) struct stream_file file;
    struct range range;
    if (!find_file(app, request, &file, &err)) {
        reply_error(reply, &err);
        return;
    }
    describe(reply, &file);
    if (!is_expected(request, reply)) {
        refuse_state(reply);
        return;
    }
    if (is_known_already(request, reply))
        return; /* told by reply_send() */
    enum range_verdict verdict = judge_range(request, reply, file.size, &range);
    if (verdict == RANGE_UNSATISFIABLE) {
        refuse_range(reply, file.size);
        return;
    }
    if (verdict == RANGE_PART) {
        reply->status = 206;
        reply_header(reply, "Content-Range: bytes %llu-%llu/%llu", (unsigned long long)range.first,
                     (unsigned long long)(range.first + range.len - 1),
                     (unsigned long long)file.size);
    }
    if (request->method == REQUEST_GET && range.len > 0) {
        send_range(app, request, &file, &range, reply);
        return;
    }
    send_head(request, range.len, reply);
}

/* --- How far it is */

static json_t *ranges_of(const struct stream_state *state)
{
    json_t *ranges = json_array();
    for (uint32_t i = 0; i < state->now.n_ranges; i++)
        json_array_append_new(
            ranges, json_pack("{s:I, s:I}", "first", (json_int_t)state->ranges[i].first, "last",
                              (json_int_t)(state->ranges[i].first + state->ranges[i].len - 1)));
    return ranges;
}

/* An estimate is told in tenths of a second. */
static json_t *eta_of(const struct stream_state *state)
{
    const int64_t tenths = (state->now.eta_ms + 99) / 100;
    return state->now.eta_ms < 0 ? json_null() : json_real((double)tenths / 10);
}

static const char *word_of(const struct stream_state *state)
{
    return !state->is_open ? "idle" : state->now.ready ? "ready" : "buffering";
}

/* What nobody has open is not known: null, not nothing. */
static void set_progress(json_t *out, const struct stream_state *state)
{
    bool known = state->is_open;
    js_set(out, "state", json_string(word_of(state)));
    js_set(out, "ready", known ? json_boolean(state->now.ready) : json_null());
    js_set(out, "eta_s", known ? eta_of(state) : json_null());
    js_set(out, "buffered", known ? ranges_of(state) : json_null());
    js_set(out, "have", known ? json_integer((json_int_t)state->now.have) : json_null());
    js_set(out, "rate", known ? json_integer((json_int_t)state->now.rate) : json_null());
    js_set(out, "peers", known ? json_integer(state->now.peers) : json_null());
    js_set(out, "seeds", known ? json_integer(state->now.seeds) : json_null());
    js_set(out, "readers", json_integer(state->readers));
}

/* What can be given to a player, which asks without a token. */
static void set_address(json_t *out, const struct app *app, const struct request *request,
                        const char *infohash)
{
    char ticket[TICKET_SIZE];
    if (!(request->caller.scopes & SCOPE_STREAM))
        return;
    ticket_write(app, infohash, ticket);
    CLEANUP(mem_free)
    char *address = mem_format("%s?ticket=%s", js_string(out, "stream"), ticket);
    js_set_string(out, "player", address);
}

static void show(struct app *app, const struct request *request, const struct stream_file *file,
                 const struct stream_state *state, int status, struct reply *reply)
{
    struct error err = { 0 };
    json_t *out = NULL;
    if (torrents_file(app->services.torrents, file->hash, file->index, &out, &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    js_set_string(out, "infohash", file->hash);
    set_address(out, app, request, file->hash);
    set_progress(out, state);
    reply->max_age_s = -1;
    reply_value(reply, status, out);
}

static struct call_wait wait_of(struct app *app, struct request *request)
{
    return (struct call_wait){ .deadline_ms =
                                   clock_steady_ms() + app->services.conf->fetch_timeout_ms,
                               .is_over = is_over,
                               .context = request->exchange };
}

void streams_file(struct app *app, struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    CLEANUP(stream_file_done) struct stream_file file;
    CLEANUP(mem_free) struct stream_state *state = mem_new(struct stream_state);
    const struct call_wait wait = wait_of(app, request);
    if (!find_file(app, request, &file, &err) ||
        streams_look(app->services.streams, &file, &wait, state, &err) != 0)
        refuse(reply, &err);
    else
        show(app, request, &file, state, 200, reply);
}

/* --- Subtitles */

void subtitles_show(struct app *app, struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    CLEANUP(stream_file_done) struct stream_file file;
    const struct call_wait wait = wait_of(app, request);
    reply->body.limit = MAX_SUBTITLE;
    if (!find_file(app, request, &file, &err) ||
        torrent_subtitle(app->services.streams, &file, &wait, &reply->body, &err) != 0) {
        refuse(reply, &err);
        return;
    }
    reply->status = 200;
    reply->type = "text/vtt";
    reply->max_age_s = FRESH_S;
}

/* --- Having it ready */

static bool read_number(const json_t *value, const char *key, int64_t max, int64_t *out,
                        struct problem *problem)
{
    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        json_integer_value(value) <= max) {
        *out = json_integer_value(value);
        return true;
    }
    return problem_field(problem, key, "expected a number from 0 to %lld", (long long)max);
}

/* Which file a body names: one by its index, an episode, or the best. */
static bool read_wish(const json_t *body, int64_t *out_file, struct torrent_wish *out,
                      struct problem *problem)
{
    const char *key;
    json_t *value;
    int64_t season = -1, episode = -1;
    bool ok = true;
    json_object_foreach ((json_t *)(uintptr_t)body, key, value) {
        if (text_equal(key, "file"))
            ok = read_number(value, key, MAX_FILE, out_file, problem) && ok;
        else if (text_equal(key, "season"))
            ok = read_number(value, key, 9999, &season, problem) && ok;
        else if (text_equal(key, "episode"))
            ok = read_number(value, key, 9999, &episode, problem) && ok;
        else
            ok = problem_field(problem, key, "is not known here");
    }
    if (ok && *out_file >= 0 && (season >= 0 || episode >= 0))
        ok = problem_field(problem, "file", "is named, or an episode is, but not both");
    if (ok && (season >= 0) != (episode >= 0))
        ok = problem_field(problem, season < 0 ? "season" : "episode",
                           "a season and an episode belong together");
    *out = (struct torrent_wish){ .is_episode = episode >= 0,
                                  .season = (uint16_t)MAX(season, (int64_t)0),
                                  .episode = (uint16_t)MAX(episode, (int64_t)0) };
    return ok;
}

static int prepare(struct app *app, struct request *request, int64_t index,
                   const struct torrent_wish *wish, struct reply *reply, struct error *err)
{
    CLEANUP(stream_file_done) struct stream_file file = { .size = 0 };
    CLEANUP(mem_free) struct stream_state *state = mem_new(struct stream_state);
    struct streams *streams = app->services.streams;
    const struct call_wait wait = wait_of(app, request);
    int failed = 0;
    if (index < 0)
        failed = streams_choose(streams, request->arguments[0], wish, &index, err);
    if (!failed)
        failed = streams_find(streams, request->arguments[0], index, &file, err);
    if (!failed)
        failed = streams_prepare(streams, &file, KEEP_MS, &wait, state, err);
    if (!failed)
        show(app, request, &file, state, state->is_open && state->now.ready ? 200 : 202, reply);
    return failed;
}

void streams_ready(struct app *app, struct request *request, struct reply *reply)
{
    struct problem problem = { 0 };
    struct error err = { 0 };
    struct torrent_wish wish;
    int64_t index = -1;
    const json_t *body;
    reply->max_age_s = -1;
    if (!request_object(request, &body, &problem) || !read_wish(body, &index, &wish, &problem))
        reply_problem(reply, &problem);
    else if (prepare(app, request, index, &wish, reply, &err) != 0)
        refuse(reply, &err);
}
