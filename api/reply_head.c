/* SPDX-License-Identifier: MIT */
#include "reply_head.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

enum { DATE_LEN = 29 };

/* "Sun, 22 Nov 2026 13:25:00 GMT", made once a second and thread. */
static const char *date_of(time_t now)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static _Thread_local char text[DATE_LEN + 16]; /* the years beyond 9999 need more */
    static _Thread_local time_t made;
    if (now == made && text[0])
        return text;
    struct tm tm;
    if (!gmtime_r(&now, &tm))
        return "Thu, 01 Jan 1970 00:00:00 GMT";
    snprintf(text, sizeof text, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday,
             tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
             tm.tm_sec);
    made = now;
    return text;
}

/* Every answer has these lines, so they are written without asking for room each time: it was
 * reserved for all of them. */
enum { ROOM_FOR_LINES = 200, ROOM_FOR_HEAD = 1024 };

static inline void put(struct text *out, const char *bytes, size_t len)
{
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}
#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

/* The policy seldom changes: what was written for the last one is kept. */
static void put_policy(struct text *out, uint32_t rate_per_minute)
{
    static _Thread_local struct {
        uint32_t rate_per_minute;
        size_t len;
        char bytes[96];
    } last;
    if (last.len && last.rate_per_minute == rate_per_minute) {
        put(out, last.bytes, last.len);
        return;
    }
    size_t from = out->len;
    PUT(out, "RateLimit-Policy: \"default\";q=");
    text_add_number(out, rate_per_minute);
    PUT(out, ";w=60\r\nRateLimit: \"default\";r=");
    last.rate_per_minute = rate_per_minute;
    last.len = out->len - from;
    memcpy(last.bytes, out->bytes + from, last.len);
}

static void put_pace(struct text *out, const struct reply *reply)
{
    if (!reply->pace.limited)
        return;
    put_policy(out, reply->pace.rate_per_minute);
    text_add_number(out, reply->pace.left);
    PUT(out, ";t=");
    text_add_number(out, reply->pace.reset_s);
    PUT(out, "\r\n");
}

void reply_head_pace(const struct reply *reply, struct text *out)
{
    if (!text_reserve(out, ROOM_FOR_LINES))
        return;
    put_pace(out, reply);
    out->bytes[out->len] = '\0';
}

static void put_age(struct text *out, const struct reply *reply)
{
    if (reply->max_age_s < 0) {
        PUT(out, "Cache-Control: no-store\r\n");
        return;
    }
    if (reply->shared)
        PUT(out, "Cache-Control: public, max-age=");
    else
        PUT(out, "Cache-Control: private, max-age=");
    text_add_number(out, (uint64_t)reply->max_age_s);
    PUT(out, "\r\n");
}

void reply_head_lines(const struct reply *reply, struct text *out)
{
    if (reply->etag[0]) {
        text_add_string(out, "ETag: \"");
        text_add_string(out, reply->etag);
        text_add_string(out, "\"\r\n");
    }
    text_add_string(out, "Vary: Accept-Encoding");
    if (reply->speaks)
        text_add_string(out, ", Accept-Language");
    if (reply->cors_varies)
        text_add_string(out, ", Origin");
    text_add_string(out, "\r\nX-Content-Type-Options: nosniff\r\n"
                         "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
    if (reply->headers.len)
        text_add(out, reply->headers.bytes, reply->headers.len);
}

void reply_head_entity(const struct reply *reply, size_t len, struct text *out)
{
    text_add_string(out, "Content-Type: ");
    text_add_string(out, reply->type ? reply->type : "application/json");
    if (reply->packed)
        text_add_string(out, "\r\nContent-Encoding: gzip");
    if (reply->language[0]) {
        text_add_string(out, "\r\nContent-Language: ");
        text_add_string(out, reply->language);
    }
    if (!text_reserve(out, ROOM_FOR_LINES))
        return;
    PUT(out, "\r\nContent-Length: ");
    text_add_number(out, len);
    PUT(out, "\r\n");
}

/* What the first lines depend on. */
struct opening {
    time_t now;
    int64_t max_age_s;
    int status;
    bool keeps_alive, shared;
};

static void put_status(struct text *out, const struct opening *opening)
{
    const char *title = problem_title(opening->status);
    PUT(out, "HTTP/1.1 ");
    text_add_number(out, (uint64_t)opening->status);
    PUT(out, " ");
    put(out, title, strlen(title));
    PUT(out, "\r\nDate: ");
    put(out, date_of(opening->now), DATE_LEN);
    if (opening->keeps_alive)
        PUT(out, "\r\nConnection: keep-alive\r\n");
    else
        PUT(out, "\r\nConnection: close\r\n");
}

static bool is_same_opening(const struct opening *a, const struct opening *b)
{
    return a->now == b->now && a->max_age_s == b->max_age_s && a->status == b->status &&
           a->keeps_alive == b->keeps_alive && a->shared == b->shared;
}

/* Many answers of one second begin alike: those lines are kept until others are written. */
static void put_opening(struct text *out, const struct reply *reply, const struct request *request,
                        int status)
{
    static _Thread_local struct {
        struct opening opening;
        size_t len;
        char bytes[256];
    } last;
    struct opening opening = { .now = (time_t)(clock_coarse_wall_ms() / 1000),
                               .max_age_s = reply->max_age_s,
                               .status = status,
                               .keeps_alive = exchange_keeps_alive(request->exchange),
                               .shared = reply->shared };
    if (last.len && is_same_opening(&last.opening, &opening)) {
        put(out, last.bytes, last.len);
        return;
    }
    size_t from = out->len;
    put_status(out, &opening);
    put_age(out, reply);
    size_t len = out->len - from;
    if (len > sizeof last.bytes)
        return;
    last.opening = opening;
    last.len = len;
    memcpy(last.bytes, out->bytes + from, len);
}

static void write_cors(struct text *out, const char *origin)
{
    text_add_string(out, "Access-Control-Allow-Origin: ");
    text_add_string(out, origin);
    text_add_string(out, "\r\nAccess-Control-Expose-Headers: ETag, Link, Location, Retry-After, "
                         "Accept-Ranges, Content-Range, RateLimit, RateLimit-Policy\r\n");
}

bool reply_head_write(struct text *out, const struct reply *reply, const struct request *request,
                      int status, size_t len)
{
    bool has_entity = status != 304 && status != 204;
    if (!text_reserve(out, ROOM_FOR_HEAD + reply->lines_len + reply->entity_len))
        return false;
    put_opening(out, reply, request, status);
    put_pace(out, reply);
    if (reply->is_ready) {
        put(out, reply->lines, reply->lines_len + (has_entity ? reply->entity_len : 0));
    } else {
        reply_head_lines(reply, out);
        if (has_entity)
            reply_head_entity(reply, len, out);
    }
    if (reply->cors)
        write_cors(out, reply->cors);
    return text_add(out, "\r\n", 2);
}
