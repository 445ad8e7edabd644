/* SPDX-License-Identifier: MIT */
#include <curl/curl.h>
#include <string.h>

#include "control.h"
#include "ctl/ctl.h"

enum { MAX_ANSWER = 64 << 20, TIMEOUT_S = 60 };

int ctl_complain(int status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("miauflixctl: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    return status;
}

int ctl_status_of(int error_code)
{
    return error_code == 0 ? CTL_OK : error_code == PROVIDER_ENOTFOUND ? CTL_NOT_FOUND : CTL_FAILED;
}

static size_t add_body(char *bytes, size_t size, size_t n, void *context)
{
    return text_add(context, bytes, size * n) ? size * n : 0;
}

/* Where the daemon is and how we may talk to it. */
struct target {
    char url[CONTROL_URL_LEN], token[CONTROL_TOKEN_LEN];
};

static int find_daemon(const struct ctl *ctl, struct target *out)
{
    struct error err;
    *out = (struct target){ 0 };
    if (!ctl->url && control_read(ctl->conf->data_folder, out->url, out->token, &err))
        return ctl_complain(
            CTL_UNREACHABLE,
            "no daemon runs on '%s' (%s); start miauflixd, or name one with --url and --token",
            ctl->conf->data_folder, err.text);
    if (ctl->url)
        snprintf(out->url, sizeof out->url, "%s", ctl->url);
    if (ctl->token)
        snprintf(out->token, sizeof out->token, "%s", ctl->token);
    return CTL_OK;
}

static CURLcode perform(CURL *curl, const char *method, const json_t *body, struct text *sent,
                        struct text *answer, long *out_status)
{
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, add_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (body && js_write(body, sent))
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, text_string(sent));
    CURLcode result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, out_status);
    return result;
}

static int explain(const char *path, long status, const json_t *said)
{
    const char *detail = js_string(said, "detail");
    if (!detail)
        detail = js_string(said, "title");
    int result = status == 404 ? CTL_NOT_FOUND : CTL_FAILED;
    return ctl_complain(result, "%s: %ld%s%s", path, status, detail ? ": " : "",
                        detail ? detail : "");
}

int ctl_ask(struct ctl *ctl, const char *method, const char *path, const json_t *body, json_t **out)
{
    struct target target;
    int result = find_daemon(ctl, &target);
    if (result)
        return result;
    CLEANUP(text_done) struct text answer = TEXT_INIT(MAX_ANSWER);
    CLEANUP(text_done) struct text sent = TEXT_INIT(MAX_ANSWER);
    CLEANUP(mem_free) char *url = mem_format("%s%s", target.url, path);
    CLEANUP(mem_free) char *bearer = mem_format("Authorization: Bearer %s", target.token);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = *target.token ? curl_slist_append(headers, bearer) : headers;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    long status = 0;
    CURLcode failed = perform(curl, method, body, &sent, &answer, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (failed)
        return ctl_complain(CTL_UNREACHABLE, "%s does not answer: %s", target.url,
                            curl_easy_strerror(failed));
    json_auto_t *said =
        answer.len ? json_loadb(answer.bytes, answer.len, JSON_DECODE_ANY, NULL) : NULL;
    if (status < 200 || status > 299)
        return explain(path, status, said);
    *out = json_incref(said);
    return CTL_OK;
}
