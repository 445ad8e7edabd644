/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <pthread.h>
#include <string.h>

#include "../plugins/faults/stream.h"
#include "base/clock.h"
#include "provider/call_streams.h"
#include "provider_stage.h"

static const char magnet[] = "magnet:?xt=urn:btih:00112233445566778899aabbccddeeff00112233";
static const char other[] = "magnet:?xt=urn:btih:ffffffffffffffffffffffffffffffffffffffff";

enum { SHORT_MS = 20, LONG_MS = 60 * 1000 };

struct scene {
    struct stage stage;
    struct provider_entry *entry;
    struct call_buffer buffer;
    struct error err;
};

static struct call_wait within(int64_t ms)
{
    return (struct call_wait){ .deadline_ms = clock_steady_ms() + ms };
}

static void begin(struct scene *scene, const char *plugin)
{
    *scene = (struct scene){ .buffer = { .size = 100000 } };
    stage_begin(&scene->stage, plugin);
    stage_open(&scene->stage);
    scene->entry = registry_find(scene->stage.registry, plugin);
    assert_non_null(scene->entry);
}

static void end(struct scene *scene)
{
    provider_entry_unref(scene->entry);
    call_buffer_done(&scene->buffer);
    stage_end(&scene->stage);
}

static struct call_stream *open_file(struct scene *scene, uint32_t file)
{
    struct call_stream *stream = NULL;
    const struct call_wait wait = within(LONG_MS);
    if (call_stream_open(scene->entry, magnet, file, &wait, &stream, &scene->err) != 0)
        fail_msg("%s", scene->err.text);
    return stream;
}

static int read_at(struct scene *scene, struct call_stream *stream, uint64_t offset, int64_t ms,
                   size_t *out)
{
    const struct call_wait wait = within(ms);
    scene->err = (struct error){ 0 };
    return call_stream_read(stream, offset, &scene->buffer, &wait, out, &scene->err);
}

static struct provider_stream_state state_of(struct scene *scene, struct call_stream *stream)
{
    struct provider_stream_state state = { 0 };
    const struct call_wait wait = within(LONG_MS);
    if (call_stream_state(stream, &wait, &state, &scene->err) != 0)
        fail_msg("%s", scene->err.text);
    return state;
}

static void bytes_are_read_from_anywhere_until_the_end(void **unused UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_stream");
    struct call_stream *stream = open_file(&scene, FAULT_STREAM_GOOD);
    uint64_t at = 4711;
    for (size_t n = 1; n > 0; at += n) {
        assert_int_equal(read_at(&scene, stream, at, LONG_MS, &n), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(scene.buffer.bytes[i], fault_stream_byte(0, at + i));
    }
    assert_int_equal(at, FAULT_STREAM_SIZE);
    call_stream_close(stream);
    end(&scene);
}

static void the_state_of_a_stream_has_its_ranges(void **unused UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_stream");
    struct call_stream *stream = open_file(&scene, FAULT_STREAM_GOOD);
    struct provider_range ranges[4];
    struct provider_stream_state state = { .n_ranges = 4, .ranges = ranges };
    const struct call_wait wait = within(LONG_MS);
    assert_int_equal(call_stream_state(stream, &wait, &state, &scene.err), 0);
    assert_int_equal(state.n_ranges, 2);
    assert_ptr_equal(state.ranges, ranges);
    assert_int_equal(ranges[1].first, FAULT_STREAM_SIZE - 3);
    assert_int_equal(state.ready, 1);
    assert_int_equal(state.peers, 1);
    call_stream_close(stream);
    end(&scene);
}

static void a_swarm_is_asked(void **unused UNUSED)
{
    struct scene scene;
    struct provider_swarm swarm = { 0 };
    const struct call_wait wait = within(LONG_MS);
    begin(&scene, "fault_stream");
    assert_int_equal(call_check_swarm(scene.entry, magnet, &wait, &swarm, &scene.err), 0);
    assert_int_equal(swarm.seeds, 7);
    assert_int_equal(swarm.dht_peers, -1);
    end(&scene);
}

static void metainfo_is_handed_over(void **unused UNUSED)
{
    struct scene scene;
    CLEANUP(text_done) struct text out = TEXT_INIT(100);
    const struct call_wait wait = within(LONG_MS);
    begin(&scene, "fault_stream");
    assert_int_equal(call_metainfo(scene.entry, magnet + 20, &wait, &out, &scene.err), 0);
    assert_string_equal(text_string(&out), "d4:infod0:ee");
    out.limit = 5;
    assert_int_equal(call_metainfo(scene.entry, magnet + 20, &wait, &out, &scene.err),
                     PROVIDER_ELIMIT);
    assert_int_equal(call_metainfo(scene.entry, "ff", &wait, &out, &scene.err), PROVIDER_ENOTFOUND);
    end(&scene);
}

static void metainfo_is_told_and_judged(void **unused UNUSED)
{
    struct scene scene;
    const struct call_wait wait = within(LONG_MS);
    static const char file[] = "d4:infod0:ee";
    begin(&scene, "fault_stream");
    assert_int_equal(call_learn(scene.entry, magnet + 20, file, 12, &wait, &scene.err), 0);
    assert_int_equal(call_learn(scene.entry, magnet + 20, file, 11, &wait, &scene.err),
                     PROVIDER_EINVAL);
    assert_int_equal(call_learn(scene.entry, "ff", file, 12, &wait, &scene.err), PROVIDER_EINVAL);
    end(&scene);
}

static void what_is_read_is_not_forgotten(void **unused UNUSED)
{
    struct scene scene;
    const struct call_wait wait = within(LONG_MS);
    begin(&scene, "fault_stream");
    struct call_stream *stream = open_file(&scene, FAULT_STREAM_GOOD);
    assert_int_equal(call_forget(scene.entry, magnet + 20, &wait, &scene.err), PROVIDER_EBUSY);
    call_stream_close(stream);
    assert_int_equal(call_forget(scene.entry, magnet + 20, &wait, &scene.err), 0);
    end(&scene);
}

static void a_provider_without_the_tables_says_so(void **unused UNUSED)
{
    struct scene scene;
    struct provider_swarm swarm;
    struct call_stream *stream = NULL;
    const struct call_wait wait = within(LONG_MS);
    begin(&scene, "fault_good");
    assert_int_equal(call_check_swarm(scene.entry, magnet, &wait, &swarm, &scene.err),
                     PROVIDER_ENOTSUP);
    assert_int_equal(call_stream_open(scene.entry, magnet, 0, &wait, &stream, &scene.err),
                     PROVIDER_ENOTSUP);
    assert_string_equal(scene.err.text, "fault_good: it has no stream_open()");
    assert_false(provider_entry_can(scene.entry, PROVIDER_CAN_STREAM));
    end(&scene);
}

static void a_file_that_is_not_there_cannot_be_opened(void **unused UNUSED)
{
    static const struct {
        uint32_t file;
        int code;
    } cases[] = { { FAULT_STREAM_MISSING, PROVIDER_ENOTFOUND },
                  { FAULT_STREAM_NOTHING, PROVIDER_EPARSE },
                  { FAULT_STREAM_FULL, PROVIDER_EFULL } };
    struct scene scene;
    begin(&scene, "fault_stream");
    assert_true(provider_entry_can(scene.entry, PROVIDER_CAN_STREAM | PROVIDER_CAN_CHECK_SWARMS));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct call_stream *stream = NULL;
        const struct call_wait wait = within(LONG_MS);
        assert_int_equal(
            call_stream_open(scene.entry, magnet, cases[i].file, &wait, &stream, &scene.err),
            cases[i].code);
        assert_null(stream);
    }
    end(&scene);
}

static void an_answer_that_cannot_be_is_refused(void **unused UNUSED)
{
    struct scene scene;
    size_t n = 17;
    begin(&scene, "fault_stream");
    struct call_stream *stream = open_file(&scene, FAULT_STREAM_TOO_MANY);
    assert_int_equal(read_at(&scene, stream, 0, LONG_MS, &n), PROVIDER_EPARSE);
    assert_int_equal(n, 17);
    call_stream_close(stream);
    stream = open_file(&scene, FAULT_STREAM_RANGES);
    struct provider_range ranges[4];
    struct provider_stream_state state = { .n_ranges = 4, .ranges = ranges };
    const struct call_wait wait = within(LONG_MS);
    assert_int_equal(call_stream_state(stream, &wait, &state, &scene.err), PROVIDER_EPARSE);
    call_stream_close(stream);
    end(&scene);
}

static void a_stall_ends_at_the_deadline_and_is_not_the_providers_fault(void **unused UNUSED)
{
    struct scene scene;
    struct provider_status status;
    struct provider_swarm swarm;
    size_t n = 0;
    begin(&scene, "fault_stream");
    struct call_stream *stream = open_file(&scene, FAULT_STREAM_STALLS);
    for (int i = 0; i < 4; i++) {
        const struct call_wait wait = within(LONG_MS);
        assert_int_equal(read_at(&scene, stream, 0, SHORT_MS, &n), PROVIDER_ETIME);
        assert_int_equal(call_check_swarm(scene.entry, other, &wait, &swarm, &scene.err),
                         PROVIDER_ETIME);
    }
    provider_entry_status(scene.entry, &status);
    assert_int_equal(status.state, PROVIDER_STATE_ACTIVE);
    assert_int_equal(status.failures, 0);
    call_stream_close(stream);
    end(&scene);
}

struct reader {
    struct scene *scene;
    struct call_stream *stream;
    int code;
};

static void *read_on(void *argument)
{
    struct reader *reader = argument;
    CLEANUP(call_buffer_done) struct call_buffer buffer = { .size = 1000 };
    const struct call_wait wait = within(LONG_MS);
    struct error err = { 0 };
    size_t n;
    reader->code = call_stream_read(reader->stream, 0, &buffer, &wait, &n, &err);
    return NULL;
}

/* Until a read of the stream is waiting inside the plugin. */
static void wait_until_it_waits(struct scene *scene, struct call_stream *stream)
{
    while (state_of(scene, stream).seeds == 0)
        usleep(1000);
}

static void cancelling_ends_a_read_under_way_and_those_to_come(void **unused UNUSED)
{
    struct scene scene;
    size_t n;
    pthread_t thread;
    begin(&scene, "fault_stream");
    struct reader reader = { .scene = &scene, .stream = open_file(&scene, FAULT_STREAM_STALLS) };
    assert_int_equal(pthread_create(&thread, NULL, read_on, &reader), 0);
    wait_until_it_waits(&scene, reader.stream);
    call_stream_cancel(reader.stream);
    pthread_join(thread, NULL);
    assert_int_equal(reader.code, PROVIDER_ECANCEL);
    assert_int_equal(read_at(&scene, reader.stream, 0, LONG_MS, &n), PROVIDER_ECANCEL);
    call_stream_close(reader.stream);
    end(&scene);
}

static bool is_over(void *context)
{
    int *asked = context;
    return ++*asked > 1;
}

static void a_read_nobody_waits_for_ends(void **unused UNUSED)
{
    struct scene scene;
    size_t n;
    int asked = 0;
    begin(&scene, "fault_stream");
    struct call_stream *stream = open_file(&scene, FAULT_STREAM_STALLS);
    struct call_wait wait = within(LONG_MS);
    wait.is_over = is_over;
    wait.context = &asked;
    int64_t began = clock_steady_ms();
    assert_int_not_equal(call_stream_read(stream, 0, &scene.buffer, &wait, &n, &scene.err), 0);
    assert_true(clock_steady_ms() - began < LONG_MS);
    assert_true(asked > 1);
    call_stream_close(stream);
    end(&scene);
}

static void streams_end_with_their_provider(void **unused UNUSED)
{
    struct scene scene;
    size_t n;
    begin(&scene, "fault_stream");
    struct call_stream *one = open_file(&scene, FAULT_STREAM_GOOD);
    struct call_stream *two = open_file(&scene, FAULT_STREAM_GOOD);
    assert_int_equal(provider_entry_set_enabled(scene.entry, false, &scene.err), 0);
    assert_int_equal(read_at(&scene, one, 0, LONG_MS, &n), PROVIDER_ECANCEL);
    assert_string_equal(scene.err.text, "fault_stream: the stream ended with its provider");
    call_stream_close(one);
    assert_int_equal(provider_entry_set_enabled(scene.entry, true, &scene.err), 0);
    /* Not even when its provider is back: that is another instance. */
    assert_int_equal(read_at(&scene, two, 0, LONG_MS, &n), PROVIDER_ECANCEL);
    struct call_stream *fresh = open_file(&scene, FAULT_STREAM_GOOD);
    assert_int_equal(state_of(&scene, fresh).peers, 1);
    assert_int_equal(read_at(&scene, fresh, 0, LONG_MS, &n), 0);
    call_stream_close(two);
    call_stream_close(fresh);
    end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_read_from_anywhere_until_the_end),
        cmocka_unit_test(the_state_of_a_stream_has_its_ranges),
        cmocka_unit_test(a_swarm_is_asked),
        cmocka_unit_test(metainfo_is_handed_over),
        cmocka_unit_test(metainfo_is_told_and_judged),
        cmocka_unit_test(what_is_read_is_not_forgotten),
        cmocka_unit_test(a_provider_without_the_tables_says_so),
        cmocka_unit_test(a_file_that_is_not_there_cannot_be_opened),
        cmocka_unit_test(an_answer_that_cannot_be_is_refused),
        cmocka_unit_test(a_stall_ends_at_the_deadline_and_is_not_the_providers_fault),
        cmocka_unit_test(cancelling_ends_a_read_under_way_and_those_to_come),
        cmocka_unit_test(a_read_nobody_waits_for_ends),
        cmocka_unit_test(streams_end_with_their_provider),
    };
    return cmocka_run_group_tests_name("call_streams", tests, NULL, NULL);
}
