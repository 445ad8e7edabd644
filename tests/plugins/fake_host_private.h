/* SPDX-License-Identifier: MIT
 *
 * What the parts of the fake host share: fake_host.c (loading, operations), fake_http.c (scripts
 * and requests), fake_services.c (the rest of the host's table, and what was recorded). */
#pragma once

#include <ltdl.h>

#include "base/lock.h"
#include "base/text.h"
#include "fake_host.h"

enum { FAKE_RESPONSES = 8, FAKE_MAX_BODY = 64 << 20 };

struct fake_pair {
    char *name, *value;
    struct fake_pair *next;
};

struct fake_script {
    char *pattern, *headers, *body;
    size_t body_len;
    int32_t status;
    uint32_t age_s;
    bool stale, limited;
    int failure;
    unsigned left;
    struct fake_script *next;
};

struct fake_response {
    struct provider_response response;
    char *headers, *body;
    char *asked; /* the last header's value */
};

struct fake_call {
    struct provider_call call;
    struct fake_host *owner;
};

struct fake_host {
    struct lock lock;           /* remaining_ms, log: what other threads of the plugin may reach */
    struct fake_call call;      /* the operation under way */
    struct fake_call open_call; /* lives as long as the provider */
    lt_dlhandle module;
    const struct provider_info *info;
    struct provider *provider;
    bool opened;
    uint32_t remaining_ms;             /* of an operation that begins */
    int64_t began_ms;                  /* when the last did, on the steady clock */
    int requests_left, documents_left; /* negative: no limit */
    int stop_code;
    char error[1024];

    struct fake_pair *options, *state, *log;
    struct fake_script *scripts;
    struct fake_response *responses[FAKE_RESPONSES];
    size_t next_response;
    struct fake_request *requests;
    size_t n_requests;
    struct fake_document *documents;
    size_t n_documents, n_refused;
    char refusal[240];
    char **checkpoints;
    size_t n_checkpoints;
    uint64_t done, total;
    char *state_answer;
};

extern const struct provider_host fake_host_table;

struct fake_host *fake_host_of(struct provider_call *call);
char *fake_host_source_path(const char *name);
void fake_response_free(struct fake_response *response);
void fake_pairs_free(struct fake_pair *pair);
int fake_http(struct provider_call *call, const struct provider_request *request,
              const struct provider_response **out);
uint32_t fake_remaining_ms(struct provider_call *call);
int fake_say(struct fake_host *host, int code, const char *fmt, ...) PRINTF(3, 4);
