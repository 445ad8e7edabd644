/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "parts.h"
#include "picture.h"
#include "tmdb.h"

enum { IMAGE_MAX_AGE = 31919000 };

/* Width and height of the original, and which sizes exist of it. */
static const struct kind {
    char letter;
    int width, height;
    const char *sizes;
} kinds[] = {
    { 'p', 1000, 1500, "w92 w154 w185 w342 w500 w780 original" },
    { 'b', 1920, 1080, "w300 w780 w1280 original" },
    { 'l', 800, 200, "w45 w92 w154 w185 w300 w500 original" },
    { 'f', 600, 900, "w45 w185 h632 original" },
    { 't', 1000, 1500, "w92 w154 w185 w342 w500 w780 original" },
    { 'c', 1920, 1080, "w300 w780 w1280 original" },
    { 'o', 800, 200, "w45 w92 w154 w185 w300 w500 original" },
    { 's', 1000, 1500, "w92 w154 w185 w342 w500 w780 original" },
    { 'e', 1920, 1080, "w92 w185 w300 original" },
};

static const struct kind *kind_of(char letter)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (kinds[i].letter == letter)
            return &kinds[i];
    }
    return NULL;
}

static bool has_size(const struct kind *kind, const char *size)
{
    size_t len = strlen(size);

    for (const char *at = kind->sizes; len && at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, size, len) == 0 && (at[len] == ' ' || at[len] == '\0'))
            return true;
    }
    return false;
}

static void measure(const struct kind *kind, const char *size, struct picture_ask *ask)
{
    int64_t pixels = 0;

    ask->width = kind->width;
    ask->height = kind->height;
    if (!text_to_int(size + 1, 1, 4000, &pixels))
        return;
    if (size[0] == 'h') {
        ask->height = (int)pixels;
        ask->width = (int)(pixels * kind->width / kind->height);
    } else {
        ask->width = (int)pixels;
        ask->height = MAX((int)(pixels * kind->height / kind->width), 1);
    }
}

bool tmdb_image(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_reply *reply)
{
    char letter;
    int64_t id;
    int n;

    if (request->n_segments != 4 || strcmp(request->segments[0], "t") != 0 ||
        strcmp(request->segments[1], "p") != 0)
        return false;
    const char *size = request->segments[2];
    if (!parts_image_parse(request->segments[3], &letter, &id, &n))
        return false;
    const struct kind *kind = kind_of(letter);
    if (!kind || !has_size(kind, size))
        return false;

    struct catalog *catalog =
        strchr("tco", letter) ? sandbox_shows(sandbox) : sandbox_catalog(sandbox);
    CLEANUP(film_free) struct film *film = catalog_film(catalog, id, INVENT_ROW);
    struct picture_ask ask = {
        .seed = (uint64_t)id * 257 + (uint64_t)n * 31 + (uint64_t)letter,
        .title = film ? film->title : "",
        .transparent = letter == 'l' || letter == 'o',
    };
    measure(kind, size, &ask);
    struct text *out = sandbox_json(reply, 200, IMAGE_MAX_AGE);
    reply->content_type = "image/png";
    picture_draw(&ask, out);
    return true;
}
