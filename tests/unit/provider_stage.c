/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "provider_stage.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

static int answer(void *context, const char *provider UNUSED,
                  const struct provider_request *request, const struct upstream_wait *wait,
                  struct upstream_answer **out, struct error *err)
{
    struct stage *stage = context;
    __atomic_add_fetch(&stage->n_requests, 1u, __ATOMIC_SEQ_CST);
    while (stage->http_hangs && clock_steady_ms() < wait->deadline_ms &&
           !__atomic_load_n(wait->canceled, __ATOMIC_SEQ_CST))
        usleep(1000);
    if (stage->http_hangs)
        return error_set(err, PROVIDER_ETIME, "upstream hangs");
    if (stage->http_failure)
        return error_set(err, stage->http_failure, "%s: 503 after 3 tries", request->url);
    struct upstream_answer *made = mem_new(struct upstream_answer);
    made->response = (struct provider_response){ .size = sizeof made->response,
                                                 .status = 200,
                                                 .body = mem_dup_text(stage->http_body),
                                                 .body_len = strlen(stage->http_body) };
    *out = made;
    return 0;
}

static void release(void *context, struct upstream_answer *made)
{
    struct stage *stage = context;
    __atomic_add_fetch(&stage->n_released, 1u, __ATOMIC_SEQ_CST);
    free((void *)(uintptr_t)made->response.body);
    free(made);
}

static int state_get(void *context, const char *provider UNUSED, const char *key UNUSED,
                     struct text *out, struct error *err)
{
    struct stage *stage = context;
    if (!stage->state[0])
        return error_set(err, PROVIDER_ENOTFOUND, "none");
    text_add_string(out, stage->state);
    return 0;
}

static int state_put(void *context, const char *provider UNUSED, const char *key UNUSED,
                     const char *value, struct error *err UNUSED)
{
    struct stage *stage = context;
    snprintf(stage->state, sizeof stage->state, "%s", value ? value : "");
    return 0;
}

void stage_begin(struct stage *stage, const char *plugin)
{
    *stage = (struct stage){ .http_body = "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\"}" };
    snprintf(stage->folder, sizeof stage->folder, "/tmp/miauflix-provider-XXXXXX");
    assert_non_null(mkdtemp(stage->folder));
    stage->settings = (struct provider_settings){
        .name = plugin, .file = "providers.d/test.conf", .enabled = true, .values = stage->values
    };
}

void stage_open(struct stage *stage)
{
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    CLEANUP(mem_free)
    char *path = mem_format("/nonexistent:%s/tests/plugins/faults", build ? build : ".");
    stage->registry = registry_open(&(struct registry_options){
        .plugin_path = path,
        .state_folder = stage->folder,
        .http = { .context = stage, .fetch = answer, .release = release },
        .memory = { .context = stage, .get = state_get, .put = state_put },
        .providers = &stage->settings,
        .n_providers = 1 });
}

void stage_close(struct stage *stage)
{
    registry_close(steal(stage->registry));
}

void stage_end(struct stage *stage)
{
    stage_close(stage);
    DIR *folder = opendir(stage->folder);
    assert_non_null(folder);
    for (struct dirent *at; (at = readdir(folder));)
        if (at->d_name[0] != '.')
            unlinkat(dirfd(folder), at->d_name, 0);
    closedir(folder);
    rmdir(stage->folder);
}

static int take_document(void *context, uint32_t kind UNUSED, uint32_t flags UNUSED,
                         json_t *document UNUSED, struct error *err)
{
    struct stage_sink *sink = context;
    if (sink->stop_after && sink->n_documents >= sink->stop_after)
        return error_set(err, sink->code, "the sink has enough");
    sink->n_documents++;
    return 0;
}

static int take_checkpoint(void *context, const char *cursor, struct error *err UNUSED)
{
    struct stage_sink *sink = context;
    sink->n_checkpoints++;
    snprintf(sink->cursor, sizeof sink->cursor, "%s", cursor);
    return 0;
}

static void take_progress(void *context, uint64_t done, uint64_t total UNUSED)
{
    struct stage_sink *sink = context;
    sink->done = done;
}

struct call_sink stage_sink_of(struct stage_sink *sink)
{
    return (struct call_sink){ .context = sink,
                               .extra_kinds = sink->extra_kinds,
                               .document = take_document,
                               .checkpoint = take_checkpoint,
                               .progress = take_progress };
}

int stage_fetch(struct stage *stage, const char *id, int64_t ms, struct stage_sink *sink,
                struct error *err)
{
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(stage->registry, stage->settings.name);
    assert_non_null(entry);
    const struct provider_id what = { .space = "tmdb", .value = id };
    const struct call_wait wait = { .deadline_ms = clock_steady_ms() + ms };
    const struct call_sink to = stage_sink_of(sink);
    return call_fetch(entry, PROVIDER_MOVIE, &what, &wait, &to, err);
}

void stage_status(struct stage *stage, struct provider_status *out)
{
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(stage->registry, stage->settings.name);
    assert_non_null(entry);
    provider_entry_status(entry, out);
}
