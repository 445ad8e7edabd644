/* SPDX-License-Identifier: MIT
 *
 * What players want of torrents besides their bytes: subtitles, playlists, what a file is made
 * of. */
#include "../test.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "house.h"
#include "probe/probe.h"
#include "raw.h"

#include "../shell.h"

#define HASH "00112233445566778899aabbccddeeff00112233"
#define TORRENT "/api/torrents/" HASH

struct scene {
    struct house house;
    struct provider_settings provider;
    char *plugins, *program, *files;
    size_t n_files;
    struct text answer;
};

/* --- Asking */

static int ask_as(struct scene *scene, const char *token, const char *method, const char *path,
                  const char *more, const char *body)
{
    CLEANUP(mem_free)
    char *request = mem_format("%s %s HTTP/1.1\r\nHost: media.example:81\r\n%s%s%s%s"
                               "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                               method, path, token ? "Authorization: Bearer " : "",
                               token ? token : "", token ? "\r\n" : "", more, strlen(body), body);
    text_clear(&scene->answer);
    return raw_ask(scene->house.port, request, &scene->answer);
}

static int get(struct scene *scene, const char *path)
{
    return ask_as(scene, scene->house.streamer, "GET", path, "", "");
}

static const char *body(const struct scene *scene)
{
    return raw_body(text_string(&scene->answer));
}

static json_t *json_of(const struct scene *scene)
{
    json_t *parsed = json_loads(body(scene), 0, NULL);
    if (!parsed)
        fail_msg("no JSON: %s", text_string(&scene->answer));
    return parsed;
}

/* Until the job of the last answer has ended; its state. */
static json_t *wait_for_job(struct scene *scene)
{
    json_auto_t *job = json_of(scene);
    CLEANUP(mem_free) char *path = mem_format("/api/jobs/%d", (int)js_int(job, "id", 0));
    int64_t until_ms = clock_steady_ms() + 30000;
    for (;;) {
        assert_int_equal(get(scene, path), 200);
        json_t *now = json_of(scene);
        if (!text_equal(js_string(now, "state"), "running") &&
            !text_equal(js_string(now, "state"), "queued"))
            return now;
        json_decref(now);
        assert_true(clock_steady_ms() < until_ms);
    }
}

/* --- Files */

static FILE *make(const struct scene *scene, const char *name, const char *how)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", scene->files, name);
    FILE *file = fopen(path, how);
    assert_non_null(file);
    return file;
}

static void add_bytes(struct scene *scene, const char *path, const void *bytes, size_t len)
{
    char name[16];
    snprintf(name, sizeof name, "%zu", scene->n_files++);
    CLEANUP(file_close) FILE *list = make(scene, "list", "a");
    CLEANUP(file_close) FILE *file = make(scene, name, "wb");
    fprintf(list, "%s\n", path);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
}

static void add(struct scene *scene, const char *path, const char *text)
{
    add_bytes(scene, path, text, strlen(text));
}

static void make_it_known(struct scene *scene)
{
    assert_int_equal(ask_as(scene, scene->house.streamer, "POST", "/api/torrents", "",
                            "{\"magnet\":\"magnet:?xt=urn:btih:" HASH "\"}"),
                     202);
    json_auto_t *job = wait_for_job(scene);
    assert_string_equal(js_string(job, "state"), "done");
}

static int begin(void **state)
{
    struct scene *scene = mem_new(struct scene);
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    scene->answer.limit = 4 << 20;
    scene->plugins = mem_format("%s/tests/plugins/faults", build ? build : ".");
    scene->program = mem_format("%s/miauflix-probe", build ? build : ".");
    probe_set_program(scene->program);
    scene->provider = (struct provider_settings){ .name = "fault_files", .enabled = true };
    house_init(&scene->house);
    scene->files = scene->house.folder;
    setenv("FAULT_FILES", scene->files, 1);
    scene->house.conf.plugin_path = scene->plugins;
    scene->house.conf.providers = &scene->provider;
    scene->house.conf.n_providers = 1;
    scene->house.conf.fetch_timeout_ms = 20000;
    house_open(&scene->house);
    *state = scene;
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    house_close(&scene->house);
    text_done(&scene->answer);
    free(scene->plugins);
    free(scene->program);
    free(scene);
    return 0;
}
#define STAGED(test) cmocka_unit_test_setup_teardown(test, begin, end)

/* --- Subtitles */

static const char srt[] = "1\r\n00:00:01,000 --> 00:00:02,500\r\nGr\xfc\xdf\x65 an die \xc4lteren, "
                          "sch\xf6ne Gr\xfc\xdf\x65\r\n";

static void a_subtitle_of_old_becomes_webvtt(void **state)
{
    struct scene *scene = *state;
    add(scene, "Film.mkv", "x");
    add(scene, "Film.de.srt", srt);
    make_it_known(scene);
    assert_int_equal(get(scene, TORRENT "/files/1/subtitle.vtt"), 200);
    assert_non_null(strstr(raw_header(text_string(&scene->answer), "Content-Type"), "text/vtt"));
    assert_string_equal(body(scene), "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n"
                                     "Gr\xc3\xbc\xc3\x9f\x65 an die \xc3\x84lteren, "
                                     "sch\xc3\xb6ne Gr\xc3\xbc\xc3\x9f\x65\n\n");
}

static void what_is_no_subtitle_is_refused(void **state)
{
    struct scene *scene = *state;
    CLEANUP(mem_free) char *large = mem_alloc(9 << 20);
    add(scene, "Film.mkv", "x");
    add(scene, "empty.srt", "");
    add(scene, "noise.srt", "\x01\x02\x03\x04");
    add(scene, "Film.sub", "{1}{2}x");
    add_bytes(scene, "large.srt", large, 9 << 20);
    make_it_known(scene);
    for (int i = 0; i < 5; i++) {
        CLEANUP(mem_free) char *path = mem_format(TORRENT "/files/%d/subtitle.vtt", i);
        if (get(scene, path) != 422)
            fail_msg("%d: %s", i, text_string(&scene->answer));
    }
    assert_int_equal(get(scene, TORRENT "/files/5/subtitle.vtt"), 404);
    assert_int_equal(get(scene, TORRENT "/files/x/subtitle.vtt"), 404);
    assert_int_equal(get(scene, "/api/torrents/" HASH "0/files/1/subtitle.vtt"), 404);
    assert_int_equal(
        ask_as(scene, scene->house.reader, "GET", TORRENT "/files/1/subtitle.vtt", "", ""), 403);
}

/* --- Playlists */

static void expect_lines(const struct scene *scene, const char *const *lines)
{
    const char *at = body(scene);
    assert_true(text_starts_with(at, "#EXTM3U\n"));
    for (at += 8; *lines; lines++) {
        if (!text_starts_with(at, *lines))
            fail_msg("not %s: %s", *lines, at);
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    assert_string_equal(at, "");
}

static void a_playlist_has_the_episodes_in_order(void **state)
{
    struct scene *scene = *state;
    add(scene, "Show/Show.S02E01.mkv", "x");
    add(scene, "Show/Show.S01E02.mkv", "x");
    add(scene, "Show/Show.S00E01.mkv", "x");
    add(scene, "Show/Show.S01E01.mkv", "x");
    add(scene, "Show/Show.S01E01.srt", "x");
    add(scene, "Show/Extras/Bloopers.mkv", "");
    make_it_known(scene);
    assert_int_equal(get(scene, TORRENT "/playlist.m3u"), 200);
    assert_non_null(strstr(raw_header(text_string(&scene->answer), "Content-Type"), "mpegurl"));
    assert_string_equal(raw_header(text_string(&scene->answer), "Cache-Control"), "no-store");
    expect_lines(scene, (const char *const[]){
                            "#EXTINF:-1,Show.S01E01.mkv",
                            "http://media.example:81" TORRENT "/files/3/stream?ticket=",
                            "#EXTINF:-1,Show.S01E02.mkv",
                            "http://media.example:81" TORRENT "/files/1/stream?ticket=",
                            "#EXTINF:-1,Show.S02E01.mkv",
                            "http://media.example:81" TORRENT "/files/0/stream?ticket=",
                            "#EXTINF:-1,Show.S00E01.mkv",
                            "http://media.example:81" TORRENT "/files/2/stream?ticket=", NULL });
    assert_int_equal(get(scene, TORRENT "/playlist.m3u?season=2"), 200);
    expect_lines(scene, (const char *const[]){ "#EXTINF:-1,Show.S02E01.mkv", "http://", NULL });
    assert_int_equal(get(scene, TORRENT "/playlist.m3u?season=0"), 200);
    expect_lines(scene, (const char *const[]){ "#EXTINF:-1,Show.S00E01.mkv", "http://", NULL });
    assert_int_equal(get(scene, TORRENT "/playlist.m3u?season=3"), 404);
    assert_int_equal(get(scene, TORRENT "/playlist.m3u?season=x"), 400);
}

static void its_addresses_are_those_the_client_used_and_need_no_token(void **state)
{
    struct scene *scene = *state;
    add(scene, "Film.2010.mkv", "the film");
    add(scene, "Film.2010.sample.mkv", "");
    make_it_known(scene);
    assert_int_equal(ask_as(scene, scene->house.streamer, "GET", TORRENT "/playlist.m3u",
                            "X-Forwarded-Proto: https\r\n", ""),
                     200);
    expect_lines(scene, (const char *const[]){
                            "#EXTINF:-1,Film.2010.mkv",
                            "https://media.example:81" TORRENT "/files/0/stream?ticket=", NULL });
    const char *at = strstr(body(scene), TORRENT);
    CLEANUP(mem_free) char *path = mem_format("%.*s", (int)strcspn(at, "\n"), at);
    CLEANUP(mem_free)
    char *list = mem_format(TORRENT "/playlist.m3u%s", strchr(path, '?'));
    assert_int_equal(ask_as(scene, NULL, "GET", path, "", ""), 200);
    assert_string_equal(body(scene), "the film");
    assert_int_equal(ask_as(scene, NULL, "GET", list, "", ""), 200);
    assert_int_equal(ask_as(scene, NULL, "GET", TORRENT "/playlist.m3u", "", ""), 401);
    assert_int_equal(ask_as(scene, NULL, "GET", TORRENT "/playlist.m3u?ticket=1-2", "", ""), 401);
    assert_int_equal(ask_as(scene, scene->house.reader, "GET", TORRENT "/playlist.m3u", "", ""),
                     403);
    assert_int_equal(ask_as(scene, scene->house.streamer, "GET", TORRENT "/playlist.m3u",
                            "X-Forwarded-Proto: javascript\r\n", ""),
                     200);
    assert_non_null(strstr(body(scene), "\nhttp://media.example:81/"));
}

static void names_begin_no_lines_of_their_own(void **state)
{
    struct scene *scene = *state;
    add(scene, "Film\\nhttp://evil.example/\\r#EXT.mkv", "x");
    make_it_known(scene);
    assert_int_equal(get(scene, TORRENT "/playlist.m3u"), 200);
    expect_lines(scene, (const char *const[]){ "#EXTINF:-1,", "http://media.example:81/", NULL });
}

static void nothing_to_play_is_no_playlist(void **state)
{
    struct scene *scene = *state;
    add(scene, "readme.txt", "x");
    make_it_known(scene);
    assert_int_equal(get(scene, TORRENT "/playlist.m3u"), 404);
    assert_int_equal(get(scene, "/api/torrents/" HASH "0/playlist.m3u"), 404);
}

/* --- What a file is made of */

static int analyse(struct scene *scene, const char *index)
{
    CLEANUP(mem_free) char *path = mem_format(TORRENT "/files/%s/analyse", index);
    return ask_as(scene, scene->house.streamer, "POST", path, "", "");
}

static void a_film_is_analysed_once_and_shown_from_then_on(void **state)
{
    struct scene *scene = *state;
    add(scene, "Film.mkv", "");
    if (run_in(scene->files,
               "ffmpeg -v error -f lavfi -i testsrc2=s=160x90:r=25:d=2 -c:v mpeg4 -f mp4 -y 0 "
               "2>/dev/null") != 0) {
        print_message("SKIPPED: ffmpeg makes no films here\n");
        skip();
    }
    make_it_known(scene);
    assert_int_equal(analyse(scene, "0"), 202);
    json_auto_t *job = wait_for_job(scene);
    if (!text_equal(js_string(job, "state"), "done"))
        fail_msg("%s", body(scene));
    assert_int_equal(analyse(scene, "0"), 200);
    json_auto_t *file = json_of(scene);
    const json_t *media = js_object(file, "media");
    assert_non_null(strstr(js_string(media, "container"), "mp4"));
    assert_int_equal(js_int(json_array_get(js_array(media, "tracks"), 0), "width", 0), 160);
    assert_int_equal(get(scene, TORRENT "/files/0"), 200);
    json_auto_t *one = json_of(scene);
    assert_true(json_equal(media, js_object(one, "media")));
    assert_int_equal(get(scene, TORRENT), 200);
    json_auto_t *torrent = json_of(scene);
    assert_true(
        json_equal(media, js_object(json_array_get(js_array(torrent, "files"), 0), "media")));
    assert_int_equal(get(scene, TORRENT "/playlist.m3u"), 200);
    assert_non_null(strstr(body(scene), "#EXTINF:2,Film.mkv\n"));
}

static void what_is_no_film_is_known_to_be_none(void **state)
{
    struct scene *scene = *state;
    add(scene, "Film.mkv", "<html>nothing of the kind</html>");
    make_it_known(scene);
    assert_int_equal(analyse(scene, "0"), 202);
    json_auto_t *job = wait_for_job(scene);
    assert_string_equal(js_string(job, "state"), "failed");
    assert_int_equal(analyse(scene, "0"), 200);
    json_auto_t *file = json_of(scene);
    assert_null(js_object(file, "media"));
    assert_non_null(js_string(file, "media_error"));
}

static void what_may_be_otherwise_tomorrow_is_not_kept(void **state)
{
    struct scene *scene = *state;
    add(scene, "Film.mkv", "x");
    make_it_known(scene);
    probe_set_program("/nonexistent/miauflix-probe");
    assert_int_equal(analyse(scene, "0"), 202);
    json_auto_t *job = wait_for_job(scene);
    assert_string_equal(js_string(job, "state"), "failed");
    assert_int_equal(get(scene, TORRENT "/files/0"), 200);
    json_auto_t *file = json_of(scene);
    assert_null(js_string(file, "media_error"));
    probe_set_program(scene->program);
}

static void what_cannot_be_analysed_is_refused(void **state)
{
    struct scene *scene = *state;
    add(scene, "Film.srt", "x");
    make_it_known(scene);
    assert_int_equal(analyse(scene, "0"), 422);
    assert_int_equal(analyse(scene, "1"), 404);
    assert_int_equal(analyse(scene, "-1"), 404);
    assert_int_equal(analyse(scene, "x"), 404);
    assert_int_equal(
        ask_as(scene, scene->house.streamer, "POST", TORRENT "/files/0/analyse", "", "{\"x\":1}"),
        400);
    assert_int_equal(ask_as(scene, scene->house.reader, "POST", TORRENT "/files/0/analyse", "", ""),
                     403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(a_subtitle_of_old_becomes_webvtt),
        STAGED(what_is_no_subtitle_is_refused),
        STAGED(a_playlist_has_the_episodes_in_order),
        STAGED(its_addresses_are_those_the_client_used_and_need_no_token),
        STAGED(names_begin_no_lines_of_their_own),
        STAGED(nothing_to_play_is_no_playlist),
        STAGED(a_film_is_analysed_once_and_shown_from_then_on),
        STAGED(what_is_no_film_is_known_to_be_none),
        STAGED(what_may_be_otherwise_tomorrow_is_not_kept),
        STAGED(what_cannot_be_analysed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
