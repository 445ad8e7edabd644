/* SPDX-License-Identifier: MIT
 *
 * Searches, and their answers taken apart. */
#pragma once

#include "../test.h"

#include "service_stage.h"

#include <jansson.h>

#include "base/json.h"
#include "service/finder.h"

#include "../parts.h"

#define SEARCH "/search/1/matrix"

static const struct language_wish english = { .tags = { "en" }, .n_tags = 1 };

/* An answer taken apart. */
struct answer {
    struct finder_answer raw;
    json_t *results, *sources;
};

static inline void answer_done(struct answer *answer)
{
    finder_answer_done(&answer->raw);
    json_decref(answer->results);
    json_decref(answer->sources);
    *answer = (struct answer){ 0 };
}
DEFINE_CLEANUP_VALUE(struct answer, answer_done);

static inline struct finder *open_finder(struct service *service)
{
    return finder_new(service->catalog, service->registry, &service->conf);
}

static inline struct finder_ask ask_for(const char *text)
{
    return (struct finder_ask){
        .text = text, .filter = { .kind = PROVIDER_MOVIE }, .wish = &english, .page = 1, .limit = 20
    };
}

static inline int search_with(struct finder *finder, const struct finder_ask *ask,
                              struct answer *out)
{
    answer_done(out);
    int result = finder_search(finder, ask, &out->raw, NULL);
    if (result)
        return result;
    out->results = json_loadb(out->raw.page.results.bytes, out->raw.page.results.len, 0, NULL);
    out->sources = json_loadb(out->raw.sources.bytes, out->raw.sources.len, 0, NULL);
    assert_non_null(out->results);
    assert_non_null(out->sources);
    return 0;
}

static inline void search(struct finder *finder, struct answer *out)
{
    struct finder_ask ask = ask_for("matrix");
    assert_int_equal(search_with(finder, &ask, out), 0);
}

static inline const json_t *source(const struct answer *answer, size_t i)
{
    return json_array_get(answer->sources, i);
}

static inline void assert_status(const struct answer *answer, size_t i, const char *status,
                                 int count)
{
    if (!text_equal(js_string(source(answer, i), "status"), status))
        fail_msg("source %zu is %s, not %s", i, js_string(source(answer, i), "status"), status);
    assert_int_equal(js_int(source(answer, i), "count", -1), count);
}

static inline const char *title(const struct answer *answer, size_t i)
{
    return js_string(json_array_get(answer->results, i), "title");
}

extern const struct test_part finder_twins_part, finder_asks_part, finder_pages_part;
