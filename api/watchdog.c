/* SPDX-License-Identifier: MIT */
#include "watchdog.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/text.h"

struct watchdog {
    struct lock lock;
    struct lock_condition changed;
    struct watchdog_wait *waits; /* lock */
    bool stop;                   /* lock */
    pthread_t thread;
};

/* Strikes whatever is due; the time of the next, INT64_MAX when none waits. */
static int64_t strike(struct watchdog *watchdog) REQUIRES(watchdog->lock)
{
    int64_t now = clock_steady_ms(), next = INT64_MAX;
    for (struct watchdog_wait *wait = watchdog->waits; wait; wait = wait->next) {
        if (wait->expired)
            continue;
        if (wait->deadline_ms <= now) {
            wait->expired = true;
            shutdown(wait->fd, SHUT_RD);
        } else {
            next = MIN(next, wait->deadline_ms);
        }
    }
    return next;
}

static void *run(void *argument)
{
    struct watchdog *watchdog = argument;
    LOCK_SCOPE(&watchdog->lock);
    while (!watchdog->stop) {
        int64_t next = strike(watchdog);
        if (next == INT64_MAX)
            lock_wait(&watchdog->changed, &watchdog->lock);
        else
            lock_wait_until(&watchdog->changed, &watchdog->lock, next);
    }
    return NULL;
}

struct watchdog *watchdog_new(void)
{
    struct watchdog *watchdog = mem_new(struct watchdog);
    lock_init(&watchdog->lock);
    lock_condition_init(&watchdog->changed);
    watchdog->thread = lock_thread_start("http-watchdog", run, watchdog);
    return watchdog;
}

void watchdog_free(struct watchdog *watchdog)
{
    if (!watchdog)
        return;
    lock_take(&watchdog->lock);
    watchdog->stop = true;
    lock_signal(&watchdog->changed);
    lock_release(&watchdog->lock);
    pthread_join(watchdog->thread, NULL);
    lock_condition_done(&watchdog->changed);
    lock_done(&watchdog->lock);
    free(watchdog);
}

void watchdog_add(struct watchdog *watchdog, struct watchdog_wait *wait)
{
    LOCK_SCOPE(&watchdog->lock);
    wait->expired = false;
    wait->next = watchdog->waits;
    watchdog->waits = wait;
    lock_signal(&watchdog->changed);
}

bool watchdog_remove(struct watchdog *watchdog, struct watchdog_wait *wait)
{
    LOCK_SCOPE(&watchdog->lock);
    for (struct watchdog_wait **at = &watchdog->waits; *at; at = &(*at)->next) {
        if (*at == wait) {
            *at = wait->next;
            break;
        }
    }
    return wait->expired;
}

/* Whether `fd` is a TCP socket between that peer and that port of ours. */
static bool is_connection(int fd, const char *remote, uint16_t remote_port, uint16_t own_port)
{
    struct sockaddr_in peer = { 0 }, own = { 0 };
    socklen_t peer_len = sizeof peer, own_len = sizeof own;
    char text[INET_ADDRSTRLEN];
    return getpeername(fd, (struct sockaddr *)&peer, &peer_len) == 0 &&
           peer.sin_family == AF_INET && ntohs(peer.sin_port) == remote_port &&
           getsockname(fd, (struct sockaddr *)&own, &own_len) == 0 &&
           ntohs(own.sin_port) == own_port &&
           inet_ntop(AF_INET, &peer.sin_addr, text, sizeof text) && text_equal(text, remote);
}

int watchdog_find_socket(const char *remote, uint16_t remote_port, uint16_t own_port)
{
    DIR *folder = opendir("/proc/self/fd");
    if (!folder)
        return -1;
    int found = -1;
    for (struct dirent *entry; found < 0 && (entry = readdir(folder));) {
        int64_t fd;
        if (text_to_int(entry->d_name, 0, INT32_MAX, &fd) &&
            is_connection((int)fd, remote, remote_port, own_port))
            found = (int)fd;
    }
    closedir(folder);
    return found;
}
