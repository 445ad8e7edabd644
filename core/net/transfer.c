/* SPDX-License-Identifier: MIT */
#include "net/transfer.h"

#include <string.h>
#include <sys/socket.h>

#include "base/address.h"

/* libcurl declares its options as longs, macros as ints. */
#define NUMBER(value) ((long)(value))

static size_t take_header(char *line, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;
    if (response_add_header(transfer->response, line, size * n))
        return size * n;
    transfer->too_large = true;
    return 0;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;
    if (text_add(&transfer->response->body, bytes, size * n))
        return size * n;
    transfer->too_large = true;
    return 0;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = context;
    if (purpose == CURLSOCKTYPE_IPCXN && !address_is_public(&address->addr)) {
        transfer->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A kept-alive connection was opened for somebody else, maybe unguarded: judged again before the
 * request goes out on it. */
static int judge_connection(void *context, char *remote, char *local UNUSED, int port UNUSED,
                            int local_port UNUSED)
{
    struct transfer *transfer = context;
    if (address_is_public_text(remote))
        return CURL_PREREQFUNC_OK;
    transfer->refused = true;
    return CURL_PREREQFUNC_ABORT;
}

static void add_header(struct transfer *transfer, const char *line)
{
    struct curl_slist *longer = line ? curl_slist_append(transfer->headers, line) : NULL;
    if (longer)
        transfer->headers = longer;
}

static void dress_method(struct transfer *transfer, const struct transfer_spec *spec)
{
    CURL *easy = transfer->easy;
    if (strcmp(spec->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (spec->body_len || strcmp(spec->method, "POST") == 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)spec->body_len);
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, spec->body ? spec->body : "");
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, spec->method);
    } else if (strcmp(spec->method, "GET") != 0) {
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, spec->method);
    }
    for (size_t i = 0; spec->headers && spec->headers[i]; i++)
        add_header(transfer, spec->headers[i]);
    add_header(transfer, spec->condition);
    add_header(transfer, "Expect:");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void dress_safety(struct transfer *transfer, const struct transfer_spec *spec)
{
    CURL *easy = transfer->easy;
    const struct engine *engine = transfer->engine;
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, NUMBER(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (engine->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, engine->ca_file);
    /* The empty proxy keeps the environment's away. */
    curl_easy_setopt(easy, CURLOPT_PROXY, engine->proxy ? engine->proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, NUMBER(spec->timeout_ms));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     NUMBER(MIN(spec->timeout_ms, engine->connect_timeout_ms)));
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, NUMBER(spec->once));
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A resolver that hangs is left behind instead of waited for. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
    /* Through a proxy there is no address to judge but the proxy's own. */
    if (!transfer->guard || engine->proxy)
        return;
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, judge_connection);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
}

static void dress_answer(struct transfer *transfer, const struct transfer_spec *spec)
{
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->problem);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    /* Ends what announces too much at once; the announced size of a HEAD costs nothing. */
    if (strcmp(spec->method, "HEAD") != 0)
        curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)spec->max_body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
}

bool transfer_dress(struct transfer *transfer, const struct transfer_spec *spec)
{
    CURL *easy = transfer->easy;
    if (!easy || curl_easy_setopt(easy, CURLOPT_URL, spec->url) != CURLE_OK)
        return false;
    if (spec->guard && !guard_exempts(spec->guard, spec->host)) {
        transfer->guard = spec->guard;
        transfer->refused = address_refuses_host(spec->host);
    }
    if (transfer->engine->user_agent)
        curl_easy_setopt(easy, CURLOPT_USERAGENT, transfer->engine->user_agent);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, NUMBER(CURL_HTTP_VERSION_2TLS));
    /* Waiting whether a connection turns out to be HTTP/2 pays with TLS alone; without it, it would
     * make everyone wait for the first answer. */
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, NUMBER(strncasecmp(spec->url, "https", 5) == 0));
    dress_method(transfer, spec);
    dress_safety(transfer, spec);
    dress_answer(transfer, spec);
    return !transfer->refused;
}
