/* SPDX-License-Identifier: MIT */
#include "probe/result.h"

#include <string.h>

#include "base/json.h"
#include "media/language.h"

enum { MAX_TEXT = 160 };

/* The largest number that is believed; of the others, words. */
static const struct {
    const char *name;
    int64_t max;
} numbers[] = {
    { "width", 65536 }, { "height", 65536 },        { "bit_depth", 64 },
    { "channels", 64 }, { "sample_rate", 1000000 },
};

static const char kinds[] = " video audio subtitle image data attachment ";

static bool is_word(const char *text)
{
    size_t len = text ? strlen(text) : 0;
    return len > 0 && len < 64 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,-") ==
               len;
}

static void take_word(json_t *out, const json_t *said, const char *name)
{
    const char *text = js_string(said, name);
    if (is_word(text))
        js_set_string(out, name, text);
}

static void take_number(json_t *out, const json_t *said, const char *name, int64_t max)
{
    int64_t number = js_int(said, name, 0);
    if (number > 0 && number <= max)
        js_set(out, name, json_integer(number));
}

static void take_real(json_t *out, const json_t *said, const char *name, double max)
{
    double number = js_double(said, name, 0);
    if (number > 0 && number <= max)
        js_set(out, name, json_real(number));
}

static void take_title(json_t *out, const json_t *said)
{
    const char *title = js_string(said, "title");
    char text[MAX_TEXT];
    if (!title)
        return;
    text_tidy(title, strlen(title), text, sizeof text);
    js_set_string(out, "title", text);
}

static void take_language(json_t *out, const json_t *said)
{
    const char *language = js_string(said, "language");
    if (is_word(language) && strlen(language) < LANGUAGE_LEN)
        js_set_string(out, "language", language);
}

static json_t *clean_track(const json_t *said)
{
    const char *kind = js_string(said, "kind");
    CLEANUP(mem_free) char *word = is_word(kind) ? mem_format(" %s ", kind) : NULL;
    if (!word || !strstr(kinds, word))
        return NULL;
    json_t *out = json_object();
    js_set_string(out, "kind", kind);
    take_word(out, said, "codec");
    take_language(out, said);
    take_title(out, said);
    js_set(out, "default", json_boolean(js_bool(said, "default", false)));
    if (js_bool(said, "forced", false))
        js_set(out, "forced", json_true());
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        take_number(out, said, numbers[i].name, numbers[i].max);
    take_real(out, said, "frame_rate", 1000);
    return out;
}

json_t *result_clean(const json_t *said)
{
    json_t *out = json_object(), *tracks = json_array(), *track;
    size_t i;
    take_word(out, said, "container");
    take_real(out, said, "duration_s", 1e7);
    take_number(out, said, "bit_rate", INT64_C(1) << 40);
    json_array_foreach (js_array(said, "tracks"), i, track) {
        json_t *clean = i < RESULT_MAX_TRACKS ? clean_track(track) : NULL;
        if (clean)
            json_array_append_new(tracks, clean);
    }
    bool good = js_string(out, "container") && json_array_size(tracks) > 0;
    js_set(out, "tracks", tracks);
    if (good)
        return out;
    json_decref(out);
    return NULL;
}
