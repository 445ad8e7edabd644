/* SPDX-License-Identifier: MIT */
#include "ask.h"

#include <curl/curl.h>

enum { MAX_ANSWER = 64 << 20, TIMEOUT_S = 30 };

void ask_answer_done(struct ask_answer *answer)
{
    text_done(&answer->head);
    text_done(&answer->body);
}

static size_t add(char *bytes, size_t size, size_t n, void *context)
{
    return text_add(context, bytes, size * n) ? size * n : 0;
}

const char *ask_run(const struct ask *ask, struct ask_answer *out)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = NULL;
    for (const char *const *line = ask->headers; line && *line; line++)
        headers = curl_slist_append(headers, *line);
    out->head.limit = out->body.limit = MAX_ANSWER;
    curl_easy_setopt(curl, CURLOPT_URL, ask->url);
    /* The page says what is sent: neither dots nor percent signs are tidied. */
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, ask->method);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, add);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &out->body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, add);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &out->head);
    if (ask->body)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, ask->body);
    CURLcode result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return result ? curl_easy_strerror(result) : NULL;
}
