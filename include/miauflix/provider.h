/* SPDX-License-Identifier: MIT
 *
 * <miauflix/provider.h> - the one header a provider plugin includes.
 *
 * A plugin exports a single data symbol, `miauflix_provider`.  The host reads that description
 * before it runs any plugin code, then calls through its vtable.  The plugin reaches the host only
 * through the tables it is handed, so it links against nothing of ours and can be built out of
 * tree.
 *
 * Memory: nothing changes hands.  What one side passes, the other borrows until the call returns,
 * and copies what it wants to keep.  Neither side ever frees the other's memory.  Strings are
 * UTF-8, NULL means unknown.
 *
 * Growth: a struct that starts with `size` only ever gains fields at its end.  Its writer stores
 * sizeof, its reader looks at a later field through PROVIDER_HAS().  Anything else that changes
 * raises PROVIDER_ABI.
 */
#ifndef MIAUFLIX_PROVIDER_H
#define MIAUFLIX_PROVIDER_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROVIDER_ABI 1u

/* True when the table `p` points to is new enough to hold `field`. */
#define PROVIDER_HAS(p, field) ((p)->size >= offsetof(__typeof__(*(p)), field) + sizeof((p)->field))

#if defined(__GNUC__)
#define PROVIDER_EXPORT __attribute__((visibility("default")))
#define PROVIDER_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define PROVIDER_EXPORT
#define PROVIDER_PRINTF(fmt, args)
#endif

/* What an operation returns.  Fields and return types that hold these have a fixed width. */
enum {
    PROVIDER_OK = 0,
    PROVIDER_EINVAL = -1,    /* the caller asked for nonsense */
    PROVIDER_ENOTFOUND = -2, /* upstream says there is no such thing */
    PROVIDER_ENOTSUP = -3,   /* this provider cannot do that */
    PROVIDER_EAUTH = -4,     /* credentials missing, wrong or expired */
    PROVIDER_EBUSY = -5,     /* we are asked to slow down */
    PROVIDER_EUPSTREAM = -6, /* unreachable, or 5xx */
    PROVIDER_EPARSE = -7,    /* upstream answered something we cannot read */
    PROVIDER_ETIME = -8,     /* the deadline passed */
    PROVIDER_ECANCEL = -9,   /* nobody waits for the answer any more */
    PROVIDER_EREFUSED =
        -10, /* the host refused a document: the call's error says which field and why */
    PROVIDER_ENOMEM = -11,
    PROVIDER_EIO = -12,       /* the local disk or store failed */
    PROVIDER_EFULL = -13,     /* no room is left on the local disk */
    PROVIDER_ELIMIT = -14,    /* larger than a limit allows */
    PROVIDER_ECONFLICT = -15, /* it exists already, or changed meanwhile */
    PROVIDER_EDENIED = -16,   /* known, but not allowed */
};

/* --- What travels */

enum { /* kinds of media documents */
       PROVIDER_MOVIE = 1,
       PROVIDER_TVSHOW = 2,
       PROVIDER_SEASON = 3, /* with its episodes */
       PROVIDER_LIST = 4,
       PROVIDER_RELEASE = 5, /* something with an infohash */
       PROVIDER_TORRENT = 6, /* what is behind a magnet: name, pieces, files */
       PROVIDER_TITLE = 7,   /* an id, a title, a popularity: one line of a catalogue */
};

enum {
    PROVIDER_PARTIAL = 1, /* says nothing about fields that it lacks */
    PROVIDER_CHANGED = 2, /* only its ids: fetch it when there is time */
    PROVIDER_GONE = 4,    /* only its ids: upstream no longer has it */
};

/* One document in the schema of docs/media-document.md. */
struct provider_document {
    uint32_t size;
    uint32_t kind;
    uint32_t flags;
    uint32_t json_len; /* bytes; 0: strlen(json) */
    const char *json;
};

struct provider_id {
    const char *space; /* "tmdb", "imdb", "trakt", "btih" */
    const char *value; /* as text, "603", "tt0133093" */
};

struct provider_query {
    uint32_t size;
    uint32_t kind; /* 0: any */
    const char *text;
    const struct provider_id *ids; /* when known, better than text */
    uint32_t n_ids;
    int32_t year;            /* 0: any */
    int32_t season, episode; /* -1: any */
    const char *language;    /* BCP 47 */
    uint32_t page;           /* from 1 */
    uint32_t limit;
};

enum {
    PROVIDER_HTTP_SECRET = 1, /* keep URL query and body out of logs and cache keys */
    PROVIDER_HTTP_REPEAT = 2, /* safe to repeat although it is not a GET */
};

struct provider_response;

struct provider_request {
    uint32_t size;
    uint32_t flags;
    const char *method;         /* NULL: GET */
    const char *url;            /* "{base}/path": the host fills in the mirror that works */
    const char *const *headers; /* "Name: value", ends with NULL; may be NULL.  With
                                   "Cache-Control: no-store" the host keeps no copy of the answer */
    const char *body;
    size_t body_len;
    uint32_t max_age_s; /* an answer this old will do; 0: ask upstream */
    uint32_t max_body;  /* bytes accepted; 0: the host's limit, 8 MiB unless configured */

    /* Whether this answer comes from the service and not from a parked domain, a captive portal or
     * a gateway: nonzero when it does.  The host asks before it counts a mirror as well and caches
     * the answer.  It may run on another thread and reads nothing but `response`.  NULL: any answer
     * will do. */
    int (*genuine)(const struct provider_response *response);
};

struct provider_response {
    uint32_t size;
    int32_t status;
    const char *body; /* a NUL stands behind its last byte */
    size_t body_len;
    uint32_t age_s; /* 0: fresh */
    uint32_t stale; /* 1: upstream is down, this is the last good answer */
    const char *(*header)(const struct provider_response *, const char *name); /* NULL: absent */
};

/* --- What the host offers while an operation runs */

enum {
    PROVIDER_LOG_ERROR = 0,
    PROVIDER_LOG_WARNING = 1,
    PROVIDER_LOG_NOTICE = 2,
    PROVIDER_LOG_DEBUG = 3
};

struct provider_call;

struct provider_host {
    uint32_t size;

    /* One line; level is a PROVIDER_LOG_ value.  Any thread. */
    void (*vlog)(struct provider_call *, int level, const char *fmt, va_list args);

    /* A declared option's value, valid until close(); NULL when unset.  The values of a
     * PROVIDER_LIST_OF option are separated by single spaces.  Any thread. */
    const char *(*option)(struct provider_call *, const char *name);

    /* Milliseconds left; 0 once the deadline passed or nobody waits any more.  Any thread. */
    uint32_t (*remaining_ms)(struct provider_call *);

    /* Cached, paced, retried, mirrored; gives up at the deadline.  *out lives until the operation
     * returns or the call's eighth http() after this one.  An HTTP error is a result too: look at
     * status.  Calling thread only. */
    int (*http)(struct provider_call *, const struct provider_request *,
                const struct provider_response **out);

    /* Hands over one document.  When it returns nonzero, stop and return that.  PROVIDER_EREFUSED
     * concerns this one document: an operation that emits many may go on to its next.  Calling
     * thread only. */
    int (*emit)(struct provider_call *, const struct provider_document *);

    /* Where the next sync() shall resume; what was emitted before is committed with it.  Calling
     * thread only. */
    int (*checkpoint)(struct provider_call *, const char *cursor);

    /* Progress of a long operation; total 0: unknown.  Calling thread only. */
    void (*progress)(struct provider_call *, uint64_t done, uint64_t total);

    /* The plugin's own small state: values up to 64 KiB, kept in the store, private to this
     * provider. state_get answers NULL when there is none, else text that lives until the call's
     * next state_get or its end; state_put with a NULL value removes the key.  Calling thread only.
     */
    const char *(*state_get)(struct provider_call *, const char *key);
    int (*state_put)(struct provider_call *, const char *key, const char *value);

    /* Explains a failure; returns `code`, so that both fit one statement.  Calling thread only. */
    int (*vfail)(struct provider_call *, int code, const char *fmt, va_list args);
};

struct provider_call {
    const struct provider_host *host;
    /* the host's own fields follow */
};

/* --- What a plugin implements */

struct provider; /* the plugin's own state; the host never looks inside */

/* The host calls open() once, and close() once nothing else is running.  Between those, operations
 * may run in several threads at once on the same `self`, unless the plugin sets PROVIDER_SERIAL.  A
 * call belongs to the thread it came in on and ends when the operation returns; the one given to
 * open() lives until close() returns, for threads the plugin starts itself.  A plugin leaves NULL
 * what it does not do; open() and close() included. */
struct provider_api {
    uint32_t size;

    int (*open)(struct provider_call *, struct provider **out);
    void (*close)(struct provider *self);

    /* Emits what matches, best first, at most query->limit documents. */
    int (*search)(struct provider *self, struct provider_call *,
                  const struct provider_query *query);

    /* Emits one thing, whole. */
    int (*fetch)(struct provider *self, struct provider_call *, uint32_t kind,
                 const struct provider_id *id);

    /* Emits what changed in `scope` ("movies", "tvshows", "list:28", ...) since `cursor` (NULL:
     * everything), mostly as PROVIDER_CHANGED; the host fetches those side by side within the
     * budget.  "export:movies" is the list of everything there is: all of it as PROVIDER_TITLE and
     * one checkpoint behind the last, or nothing when there is no newer list than the cursor's;
     * what two lists a day apart lack is looked at, and may be gone. */
    int (*sync)(struct provider *self, struct provider_call *, const char *scope,
                const char *cursor);

    /* Emits one PROVIDER_TORRENT for a magnet that the host has already validated and normalised.
     */
    int (*resolve_magnet)(struct provider *self, struct provider_call *, const char *magnet);

    /* An optional feature's table, or NULL: "miauflix.images/1", "miauflix.account/1",
     * "miauflix.stream/1", "miauflix.availability/1".  Each table is sized like the ones here. */
    const void *(*extension)(const char *name);
};

enum {
    PROVIDER_REQUIRED = 1,
    PROVIDER_SECRET = 2,  /* never logged, never served */
    PROVIDER_LIST_OF = 4, /* several values, as mirrors */
    PROVIDER_MIRRORS = 8, /* its values are what "{base}" stands for, best first */
};

struct provider_option {
    const char *name; /* key in the provider's section; a NULL name ends the table */
    const char *env;  /* environment variable that overrides it (NAME_FILE works too), or NULL */
    const char *fallback; /* used when neither is set; may be NULL */
    const char *help;     /* one line */
    uint32_t flags;
};

enum {
    PROVIDER_SERIAL = 1, /* one operation at a time */
};

struct provider_info {
    uint32_t abi;  /* PROVIDER_ABI */
    uint32_t size; /* sizeof(struct provider_info) */
    uint32_t flags;
    const char *name; /* lower-case letters, digits and '_'; the file name without its suffix */
    const char *version;
    const char *summary; /* one line */
    const struct provider_option *options;
    const struct provider_api *api;

    /* The pace upstream tolerates, unless the operator sets another: requests per 1000 seconds, and
     * how many at once; 0: the host's careful default of one request a second, two at once. */
    uint32_t rate_per_1000s;
    uint32_t max_parallel;
};

/* --- miauflix.images/1: pictures */

#define PROVIDER_IMAGES "miauflix.images/1"

struct provider_images {
    uint32_t size;

    /* Writes the absolute URL of a picture that a document of this provider named `path`, at least
     * `width` pixels wide if there is one (0: the original), NUL-terminated, at most url_size
     * bytes.  kind is "posters", "backdrops", "logos", "profiles" or "stills".  The host fetches
     * and caches it.  May use http(). */
    int (*locate)(struct provider *self, struct provider_call *, const char *kind, const char *path,
                  uint32_t width, char *url, size_t url_size);
};

/* --- miauflix.availability/1: whether a swarm is alive */

#define PROVIDER_AVAILABILITY "miauflix.availability/1"

/* Claims are the largest figure of any tracker, never a sum: they count the same peers. */
struct provider_swarm {
    uint32_t size;
    int32_t seeds, peers;       /* claimed; -1: no tracker told */
    int32_t dht_peers;          /* named by the DHT; -1: none */
    uint32_t trackers, answers; /* asked, and how many of them answered */
    uint32_t met, seeds_met;    /* peers that shook hands; of these with every piece */
    int32_t metadata_ms;        /* until a peer told what it is; -1: none, or known before */
};

struct provider_availability {
    uint32_t size;

    /* Asks the swarm behind a magnet that the host has validated and normalised; the caller sets
     * out->size.  PROVIDER_ETIME when nobody answered. */
    int (*check)(struct provider *self, struct provider_call *, const char *magnet,
                 struct provider_swarm *out);
};

/* --- miauflix.stream/1: the bytes of a torrent's files */

#define PROVIDER_STREAMS "miauflix.stream/1"

struct provider_stream; /* one open file; the plugin's own */

struct provider_range {
    uint64_t first, len;
};

struct provider_stream_state {
    uint32_t size;
    uint32_t ready;        /* 1: head and tail of the file are there */
    int32_t eta_ms;        /* until then; -1: unknown */
    uint32_t peers, seeds; /* connected */
    uint32_t n_ranges;     /* in: room at `ranges`; out: filled, ascending, apart */
    uint64_t file_size;
    uint64_t have; /* bytes of the file that are there */
    uint64_t rate; /* bytes per second, of the whole torrent */
    struct provider_range *ranges;
};

struct provider_streams {
    uint32_t size;

    /* Opens the file with this index in the torrent's document and begins to fetch its head and
     * tail.  The magnet as for resolve_magnet; it is resolved first when it is not known.
     * PROVIDER_ENOTFOUND: no such file; PROVIDER_EFULL: no room.  The stream outlives the call and
     * ends with close(). */
    int (*open)(struct provider *self, struct provider_call *, const char *magnet, uint32_t file,
                struct provider_stream **out);

    /* Waits for bytes at `offset` and answers as many as are there, at most `len`; *out 0: the end.
     * Every byte was checked against its hash.  Several calls may read one stream. */
    int (*read)(struct provider *self, struct provider_call *, struct provider_stream *,
                uint64_t offset, void *bytes, size_t len, size_t *out);

    /* The caller sets out->size, ranges and n_ranges. */
    int (*state)(struct provider *self, struct provider_call *, struct provider_stream *,
                 struct provider_stream_state *out);

    /* Ends reads under way and to come with PROVIDER_ECANCEL.  Any thread, no call. */
    void (*cancel)(struct provider *self, struct provider_stream *);

    /* Nobody is inside read() or state() any more.  Before the provider's close(). */
    void (*close)(struct provider *self, struct provider_stream *);

    /* Hands the metainfo file of a torrent that was resolved to `take`, which borrows it. */
    int (*metainfo)(struct provider *self, struct provider_call *, const char *infohash,
                    void (*take)(void *context, const char *bytes, size_t len), void *context);

    /* Removes a torrent and its files; PROVIDER_EBUSY while a stream is open. */
    int (*forget)(struct provider *self, struct provider_call *, const char *infohash);

    /* Remembers the metainfo file of a torrent, so that it need not be asked for; nothing to do
     * when it is known.  PROVIDER_EINVAL: it is not that torrent's. */
    int (*learn)(struct provider *self, struct provider_call *, const char *infohash,
                 const char *bytes, size_t len);
};

/* Each plugin defines this one symbol. */
extern PROVIDER_EXPORT const struct provider_info miauflix_provider;

#ifdef __cplusplus
}
#endif
#endif /* MIAUFLIX_PROVIDER_H */
