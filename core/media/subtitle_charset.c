/* SPDX-License-Identifier: MIT */
#include "media/subtitle.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <uchardet/uchardet.h>

#include "base/cleanup.h"

/* One byte never becomes more than three in UTF-8. */
enum { GROWTH = 3, GUESS_BYTES = 256 << 10 };

static const struct {
    const char *bytes;
    size_t len;
    const char *set;
} marks[] = {
    { "\xef\xbb\xbf", 3, "UTF-8" },
    { "\xff\xfe", 2, "UTF-16LE" },
    { "\xfe\xff", 2, "UTF-16BE" },
};

static const char *set_of_mark(const char *bytes, size_t len, size_t *out_mark_len)
{
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        if (len < marks[i].len || memcmp(bytes, marks[i].bytes, marks[i].len) != 0)
            continue;
        *out_mark_len = marks[i].len;
        return marks[i].set;
    }
    return NULL;
}

/* Most files without a mark that are not UTF-8 come from old Windows programs. */
static void guess(const char *bytes, size_t len, char *out, size_t out_size)
{
    uchardet_t detector = uchardet_new();
    const char *set = "";
    if (uchardet_handle_data(detector, bytes, MIN(len, (size_t)GUESS_BYTES)) == 0) {
        uchardet_data_end(detector);
        set = uchardet_get_charset(detector);
    }
    bool useful = *set && strcmp(set, "ASCII") != 0 && strcmp(set, "UTF-8") != 0;
    snprintf(out, out_size, "%s", useful ? set : "WINDOWS-1252");
    uchardet_delete(detector);
}

/* What the converter does not know is skipped byte by byte. */
static size_t convert(iconv_t converter, const char *bytes, size_t len, char *out, size_t room)
{
    char *in = (char *)(uintptr_t)bytes, *at = out;
    while (len > 0) {
        if (iconv(converter, &in, &len, &at, &room) != (size_t)-1 || errno == E2BIG || len == 0)
            break;
        in++;
        len--;
    }
    return (size_t)(at - out);
}

/* Converters let pass what is no character, and NULs, which end texts elsewhere. */
static size_t keep_characters(char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        unsigned char lead = (unsigned char)text[i];
        size_t step = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (step > len - i || !text_is_utf8(text + i, step)) {
            i++;
            continue;
        }
        memmove(text + n, text + i, step);
        n += step;
        i += step;
    }
    return n;
}

static int convert_from(const char *set, const char *bytes, size_t len, char **out, size_t *out_len,
                        struct error *err)
{
    iconv_t converter = iconv_open("UTF-8", set);
    if (converter == (iconv_t)-1)
        converter = iconv_open("UTF-8", "WINDOWS-1252");
    if (converter == (iconv_t)-1)
        return error_set(err, PROVIDER_ENOTSUP, "the character set '%s' is not known here", set);
    size_t room = len * GROWTH;
    char *text = mem_alloc_array(room + 1, 1);
    *out_len = keep_characters(text, convert(converter, bytes, len, text, room));
    text[*out_len] = '\0';
    *out = text;
    iconv_close(converter);
    return 0;
}

int subtitle_to_utf8(const char *bytes, size_t len, char **out, size_t *out_len, struct error *err)
{
    if (len > SUBTITLE_MAX)
        return error_set(err, PROVIDER_ELIMIT, "a subtitle of more than %d bytes", SUBTITLE_MAX);
    size_t mark_len = 0;
    char guessed[64];
    const char *set = set_of_mark(bytes, len, &mark_len);
    bytes += mark_len;
    len -= mark_len;
    if (!set && !text_is_utf8(bytes, len)) {
        guess(bytes, len, guessed, sizeof guessed);
        set = guessed;
    }
    return convert_from(set ? set : "UTF-8", bytes, len, out, out_len, err);
}
