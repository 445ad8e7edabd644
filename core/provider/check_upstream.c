/* SPDX-License-Identifier: MIT */
#include "provider/check_upstream.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

enum { MAX_BODY = 8 << 20, DEEP = 100000 };

#define JSON_TYPE "application/json"

static const char empty_result[] = "{\"id\":603,\"page\":1,\"results\":[],\"total_pages\":1,"
                                   "\"total_results\":0}";

const struct check_scenario check_scenarios[] = {
    { .name = "a good answer", .status = 200, .type = JSON_TYPE },
    { .name = "a web page with 200",
      .status = 200,
      .type = "text/html",
      .body = "<!doctype html><html><title>Welcome</title><body>This domain is for sale</html>",
      .is_failure = true },
    { .name = "429",
      .status = 429,
      .type = JSON_TYPE,
      .retry_after = "10",
      .body = "{\"status_code\":25,\"status_message\":\"Your request count is over the limit.\"}",
      .is_failure = true },
    { .name = "500",
      .status = 500,
      .type = "text/plain",
      .body = "Internal Server Error",
      .is_failure = true },
    { .name = "401",
      .status = 401,
      .type = JSON_TYPE,
      .body = "{\"status_code\":7,\"status_message\":\"Invalid API key\"}",
      .is_failure = true,
      .fetch_code = PROVIDER_EAUTH },
    { .name = "404",
      .status = 404,
      .type = JSON_TYPE,
      .body = "{\"status_code\":34,\"status_message\":\"Not found\"}",
      .fetch_code = PROVIDER_ENOTFOUND },
    { .name = "JSON that is cut off",
      .status = 200,
      .type = JSON_TYPE,
      .body = "{\"id\":603,\"title\":\"The Mat",
      .is_failure = true },
    { .name = "an empty body", .status = 200, .type = JSON_TYPE, .body = "", .is_failure = true },
    { .name = "wrong types",
      .status = 200,
      .type = JSON_TYPE,
      .body = "{\"id\":\"six\",\"title\":7,\"name\":[],\"results\":{\"a\":[1]},\"data\":\"no\","
              "\"genres\":5,\"images\":[],\"page\":\"one\",\"total_pages\":{},\"items\":null}" },
    { .name = "an array of anything",
      .status = 200,
      .type = JSON_TYPE,
      .body = "[1,\"two\",null,{},[],{\"id\":null},-0.5e300]" },
    { .name = "a number alone", .status = 200, .type = JSON_TYPE, .body = "42" },
    { .name = "8 MiB of JSON", .behaviour = CHECK_HUGE, .status = 200, .type = JSON_TYPE },
    { .name = "brackets 100000 deep",
      .behaviour = CHECK_DEEP,
      .status = 200,
      .type = JSON_TYPE,
      .is_failure = true },
    { .name = "no connection", .behaviour = CHECK_UNREACHABLE, .is_failure = true },
    { .name = "an upstream that hangs", .behaviour = CHECK_HANGS, .is_failure = true },
    { .name = "a caller that has left", .status = 200, .type = JSON_TYPE, .is_cancelled = true },
    { .name = "a host that takes no document", .status = 200, .type = JSON_TYPE, .is_full = true },
    { .name = "the same a hundred times", .status = 200, .type = JSON_TYPE, .n_repeats = 100 },
};
const size_t check_n_scenarios = ARRAY_LEN(check_scenarios);

struct answer {
    struct upstream_answer public; /* first: what the host sees */
    const struct check_scenario *scenario;
    char *body;
};

static const char *find_header(const struct provider_response *response, const char *name)
{
    const struct answer *answer = (const struct answer *)(const void *)response;
    if (strcasecmp(name, "Content-Type") == 0)
        return answer->scenario->type;
    if (strcasecmp(name, "Retry-After") == 0)
        return answer->scenario->retry_after;
    return NULL;
}

static char *huge_body(size_t *out_len)
{
    char *body = mem_alloc(MAX_BODY + 1);
    body[0] = '[';
    for (size_t i = 1; i + 2 < MAX_BODY; i += 2)
        memcpy(body + i, "1,", 2);
    memcpy(body + MAX_BODY - 3, "11]", 3);
    *out_len = MAX_BODY;
    return body;
}

static char *deep_body(size_t *out_len)
{
    char *body = mem_alloc(DEEP + 1);
    memset(body, '[', DEEP);
    *out_len = DEEP;
    return body;
}

static char *read_file(const char *folder, const char *name, size_t *out_len)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, name);
    CLEANUP(file_close) FILE *file = fopen(path, "re");
    CLEANUP(text_done) struct text body = TEXT_INIT(MAX_BODY);
    CLEANUP(mem_free) char *part = mem_alloc(4096);
    size_t n;
    while (file && (n = fread(part, 1, 4096, file)) > 0)
        text_add(&body, part, n);
    *out_len = body.len;
    return text_take(&body);
}

/* The first line of the folder's "answers" whose pattern matches; NULL when none does. */
static char *scripted_body(const char *folder, const char *url, int32_t *status, size_t *out_len)
{
    CLEANUP(mem_free) char *path = mem_format("%s/answers", folder);
    CLEANUP(file_close) FILE *file = fopen(path, "re");
    char line[1024], pattern[512], name[256];
    while (file && fgets(line, sizeof line, file)) {
        int given = 200;
        if (sscanf(line, "%511s %255s %d", pattern, name, &given) < 2 || pattern[0] == '#' ||
            fnmatch(pattern, url, 0) != 0)
            continue;
        *status = given;
        return read_file(folder, name, out_len);
    }
    return NULL;
}

static char *body_for(const struct check_upstream *upstream, const char *url, int32_t *status,
                      size_t *out_len)
{
    const struct check_scenario *scenario = upstream->scenario;
    if (scenario->behaviour == CHECK_HUGE)
        return huge_body(out_len);
    if (scenario->behaviour == CHECK_DEEP)
        return deep_body(out_len);
    char *body = NULL;
    if (!scenario->body && upstream->answers_folder)
        body = scripted_body(upstream->answers_folder, url, status, out_len);
    if (body)
        return body;
    const char *text = scenario->body ? scenario->body : empty_result;
    *out_len = strlen(text);
    return mem_dup_text(text);
}

static int hang(const struct upstream_wait *wait, struct error *err)
{
    while (clock_steady_ms() < wait->deadline_ms &&
           !__atomic_load_n(wait->canceled, __ATOMIC_RELAXED))
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    return error_set(err, PROVIDER_ETIME, "upstream does not answer");
}

static void release(void *context UNUSED, struct upstream_answer *given)
{
    struct answer *answer = (struct answer *)(void *)given;
    free(answer->body);
    free(answer);
}

static int fetch(void *context, const char *provider UNUSED, const struct provider_request *request,
                 const struct upstream_wait *wait, struct upstream_answer **out, struct error *err)
{
    struct check_upstream *upstream = context;
    __atomic_add_fetch(&upstream->n_requests, 1u, __ATOMIC_RELAXED);
    if (upstream->scenario->behaviour == CHECK_HANGS)
        return hang(wait, err);
    if (upstream->scenario->behaviour == CHECK_UNREACHABLE)
        return error_set(err, PROVIDER_EUPSTREAM, "cannot connect after 3 tries");
    struct answer *answer = mem_new(struct answer);
    size_t len = 0;
    int32_t status = upstream->scenario->status;
    answer->scenario = upstream->scenario;
    answer->body = body_for(upstream, request->url, &status, &len);
    answer->public.response = (struct provider_response){ .size = sizeof(struct provider_response),
                                                          .status = status,
                                                          .body = answer->body,
                                                          .body_len = len,
                                                          .header = find_header };
    bool too_large = request->max_body > 0 && len > request->max_body;
    bool foreign = request->genuine && !request->genuine(&answer->public.response);
    if (!too_large && !foreign) {
        *out = &answer->public;
        return 0;
    }
    release(NULL, &answer->public);
    if (too_large)
        return error_set(err, PROVIDER_ELIMIT, "the body has more than %u bytes",
                         request->max_body);
    return error_set(err, PROVIDER_EPARSE, "no mirror answered genuinely");
}

struct provider_http check_upstream_http(struct check_upstream *upstream)
{
    return (struct provider_http){ .context = upstream, .fetch = fetch, .release = release };
}
