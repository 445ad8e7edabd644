/* SPDX-License-Identifier: MIT */
#include "service/feed.h"

#include "base/lock.h"
#include "base/log.h"
#include "cache/answers.h"
#include "media/document.h"
#include "service/events.h"
#include "store/changes.h"

struct feed {
    struct store *store;
    struct answers *answers;
    struct events *events;
    struct lock lock;
    struct lock_condition changed;
    uint64_t committed; /* lock */
    bool stop;          /* lock */
    uint64_t seen;      /* the thread's own */
    pthread_t thread;
};

static void committed(uint64_t revision, void *context)
{
    struct feed *feed = context;
    {
        LOCK_SCOPE(&feed->lock);
        feed->committed = revision;
    }
    lock_signal(&feed->changed); /* who wakes finds the lock free */
}

static void tell(struct events *events, const struct change *change)
{
    const char *kind = document_kind_name(change->kind);
    CLEANUP(text_done) struct text line = TEXT_INIT(400);
    text_add_format(&line, "{\"revision\":%llu,\"id\":%u,\"kind\":\"%s\",\"what\":\"%s\"",
                    (unsigned long long)change->revision, change->item_id, kind ? kind : "item",
                    change_what_name(change->what));
    if (change->what == CHANGE_MERGED)
        text_add_format(&line, ",\"merged_into\":%u", change->merged_into);
    text_add_char(&line, '}');
    events_send(events, change->kind == PROVIDER_LIST ? "list" : "item", text_string(&line));
}

static int follow(const struct change *change, void *context)
{
    struct feed *feed = context;
    feed->seen = MAX(feed->seen, change->revision);
    if (feed->answers)
        answers_drop(feed->answers, change->item_id, change->revision);
    if (feed->events)
        tell(feed->events, change);
    return 0;
}

static void *run(void *argument)
{
    struct feed *feed = argument;
    lock_take(&feed->lock);
    while (!feed->stop) {
        uint64_t until = feed->committed;
        if (until <= feed->seen) {
            lock_wait(&feed->changed, &feed->lock);
            continue;
        }
        lock_release(&feed->lock);
        struct error err = { 0 };
        if (changes_walk(feed->store, feed->seen, follow, feed, &err) < 0)
            log_error("feed", "cannot read the change feed: %s", err.text);
        /* A row that was replaced meanwhile stands behind `until`; it comes with the next commit.
         */
        feed->seen = MAX(feed->seen, until);
        if (feed->answers)
            answers_follow(feed->answers, feed->seen);
        lock_take(&feed->lock);
    }
    lock_release(&feed->lock);
    return NULL;
}

struct feed *feed_new(struct store *store, struct answers *answers, struct events *events)
{
    struct feed *feed = mem_new(struct feed);
    feed->store = store;
    feed->answers = answers;
    feed->events = events;
    feed->seen = feed->committed = store_revision(store);
    if (answers)
        answers_follow(answers, feed->seen);
    lock_init(&feed->lock);
    lock_condition_init(&feed->changed);
    store_listen(store, committed, feed);
    feed->thread = lock_thread_start("feed", run, feed);
    return feed;
}

void feed_free(struct feed *feed)
{
    if (!feed)
        return;
    lock_take(&feed->lock);
    feed->stop = true;
    lock_signal(&feed->changed);
    lock_release(&feed->lock);
    pthread_join(feed->thread, NULL);
    lock_condition_done(&feed->changed);
    lock_done(&feed->lock);
    free(feed);
}
