/* SPDX-License-Identifier: MIT */
#include "store/changes.h"

#include "base/clock.h"
#include "base/json.h"
#include "media/document.h"
#include "routes.h"

enum { DEFAULT_CHANGES = 100 };

struct collect {
    json_t *rows;
    size_t limit;
    uint64_t last;
    bool more;
};

static int collect(const struct change *change, void *context)
{
    struct collect *collect = context;
    char at[CLOCK_TEXT_LEN];
    if (json_array_size(collect->rows) == collect->limit) {
        collect->more = true;
        return 1;
    }
    json_t *row = json_object();
    js_set(row, "revision", json_integer((json_int_t)change->revision));
    js_set(row, "id", json_integer(change->item_id));
    js_set_string(row, "kind", document_kind_name(change->kind));
    js_set(row, "what", json_string(change_what_name(change->what)));
    js_set(row, "at", json_string(clock_format(change->at_ms, at)));
    if (change->what == CHANGE_MERGED)
        js_set(row, "merged_into", json_integer(change->merged_into));
    json_array_append_new(collect->rows, row);
    collect->last = change->revision;
    return 0;
}

void changes_since(struct app *app, struct request *request, struct reply *reply)
{
    uint64_t since = (uint64_t)request_int(request, "since", 0);
    struct error err = { 0 };
    struct collect found = { .rows = json_array(),
                             .limit = (size_t)request_int(request, "limit", DEFAULT_CHANGES),
                             .last = since };
    int result = changes_walk(app->services.store, since, collect, &found, &err);
    if (result < 0) {
        json_decref(found.rows);
        reply_error(reply, &err);
        return;
    }
    json_t *answer = json_object();
    js_set(answer, "since", json_integer((json_int_t)since));
    js_set(answer, "next", json_integer((json_int_t)found.last));
    js_set(answer, "more", json_boolean(found.more));
    js_set(answer, "results", found.rows);
    reply_value(reply, 200, answer);
}
