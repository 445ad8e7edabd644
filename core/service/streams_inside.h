/* SPDX-License-Identifier: MIT
 *
 * What the files behind streams.h share: streams.c opens and reads, streams_keep.c has the list of
 * what is open and closes what nobody wants. */
#pragma once

#include "base/lock.h"
#include "service/streams.h"

struct stream {
    struct streams *owner;
    struct stream *next; /* lock */
    char hash[TORRENTS_HASH_SIZE];
    uint32_t file;
    uint64_t size;
    struct call_stream *inside;
    unsigned refs;             /* lock: who reads or keeps it, and who looks at it */
    bool is_kept;              /* lock: nobody reads it now */
    bool is_ended;             /* lock: not to be kept */
    int64_t until_ms;          /* lock: how long it is kept */
    int64_t prepared_until_ms; /* its reader's */
};

struct streams {
    struct store *store;
    struct registry *registry;
    uint32_t max;
    struct lock lock;
    struct lock_condition changed;
    struct stream *first;    /* lock */
    uint32_t n_read, n_kept; /* lock */
    uint32_t n_closing;      /* lock: out of the list, and not closed yet */
    bool is_stopping;        /* lock: nothing is opened any more */
    bool is_over;            /* lock: the keeper goes */
    pthread_t keeper;
};

bool stream_is_of(const struct stream *stream, const char *hash, uint32_t file);

void stream_unref(struct stream *stream);

/* Its reader is done with it: one of a file stays open for who comes next. */
void stream_leave(struct stream *stream, int64_t keep_ms);

/* Takes one that is kept out of the list; what is collected so is closed once the lock is free. */
void stream_condemn(struct stream *stream, struct stream **out_condemned)
    REQUIRES(stream->owner->lock);
void streams_execute(struct stream *condemned);

/* Closes what is kept and was not asked to be; whether there was any. */
bool streams_make_room(struct streams *streams);
