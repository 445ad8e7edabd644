/* SPDX-License-Identifier: MIT */
#include "provider/marker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/mem.h"

enum { MAX_MARKERS = 64, CRASH_STACK_LEN = 64 << 10 };

static const uint64_t mark_magic = 0x31304b52414d584dull; /* "MXMARK01" */
static const int64_t forget_after_ms = 7 * 24 * 3600 * INT64_C(1000);

/* What the file holds.  Written by any thread and by the crash handler, so every access that can
 * race is atomic. */
struct mark {
    uint64_t magic;
    uint32_t inside; /* threads in the plugin's code */
    uint32_t blamed; /* the process is dying, and it was (or may have been) this plugin */
    uint32_t deaths;
    uint32_t reserved;
    int64_t last_death_ms; /* wall */
};

struct marker {
    struct mark *mark;
    char *path;
    bool died_now, was_killed;
};

static struct lock markers_lock = LOCK_INIT;
static struct marker *markers[MAX_MARKERS]; /* read by the crash handler without the lock */
static _Thread_local struct marker *here;
static _Thread_local void *own_stack; /* for signals; NULL: somebody else brought one */

static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };
static struct sigaction before[ARRAY_LEN(crash_signals)];

static void blame(struct marker *marker)
{
    __atomic_store_n(&marker->mark->blamed, 1u, __ATOMIC_SEQ_CST);
}

/* Async-signal-safe: only atomic loads and stores. */
static void blame_whoever_it_was(void)
{
    if (here) {
        blame(here);
        return;
    }
    for (size_t i = 0; i < MAX_MARKERS; i++) {
        struct marker *marker = __atomic_load_n(&markers[i], __ATOMIC_SEQ_CST);
        if (marker && __atomic_load_n(&marker->mark->inside, __ATOMIC_SEQ_CST) > 0)
            blame(marker);
    }
}

/* Writes the blame and hands on to whoever was here before (a sanitizer, or the default action): a
 * fault repeats itself on return, a signal that was sent has to be sent again. */
static void on_crash(int number, siginfo_t *about, void *context UNUSED)
{
    bool sent = about->si_code <= 0;
    if (!sent || about->si_pid == getpid())
        blame_whoever_it_was();
    for (size_t i = 0; i < ARRAY_LEN(crash_signals); i++)
        if (crash_signals[i] == number)
            sigaction(number, &before[i], NULL);
    if (sent)
        raise(number);
}

/* A plugin that calls exit() ends the daemon as surely as one that crashes. */
static void on_exit_inside(void)
{
    if (here)
        blame(here);
}

/* Each time a provider is opened, because a library may have put its own handlers in front. */
static void watch_crashes(void) REQUIRES(markers_lock)
{
    struct sigaction action = { .sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < ARRAY_LEN(crash_signals); i++) {
        struct sigaction now;
        if (sigaction(crash_signals[i], NULL, &now) != 0 ||
            (now.sa_flags & SA_SIGINFO && now.sa_sigaction == on_crash))
            continue;
        before[i] = now;
        sigaction(crash_signals[i], &action, NULL);
    }
    static bool at_exit;
    if (!at_exit)
        at_exit = atexit(on_exit_inside) == 0;
}

void marker_thread_begin(void)
{
    stack_t now;
    if (sigaltstack(NULL, &now) != 0 || !(now.ss_flags & SS_DISABLE))
        return; /* a sanitizer brought its own */
    stack_t stack = { .ss_sp = mem_alloc(CRASH_STACK_LEN), .ss_size = CRASH_STACK_LEN };
    if (sigaltstack(&stack, NULL) == 0)
        own_stack = stack.ss_sp;
    else
        free(stack.ss_sp);
}

void marker_thread_end(void)
{
    if (!own_stack)
        return;
    sigaltstack(&(stack_t){ .ss_flags = SS_DISABLE, .ss_size = CRASH_STACK_LEN }, NULL);
    free(steal(own_stack));
}

static int make_folder(const char *folder, struct error *err)
{
    if (mkdir(folder, 0700) == 0 || errno == EEXIST)
        return 0;
    return error_errno(err, errno, "cannot make '%s'", folder);
}

static int map_file(const char *path, struct mark **out, struct error *err)
{
    CLEANUP(fd_close) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return error_errno(err, errno, "cannot open '%s'", path);
    if (ftruncate(fd, sizeof(struct mark)) != 0)
        return error_errno(err, errno, "cannot write '%s'", path);
    /* Reserved now: on a full disk the first write to the mapping would be a SIGBUS. */
    int failed = posix_fallocate(fd, 0, sizeof(struct mark));
    if (failed)
        return error_errno(err, failed, "cannot write '%s'", path);
    void *mapped = mmap(NULL, sizeof(struct mark), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED)
        return error_errno(err, errno, "cannot map '%s'", path);
    *out = mapped;
    return 0;
}

static void judge_last_run(struct marker *marker)
{
    struct mark *mark = marker->mark;
    if (mark->magic != mark_magic) {
        *mark = (struct mark){ .magic = mark_magic };
        return;
    }
    int64_t now = clock_wall_ms();
    marker->died_now = mark->blamed != 0;
    marker->was_killed = mark->inside > 0 && !marker->died_now;
    if (marker->died_now) {
        if (mark->deaths < MARKER_MAX_DEATHS && now - mark->last_death_ms > forget_after_ms)
            mark->deaths = 0;
        mark->deaths++;
        mark->last_death_ms = now;
    }
    mark->inside = 0;
    mark->blamed = 0;
}

int marker_open(const char *folder, const char *provider, struct marker **out, struct error *err)
{
    int code = make_folder(folder, err);
    if (code != 0)
        return code;
    CLEANUP(mem_free) char *path = mem_format("%s/%s.mark", folder, provider);
    struct mark *mark = NULL;
    code = map_file(path, &mark, err);
    if (!mark)
        return code;
    struct marker *marker = mem_new(struct marker);
    marker->mark = mark;
    marker->path = steal(path);
    judge_last_run(marker);
    LOCK_SCOPE(&markers_lock);
    watch_crashes();
    for (size_t i = 0; i < MAX_MARKERS; i++)
        if (!markers[i]) {
            __atomic_store_n(&markers[i], marker, __ATOMIC_SEQ_CST);
            break;
        }
    *out = marker;
    return 0;
}

void marker_leave_behind(struct marker *marker)
{
    if (!marker)
        return;
    LOCK_SCOPE(&markers_lock);
    for (size_t i = 0; i < MAX_MARKERS; i++)
        if (markers[i] == marker)
            __atomic_store_n(&markers[i], NULL, __ATOMIC_SEQ_CST);
    if (marker_deaths(marker) == 0)
        unlink(marker->path);
}

void marker_close(struct marker *marker)
{
    if (!marker)
        return;
    marker_leave_behind(marker);
    __atomic_store_n(&marker->mark->inside, 0u, __ATOMIC_SEQ_CST);
    munmap(marker->mark, sizeof(struct mark));
    free(marker->path);
    free(marker);
}

uint32_t marker_deaths(const struct marker *marker)
{
    return marker ? __atomic_load_n(&marker->mark->deaths, __ATOMIC_RELAXED) : 0;
}

bool marker_forbids(const struct marker *marker)
{
    return marker_deaths(marker) >= MARKER_MAX_DEATHS;
}

bool marker_died_now(const struct marker *marker)
{
    return marker && marker->died_now;
}

bool marker_was_killed(const struct marker *marker)
{
    return marker && marker->was_killed;
}

void marker_reset(struct marker *marker)
{
    if (marker)
        __atomic_store_n(&marker->mark->deaths, 0u, __ATOMIC_RELAXED);
}

void marker_enter(struct marker *marker)
{
    if (marker)
        __atomic_add_fetch(&marker->mark->inside, 1u, __ATOMIC_SEQ_CST);
    here = marker;
}

void marker_leave(struct marker *marker)
{
    here = NULL;
    if (marker)
        __atomic_sub_fetch(&marker->mark->inside, 1u, __ATOMIC_SEQ_CST);
}

struct marker *marker_pause(void)
{
    return steal(here);
}

void marker_resume(struct marker *marker)
{
    here = marker;
}
