/* SPDX-License-Identifier: MIT */
#include <curl/curl.h>
#include <string.h>

#include "control.h"
#include "ctl/ctl.h"

enum { MAX_ANSWER = 64 << 20, TIMEOUT_S = 60 };

static size_t add_body(char *bytes, size_t size, size_t n, void *context)
{
    return text_add(context, bytes, size * n) ? size * n : 0;
}

/* Where the daemon is and how we may talk to it. */
struct target {
    char url[CONTROL_URL_LEN], token[CONTROL_TOKEN_LEN];
};

int ctl_need_conf(struct ctl *ctl)
{
    const struct conf_override data = { .key = "data_folder",
                                        .value = ctl->data,
                                        .origin = "--data" };
    struct error err;
    if (!ctl->conf && conf_load_with(ctl->config, &data, ctl->data ? 1 : 0, &ctl->conf, &err))
        return ctl_complain(CTL_FAILED, "%s", err.text);
    return CTL_OK;
}

/* What the command line says, over what the control file did. */
static int take_given(const struct ctl *ctl, struct target *out)
{
    if (ctl->url && (!text_starts_with(ctl->url, "http") || strlen(ctl->url) >= sizeof out->url))
        return ctl_complain(CTL_USAGE, "--url wants http://ADDRESS:PORT, not '%s'", ctl->url);
    if (ctl->token && (strlen(ctl->token) >= sizeof out->token || strpbrk(ctl->token, "\r\n")))
        return ctl_complain(CTL_USAGE, "the token is none of miauflixd's");
    if (ctl->url)
        snprintf(out->url, sizeof out->url, "%s", ctl->url);
    if (ctl->token)
        snprintf(out->token, sizeof out->token, "%s", ctl->token);
    size_t len = strlen(out->url);
    out->url[len && out->url[len - 1] == '/' ? len - 1 : len] = '\0';
    return CTL_OK;
}

static int find_daemon(struct ctl *ctl, struct target *out)
{
    struct error err;
    *out = (struct target){ 0 };
    int result = ctl->url ? CTL_OK : ctl_need_conf(ctl);
    if (result)
        return result;
    if (!ctl->url && control_read(ctl->conf->data_folder, out->url, out->token, &err))
        return ctl_complain(
            CTL_UNREACHABLE,
            "no daemon runs on '%s'; start miauflixd, or name another with --data or --url",
            ctl->conf->data_folder);
    return take_given(ctl, out);
}

bool ctl_daemon_runs(struct ctl *ctl)
{
    char url[CONTROL_URL_LEN], token[CONTROL_TOKEN_LEN];
    if (ctl->url)
        return true;
    if (ctl_need_conf(ctl) || control_read(ctl->conf->data_folder, url, token, NULL))
        return false;
    /* A daemon that was killed left its file behind. */
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    CURLcode result = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return result != CURLE_COULDNT_CONNECT;
}

char *ctl_path(const char *base, const char *segment)
{
    CLEANUP(text_done) struct text path = TEXT_INIT(64 << 10);
    text_add_string(&path, base);
    text_add_url_encoded(&path, segment);
    return text_take(&path);
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

/* "; limit: expected 1 to 100" for each parameter that is wrong. */
static void add_fields(struct text *text, const json_t *said)
{
    size_t i;
    json_t *row;
    json_array_foreach (js_array(said, "errors"), i, row) {
        const char *field = js_string(row, "field"), *detail = js_string(row, "detail");
        if (field && detail)
            text_add_format(text, "; %s: %s", field, detail);
    }
}

static int explain(long status, const json_t *said)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(4000);
    const char *detail = js_string(said, "detail");
    if (!detail)
        detail = js_string(said, "title");
    text_add_string(&text, detail ? detail : "no reason given");
    add_fields(&text, said);
    if (status == 401 || status == 403)
        text_add_string(&text, "; --token or MIAUFLIX_TOKEN names another token");
    return ctl_complain(status == 404 ? CTL_NOT_FOUND : CTL_FAILED, "%s (HTTP %ld)",
                        text_string(&text), status);
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
        return ctl_complain(CTL_UNREACHABLE, "no daemon answers at %s: %s", target.url,
                            curl_easy_strerror(failed));
    json_auto_t *said =
        answer.len ? json_loadb(answer.bytes, answer.len, JSON_DECODE_ANY, NULL) : NULL;
    if (answer.len && !said && status < 300)
        return ctl_complain(CTL_FAILED, "what answers at %s is no miauflixd", target.url);
    if (status < 200 || status > 299)
        return explain(status, said);
    *out = json_incref(said);
    return CTL_OK;
}
