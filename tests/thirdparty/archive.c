/* SPDX-License-Identifier: MIT
 *
 * A plugin as a stranger writes it: one file, the installed header, C99 or C++11, nothing else. Its
 * upstream is a small catalogue of public-domain films, one media document per line. */
#include <miauflix/provider.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(struct provider_call *call, int code, const char *fmt, ...) PROVIDER_PRINTF(3, 4);

static int fail(struct provider_call *call, int code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    call->host->vfail(call, code, fmt, args);
    va_end(args);
    return code;
}

static int begins_with_brace(const struct provider_response *response)
{
    return response->status != 200 || response->body[0] == '{';
}

static int judge_status(struct provider_call *call, int32_t status)
{
    switch (status) {
    case 200:
        return PROVIDER_OK;
    case 404:
        return fail(call, PROVIDER_ENOTFOUND, "there is no catalogue");
    case 401:
    case 403:
        return fail(call, PROVIDER_EAUTH, "the catalogue is closed to us");
    case 429:
        return fail(call, PROVIDER_EBUSY, "the archive asks us to slow down");
    default:
        return fail(call, PROVIDER_EUPSTREAM, "the archive answered %d", (int)status);
    }
}

/* A catalogue is whole when its last line ends. */
static int read_catalogue(struct provider_call *call, const char **out)
{
    struct provider_request request;
    const struct provider_response *response = NULL;
    int code;
    memset(&request, 0, sizeof request);
    request.size = sizeof request;
    request.url = "{base}/catalogue.ndjson";
    request.max_age_s = 3600;
    request.genuine = begins_with_brace;
    code = call->host->http(call, &request, &response);
    if (code != PROVIDER_OK)
        return fail(call, code, "catalogue");
    code = judge_status(call, response->status);
    if (code != PROVIDER_OK)
        return code;
    if (response->body_len == 0 || response->body[response->body_len - 1] != '\n' ||
        strstr(response->body, "\"title\":\"") == NULL)
        return fail(call, PROVIDER_EPARSE, "that is not a whole catalogue");
    *out = response->body;
    return PROVIDER_OK;
}

static int emit_line(struct provider_call *call, const char *line, size_t len)
{
    struct provider_document document;
    memset(&document, 0, sizeof document);
    document.size = sizeof document;
    document.kind = PROVIDER_MOVIE;
    document.json = line;
    document.json_len = (uint32_t)len;
    return call->host->emit(call, &document);
}

/* Whether the line's part that begins with `key` goes on with `text`, in any case. */
static int line_has(const char *line, size_t len, const char *key, const char *text)
{
    size_t text_len = strlen(text);
    const char *at = strstr(line, key);
    if (at == NULL || at >= line + len || text_len == 0)
        return 0;
    for (at += strlen(key); at + text_len <= line + len && *at != '"'; at++) {
        size_t n = 0;
        while (n < text_len && tolower((unsigned char)at[n]) == tolower((unsigned char)text[n]))
            n++;
        if (n == text_len)
            return 1;
    }
    return 0;
}

static int archive_search(struct provider *self, struct provider_call *call,
                          const struct provider_query *query)
{
    const char *line = NULL;
    int code = read_catalogue(call, &line);
    (void)self;
    while (code == PROVIDER_OK && *line != '\0') {
        size_t len = strcspn(line, "\n");
        if (query->text != NULL && line_has(line, len, "\"title\":\"", query->text))
            code = emit_line(call, line, len);
        line += len + (line[len] == '\n');
    }
    return code;
}

static int archive_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                         const struct provider_id *id)
{
    char wanted[64];
    const char *line = NULL;
    int code;
    (void)self;
    if (kind != PROVIDER_MOVIE || strcmp(id->space, "tmdb") != 0)
        return fail(call, PROVIDER_ENOTSUP, "only movies, by their TMDB id");
    code = read_catalogue(call, &line);
    snprintf(wanted, sizeof wanted, "\"tmdb\":%s,", id->value);
    while (code == PROVIDER_OK && *line != '\0') {
        size_t len = strcspn(line, "\n");
        const char *at = strstr(line, wanted);
        if (at != NULL && at < line + len)
            return emit_line(call, line, len);
        line += len + (line[len] == '\n');
    }
    return code != PROVIDER_OK ? code : fail(call, PROVIDER_ENOTFOUND, "no film %s", id->value);
}

/* The cursor is the number of lines that are through. */
static int archive_sync(struct provider *self, struct provider_call *call, const char *scope,
                        const char *cursor)
{
    const char *line = NULL;
    unsigned long through = cursor != NULL ? strtoul(cursor, NULL, 10) : 0;
    unsigned long n = 0;
    int code;
    (void)self;
    if (strcmp(scope, "movies") != 0)
        return fail(call, PROVIDER_ENOTSUP, "there are only movies here");
    code = read_catalogue(call, &line);
    while (code == PROVIDER_OK && *line != '\0') {
        size_t len = strcspn(line, "\n");
        char now[32];
        n++;
        if (n > through) {
            code = emit_line(call, line, len);
            snprintf(now, sizeof now, "%lu", n);
            if (code == PROVIDER_OK)
                code = call->host->checkpoint(call, now);
            call->host->progress(call, n, 0);
        }
        line += len + (line[len] == '\n');
    }
    return code;
}

static const struct provider_option options[] = {
    { "base_url", "ARCHIVE_BASE_URL", "https://archive.example", "Where the catalogue lies",
      PROVIDER_MIRRORS },
    { NULL, NULL, NULL, NULL, 0 },
};

static const struct provider_api api = {
    sizeof(struct provider_api),
    NULL,
    NULL,
    archive_search,
    archive_fetch,
    archive_sync,
    NULL,
    NULL,
};

const struct provider_info miauflix_provider = {
    PROVIDER_ABI,
    sizeof(struct provider_info),
    0,
    "archive",
    "1.0",
    "A catalogue of public-domain films",
    options,
    &api,
    2000,
    2,
};
