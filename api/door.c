/* SPDX-License-Identifier: MIT */
#include "door.h"

#include <string.h>
#include <strings.h>

#include "service/accounts.h"
#include "ticket.h"

/* "Bearer TOKEN"; NULL when it is something else. */
static const char *bearer_of(const char *authorization)
{
    if (strncmp(authorization, "Bearer ", 7) != 0 && strncasecmp(authorization, "Bearer ", 7) != 0)
        return NULL;
    const char *token = authorization + 7;
    while (*token == ' ')
        token++;
    return *token ? token : NULL;
}

/* Who it is; anonymous without credentials.  Wrong credentials are never anonymous. */
static bool identify(struct app *app, struct request *request, struct problem *problem)
{
    if (!request->authorization)
        return true;
    const char *token = bearer_of(request->authorization);
    struct error err;
    err.code = 0; /* its text is long */
    if (!token)
        return problem_set(problem, 401, "invalid_token", "expected 'Authorization: Bearer TOKEN'");
    if (accounts_check(app->services.accounts, token, &request->caller, &err) == 0)
        return true;
    if (err.code != PROVIDER_EAUTH)
        return problem_from_error(problem, &err);
    return problem_set(problem, 401, "invalid_token", "this token is unknown, revoked or expired");
}

static const char *scope_name(uint32_t scope)
{
    return scope == SCOPE_ADMIN    ? "admin"
           : scope == SCOPE_WRITE  ? "write"
           : scope == SCOPE_STREAM ? "stream"
                                   : "read";
}

/* Who has no token may have been given a ticket. */
static bool let_in_anonymous(const struct app *app, const struct route *route,
                             const struct request *request, struct problem *problem)
{
    const char *ticket = route->flags & ROUTE_TICKET ? request_param(request, "ticket") : NULL;
    if (ticket && ticket_is_good(app, request->arguments[0], ticket))
        return true;
    if (ticket)
        return problem_set(problem, 401, "invalid_token", "this ticket is none, or it is over");
    if (route->scope == SCOPE_READ && !(route->flags & ROUTE_USER) &&
        app->services.conf->anonymous_read)
        return true;
    return problem_set(problem, 401, "unauthorized", "this needs a token");
}

static bool authorise(const struct app *app, const struct route *route,
                      const struct request *request, struct problem *problem)
{
    if (route->flags & ROUTE_OPEN)
        return true;
    if (!request->caller.user[0])
        return let_in_anonymous(app, route, request, problem);
    if (request->caller.scopes & route->scope)
        return true;
    return problem_set(problem, 403, "denied", "this needs a token with the scope '%s'",
                       scope_name(route->scope));
}

static bool pace(struct app *app, const struct request *request, struct reply *reply,
                 struct problem *problem)
{
    char who[TOKEN_USER_LEN + 2] = "a";
    const char *name = request->exchange->remote;
    /* A user's name cannot be mistaken for an address. */
    if (request->caller.user[0]) {
        who[0] = 'u';
        name = request->caller.user;
    }
    memcpy(who + 1, name, MIN(strlen(name), sizeof who - 2));
    bool allowed = throttle_take(app->throttle, who, &reply->pace);
    if (allowed)
        return true;
    __atomic_add_fetch(&app->counters.throttled, 1, __ATOMIC_RELAXED);
    problem_set(problem, 429, "rate_limited", "too many requests, the next is welcome in %u s",
                reply->pace.retry_s);
    problem->retry_after_s = reply->pace.retry_s;
    return false;
}

bool door_enter(struct app *app, const struct route *route, struct request *request,
                struct reply *reply, struct problem *problem)
{
    bool known = identify(app, request, problem);
    /* Guessing tokens is paced by the guesser's address. */
    struct problem slow;
    if (!(route->flags & ROUTE_UNLIMITED) && !pace(app, request, reply, &slow)) {
        *problem = slow;
        return false;
    }
    return known && authorise(app, route, request, problem);
}

void door_cors(const struct app *app, const struct request *request, struct reply *reply)
{
    const struct conf_list *origins = &app->services.conf->cors_origins;
    reply->cors_varies = origins->n > 0;
    reply->cors = NULL;
    for (size_t i = 0; request->origin && i < origins->n; i++) {
        if (strcmp(origins->values[i], "*") == 0 ||
            strcasecmp(origins->values[i], request->origin) == 0)
            reply->cors = strpbrk(request->origin, "\r\n") ? NULL : request->origin;
    }
}

void door_options(const struct request *request, uint32_t methods, struct reply *reply)
{
    CLEANUP(text_done) struct text line = TEXT_INIT(200);
    for (uint32_t method = REQUEST_GET; method <= REQUEST_OPTIONS; method <<= 1) {
        if (methods & method)
            text_add_format(&line, "%s%s", line.len ? ", " : "",
                            request_method_name((enum request_method)method));
    }
    reply->status = 204;
    reply->max_age_s = -1;
    reply_header(reply, "Allow: %s", text_string(&line));
    if (!reply->cors || !exchange_header(request->exchange, "Access-Control-Request-Method"))
        return;
    reply_header(reply, "Access-Control-Allow-Methods: %s", text_string(&line));
    reply_header(reply, "Access-Control-Allow-Headers: Authorization, Content-Type, If-Match, "
                        "If-None-Match, If-Range, Last-Event-ID, Range");
    reply_header(reply, "Access-Control-Max-Age: 600");
}
