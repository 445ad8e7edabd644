/* SPDX-License-Identifier: MIT */
#include "problem.h"

#include <string.h>

#include "base/log.h"

static const struct {
    int status;
    const char *title;
} titles[] = {
    { 200, "OK" },
    { 201, "Created" },
    { 202, "Accepted" },
    { 204, "No Content" },
    { 206, "Partial Content" },
    { 304, "Not Modified" },
    { 308, "Permanent Redirect" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 411, "Length Required" },
    { 412, "Precondition Failed" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 416, "Range Not Satisfiable" },
    { 417, "Expectation Failed" },
    { 422, "Unprocessable Content" },
    { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 502, "Bad Gateway" },
    { 503, "Service Unavailable" },
    { 504, "Gateway Timeout" },
    { 505, "HTTP Version Not Supported" },
    { 507, "Insufficient Storage" },
};

/* The one table from our codes to HTTP; what is `internal` says nothing of its cause to clients. */
static const struct {
    int code;
    int status;
    bool internal;
    uint32_t retry_after_s;
} statuses[] = {
    { PROVIDER_EINVAL, 400, false, 0 },    { PROVIDER_ENOTFOUND, 404, false, 0 },
    { PROVIDER_ENOTSUP, 501, false, 0 },   { PROVIDER_EAUTH, 502, false, 0 },
    { PROVIDER_EBUSY, 503, false, 2 },     { PROVIDER_EUPSTREAM, 502, false, 0 },
    { PROVIDER_EPARSE, 502, false, 0 },    { PROVIDER_ETIME, 504, false, 0 },
    { PROVIDER_ECANCEL, 503, false, 2 },   { PROVIDER_EREFUSED, 422, false, 0 },
    { PROVIDER_ENOMEM, 500, true, 0 },     { PROVIDER_EIO, 500, true, 0 },
    { PROVIDER_EFULL, 507, true, 0 },      { PROVIDER_ELIMIT, 413, false, 0 },
    { PROVIDER_ECONFLICT, 409, false, 0 }, { PROVIDER_EDENIED, 403, false, 0 },
};

/* Foreign bytes may end up in a message: whatever is no UTF-8 (a cut sequence too) is replaced. */
static void make_utf8(char *text)
{
    if (text_is_utf8(text, strlen(text)))
        return;
    for (char *at = text; *at; at++) {
        if (*at & 0x80)
            *at = '?';
    }
}

bool problem_set(struct problem *problem, int status, const char *code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    problem->status = status;
    problem->n_fields = 0;
    problem->allow = 0;
    problem->retry_after_s = status == 503 ? 2 : 0;
    snprintf(problem->code, sizeof problem->code, "%s", code);
    vsnprintf(problem->detail, sizeof problem->detail, fmt, args);
    va_end(args);
    make_utf8(problem->detail);
    return false;
}

bool problem_precondition(struct problem *problem)
{
    return problem_set(problem, 412, "precondition_failed",
                       "it is not in the state that 'If-Match' names");
}

bool problem_field(struct problem *problem, const char *field, const char *fmt, ...)
{
    if (problem->status != 400 || !problem->n_fields)
        problem_set(problem, 400, "invalid", "a parameter is wrong: see 'errors'");
    if (problem->n_fields == PROBLEM_MAX_FIELDS)
        return false;
    struct problem_field *row = &problem->fields[problem->n_fields++];
    va_list args;
    va_start(args, fmt);
    snprintf(row->field, sizeof row->field, "%s", field);
    vsnprintf(row->detail, sizeof row->detail, fmt, args);
    va_end(args);
    make_utf8(row->field);
    make_utf8(row->detail);
    return false;
}

bool problem_from_error(struct problem *problem, const struct error *err)
{
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        if (statuses[i].code != err->code)
            continue;
        const char *detail = statuses[i].internal ? "the store failed" : err->text;
        if (statuses[i].internal)
            log_error("http", "%s", err->text);
        problem_set(problem, statuses[i].status, error_code_name(err->code), "%s", detail);
        log_mask(problem->detail);
        problem->retry_after_s = statuses[i].retry_after_s;
        return false;
    }
    log_error("http", "unexpected error %d: %s", err->code, err->text);
    return problem_set(problem, 500, "internal", "this should not have happened");
}

const char *problem_title(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
        if (titles[i].status == status)
            return titles[i].title;
    }
    return "Unknown";
}

void problem_write(const struct problem *problem, struct text *out)
{
    text_add_format(out, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":",
                    problem_title(problem->status), problem->status);
    text_add_json_string(out, problem->detail);
    text_add_string(out, ",\"code\":");
    text_add_json_string(out, problem->code);
    for (size_t i = 0; i < problem->n_fields; i++) {
        text_add_string(out, i ? ",{\"field\":" : ",\"errors\":[{\"field\":");
        text_add_json_string(out, problem->fields[i].field);
        text_add_string(out, ",\"detail\":");
        text_add_json_string(out, problem->fields[i].detail);
        text_add_char(out, '}');
    }
    text_add_string(out, problem->n_fields ? "]}" : "}");
}
