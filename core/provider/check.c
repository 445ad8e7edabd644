/* SPDX-License-Identifier: MIT */
#include "provider/check.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "provider/call.h"
#include "provider/check_upstream.h"
#include "provider/loader.h"

enum {
    DEADLINE_MS = 3000,
    HANG_DEADLINE_MS = 300,
    LATE_MS = 1000,
    MAX_VALUES = 64,
    ROUNDS = 4,
    MAX_ROUNDS = 16,
    MAX_GROWTH = 100
};

/* What an operation is asked in the check. */
struct question {
    const char *name;
    uint32_t can;
    uint32_t kind;
    const char *text;
};

static const struct question questions[] = {
    { "search for a movie", PROVIDER_CAN_SEARCH, PROVIDER_MOVIE, "The Matrix" },
    { "search for a show", PROVIDER_CAN_SEARCH, PROVIDER_TVSHOW, "a" },
    { "fetch a movie", PROVIDER_CAN_FETCH, PROVIDER_MOVIE, "603" },
    { "fetch a show", PROVIDER_CAN_FETCH, PROVIDER_TVSHOW, "1399" },
    { "sync movies", PROVIDER_CAN_SYNC, 0, "movies" },
    { "sync shows", PROVIDER_CAN_SYNC, 0, "tvshows" },
    { "resolve a magnet", PROVIDER_CAN_RESOLVE, 0,
      "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c&dn=Big+Buck+Bunny" },
};

/* What the process that asked found out. */
struct finding {
    int code;
    unsigned n_requests, n_emitted;
    int64_t took_ms; /* beyond the deadline */
    int64_t grown;   /* bytes of memory per repetition */
    char said[240];
    struct provider_status status;
};

struct check {
    const struct check_options *options;
    char *name; /* the provider's */
    char folder[64];
    char *mark; /* the death marker in there */
    FILE *out;
    unsigned n_points, n_failed;
};

struct sink_state {
    unsigned n;
    bool full;
};

static int take_document(void *context, uint32_t kind UNUSED, uint32_t flags UNUSED,
                         json_t *document UNUSED, struct error *err)
{
    struct sink_state *state = context;
    if (state->full)
        return error_set(err, PROVIDER_EFULL, "the disk is full");
    state->n++;
    return 0;
}

static int ask(struct provider_entry *entry, const struct question *question,
               const struct call_wait *wait, const struct call_sink *sink, struct error *err)
{
    const struct provider_id id = { .space = "tmdb", .value = question->text };
    const struct provider_query query = { .size = sizeof query,
                                          .kind = question->kind,
                                          .text = question->text,
                                          .season = -1,
                                          .episode = -1,
                                          .language = "en",
                                          .page = 1,
                                          .limit = 20 };
    switch (question->can) {
    case PROVIDER_CAN_SEARCH:
        return call_search(entry, &query, wait, sink, err);
    case PROVIDER_CAN_FETCH:
        return call_fetch(entry, question->kind, &id, wait, sink, err);
    case PROVIDER_CAN_SYNC:
        return call_sync(entry, question->text, NULL, wait, sink, err);
    default:
        return call_resolve_magnet(entry, question->text, wait, sink, err);
    }
}

static bool is_given(const struct check_options *options, const char *name)
{
    for (size_t i = 0; i < options->n_values; i++)
        if (text_equal(options->values[i].name, name))
            return true;
    return false;
}

/* What the operator gave, and a dummy for what is required besides. */
static size_t fill_values(const struct check *check, const struct provider_info *info,
                          struct provider_setting values[MAX_VALUES])
{
    size_t n = 0;
    for (; n < check->options->n_values && n < MAX_VALUES; n++)
        values[n] = check->options->values[n];
    for (const struct provider_option *at = info->options; at && at->name && n < MAX_VALUES; at++)
        if (at->flags & PROVIDER_REQUIRED && !at->fallback && !is_given(check->options, at->name))
            values[n++] = (struct provider_setting){
                .name = at->name,
                .value = at->flags & PROVIDER_MIRRORS ? "http://127.0.0.1:9"
                                                      : "00000000000000000000000000000000",
            };
    return n;
}

static struct registry *open_registry(const struct check *check, struct check_upstream *upstream)
{
    CLEANUP(loader_close) struct module *module = NULL;
    CLEANUP(mem_free)
    struct provider_setting *values = mem_alloc_array(MAX_VALUES, sizeof *values);
    size_t n = 0;
    struct error err = { 0 };
    if (loader_open(NULL, check->name, check->options->library, &module, &err) == 0)
        n = fill_values(check, loader_info(module), values);
    const struct provider_settings settings = { .name = check->name,
                                                .file = "the check",
                                                .library = check->options->library,
                                                .enabled = true,
                                                .values = values,
                                                .n_values = n };
    return registry_open(&(struct registry_options){ .plugin_path = "",
                                                     .state_folder = check->folder,
                                                     .http = check_upstream_http(upstream),
                                                     .providers = &settings,
                                                     .n_providers = 1 });
}

/* Bytes that stay behind per question: the best of four rounds, because threads and caches of the
 * host come and go; of more, while it seems to leak. */
static int64_t repeat(struct provider_entry *entry, const struct question *question, unsigned n,
                      const struct call_sink *sink)
{
    struct error err;
    const unsigned n_asked = MAX(n / ROUNDS, 1u);
    int64_t least = INT64_MAX;
    for (int round = 0; round < ROUNDS || (least > MAX_GROWTH && round < MAX_ROUNDS); round++) {
        size_t before = mallinfo2().uordblks;
        for (unsigned i = 0; i < n_asked; i++)
            ask(entry, question, NULL, sink, &err);
        least = MIN(least, ((int64_t)mallinfo2().uordblks - (int64_t)before) / n_asked);
    }
    return least;
}

/* In the process of its own.  Without a question it only opens and closes. */
static void find_out(const struct check *check, const struct question *question,
                     const struct check_scenario *scenario, struct finding *out)
{
    struct check_upstream upstream = { .scenario = scenario,
                                       .answers_folder = check->options->answers_folder };
    struct sink_state state = { .full = scenario->is_full };
    const struct call_sink sink = { .context = &state,
                                    .extra_kinds = 1u << PROVIDER_SEASON | 1u << PROVIDER_LIST,
                                    .document = take_document };
    CLEANUP(registry_close) struct registry *registry = open_registry(check, &upstream);
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(registry, check->name);
    struct error err = { 0 };
    int64_t start_ms = clock_steady_ms();
    uint32_t deadline_ms = scenario->behaviour == CHECK_HANGS ? HANG_DEADLINE_MS
                           : check->options->deadline_ms      ? check->options->deadline_ms
                                                              : DEADLINE_MS;
    volatile int canceled = scenario->is_cancelled;
    const struct call_wait wait = { .deadline_ms = start_ms + deadline_ms, .canceled = &canceled };
    if (question)
        out->code = ask(entry, question, &wait, &sink, &err);
    out->took_ms = MAX(clock_steady_ms() - start_ms - deadline_ms, 0);
    out->n_requests = upstream.n_requests;
    out->n_emitted = state.n;
    memcpy(out->said, err.text, sizeof out->said);
    /* What waited in vain once would wait a hundred times. */
    if (question && scenario->n_repeats && out->code != PROVIDER_ETIME)
        out->grown = repeat(entry, question, scenario->n_repeats, &sink);
    provider_entry_status(entry, &out->status);
}

static void be_the_child(const struct check *check, const struct question *question,
                         const struct check_scenario *scenario, int to)
{
    CLEANUP(mem_free) struct finding *finding = mem_new(struct finding);
    log_set_level(LOG_LEVEL_ERROR);
    mallopt(M_ARENA_MAX, 1); /* mallinfo2() sees no other arena */
    find_out(check, question, scenario, finding);
    ssize_t written = write(to, finding, sizeof *finding);
    _exit(written == (ssize_t)sizeof *finding ? 0 : 1);
}

static bool read_finding(int from, struct finding *out)
{
    size_t n = 0;
    while (n < sizeof *out) {
        ssize_t got = read(from, (char *)out + n, sizeof *out - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        n += (size_t)got;
    }
    return true;
}

/* Fills `out_died` when the process did not live to tell. */
static int run_apart(const struct check *check, const struct question *question,
                     const struct check_scenario *scenario, struct finding *out, char *died,
                     size_t died_size, struct error *err)
{
    int ends[2];
    unlink(check->mark); /* each process is judged by itself */
    if (pipe(ends) != 0)
        return error_errno(err, errno, "pipe");
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        return error_errno(err, errno, "fork");
    if (child == 0) {
        close(ends[0]);
        be_the_child(check, question, scenario, ends[1]);
    }
    close(ends[1]);
    died[0] = '\0';
    bool told = read_finding(ends[0], out);
    close(ends[0]);
    int how = 0;
    while (waitpid(child, &how, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(how))
        snprintf(died, died_size, "it died of SIG%s", sigabbrev_np(WTERMSIG(how)));
    else if (!told)
        snprintf(died, died_size, "it ended the process with exit code %d", WEXITSTATUS(how));
    return 0;
}

/* What the host noticed while it ran; false when that was nothing. */
static bool judge_conduct(const struct finding *finding, char *out, size_t size)
{
    const struct provider_status *status = &finding->status;
    if (status->state == PROVIDER_STATE_QUARANTINED)
        snprintf(out, size, "%s", status->reason);
    else if (finding->took_ms > LATE_MS)
        snprintf(out, size, "it came back %lld ms after its deadline", (long long)finding->took_ms);
    else if (status->misuses > 0)
        snprintf(out, size, "%s", status->last_misuse);
    else if (status->refused > 0)
        snprintf(out, size, "a document was refused: %s", status->last_refusal);
    else if (finding->grown > MAX_GROWTH)
        snprintf(out, size, "it leaves %lld bytes of memory behind each time",
                 (long long)finding->grown);
    else
        return false;
    return true;
}

/* What is wrong with the answer itself. */
static bool judge_answer(const struct question *question, const struct check_scenario *scenario,
                         const struct finding *finding, char *out, size_t size)
{
    bool asked = finding->n_requests > 0;
    bool is_fetch = question->can == PROVIDER_CAN_FETCH;
    if (strstr(finding->said, "() answered the unknown code") ||
        strstr(finding->said, "() succeeded without") || strstr(finding->said, "not say why"))
        snprintf(out, size, "%s", finding->said);
    else if (scenario->is_failure && asked && finding->code == 0 && finding->n_emitted == 0)
        snprintf(out, size, "it makes a failed source look like an empty one");
    else if (scenario->fetch_code && asked && is_fetch && finding->code != scenario->fetch_code)
        snprintf(out, size, "it answered '%s' instead of '%s'", error_code_name(finding->code),
                 error_code_name(scenario->fetch_code));
    else
        return false;
    return true;
}

static void say(struct check *check, const char *question, const char *scenario, const char *wrong,
                const char *details)
{
    check->n_points++;
    check->n_failed += wrong != NULL;
    fprintf(check->out, "%s %u - %s: %s%s%s\n", wrong ? "not ok" : "ok", check->n_points, question,
            scenario, wrong ? ": " : "", wrong ? wrong : "");
    if (details && details[0])
        fprintf(check->out, "# %s\n", details);
}

static int check_one(struct check *check, const struct question *question,
                     const struct check_scenario *scenario, struct error *err)
{
    CLEANUP(mem_free) struct finding *finding = mem_new(struct finding);
    char wrong[400];
    int code = run_apart(check, question, scenario, finding, wrong, sizeof wrong, err);
    if (code != 0)
        return code;
    bool is_wrong = wrong[0] || judge_conduct(finding, wrong, sizeof wrong) ||
                    judge_answer(question, scenario, finding, wrong, sizeof wrong);
    say(check, question->name, scenario->name, is_wrong ? wrong : NULL, finding->said);
    return 0;
}

static int check_all(struct check *check, struct error *err)
{
    CLEANUP(mem_free) struct finding *finding = mem_new(struct finding);
    char died[64];
    int code = run_apart(check, NULL, &check_scenarios[0], finding, died, sizeof died, err);
    if (code != 0)
        return code;
    if (died[0] || finding->status.state != PROVIDER_STATE_ACTIVE) {
        say(check, check->name, "opens", died[0] ? died : finding->status.reason, NULL);
        return 0;
    }
    say(check, check->name, "opens", NULL, finding->status.summary);
    for (size_t i = 0; i < ARRAY_LEN(questions); i++)
        for (size_t j = 0; finding->status.can & questions[i].can && j < check_n_scenarios; j++)
            if ((code = check_one(check, &questions[i], &check_scenarios[j], err)) != 0)
                return code;
    return 0;
}

int check_plugin(const struct check_options *options, FILE *out, struct error *err)
{
    struct check check = { .options = options, .out = out, .folder = "/tmp/miauflix-check-XXXXXX" };
    if (access(options->library, R_OK) != 0)
        return error_errno(err, errno, "cannot read '%s'", options->library);
    if (!mkdtemp(check.folder))
        return error_errno(err, errno, "cannot make '%s'", check.folder);
    CLEANUP(mem_free) char *name = check.name = loader_name_of_file(options->library);
    CLEANUP(mem_free) char *mark = check.mark = mem_format("%s/%s.mark", check.folder, name);
    int code = check_all(&check, err);
    fprintf(out, "1..%u\n# %u of %u speak against it\n", check.n_points, check.n_failed,
            check.n_points);
    unlink(mark);
    rmdir(check.folder);
    return code != 0 ? code : (int)check.n_failed;
}
