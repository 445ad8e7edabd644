/* SPDX-License-Identifier: MIT
 *
 * A host for driving a plugin's real module in tests, without a network or a store.  HTTP is
 * answered from a script, requests are recorded, documents pass the same document_read() as in the
 * daemon, state lives in memory.  What would be a broken test (no such module, no such file) ends
 * the test through cmocka; what the plugin does is only recorded.  One thread, but for what
 * <miauflix/provider.h> allows to any.
 *
 *     CLEANUP(fake_host_free) struct fake_host *host = fake_host_new("plugins/tmdb/tmdb.la");
 *     fake_host_set_option(host, "api_key", "0123456789");
 *     fake_host_answer(host, "{base}/3/movie/603*",
 *                      &(struct fake_answer){ .body_file = "tests/data/tmdb/movie_603.json" });
 *     assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "603"), 0);
 *     assert_int_equal(fake_host_n_documents(host), 1);
 *
 * A test program links it with `_LDADD = tests/plugins/libfakehost.a $(LDADD)`. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

struct fake_host;

/* `module` is a .la file relative to the build folder, or an absolute path. */
struct fake_host *fake_host_new(const char *module);

/* Closes the provider too. */
void fake_host_free(struct fake_host *host);
DEFINE_CLEANUP(struct fake_host *, fake_host_free);

const struct provider_info *fake_host_info(const struct fake_host *host);

/* NULL unsets; without it an option has its fallback.  Before the first operation. */
void fake_host_set_option(struct fake_host *host, const char *name, const char *value);

struct fake_answer {
    int32_t status;        /* 0: 200 */
    const char *headers;   /* "Name: value" lines with \n between; may be NULL */
    const char *body;      /* used when there is no body_file; may be NULL */
    size_t body_len;       /* 0: strlen(body) */
    const char *body_file; /* absolute, or relative to the source folder */
    uint32_t age_s;
    bool stale;
    int failure;    /* a PROVIDER_E code: http() returns that instead of an answer */
    unsigned times; /* how often it is given; 0: for ever */
};

/* `pattern` is a shell pattern for the URL as the plugin wrote it ("{base}/3/movie/603*"), with a
 * method before it when it is not a GET ("POST {base}/oauth/token").  The answer given last wins
 * while it lasts.  A request nothing matches fails with PROVIDER_EUPSTREAM.  Copied. */
void fake_host_answer(struct fake_host *host, const char *pattern,
                      const struct fake_answer *answer);
void fake_host_answer_json(struct fake_host *host, const char *pattern, const char *json);

/* The path of a recorded upstream answer ("tmdb/movie_603.json"), or NULL when the recordings are
 * not beside the source folder: then skip(), loudly.  free() it. */
char *fake_host_recorded(const char *name);

/* How long each operation has, so that none hangs; at first 60000.  With 0, http() and emit()
 * answer PROVIDER_ETIME. */
void fake_host_set_remaining(struct fake_host *host, uint32_t ms);

/* The time is over after `n` more requests. */
void fake_host_expire_after_requests(struct fake_host *host, unsigned n);

/* emit() accepts `n` more documents and answers `code` from then on. */
void fake_host_stop_after_documents(struct fake_host *host, unsigned n, int code);

void fake_host_set_state(struct fake_host *host, const char *key, const char *value);
const char *fake_host_state(const struct fake_host *host, const char *key); /* NULL: none */

/* Operations; the first opens the provider.  Each returns what the plugin answered,
 * PROVIDER_ENOTSUP when it has no such operation, and forgets the error before it.  Documents and
 * requests add up until fake_host_clear(). */
int fake_host_open(struct fake_host *host);
int fake_host_search(struct fake_host *host, const struct provider_query *query);
int fake_host_fetch(struct fake_host *host, uint32_t kind, const char *space, const char *id);
int fake_host_sync(struct fake_host *host, const char *scope, const char *cursor);
int fake_host_resolve_magnet(struct fake_host *host, const char *magnet);
int fake_host_locate_image(struct fake_host *host, const char *kind, const char *path,
                           uint32_t width, char *url, size_t url_size);
void fake_host_close(struct fake_host *host);

/* For extensions the host has no function for: a call to hand to them, and the opened provider. */
struct provider_call *fake_host_call(struct fake_host *host);
struct provider *fake_host_provider(struct fake_host *host);

/* What the plugin said with vfail(); "" when it did not. */
const char *fake_host_error(const struct fake_host *host);

struct fake_request {
    char *method, *url, *headers, *body; /* headers as lines; body NULL: none */
    uint32_t flags, max_age_s, max_body;
    bool judged; /* it brought a genuine() */
};
size_t fake_host_n_requests(const struct fake_host *host);
const struct fake_request *fake_host_request(const struct fake_host *host, size_t index);

/* How many requests matched; the pattern as in fake_host_answer(). */
size_t fake_host_count_requests(const struct fake_host *host, const char *pattern);

struct fake_document {
    uint32_t kind, flags;
    json_t *json; /* as the daemon would keep it */
};
size_t fake_host_n_documents(const struct fake_host *host);
const struct fake_document *fake_host_document(const struct fake_host *host, size_t index);

/* Documents that document_read() refused, and why the last of them was. */
size_t fake_host_n_refused(const struct fake_host *host);
const char *fake_host_refusal(const struct fake_host *host);

size_t fake_host_n_checkpoints(const struct fake_host *host);
const char *fake_host_checkpoint(const struct fake_host *host, size_t index);
uint64_t fake_host_progress_done(const struct fake_host *host);
uint64_t fake_host_progress_total(const struct fake_host *host);

/* Whether a line at `level` or worse (smaller) holds `part`. */
bool fake_host_logged(const struct fake_host *host, int level, const char *part);

/* Forgets requests, documents, refusals, checkpoints, log lines; answers, options, state stay. */
void fake_host_clear(struct fake_host *host);
