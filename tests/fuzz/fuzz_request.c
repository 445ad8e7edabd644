/* SPDX-License-Identifier: MIT
 *
 * Input: "METHOD path?query VERSION" and header lines, as CivetWeb would hand them over; then the
 * router's checks. */
#include "fuzz.h"

#include <string.h>

#include "request.h"
#include "router.h"

/* Cuts the next line off; NULL: there is none. */
static char *next_line(char **rest)
{
    char *line = *rest;
    if (!line || !*line)
        return NULL;
    char *end = strchr(line, '\n');
    *rest = end ? end + 1 : NULL;
    if (end)
        *end = '\0';
    return line;
}

static size_t read_headers(char *rest, struct exchange_header headers[EXCHANGE_MAX_HEADERS])
{
    size_t n = 0;
    for (char *line; n < EXCHANGE_MAX_HEADERS && (line = next_line(&rest)); n++) {
        char *colon = strchr(line, ':');
        headers[n] = (struct exchange_header){ line, colon ? colon + 1 : "" };
        if (colon)
            *colon = '\0';
    }
    return n;
}

static void route_it(struct request *request)
{
    uint32_t allow;
    struct problem problem = { 0 };
    CLEANUP(text_done) struct text shown = TEXT_INIT(1 << 16);
    const struct route *route = router_find(request, &allow);
    if (route && router_check(route, request, &problem))
        return;
    if (!problem.status)
        return;
    problem_write(&problem, &shown);
    HOLDS(problem.status == 400 && text_is_utf8(shown.bytes, shown.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct exchange_header headers[EXCHANGE_MAX_HEADERS];
    CLEANUP(mem_free) char *text = mem_dup(bytes, len);
    char *rest = text, *line = next_line(&rest);
    if (!line)
        return 0;
    char *path = strchr(line, ' ');
    char *version = path ? strchr(path + 1, ' ') : NULL;
    if (!version)
        return 0;
    *path++ = '\0';
    *version++ = '\0';
    char *query = strchr(path, '?');
    if (query)
        *query++ = '\0';
    struct exchange exchange = { .method = line,
                                 .path = path,
                                 .query = query,
                                 .version = version,
                                 .headers = headers,
                                 .n_headers = read_headers(rest, headers),
                                 .content_length = -1 };
    CLEANUP(request_done) struct request request;
    struct problem problem = { 0 };
    if (!request_read_head(&exchange, &request, &problem) ||
        !request_read_target(&request, &problem)) {
        HOLDS(problem.status >= 400);
        return 0;
    }
    request_accepts_gzip(&request);
    request_etag_matches(request.if_none_match, "a");
    HOLDS(request.n_segments > 0);
    route_it(&request);
    return 0;
}
