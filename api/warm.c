/* SPDX-License-Identifier: MIT */
#include "warm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cache/answers.h"
#include "index/index.h"
#include "ready.h"

enum {
    MAX_WANTED = 1024, /* what is wanted beyond that is made when somebody asks */
    REST_MS = 1000,
    SAVE_EVERY_MS = 600000,
    MAX_FILE = 1 << 20,
};

struct wanted {
    size_t len;
    char key[READY_KEY_LEN];
};

struct warm {
    struct app *app;
    char *path;
    pthread_t thread;
    struct lock lock;
    struct lock_condition change;
    struct wanted *queue[MAX_WANTED]; /* lock; from `first` on, n of them, round */
    size_t first, n;                  /* lock */
    bool busy, stop;                  /* lock */
};

/* --- What is wanted */

static bool is_wanted(const struct warm *warm, const char *key, size_t len) REQUIRES(warm->lock)
{
    for (size_t i = 0; i < warm->n; i++) {
        const struct wanted *one = warm->queue[(warm->first + i) % MAX_WANTED];
        if (one->len == len && memcmp(one->key, key, len) == 0)
            return true;
    }
    return false;
}

/* Takes what is the key of a whole answer. */
static void want(void *context, const char *key, size_t len)
{
    struct warm *warm = context;
    if (!ready_is_key(key, len))
        return;
    LOCK_SCOPE(&warm->lock);
    if (warm->n == MAX_WANTED || is_wanted(warm, key, len))
        return;
    struct wanted *one = mem_new(struct wanted);
    one->len = len;
    memcpy(one->key, key, len);
    warm->queue[(warm->first + warm->n++) % MAX_WANTED] = one;
    lock_broadcast(&warm->change);
}

static struct wanted *take(struct warm *warm) REQUIRES(warm->lock)
{
    struct wanted *one = warm->queue[warm->first];
    warm->first = (warm->first + 1) % MAX_WANTED;
    warm->n--;
    return one;
}

/* --- Where it begins */

static void want_target(struct warm *warm, const char *target, const char *language)
{
    static const char packings[] = { 'z', 'p' };
    for (size_t i = 0; i < sizeof packings; i++) {
        char key[READY_KEY_LEN];
        int len = snprintf(key, sizeof key, "%c\n%s\n%s%s\n\n", packings[i], target,
                           language ? "language=" : "", language ? language : "");
        want(warm, key, (size_t)len);
    }
}

/* The first page of a kind and its most popular items. */
static void want_kind(struct warm *warm, uint32_t kind, const char *name, const char *language)
{
    CLEANUP(index_page_done) struct index_page page = { 0 };
    const struct filter filter = { .kind = kind };
    char target[64];
    snprintf(target, sizeof target, "/api/%s", name);
    want_target(warm, target, language);
    if (index_query(warm->app->services.index, NULL, &filter, 0, WARM_POPULAR, &page, NULL) != 0)
        return;
    for (size_t i = 0; i < page.n_hits; i++) {
        snprintf(target, sizeof target, "/api/%s/%u", name, page.hits[i].id);
        want_target(warm, target, language);
    }
}

/* The first configured language is what who names none gets. */
static void want_popular(struct warm *warm)
{
    const struct conf_list *languages = app_languages(warm->app);
    for (size_t i = 0; i < MAX(languages->n, (size_t)1); i++) {
        const char *language = i ? languages->values[i] : NULL;
        want_kind(warm, PROVIDER_MOVIE, "movies", language);
        want_kind(warm, PROVIDER_TVSHOW, "tvshows", language);
    }
}

/* --- What was asked for before the stop: keys as they are, each of four lines */

static bool want_remembered(struct warm *warm)
{
    CLEANUP(fd_close) int fd = open(warm->path, O_RDONLY | O_CLOEXEC);
    CLEANUP(mem_free) char *bytes = mem_alloc(MAX_FILE);
    ssize_t len = fd < 0 ? 0 : read(fd, bytes, MAX_FILE);
    const char *at = bytes, *end = bytes + MAX(len, (ssize_t)0);
    size_t n = 0;
    while (at < end && n < WARM_REMEMBERED) {
        const char *next = at;
        for (int lines = 0; next && lines < READY_KEY_LINES; lines++) {
            next = memchr(next, '\n', (size_t)(end - next));
            next = next ? next + 1 : NULL;
        }
        if (!next)
            break;
        n += ready_is_key(at, (size_t)(next - at));
        want(warm, at, (size_t)(next - at));
        at = next;
    }
    return n > 0;
}

struct list {
    struct text text;
    size_t n;
};

static bool add_asked(void *context, const char *key, size_t len)
{
    struct list *list = context;
    if (ready_is_key(key, len) && text_add(&list->text, key, len))
        list->n++;
    return list->n < WARM_REMEMBERED;
}

/* Whole or not at all. */
static bool replace_file(const char *path, const struct text *text)
{
    CLEANUP(mem_free) char *fresh = mem_format("%s.new", path);
    CLEANUP(fd_close) int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    return fd >= 0 && write(fd, text_string(text), text->len) == (ssize_t)text->len &&
           rename(fresh, path) == 0;
}

static void save(struct warm *warm)
{
    struct list list = { .text = TEXT_INIT(MAX_FILE) };
    answers_each_asked(warm->app->services.answers, add_asked, &list);
    struct error err;
    if (list.n && !replace_file(warm->path, &list.text)) {
        error_errno(&err, errno, "cannot write '%s'", warm->path);
        log_warning("warm", "%s, the next start is cold", err.text);
    }
    text_done(&list.text);
}

/* --- Making */

static void make(struct warm *warm, const struct wanted *one)
{
    if (app_prepare(warm->app, one->key, one->len))
        __atomic_add_fetch(&warm->app->counters.warmed, 1, __ATOMIC_RELAXED);
}

static void make_batch(struct warm *warm) REQUIRES(warm->lock)
{
    warm->busy = true;
    for (int i = 0; i < WARM_BATCH && warm->n && !warm->stop; i++) {
        CLEANUP(mem_free) struct wanted *one = take(warm);
        lock_release(&warm->lock);
        make(warm, one);
        lock_take(&warm->lock);
    }
    warm->busy = false;
    lock_broadcast(&warm->change);
}

static void *run(void *argument)
{
    struct warm *warm = argument;
    int64_t save_ms = clock_steady_ms() + SAVE_EVERY_MS;
    if (!want_remembered(warm))
        want_popular(warm);
    lock_take(&warm->lock);
    while (!warm->stop) {
        make_batch(warm);
        int64_t rest_ms = clock_steady_ms() + REST_MS;
        while (!warm->stop && lock_wait_until(&warm->change, &warm->lock, rest_ms))
            continue;
        while (!warm->stop && !warm->n && lock_wait_until(&warm->change, &warm->lock, save_ms))
            continue;
        if (clock_steady_ms() < save_ms)
            continue;
        lock_release(&warm->lock);
        save(warm);
        save_ms = clock_steady_ms() + SAVE_EVERY_MS;
        lock_take(&warm->lock);
    }
    lock_release(&warm->lock);
    return NULL;
}

struct warm *warm_new(struct app *app, const char *path)
{
    struct warm *warm = mem_new(struct warm);
    warm->app = app;
    warm->path = mem_dup_text(path);
    lock_init(&warm->lock);
    lock_condition_init(&warm->change);
    warm->busy = true; /* until it has looked at what to begin with */
    answers_listen(app->services.answers, want, warm);
    warm->thread = lock_thread_start("warm", run, warm);
    return warm;
}

void warm_free(struct warm *warm)
{
    if (!warm)
        return;
    answers_listen(warm->app->services.answers, NULL, NULL);
    lock_take(&warm->lock);
    warm->stop = true;
    lock_broadcast(&warm->change);
    lock_release(&warm->lock);
    pthread_join(warm->thread, NULL);
    save(warm);
    lock_take(&warm->lock);
    while (warm->n)
        free(take(warm));
    lock_release(&warm->lock);
    lock_condition_done(&warm->change);
    lock_done(&warm->lock);
    free(warm->path);
    free(warm);
}

bool warm_wait(struct warm *warm, int64_t deadline_ms)
{
    LOCK_SCOPE(&warm->lock);
    bool in_time = true;
    while ((warm->n || warm->busy) && in_time)
        in_time = lock_wait_until(&warm->change, &warm->lock, deadline_ms);
    return !warm->n && !warm->busy;
}
