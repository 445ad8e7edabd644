/* SPDX-License-Identifier: MIT */
#include "probe/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "probe/result.h"
#include "probe/wire.h"

struct probing {
    const struct probe_source *source;
    uint64_t left; /* bytes that may still be read */
    int64_t until_ms;
    int socket, result; /* our ends */
    pid_t pid;
    struct text json;
    int failed; /* what `read` said, or the limit */
};

static void close_both(int fds[2])
{
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static const char *chosen_program;

void probe_set_program(const char *path)
{
    chosen_program = path;
}

/* Beside the daemon in a build tree, else where it is installed. */
static bool find_program(char *out, size_t out_size)
{
    char self[400];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len > 0 && !chosen_program) {
        self[len] = '\0';
        const char *slash = strrchr(self, '/');
        snprintf(out, out_size, "%.*s/miauflix-probe", slash ? (int)(slash - self) : 0, self);
        if (access(out, X_OK) == 0)
            return true;
    }
    snprintf(out, out_size, "%s",
             chosen_program ? chosen_program : MIAUFLIX_PKGLIBEXECDIR "/miauflix-probe");
    return access(out, X_OK) == 0;
}

static int spawn(const char *program, uint64_t size, int socket, int result, pid_t *out)
{
    char argument[24];
    snprintf(argument, sizeof argument, "%llu", (unsigned long long)size);
    char name[] = "miauflix-probe";
    char *arguments[] = { name, argument, NULL };
    char *environment[] = { NULL };
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, result, STDOUT_FILENO);
    int failed = posix_spawn(out, program, &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static int start(struct probing *probing, struct error *err)
{
    char program[512];
    int sockets[2] = { -1, -1 }, pipes[2] = { -1, -1 };
    if (!find_program(program, sizeof program))
        return error_set(err, PROVIDER_ENOTSUP, "'%s' is not installed", program);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) || pipe2(pipes, O_CLOEXEC)) {
        int failed = error_errno(err, errno, "cannot start '%s'", program);
        close_both(sockets);
        return failed;
    }
    int code = spawn(program, probing->source->size, sockets[1], pipes[1], &probing->pid);
    close(sockets[1]);
    close(pipes[1]);
    probing->socket = sockets[0];
    probing->result = pipes[0];
    if (!code)
        return 0;
    close(sockets[0]);
    close(pipes[0]);
    return error_errno(err, code, "cannot start '%s'", program);
}

static bool write_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t n = send(fd, at, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static int64_t read_source(struct probing *probing, const struct probe_question *question,
                           char *out)
{
    if (question->offset >= probing->source->size)
        return 0;
    if (probing->left == 0)
        return PROVIDER_ELIMIT;
    uint64_t len = MIN(question->len, (uint64_t)PROBE_MAX_READ);
    len = MIN(len, probing->source->size - question->offset);
    len = MIN(len, probing->left);
    int64_t n = probing->source->read(probing->source->context, question->offset, out, (size_t)len);
    if (n > 0)
        probing->left -= MIN((uint64_t)n, probing->left);
    return n;
}

/* One question; false when the process has no more. */
static bool answer(struct probing *probing, char *buffer)
{
    struct probe_question question;
    ssize_t got = recv(probing->socket, &question, sizeof question, MSG_WAITALL);
    if (got != sizeof question)
        return false;
    struct probe_answer head = { .len = read_source(probing, &question, buffer) };
    if (head.len < 0)
        probing->failed = (int)head.len;
    return write_all(probing->socket, &head, sizeof head) &&
           (head.len <= 0 || write_all(probing->socket, buffer, (size_t)head.len));
}

/* False at the end of the result. */
static bool hear(struct probing *probing, char *buffer)
{
    ssize_t n = read(probing->result, buffer, PROBE_MAX_READ);
    return n > 0 && text_add(&probing->json, buffer, (size_t)n);
}

/* Until the result is whole; false: out of time. */
static bool serve(struct probing *probing)
{
    CLEANUP(mem_free) char *buffer = mem_alloc_array(PROBE_MAX_READ, 1);
    struct pollfd waits[2] = { { .fd = probing->socket, .events = POLLIN },
                               { .fd = probing->result, .events = POLLIN } };
    for (;;) {
        int64_t left_ms = probing->until_ms - clock_steady_ms();
        if (left_ms <= 0)
            return false;
        int n = poll(waits, 2, (int)left_ms);
        if (n < 0 && errno != EINTR)
            return true;
        if (n <= 0)
            continue;
        if (waits[0].revents && !answer(probing, buffer))
            waits[0].fd = -1;
        if (waits[1].revents && !hear(probing, buffer))
            return true;
    }
}

/* Whoever has said all it wants may still not go. */
static bool wait_for_end(const struct probing *probing)
{
    CLEANUP(fd_close) int fd = pidfd_open(probing->pid, 0);
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    int64_t left_ms = probing->until_ms - clock_steady_ms();
    return fd >= 0 && poll(&wait, 1, (int)MAX(left_ms, (int64_t)0)) == 1;
}

static int judge(struct probing *probing, bool in_time, int status, struct text *out,
                 struct error *err)
{
    if (!in_time)
        return error_set(err, PROVIDER_ETIME, "the media file could not be analysed in time");
    if (WIFSIGNALED(status))
        return error_set(err, PROVIDER_EPARSE, "the analysis died of this media file (signal %d)",
                         WTERMSIG(status));
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!good && probing->failed)
        return error_set(err, probing->failed, "%s",
                         probing->failed == PROVIDER_ELIMIT
                             ? "the media file wants to be read for longer than is allowed"
                             : "the media file could not be read");
    json_auto_t *said = NULL;
    if (good)
        js_parse(text_string(&probing->json), probing->json.len, PROBE_MAX_JSON, &said, NULL);
    json_auto_t *clean = said ? result_clean(said) : NULL;
    if (!clean)
        return error_set(err, PROVIDER_EPARSE, "it is no media file that is known here");
    return js_write(clean, out) ? 0 : error_set(err, PROVIDER_ELIMIT, "too many tracks");
}

int probe_media(const struct probe_source *source, uint64_t max_bytes, int timeout_ms,
                struct text *out, struct error *err)
{
    struct probing probing = { .source = source,
                               .left = max_bytes,
                               .until_ms = clock_steady_ms() + timeout_ms,
                               .json = TEXT_INIT(PROBE_MAX_JSON) };
    int failed = start(&probing, err);
    if (failed)
        return failed;
    bool in_time = serve(&probing);
    close(probing.socket);
    close(probing.result);
    in_time = in_time && wait_for_end(&probing);
    if (!in_time)
        kill(probing.pid, SIGKILL);
    int status = 0;
    while (waitpid(probing.pid, &status, 0) < 0 && errno == EINTR)
        ;
    failed = judge(&probing, in_time, status, out, err);
    text_done(&probing.json);
    return failed;
}
