/* SPDX-License-Identifier: MIT
 *
 * The routes: one constant table says of each path which methods it has, who may use them, which
 * query parameters there are and what is answered.  Requests are checked against it, and
 * /api/openapi.json is written from it.  Pure; any thread. */
#pragma once

#include "request.h"

struct app;
struct reply;

typedef void route_handler(struct app *app, struct request *request, struct reply *reply);

enum route_param_type {
    PARAM_INT, /* min..max */
    PARAM_NUMBER,
    PARAM_WORD,  /* one of words */
    PARAM_WORDS, /* several of words, commas between */
    PARAM_TEXT,  /* min..max bytes */
    PARAM_BOOL,  /* 1, 0, true, false */
    PARAM_LANGUAGE,
};

struct route_param {
    const char *name; /* NULL ends a table */
    const char *help;
    enum route_param_type type;
    bool required;
    int64_t min, max;
    const char *words; /* "asc|desc" */
};

enum {
    ROUTE_PAGED = 1,       /* page, limit */
    ROUTE_SPEAKS = 2,      /* language, Accept-Language */
    ROUTE_FILTERED = 4,    /* what media/filter takes */
    ROUTE_BODY = 8,        /* takes a JSON object */
    ROUTE_OPEN = 16,       /* without a token */
    ROUTE_READY = 32,      /* its answers may be kept */
    ROUTE_USER = 64,       /* needs a user, anonymous reading is not enough */
    ROUTE_UNLIMITED = 128, /* not throttled */
    ROUTE_TICKET = 256,    /* a ticket for its torrent will do (ticket.h) */
    ROUTE_UPLOAD = 512,    /* or a .torrent file as the body */
};

struct route {
    enum request_method method;
    const char *pattern; /* "/api/movies/:id"; "/:name.ext": the argument has the ".ext", too */
    route_handler *handler;
    uint32_t scope; /* a SCOPE_ bit; 0 with ROUTE_OPEN */
    uint32_t flags;
    const struct route_param *params; /* NULL: none of its own */
    int status;                       /* what it answers when all is well */
    const char *operation;            /* "listMovies" */
    const char *summary;
    const char *body, *answer; /* schema names, or NULL */
    const char *type;          /* media type of the answer; NULL: application/json */
};

extern const struct route router_routes[];
extern const size_t router_n_routes;

/* What ROUTE_PAGED, ROUTE_SPEAKS and ROUTE_FILTERED add. */
extern const struct route_param router_page_params[];
extern const struct route_param router_language_params[];
extern const struct route_param router_filter_params[];

/* The route, with request->arguments set; HEAD finds GET.  NULL: *out_allow are the methods of that
 * path, 0 when there is no such path. */
const struct route *router_find(struct request *request, uint32_t *out_allow);

/* As router_find(), for another method of the same path. */
const struct route *router_find_method(struct request *request, enum request_method method,
                                       uint32_t *out_allow);

/* Whether all query parameters are known, right and there. */
bool router_check(const struct route *route, const struct request *request,
                  struct problem *problem);

/* Calls `each` for every parameter of a route, those its flags add included. */
void router_each_param(const struct route *route,
                       void (*each)(const struct route_param *param, void *context), void *context);
