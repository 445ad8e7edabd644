/* SPDX-License-Identifier: MIT */
#include "service/accounts.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "routes.h"

enum { MAX_TOKENS_SHOWN = 1000 };

static json_t *scopes_of(uint32_t scopes)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } rows[] = { { SCOPE_READ, "read" },
                 { SCOPE_WRITE, "write" },
                 { SCOPE_STREAM, "stream" },
                 { SCOPE_ADMIN, "admin" } };
    json_t *list = json_array();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (scopes & rows[i].bit)
            json_array_append_new(list, json_string(rows[i].name));
    }
    return list;
}

static void set_time(json_t *object, const char *key, int64_t wall_ms)
{
    char text[CLOCK_TEXT_LEN];
    js_set(object, key, wall_ms ? json_string(clock_format(wall_ms, text)) : json_null());
}

static json_t *token_of(const struct token_row *row)
{
    json_t *token = json_object();
    js_set(token, "id", json_integer(row->id));
    js_set_string(token, "label", row->label);
    js_set(token, "scopes", scopes_of(row->scopes));
    set_time(token, "created_at", row->created_at_ms);
    set_time(token, "expires_at", row->expires_at_ms);
    return token;
}

void me_show(struct app *app UNUSED, struct request *request, struct reply *reply)
{
    json_t *me = json_object();
    js_set(me, "user", json_string(request->caller.user));
    js_set(me, "token", token_of(&request->caller));
    reply_value(reply, 200, me);
}

static int collect(const struct token_row *row, void *context)
{
    json_t *list = context;
    json_array_append_new(list, token_of(row));
    return json_array_size(list) >= MAX_TOKENS_SHOWN;
}

/* Whose tokens: those of the user in the path, which only an administrator may name, else one's
 * own. */
static bool is_own(const struct request *request)
{
    return text_equal(request->segments[1], "me");
}

static const char *owner_of(const struct request *request)
{
    return is_own(request) ? request->caller.user : request->arguments[0];
}

static const char *token_number(const struct request *request)
{
    return request->arguments[is_own(request) ? 0 : 1];
}

void me_tokens(struct app *app, struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    json_t *answer = json_object(), *results = json_array();
    js_set(answer, "results", results);
    if (accounts_list(app->services.accounts, owner_of(request), collect, results, &err) < 0) {
        json_decref(answer);
        reply_error(reply, &err);
        return;
    }
    reply_value(reply, 200, answer);
}

struct token_wish {
    const char *label;
    uint32_t scopes;
    int64_t expires_at_ms;
};

static bool read_scopes(const json_t *list, struct token_wish *wish, struct problem *problem)
{
    struct error err = { 0 };
    wish->scopes = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        uint32_t scope = 0;
        const char *name = json_string_value(json_array_get(list, i));
        if (!name || accounts_scopes_parse(name, &scope, &err) != 0)
            return problem_field(problem, "scopes", "%s", name ? err.text : "expected words");
        wish->scopes |= scope;
    }
    return wish->scopes || problem_field(problem, "scopes", "expected an array of scopes");
}

static bool read_member(const char *key, const json_t *value, struct token_wish *wish,
                        struct problem *problem)
{
    const char *text = json_string_value(value);
    if (strcmp(key, "scopes") == 0)
        return read_scopes(value, wish, problem);
    if (strcmp(key, "label") == 0) {
        wish->label = text;
        return (text && strlen(text) < TOKEN_LABEL_LEN) ||
               problem_field(problem, key, "expected a text of at most %d bytes",
                             TOKEN_LABEL_LEN - 1);
    }
    if (strcmp(key, "expires_at") == 0)
        return (text && clock_parse(text, &wish->expires_at_ms) &&
                wish->expires_at_ms > clock_wall_ms()) ||
               problem_field(problem, key, "expected a time to come, as RFC 3339");
    return problem_field(problem, key, "is not known here");
}

static bool read_wish(struct request *request, struct token_wish *wish, struct problem *problem)
{
    const json_t *body;
    const char *key;
    json_t *value;
    bool ok = true;
    *wish = (struct token_wish){ .label = "", .scopes = request->caller.scopes & SCOPE_READ };
    if (!request_object(request, &body, problem))
        return false;
    json_object_foreach ((json_t *)(uintptr_t)body, key, value)
        ok = read_member(key, value, wish, problem) && ok;
    if (!ok)
        return false;
    if (wish->scopes & ~request->caller.scopes)
        return problem_set(problem, 403, "denied",
                           "a token cannot have scopes that its maker lacks");
    return wish->scopes || problem_field(problem, "scopes", "is missing");
}

void me_token_new(struct app *app, struct request *request, struct reply *reply)
{
    struct token_wish wish;
    struct problem problem = { 0 };
    struct error err = { 0 };
    struct token_row row = { 0 };
    char token[ACCOUNTS_TOKEN_LEN];
    if (!read_wish(request, &wish, &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    if (accounts_token_new(app->services.accounts, owner_of(request), wish.label, wish.scopes,
                           wish.expires_at_ms, token, &row, &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    json_t *shown = token_of(&row);
    js_set(shown, "token", json_string(token));
    reply->max_age_s = -1;
    if (is_own(request))
        reply_header(reply, "Location: /api/me/tokens/%u", row.id);
    reply_value(reply, 201, shown);
}

void me_token_delete(struct app *app, struct request *request, struct reply *reply)
{
    int64_t id;
    struct error err = { 0 };
    if (!text_to_int(token_number(request), 1, UINT32_MAX, &id))
        error_set(&err, PROVIDER_ENOTFOUND, "no token has this number");
    else
        accounts_revoke(app->services.accounts, owner_of(request), (uint32_t)id, &err);
    if (err.code) {
        reply_error(reply, &err);
        return;
    }
    reply->max_age_s = -1;
    reply->status = 204;
}
