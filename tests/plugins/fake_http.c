/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "fake_host_private.h"

static char *read_whole(const char *path, size_t *out_len)
{
    CLEANUP(file_close) FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot read '%s'", path);
    CLEANUP(text_done) struct text whole = TEXT_INIT(FAKE_MAX_BODY);
    CLEANUP(mem_free) char *part = mem_alloc(65536);
    size_t n;
    while ((n = fread(part, 1, 65536, file)) > 0)
        if (!text_add(&whole, part, n))
            fail_msg("'%s' is too large", path);
    *out_len = whole.len;
    return text_take(&whole);
}

void fake_host_answer(struct fake_host *host, const char *pattern, const struct fake_answer *answer)
{
    struct fake_script *script = mem_new(struct fake_script);
    script->pattern = mem_dup_text(pattern);
    script->headers = mem_dup_text(answer->headers ? answer->headers : "");
    if (answer->body_file) {
        CLEANUP(mem_free) char *path = fake_host_source_path(answer->body_file);
        script->body = read_whole(path, &script->body_len);
    } else {
        const char *body = answer->body ? answer->body : "";
        script->body_len = answer->body_len ? answer->body_len : strlen(body);
        script->body = mem_dup(body, script->body_len);
    }
    script->status = answer->status ? answer->status : 200;
    script->age_s = answer->age_s;
    script->stale = answer->stale;
    script->failure = answer->failure;
    script->limited = answer->times > 0;
    script->left = answer->times;
    script->next = host->scripts;
    host->scripts = script;
}

void fake_host_answer_json(struct fake_host *host, const char *pattern, const char *json)
{
    fake_host_answer(
        host, pattern,
        &(struct fake_answer){ .headers = "Content-Type: application/json", .body = json });
}

/* A pattern that starts with a method names it; one that does not means GET. */
static bool matches(const char *pattern, const char *method, const char *url)
{
    const char *space = strchr(pattern, ' ');
    if (!space)
        return strcmp(method, "GET") == 0 && fnmatch(pattern, url, 0) == 0;
    size_t len = (size_t)(space - pattern);
    return strlen(method) == len && strncmp(pattern, method, len) == 0 &&
           fnmatch(space + 1, url, 0) == 0;
}

static struct fake_script *find_script(struct fake_host *host, const char *method, const char *url)
{
    for (struct fake_script *at = host->scripts; at; at = at->next) {
        if ((at->limited && at->left == 0) || !matches(at->pattern, method, url))
            continue;
        if (at->limited)
            at->left--;
        return at;
    }
    return NULL;
}

static void record(struct fake_host *host, const struct provider_request *request)
{
    CLEANUP(text_done) struct text lines = TEXT_INIT(1 << 20);
    for (const char *const *at = request->headers; at && *at; at++)
        text_add_format(&lines, "%s\n", *at);
    host->requests = mem_resize(host->requests, host->n_requests + 1, sizeof(struct fake_request));
    host->requests[host->n_requests++] = (struct fake_request){
        .method = mem_dup_text(request->method ? request->method : "GET"),
        .url = mem_dup_text(request->url),
        .headers = mem_dup_text(text_string(&lines)),
        .body = request->body ? mem_dup(request->body, request->body_len) : NULL,
        .flags = request->flags,
        .max_age_s = request->max_age_s,
        .max_body = request->max_body,
        .judged = PROVIDER_HAS(request, genuine) && request->genuine,
    };
}

static const char *find_header(const struct provider_response *response, const char *name)
{
    /* Also the first member, so this is the whole object. */
    struct fake_response *all = (struct fake_response *)(uintptr_t)response;
    size_t len = strlen(name);
    for (const char *line = all->headers; *line;) {
        size_t line_len = strcspn(line, "\n");
        if (line_len > len && line[len] == ':' && strncasecmp(line, name, len) == 0) {
            const char *value = line + len + 1;
            value += strspn(value, " ");
            free(all->asked);
            return all->asked = mem_dup(value, line_len - (size_t)(value - line));
        }
        line += line_len + (line[line_len] == '\n');
    }
    return NULL;
}

void fake_response_free(struct fake_response *response)
{
    if (!response)
        return;
    free(response->headers);
    free(response->body);
    free(response->asked);
    free(response);
}

static struct fake_response *response_new(const struct fake_script *script)
{
    struct fake_response *made = mem_new(struct fake_response);
    made->headers = mem_dup_text(script->headers);
    made->body = mem_dup(script->body, script->body_len);
    made->response = (struct provider_response){ .size = sizeof made->response,
                                                 .status = script->status,
                                                 .body = made->body,
                                                 .body_len = script->body_len,
                                                 .age_s = script->age_s,
                                                 .stale = script->stale,
                                                 .header = find_header };
    return made;
}

/* The eighth response before this one ends here, really, so that a plugin that still reads it is
 * caught by the sanitizers. */
static void keep(struct fake_host *host, struct fake_response *response)
{
    fake_response_free(host->responses[host->next_response]);
    host->responses[host->next_response] = response;
    host->next_response = (host->next_response + 1) % FAKE_RESPONSES;
}

static bool time_is_over(struct fake_host *host)
{
    if (host->requests_left == 0)
        fake_host_set_remaining(host, 0);
    if (host->requests_left > 0)
        host->requests_left--;
    LOCK_SCOPE(&host->lock);
    return host->remaining_ms == 0;
}

int fake_http(struct provider_call *call, const struct provider_request *request,
              const struct provider_response **out)
{
    struct fake_host *host = fake_host_of(call);
    if (!request->url)
        return fake_say(host, PROVIDER_EINVAL, "a request without URL");
    if (time_is_over(host))
        return fake_say(host, PROVIDER_ETIME, "the deadline passed");
    record(host, request);
    const char *method = request->method ? request->method : "GET";
    struct fake_script *script = find_script(host, method, request->url);
    if (!script)
        return fake_say(host, PROVIDER_EUPSTREAM, "no answer is scripted for %s %s", method,
                        request->url);
    if (script->failure)
        return fake_say(host, script->failure, "%s: scripted failure", request->url);
    if (script->body_len > (request->max_body ? request->max_body : 8u << 20))
        return fake_say(host, PROVIDER_ELIMIT, "%s: the body is too large", request->url);
    struct fake_response *response = response_new(script);
    keep(host, response);
    if (PROVIDER_HAS(request, genuine) && request->genuine &&
        !request->genuine(&response->response))
        return fake_say(host, PROVIDER_EPARSE, "%s: not the service's own answer", request->url);
    *out = &response->response;
    return 0;
}

size_t fake_host_n_requests(const struct fake_host *host)
{
    return host->n_requests;
}

const struct fake_request *fake_host_request(const struct fake_host *host, size_t index)
{
    if (index >= host->n_requests)
        fail_msg("there is no request %zu, only %zu", index, host->n_requests);
    return &host->requests[index];
}

size_t fake_host_count_requests(const struct fake_host *host, const char *pattern)
{
    size_t n = 0;
    for (size_t i = 0; i < host->n_requests; i++)
        n += matches(pattern, host->requests[i].method, host->requests[i].url);
    return n;
}
