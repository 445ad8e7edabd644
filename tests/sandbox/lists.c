/* SPDX-License-Identifier: MIT */
#include "lists.h"

#include <string.h>

#include "base/json.h"
#include "base/lock.h"
#include "catalog_private.h"

enum { MAX_DATA_LEN = 1 << 20, MAX_ITEMS = 100000 };

struct lists {
    struct lock lock;
    json_t *all; /* an array */
};

struct lists *lists_new(struct error *err)
{
    CLEANUP(lists_free) struct lists *lists = mem_new(struct lists);

    lock_init(&lists->lock);
    if (js_parse(data_lists[0], strlen(data_lists[0]), MAX_DATA_LEN, &lists->all, err))
        return NULL;
    return steal(lists);
}

void lists_free(struct lists *lists)
{
    if (!lists)
        return;
    json_decref(lists->all);
    lock_done(&lists->lock);
    free(lists);
}

static size_t position(const struct lists *lists, int64_t id)
{
    size_t i = 0;

    while (i < json_array_size(lists->all) && js_int(json_array_get(lists->all, i), "id", -1) != id)
        i++;
    return i;
}

json_t *lists_copy(struct lists *lists, int64_t id)
{
    LOCK_SCOPE(&lists->lock);
    return json_deep_copy(json_array_get(lists->all, position(lists, id)));
}

bool lists_item_parse(const char *item, bool *out_is_show, int64_t *out_id)
{
    const char *colon = item ? strchr(item, ':') : NULL;

    if (!colon)
        return false;
    *out_is_show = text_starts_with(item, "tv:");
    return (*out_is_show || text_starts_with(item, "movie:")) &&
           text_to_int(colon + 1, 1, INT32_MAX, out_id);
}

static int check_items(const json_t *items, struct error *err)
{
    size_t i;
    json_t *item;
    bool is_show;
    int64_t id;

    json_array_foreach ((json_t *)(uintptr_t)items, i, item) {
        if (!lists_item_parse(json_string_value(item), &is_show, &id))
            return error_set(err, PROVIDER_EINVAL, "item %zu is not as 'movie:19' or 'tv:19'", i);
    }
    if (json_array_size(items) > MAX_ITEMS)
        return error_set(err, PROVIDER_ELIMIT, "more than %d items", MAX_ITEMS);
    return 0;
}

static void drop_item(json_t *items, const json_t *which)
{
    for (size_t i = json_array_size(items); i-- > 0;) {
        if (json_equal(json_array_get(items, i), which))
            json_array_remove(items, i);
    }
}

/* Who is added again moves to the end. */
static void change_items(json_t *list, const json_t *add, const json_t *drop)
{
    json_t *items = json_object_get(list, "items");
    size_t i;
    json_t *item;

    json_array_foreach ((json_t *)(uintptr_t)drop, i, item) {
        drop_item(items, item);
    }
    json_array_foreach ((json_t *)(uintptr_t)add, i, item) {
        drop_item(items, item);
        json_array_append(items, item);
    }
}

int lists_direct(struct lists *lists, const json_t *json, struct error *err)
{
    static const char *const plain[] = { "name", "description", "public", "comments" };
    int64_t id = js_int(json, "id", 0);
    int code = check_items(js_array(json, "add"), err);

    if (code)
        return code;
    if (id <= 0 || id > INT32_MAX)
        return error_set(err, PROVIDER_EINVAL, "a list needs an id");
    LOCK_SCOPE(&lists->lock);
    size_t at = position(lists, id);
    bool is_new = at == json_array_size(lists->all);
    if (js_bool(json, "delete", false))
        return json_array_remove(lists->all, at)
                   ? error_set(err, PROVIDER_ENOTFOUND, "no such list")
                   : 0;
    if (is_new)
        json_array_append_new(
            lists->all, json_pack("{s:I, s:s, s:[]}", "id", (json_int_t)id, "name", "", "items"));
    json_t *list = json_array_get(lists->all, at);
    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        if (json_object_get(json, plain[i]))
            json_object_set(list, plain[i], json_object_get(json, plain[i]));
    }
    change_items(list, js_array(json, "add"), js_array(json, "remove"));
    return 0;
}
