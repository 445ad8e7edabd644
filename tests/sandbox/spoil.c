/* SPDX-License-Identifier: MIT */
#include "spoil.h"

#include <ctype.h>
#include <string.h>

#include "tmdb.h"
#include "yts.h"

static const char *const before[] = { "401", "404",  "429",  "500",      "502",  "503",
                                      "504", "hang", "html", "redirect", "empty" };
static const char *const after[] = { "trickle",     "cut_off",     "wrong_types",
                                     "slow",        "broken_json", "no_movies",
                                     "no_torrents", "no_data",     "status_error" };

static bool is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

bool spoil_is_after(const char *name)
{
    return is_among(name, after, ARRAY_LEN(after));
}

bool spoil_is_known(const char *name)
{
    return is_among(name, before, ARRAY_LEN(before)) || spoil_is_after(name);
}

const char *spoil_names(void)
{
    return "401 404 429 500 502 503 504 hang html redirect empty trickle cut_off wrong_types slow "
           "broken_json no_movies no_torrents no_data status_error";
}

static void html(struct sandbox_reply *reply, int status, const char *title)
{
    struct text *out = sandbox_json(reply, status, -1);
    reply->content_type = "text/html";
    text_add_format(out,
                    "<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%s</h1>"
                    "</center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n",
                    title, title);
}

void spoil_instead(const char *name, const struct sandbox_request *request,
                   struct sandbox_reply *reply)
{
    /* Gateway failures are HTML in real life, the service's own ones JSON. */
    if (strcmp(name, "401") == 0)
        tmdb_fail(reply, 7);
    else if (strcmp(name, "404") == 0)
        tmdb_fail(reply, 34);
    else if (strcmp(name, "429") == 0)
        tmdb_fail(reply, 25);
    else if (strcmp(name, "500") == 0)
        tmdb_fail(reply, 11);
    else if (strcmp(name, "502") == 0)
        html(reply, 502, "502 Bad Gateway");
    else if (strcmp(name, "503") == 0)
        tmdb_fail(reply, 9);
    else if (strcmp(name, "504") == 0)
        html(reply, 504, "504 Gateway Time-out");
    else if (strcmp(name, "html") == 0)
        html(reply, 200, "This domain is parked");
    else if (strcmp(name, "empty") == 0)
        sandbox_json(reply, 200, -1);
    else if (strcmp(name, "redirect") == 0) {
        html(reply, 302, "302 Found");
        snprintf(reply->location, sizeof(reply->location), "/sandbox/elsewhere%.200s",
                 request->path);
    } else {
        sandbox_json(reply, 200, -1);
        reply->fault = SANDBOX_FAULT_HANG;
    }
}

/* Numbers become strings, strings become numbers and objects become arrays, keys stay. */
static void swap_types(struct text *body)
{
    CLEANUP(text_done) struct text out = TEXT_INIT((size_t)64 << 20);

    for (size_t i = 0; i < body->len; i++) {
        char c = body->bytes[i];
        if (c == '"') {
            size_t end = i + 1;
            while (end < body->len && body->bytes[end] != '"')
                end += body->bytes[end] == '\\' ? 2 : 1;
            bool is_key = end + 1 < body->len && body->bytes[end + 1] == ':';
            if (is_key)
                text_add(&out, body->bytes + i, end - i + 1);
            else
                text_add(&out, "17", 2);
            i = end;
        } else if (isdigit((unsigned char)c) || c == '-') {
            size_t end = i;
            while (end < body->len && strchr("0123456789.-+eE", body->bytes[end]))
                end++;
            text_add_format(&out, "\"%.*s\"", (int)(end - i), body->bytes + i);
            i = end - 1;
        } else {
            text_add_char(&out, c);
        }
    }
    text_done(body);
    *body = out;
    out = (struct text){ 0 };
}

void spoil_answer(const char *name, struct sandbox_reply *reply)
{
    if (strcmp(name, "trickle") == 0)
        reply->fault = SANDBOX_FAULT_TRICKLE;
    else if (strcmp(name, "cut_off") == 0)
        reply->fault = SANDBOX_FAULT_CUT_OFF;
    else if (strcmp(name, "wrong_types") == 0)
        swap_types(&reply->body);
    else if (strcmp(name, "broken_json") == 0)
        reply->body.len /= 2;
    else
        yts_spoil(name, reply);
}
