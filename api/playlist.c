/* SPDX-License-Identifier: MIT */
#include "service/torrent_playlist.h"

#include <string.h>
#include <strings.h>

#include "routes.h"
#include "ticket.h"

enum { MAX_PLAYLIST = 16 << 20, ORIGIN_SIZE = 300 };

/* As the client reached us: `Host` and, from a proxy that speaks TLS, `X-Forwarded-Proto`.  Whoever
 * lies there lies to themselves: the answer is kept by nobody.  Without a usable host the paths
 * alone are right, too. */
static void write_origin(const struct request *request, char out[ORIGIN_SIZE])
{
    static const char usable[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
    const char *proto = exchange_header(request->exchange, "X-Forwarded-Proto");
    const char *host = request->host;
    *out = '\0';
    if (!text_is_empty(host) && strlen(host) < ORIGIN_SIZE - 10 &&
        host[strspn(host, usable)] == '\0')
        snprintf(out, ORIGIN_SIZE, "%s://%s",
                 proto && strcasecmp(proto, "https") == 0 ? "https" : "http", host);
}

void playlist_show(struct app *app, struct request *request, struct reply *reply)
{
    char origin[ORIGIN_SIZE], hash[TORRENTS_HASH_SIZE], ticket[TICKET_SIZE] = "";
    struct playlist_wish wish = { .season = request_int(request, "season", -1),
                                  .origin = origin,
                                  .ticket = ticket };
    struct error err = { 0 };
    write_origin(request, origin);
    int failed = torrents_hash(app->services.torrents, request->arguments[0], hash, &err);
    if (!failed)
        ticket_write(app, hash, ticket);
    reply->body.limit = MAX_PLAYLIST;
    reply->max_age_s = -1;
    failed =
        failed ? failed : torrent_playlist(app->services.torrents, hash, &wish, &reply->body, &err);
    if (failed) {
        reply_error(reply, &err);
        return;
    }
    reply->status = 200;
    reply->type = "audio/x-mpegurl";
}
