/* SPDX-License-Identifier: MIT
 *
 * miauflix-probe SIZE: the process that takes a stranger's media file apart for the daemon. Its
 * standard input is a socket over which it asks for bytes (wire.h), its standard output takes the
 * answer.  It gives up all it does not need before it reads the first byte. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "probe/media.h"

enum { CPU_S = 10 };

static const uint64_t memory_bytes = 1u << 30; /* address space: a hundred libraries are mapped */

static bool limit(int what, uint64_t to)
{
    struct rlimit limits = { .rlim_cur = to, .rlim_max = to };
    return setrlimit((__rlimit_resource_t)what, &limits) == 0;
}

#ifdef __SANITIZE_ADDRESS__
/* The search for leaks wants a process and files of its own; here it would wait for them for ever.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}
#endif

/* No new files, no new processes, nothing written, little memory, little time. */
static bool confine(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    if (!limit(RLIMIT_AS, memory_bytes))
        return false;
#else
    (void)memory_bytes; /* shadow memory takes terabytes of addresses */
#endif
    return limit(RLIMIT_CPU, CPU_S) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_NOFILE, 3) && limit(RLIMIT_NPROC, 0) &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

int main(int n_arguments, char **arguments)
{
    int64_t size;
    if (n_arguments != 2 || !text_to_int(arguments[1], 0, INT64_MAX, &size)) {
        fputs("miauflix-probe is a part of miauflixd, which starts it itself\n", stderr);
        return 2;
    }
    if (!confine())
        return 3;
    CLEANUP(text_done) struct text json = TEXT_INIT(64 << 10);
    if (!media_describe(size, &json))
        return 1;
    /* RLIMIT_FSIZE does not hold for pipes. */
    return write(STDOUT_FILENO, json.bytes, json.len) == (ssize_t)json.len ? 0 : 1;
}
