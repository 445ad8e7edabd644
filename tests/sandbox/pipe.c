/* SPDX-License-Identifier: MIT
 *
 * The sandbox without a network, for tests with a scripted clock: requests come in on standard
 * input, replies go out on standard output, and each request says what time it is.
 *
 *     tests/sandbox/pipe FILMS SHOWS QUIET
 *     request:  NOW_MS METHOD TARGET BODY_LEN \n body
 *     reply:    STATUS BODY_LEN \n body */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "sandbox.h"

static int64_t now_ms;

static int64_t scripted(void)
{
    return now_ms;
}

static bool read_body(char *body, size_t len)
{
    return fread(body, 1, len, stdin) == len;
}

static void reply_to(struct sandbox *sandbox, struct sandbox_request *request)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    sandbox_answer(sandbox, request, &reply);
    printf("%d %zu\n", reply.status, reply.body.len);
    fwrite(text_string(&reply.body), 1, reply.body.len, stdout);
    fflush(stdout);
}

static bool serve_one(struct sandbox *sandbox)
{
    static char line[8192], method[16], target[8000], body[SANDBOX_BODY_LIMIT];
    size_t len;
    if (!fgets(line, sizeof line, stdin) ||
        sscanf(line, "%" SCNd64 " %15s %7999s %zu", &now_ms, method, target, &len) != 4 ||
        len >= sizeof body || !read_body(body, len))
        return false;
    CLEANUP(sandbox_request_done)
    struct sandbox_request request = { .method = method, .body = body, .body_len = len };
    char *query = strchr(target, '?');
    if (query)
        *query++ = '\0';
    if (!sandbox_request_parse(&request, target, query))
        return false;
    reply_to(sandbox, &request);
    return true;
}

int main(int argc, char **argv)
{
    struct error err = { 0 };
    struct sandbox_options options = { .seed = 1 };
    if (argc != 4)
        return 2;
    options.n_invented = (uint32_t)strtoul(argv[1], NULL, 10);
    options.n_shows = (uint32_t)strtoul(argv[2], NULL, 10);
    options.quiet = strcmp(argv[3], "1") == 0;
    clock_set_source(scripted);
    CLEANUP(sandbox_free) struct sandbox *sandbox = sandbox_new(&options, &err);
    if (!sandbox) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    while (serve_one(sandbox))
        continue;
    return 0;
}
