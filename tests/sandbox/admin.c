/* SPDX-License-Identifier: MIT */
#include "admin.h"

#include <string.h>

#include "base/json.h"
#include "emit.h"
#include "lists.h"
#include "reels.h"

struct admin_call {
    struct sandbox *sandbox;
    struct catalog *catalog; /* of what "kind" says: "movie", the default, or "tv" */
    struct faults *faults;
    const struct sandbox_request *request;
    struct sandbox_reply *reply;
    json_t *body; /* an object */
};

static void refuse(struct sandbox_reply *reply, int status, const char *message)
{
    struct text *out = sandbox_json(reply, status, -1);
    emit_begin(out, NULL, '{');
    emit_string(out, "error", message);
    emit_end(out, '}');
}

static void answer_ids(struct sandbox_reply *reply, const int64_t *ids, size_t n)
{
    struct text *out = sandbox_json(reply, 200, -1);
    emit_begin(out, NULL, '{');
    emit_begin(out, "ids", '[');
    for (size_t i = 0; i < n; i++)
        emit_int(out, NULL, ids[i]);
    emit_end(out, ']');
    emit_end(out, '}');
}

static void add_faults(struct admin_call *call)
{
    struct error err = { 0 };

    if (faults_add(call->faults, call->body, &err)) {
        refuse(call->reply, 400, err.text);
        return;
    }
    struct text *out = sandbox_json(call->reply, 200, -1);
    faults_write(call->faults, out);
}

static void list_faults(struct admin_call *call)
{
    faults_write(call->faults, sandbox_json(call->reply, 200, -1));
}

static void clear_faults(struct admin_call *call)
{
    faults_clear(call->faults);
    list_faults(call);
}

static void list_requests(struct admin_call *call)
{
    faults_write_requests(call->faults, sandbox_json(call->reply, 200, -1));
}

static void change(struct admin_call *call)
{
    enum { MOST = 10000 };
    int64_t n = js_int(call->body, "random", 0);
    int64_t id = js_int(call->body, "id", -1);

    if (n <= 0) {
        if (catalog_change(call->catalog, id))
            answer_ids(call->reply, &id, 1);
        else
            refuse(call->reply, 404, "no such film or show");
        return;
    }
    n = MIN(n, MOST);
    CLEANUP(mem_free) int64_t *ids = mem_alloc_array((size_t)n, sizeof(*ids));
    for (int64_t i = 0; i < n; i++)
        ids[i] = catalog_change_any(call->catalog);
    answer_ids(call->reply, ids, (size_t)n);
}

static void remove_film(struct admin_call *call)
{
    int64_t id = js_int(call->body, "id", -1);

    if (catalog_remove(call->catalog, id))
        answer_ids(call->reply, &id, 1);
    else
        refuse(call->reply, 404, "no such film or show");
}

/* {"id": 1, "into": 2}: two entries of one thing become one. */
static void merge(struct admin_call *call)
{
    const int64_t ids[] = { js_int(call->body, "id", -1), js_int(call->body, "into", -1) };

    if (catalog_merge(call->catalog, ids[0], ids[1]))
        answer_ids(call->reply, ids, ARRAY_LEN(ids));
    else
        refuse(call->reply, 404, "there are not two of them");
}

static void change_list(struct admin_call *call)
{
    struct error err = { 0 };
    int64_t id = js_int(call->body, "id", 0);

    if (lists_direct(sandbox_lists(call->sandbox), call->body, &err))
        refuse(call->reply, err.code == PROVIDER_ENOTFOUND ? 404 : 400, err.text);
    else
        answer_ids(call->reply, &id, 1);
}

/* {"random": 5} invents more; {"film": {...}} or {"show": {...}} adds one in the form of the data
 * files. */
static void add_film(struct admin_call *call)
{
    struct error err = { 0 };
    bool of_shows = call->catalog == sandbox_shows(call->sandbox);
    const json_t *film = js_object(call->body, of_shows ? "show" : "film");
    int64_t n = js_int(call->body, "random", 0);
    int64_t id;

    if (film) {
        CLEANUP(text_done) struct text json = TEXT_INIT(SANDBOX_BODY_LIMIT);
        js_write(film, &json);
        id = catalog_add(call->catalog, json.bytes, json.len, &err);
    } else if (n > 0) {
        id = catalog_invent(call->catalog, (uint32_t)MIN(n, 100000));
    } else {
        id = error_set(&err, PROVIDER_EINVAL, "either film, or show, or random");
    }
    if (id < 0)
        refuse(call->reply, 400, err.text);
    else
        answer_ids(call->reply, &id, 1);
}

static void show_status(struct admin_call *call)
{
    struct text *out = sandbox_json(call->reply, 200, -1);
    emit_begin(out, NULL, '{');
    emit_int(out, "films", catalog_count(sandbox_catalog(call->sandbox)));
    emit_int(out, "shows", catalog_count(sandbox_shows(call->sandbox)));
    emit_int(out, "version", (int64_t)catalog_version(sandbox_catalog(call->sandbox)));
    emit_end(out, '}');
}

/* Where the fault "redirect" leads: an answer that is none of TMDB's. */
static void elsewhere(struct admin_call *call)
{
    struct text *out = sandbox_json(call->reply, 200, -1);
    call->reply->content_type = "text/html";
    text_add_string(out, "<html><body>You have been redirected.</body></html>\n");
}

static const struct {
    const char *method;
    const char *name;
    void (*answer)(struct admin_call *call);
} routes[] = {
    { "POST", "faults", add_faults },     { "GET", "faults", list_faults },
    { "DELETE", "faults", clear_faults }, { "GET", "requests", list_requests },
    { "POST", "change", change },         { "POST", "remove", remove_film },
    { "POST", "add", add_film },          { "GET", "status", show_status },
    { "GET", "elsewhere", elsewhere },    { "POST", "merge", merge },
    { "POST", "list", change_list },
};

/* "kind", or what is to be added, says of which catalog it is; NULL: there is no such kind. */
static struct catalog *catalog_of(struct sandbox *sandbox, const json_t *body)
{
    const char *kind = js_string(body, "kind");

    if (text_equal(kind, "tv") || (!kind && js_object(body, "show")))
        return sandbox_shows(sandbox);
    return !kind || text_equal(kind, "movie") ? sandbox_catalog(sandbox) : NULL;
}

static bool dispatch(struct admin_call *call, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (strcmp(routes[i].name, name) != 0 ||
            strcmp(routes[i].method, call->request->method) != 0)
            continue;
        routes[i].answer(call);
        return true;
    }
    return false;
}

bool admin_answer(struct sandbox *sandbox, struct faults *faults,
                  const struct sandbox_request *request, struct sandbox_reply *reply)
{
    json_auto_t *body = NULL;
    struct error err = { 0 };

    if (request->body_len)
        js_parse(request->body, request->body_len, SANDBOX_BODY_LIMIT, &body, &err);
    if (request->body_len && !json_is_object(body)) {
        refuse(reply, 400, "the body is not a JSON object");
        return true;
    }
    struct admin_call call = {
        .sandbox = sandbox,
        .catalog = catalog_of(sandbox, body),
        .faults = faults,
        .request = request,
        .reply = reply,
        .body = body,
    };
    if (!call.catalog) {
        refuse(reply, 400, "kind is movie or tv");
        return true;
    }
    if (reels_answer(sandbox_reels(sandbox), request, body, reply))
        return true;
    return dispatch(&call, request->n_segments > 1 ? request->segments[1] : "status");
}
