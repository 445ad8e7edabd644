/* SPDX-License-Identifier: MIT
 *
 * The analysis of media files, on films that ffmpeg makes here. */
#include "../test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "probe/probe.h"
#include "probe/result.h"

#include "../shell.h"

static char folder[] = "/tmp/miauflix-probe-XXXXXX";
static char program[500];
static bool has_films;

enum { BUDGET = 16 << 20, TIME_MS = 20000 };

/* A file in memory, which may hide what lies behind `known`. */
struct memory {
    char *bytes;
    size_t len, known;
    int failure;
    uint64_t n_read;
};

static int64_t read_memory(void *context, uint64_t offset, void *out, size_t len)
{
    struct memory *memory = context;
    if (offset >= memory->known)
        return memory->failure;
    len = MIN(len, memory->known - (size_t)offset);
    memcpy(out, memory->bytes + offset, len);
    memory->n_read += len;
    return (int64_t)len;
}

static void load(const char *name, struct memory *memory)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    assert_true(fd >= 0 && fstat(fd, &info) == 0);
    memory->len = memory->known = (size_t)info.st_size;
    memory->bytes = mem_alloc_array(memory->len + 1, 1);
    assert_int_equal(read(fd, memory->bytes, memory->len), memory->len);
    close(fd);
}

static int probe(struct memory *memory, uint64_t budget, json_t **out, struct error *err)
{
    struct probe_source source = { .size = memory->len, .read = read_memory, .context = memory };
    CLEANUP(text_done) struct text json = TEXT_INIT(PROBE_MAX_JSON);
    int failed = probe_media(&source, budget, TIME_MS, &json, err);
    if (!failed)
        assert_int_equal(js_parse(text_string(&json), json.len, json.len, out, NULL), 0);
    return failed;
}

static json_t *track_of(json_t *media, const char *kind)
{
    size_t i;
    json_t *track;
    json_array_foreach (js_array(media, "tracks"), i, track) {
        if (text_equal(js_string(track, "kind"), kind))
            return track;
    }
    fail_msg("there is no %s", kind);
    return NULL;
}

static void describes(const char *name, const char *container, const char *codec)
{
    struct memory memory = { 0 };
    struct error err = { 0 };
    json_auto_t *media = NULL;
    if (!has_films)
        skip();
    load(name, &memory);
    if (probe(&memory, BUDGET, &media, &err) != 0)
        fail_msg("%s: %s", name, err.text);
    const json_t *video = track_of(media, "video");
    assert_non_null(strstr(js_string(media, "container"), container));
    assert_true(js_double(media, "duration_s", 0) > 1.5 && js_double(media, "duration_s", 0) < 3);
    assert_string_equal(js_string(video, "codec"), codec);
    assert_int_equal(js_int(video, "width", 0), 160);
    assert_int_equal(js_int(video, "height", 0), 90);
    assert_int_equal(js_int(track_of(media, "audio"), "channels", 0), 1);
    free(memory.bytes);
}

static void an_mp4_with_its_index_in_front_is_described(void **state UNUSED)
{
    describes("front.mp4", "mp4", "mpeg4");
}

static void an_mp4_with_its_index_at_the_end_is_described(void **state UNUSED)
{
    describes("tail.mp4", "mp4", "mpeg4");
}

static void a_matroska_says_its_languages(void **state UNUSED)
{
    struct memory memory = { 0 };
    struct error err = { 0 };
    json_auto_t *media = NULL;
    describes("film.mkv", "matroska", "mpeg4");
    load("film.mkv", &memory);
    assert_int_equal(probe(&memory, BUDGET, &media, &err), 0);
    assert_string_equal(js_string(track_of(media, "audio"), "language"), "de");
    assert_string_equal(js_string(track_of(media, "subtitle"), "language"), "fr");
    assert_string_equal(js_string(track_of(media, "audio"), "title"), "Stereo & more");
    free(memory.bytes);
}

static void a_transport_stream_is_looked_into(void **state UNUSED)
{
    describes("film.ts", "mpegts", "mpeg2video");
}

static void refuses(struct memory *memory, uint64_t budget, int code)
{
    struct error err = { 0 };
    json_t *media = NULL;
    int failed = probe(memory, budget, &media, &err);
    if (failed != code)
        fail_msg("%d (%s), not %d", failed, err.text, code);
    assert_string_not_equal(err.text, "");
}

static void what_is_no_media_file_is_refused(void **state UNUSED)
{
    char noise[4096];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(i * 7919 >> 3);
    refuses(&(struct memory){ .bytes = noise, .len = sizeof noise, .known = sizeof noise }, BUDGET,
            PROVIDER_EPARSE);
    refuses(&(struct memory){ .bytes = noise }, BUDGET, PROVIDER_EPARSE);
    char page[] = "<html><body>Not found</body></html>";
    refuses(&(struct memory){ .bytes = page, .len = sizeof page, .known = sizeof page }, BUDGET,
            PROVIDER_EPARSE);
}

/* They name other files, which must never be opened. */
static void a_playlist_is_not_followed(void **state UNUSED)
{
    char playlists[][80] = { "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
                             "ffconcat version 1.0\nfile /etc/passwd\n" };
    for (size_t i = 0; i < ARRAY_LEN(playlists); i++)
        refuses(&(struct memory){ .bytes = playlists[i],
                                  .len = strlen(playlists[i]),
                                  .known = strlen(playlists[i]) },
                BUDGET, PROVIDER_EPARSE);
}

static void what_cannot_be_read_yet_says_so(void **state UNUSED)
{
    struct memory memory = { .failure = PROVIDER_ETIME };
    if (!has_films)
        skip();
    load("tail.mp4", &memory);
    memory.known = 2000;
    refuses(&memory, BUDGET, PROVIDER_ETIME);
    free(memory.bytes);
}

static void a_budget_is_kept(void **state UNUSED)
{
    struct memory memory = { 0 };
    if (!has_films)
        skip();
    load("tail.mp4", &memory);
    refuses(&memory, 5000, PROVIDER_ELIMIT);
    assert_true(memory.n_read <= 5000);
    free(memory.bytes);
}

static void damaged_files_end_in_an_answer(void **state UNUSED)
{
    static const char *const names[] = { "front.mp4", "tail.mp4", "film.mkv", "film.ts" };
    uint32_t random = 1;
    if (!has_films)
        skip();
    for (size_t i = 0; i < 40; i++) {
        struct memory memory = { 0 };
        struct error err = { 0 };
        json_auto_t *media = NULL;
        load(names[i % ARRAY_LEN(names)], &memory);
        for (int k = 0; k < 30; k++) {
            random = random * 1664525 + 1013904223;
            memory.bytes[random % MIN(memory.len, 3000)] = (char)(random >> 24);
        }
        if (i % 3 == 0)
            memory.len = memory.known = memory.len / 2;
        int failed = probe(&memory, BUDGET, &media, &err);
        if (failed && failed != PROVIDER_EPARSE && failed != PROVIDER_ETIME)
            fail_msg("%s: %d %s", names[i % ARRAY_LEN(names)], failed, err.text);
        free(memory.bytes);
    }
}

#define SOURCES "ffmpeg -v error -y -f lavfi -i testsrc2=s=160x90:r=25:d=2 -f lavfi -i sine=d=2 "

/* In the place of the program: what a process may do that a media file has taken over. */
static void act(const char *script, int timeout_ms, int code)
{
    char page[] = "<html>";
    struct memory memory = { .bytes = page, .len = 6, .known = 6 };
    struct probe_source source = { .size = 6, .read = read_memory, .context = &memory };
    CLEANUP(mem_free) char *path = mem_format("%s/actor", folder);
    CLEANUP(text_done) struct text json = TEXT_INIT(PROBE_MAX_JSON);
    struct error err = { 0 };
    {
        CLEANUP(file_close) FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, "#!/bin/sh\n%s\n", script);
    }
    assert_int_equal(chmod(path, 0700), 0);
    probe_set_program(path);
    int failed = probe_media(&source, BUDGET, timeout_ms, &json, &err);
    probe_set_program(program);
    if (failed != code)
        fail_msg("%s: %d %s", script, failed, err.text);
    assert_true(!failed || *err.text);
    assert_true(!failed || json.len == 0);
}

static void a_process_that_dies_or_hangs_does_no_harm(void **state UNUSED)
{
    act("kill -SEGV $$", TIME_MS, PROVIDER_EPARSE);
    act("exit 1", TIME_MS, PROVIDER_EPARSE);
    act("exit 0", TIME_MS, PROVIDER_EPARSE);
    act("exec 0<&- 1>&-", TIME_MS, PROVIDER_EPARSE);
    act("read endless", 200, PROVIDER_ETIME);
    act("exec 0<&- 1>&-; exec sleep 1000", 200, PROVIDER_ETIME);
    act("printf 123", TIME_MS, PROVIDER_EPARSE);
    act("printf x >&0; exit 1", TIME_MS, PROVIDER_EPARSE);
}

static void a_process_that_lies_is_believed_nothing_impossible(void **state UNUSED)
{
    static const char *const lies[] = {
        "echo nonsense",
        "echo '[]'",
        "echo '{}'",
        "echo '{\"container\":5,\"tracks\":[{\"kind\":\"video\"}]}'",
        "echo '{\"container\":\"mp4\",\"tracks\":[]}'",
        "echo '{\"container\":\"mp4\",\"tracks\":[{\"kind\":\"<script>\"}]}'",
        "echo '{\"container\":\"mp4\",\"tracks\":{\"kind\":\"video\"}}'",
        "while :; do echo '{\"container\":\"mp4\",\"tracks\":[],\"x\":\"'; done",
    };
    for (size_t i = 0; i < ARRAY_LEN(lies); i++)
        act(lies[i], TIME_MS, PROVIDER_EPARSE);
    act("echo '{\"container\":\"mp4\",\"tracks\":[{\"kind\":\"video\"}]}'", TIME_MS, 0);
}

static void of_what_is_said_only_what_can_be_is_kept(void **state UNUSED)
{
    json_auto_t *said = json_loads(
        "{\"container\":\"mov,mp4\",\"duration_s\":-5,\"bit_rate\":0,\"evil\":1,\"tracks\":["
        "{\"kind\":\"video\",\"codec\":\"a b\",\"width\":99999999,\"height\":90,"
        "\"frame_rate\":1e9,\"default\":1,\"title\":\"a\\nb\"},"
        "{\"kind\":\"audio\",\"codec\":\"aac\",\"channels\":-1,\"language\":\"xxxxxxxxxxxxxxxxx\"},"
        "{\"kind\":\"rumour\"},5,null]}",
        0, NULL);
    json_auto_t *clean = result_clean(said);
    json_auto_t *expected =
        json_loads("{\"container\":\"mov,mp4\",\"tracks\":["
                   "{\"kind\":\"video\",\"height\":90,\"default\":false,\"title\":\"a b\"},"
                   "{\"kind\":\"audio\",\"codec\":\"aac\",\"default\":false}]}",
                   0, NULL);
    assert_non_null(expected);
    if (!json_equal(clean, expected))
        fail_msg("%s", json_dumps(clean, 0));
}

static void without_its_program_it_says_so(void **state UNUSED)
{
    char page[] = "<html>";
    probe_set_program("/nonexistent/miauflix-probe");
    refuses(&(struct memory){ .bytes = page, .len = 6, .known = 6 }, BUDGET, PROVIDER_ENOTSUP);
    probe_set_program(program);
}

static int make_films(void **state UNUSED)
{
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    snprintf(program, sizeof program, "%s/miauflix-probe", build ? build : ".");
    probe_set_program(program);
    if (!mkdtemp(folder))
        return -1;
    has_films =
        run_in(folder, "printf '1\\n00:00:00,000 --> 00:00:01,000\\nA\\n' >a.srt") == 0 &&
        run_in(folder, SOURCES "-c:v mpeg4 -c:a aac -movflags +faststart front.mp4 2>/dev/null") ==
            0 &&
        run_in(folder, SOURCES "-c:v mpeg4 -c:a aac tail.mp4 2>/dev/null") == 0 &&
        run_in(folder, SOURCES "-c:v mpeg2video -c:a mp2 film.ts 2>/dev/null") == 0 &&
        run_in(folder, SOURCES
               "-i a.srt -map 0 -map 1 -map 2 -c:v mpeg4 -c:a aac -c:s srt -metadata:s:a:0 "
               "language=ger -metadata:s:a:0 title='Stereo & more' -metadata:s:s:0 language=fre "
               "film.mkv 2>/dev/null") == 0;
    if (!has_films)
        print_message("SKIPPED: ffmpeg makes no films here\n");
    return 0;
}

static int drop_films(void **state UNUSED)
{
    return run_in(folder, "rm -rf \"$PWD\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_mp4_with_its_index_in_front_is_described),
        cmocka_unit_test(an_mp4_with_its_index_at_the_end_is_described),
        cmocka_unit_test(a_matroska_says_its_languages),
        cmocka_unit_test(a_transport_stream_is_looked_into),
        cmocka_unit_test(what_is_no_media_file_is_refused),
        cmocka_unit_test(a_playlist_is_not_followed),
        cmocka_unit_test(what_cannot_be_read_yet_says_so),
        cmocka_unit_test(a_budget_is_kept),
        cmocka_unit_test(damaged_files_end_in_an_answer),
        cmocka_unit_test(a_process_that_dies_or_hangs_does_no_harm),
        cmocka_unit_test(a_process_that_lies_is_believed_nothing_impossible),
        cmocka_unit_test(of_what_is_said_only_what_can_be_is_kept),
        cmocka_unit_test(without_its_program_it_says_so),
    };
    return cmocka_run_group_tests(tests, make_films, drop_films);
}
