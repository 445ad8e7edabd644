/* SPDX-License-Identifier: MIT */
#include "base/quick.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Beyond these it is unusual.  Fifteen digits are exact in a double. */
enum { MAX_NAME = 63, MAX_DIGITS = 15 };

struct reader {
    const char *at, *end;
    char *scratch; /* of the length of the whole: no text is longer than its spelling */
    size_t len;
    const char *const *const *unread;
    const char *const *here; /* what is unread of the object read now; NULL: nothing */
    bool skips;              /* what is read now is not kept */
};

/* A text without its quotes; inside what is read, or in the scratch. */
struct piece {
    const char *bytes;
    size_t len;
    bool is_ascii;
};

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' ||
                                        *reader->at == '\t' || *reader->at == '\r'))
        reader->at++;
}

static bool take(struct reader *reader, char wanted)
{
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != wanted)
        return false;
    reader->at++;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four digits; halves of pairs and NUL are unusual. */
static bool take_code(struct reader *reader, unsigned *out)
{
    unsigned code = 0;

    if (reader->end - reader->at < 4)
        return false;
    for (unsigned i = 0; i < 4; i++) {
        const int value = hex_value(*reader->at++);

        if (value < 0)
            return false;
        code = code << 4 | (unsigned)value;
    }
    *out = code;
    return code != 0 && (code < 0xd800 || code > 0xdfff);
}

static char *put_code(char *to, unsigned code)
{
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
    } else {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (code & 0x3f));
    return to;
}

/* What stands behind a backslash; NULL when it is wrong or unusual. */
static char *take_escape(struct reader *reader, char *to)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    unsigned code;

    if (reader->at == reader->end)
        return NULL;
    const char letter = *reader->at++;
    const char *found = letter ? strchr(letters, letter) : NULL;

    if (found) {
        *to = meanings[found - letters];
        return to + 1;
    }
    return letter == 'u' && take_code(reader, &code) ? put_code(to, code) : NULL;
}

/* From the first backslash on. */
static bool take_escaped(struct reader *reader, const char *start, struct piece *out)
{
    const size_t plain = (size_t)(reader->at - start);

    if (!reader->scratch)
        reader->scratch = malloc(reader->len);
    char *to = reader->scratch ? memcpy(reader->scratch, start, plain) : NULL;

    to = to ? to + plain : NULL;
    while (to && reader->at < reader->end) {
        const char c = *reader->at++;

        if (c == '"') {
            *out = (struct piece){ reader->scratch, (size_t)(to - reader->scratch), false };
            return true;
        }
        if (c == '\\')
            to = take_escape(reader, to);
        else if ((unsigned char)c >= 0x20)
            *to++ = c;
        else
            return false;
    }
    return false;
}

/* From behind the opening quote. */
static bool take_text(struct reader *reader, struct piece *out)
{
    const char *start = reader->at;
    unsigned char seen = 0;

    for (; reader->at < reader->end; reader->at++) {
        const unsigned char c = (unsigned char)*reader->at;

        if (c == '"') {
            *out = (struct piece){ start, (size_t)(reader->at++ - start), seen < 0x80 };
            return true;
        }
        if (c == '\\')
            return take_escaped(reader, start, out);
        if (c < 0x20)
            return false;
        seen |= c;
    }
    return false;
}

static json_t *read_text(struct reader *reader)
{
    struct piece piece;

    if (!take_text(reader, &piece))
        return NULL;
    if (!piece.is_ascii)
        return json_stringn(piece.bytes, piece.len);
    return reader->skips ? json_null() : json_stringn_nocheck(piece.bytes, piece.len);
}

/* Behind a digit too many nothing follows that would be right. */
static unsigned take_digits(struct reader *reader, unsigned most, int64_t *value)
{
    unsigned n = 0;

    while (n < most && reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
        *value = *value * 10 + (*reader->at++ - '0');
        n++;
    }
    return n;
}

/* Both numbers are exact, so their quotient is the double that the text names. */
static double divide_by_ten(int64_t value, unsigned times)
{
    int64_t divisor = 1;

    while (times--)
        divisor *= 10;
    return (double)value / (double)divisor;
}

static json_t *read_number(struct reader *reader)
{
    int64_t value = 0;
    unsigned fraction = 0;
    const bool negative = *reader->at == '-';

    reader->at += negative;
    const char *first = reader->at;
    const unsigned whole = take_digits(reader, MAX_DIGITS, &value);
    const bool is_real = reader->at < reader->end && *reader->at == '.';

    if (is_real) {
        reader->at++;
        fraction = take_digits(reader, MAX_DIGITS - whole, &value);
    }
    if (!whole || (*first == '0' && whole > 1) || (is_real && !fraction))
        return NULL;
    if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E'))
        return NULL;
    if (reader->skips)
        return json_null();
    if (!is_real)
        return json_integer(negative ? -value : value);
    const double real = divide_by_ten(value, fraction);

    return json_real(negative ? -real : real);
}

static json_t *read_word(struct reader *reader, const char *word, json_t *value)
{
    const size_t len = strlen(word);

    if ((size_t)(reader->end - reader->at) < len || memcmp(reader->at, word, len) != 0)
        return NULL;
    reader->at += len;
    return value;
}

static json_t *read_value(struct reader *reader, unsigned depth);

static bool add_element(const struct reader *reader, json_t *array, json_t *value)
{
    if (!reader->skips)
        return json_array_append_new(array, value) == 0;
    json_decref(value);
    return value != NULL;
}

static json_t *read_array(struct reader *reader, unsigned depth)
{
    json_t *array = reader->skips ? json_null() : json_array();

    if (take(reader, ']'))
        return array;
    do {
        if (!add_element(reader, array, read_value(reader, depth)))
            break;
        if (take(reader, ']'))
            return array;
    } while (take(reader, ','));
    json_decref(array);
    return NULL;
}

static bool is_among(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (**names == *name && strcmp(*names, name) == 0)
            return true;
    return false;
}

static const char *const *unread_of(const struct reader *reader, const char *name)
{
    for (const char *const *const *list = reader->unread; list && *list; list++)
        if (***list == *name && strcmp(**list, name) == 0)
            return *list + 1;
    return NULL;
}

/* The value behind a name. */
static json_t *read_named(struct reader *reader, unsigned depth, const char *name)
{
    const char *const *outer = reader->here;

    skip_blanks(reader);
    if (reader->unread && reader->at < reader->end && (*reader->at == '{' || *reader->at == '['))
        reader->here = unread_of(reader, name);
    json_t *value = read_value(reader, depth);

    reader->here = outer;
    return value;
}

/* One that nobody looks at. */
static bool skip_named(struct reader *reader, unsigned depth)
{
    const bool skipped = reader->skips;

    reader->skips = true;
    json_t *value = read_value(reader, depth);

    reader->skips = skipped;
    json_decref(value);
    return value != NULL;
}

/* One member; a name that was there before is unusual. */
static bool read_member(struct reader *reader, unsigned depth, json_t *object)
{
    const size_t n = json_object_size(object);
    struct piece piece;
    char name[MAX_NAME + 1];

    if (!take(reader, '"') || !take_text(reader, &piece) || !piece.is_ascii || piece.len > MAX_NAME)
        return false;
    memcpy(name, piece.bytes, piece.len);
    name[piece.len] = '\0';
    if (!take(reader, ':'))
        return false;
    if (reader->skips || is_among(reader->here, name))
        return skip_named(reader, depth);
    return json_object_set_new_nocheck(object, name, read_named(reader, depth, name)) == 0 &&
           json_object_size(object) > n;
}

static json_t *read_object(struct reader *reader, unsigned depth)
{
    json_t *object = reader->skips ? json_null() : json_object();

    if (take(reader, '}'))
        return object;
    do {
        if (!read_member(reader, depth, object))
            break;
        if (take(reader, '}'))
            return object;
    } while (take(reader, ','));
    json_decref(object);
    return NULL;
}

static json_t *read_value(struct reader *reader, unsigned depth)
{
    skip_blanks(reader);
    if (reader->at == reader->end || depth == QUICK_MAX_DEPTH)
        return NULL;
    switch (*reader->at) {
    case '{':
        reader->at++;
        return read_object(reader, depth + 1);
    case '[':
        reader->at++;
        return read_array(reader, depth + 1);
    case '"':
        reader->at++;
        return read_text(reader);
    case 't':
        return read_word(reader, "true", json_true());
    case 'f':
        return read_word(reader, "false", json_false());
    case 'n':
        return read_word(reader, "null", json_null());
    default:
        return read_number(reader);
    }
}

json_t *quick_read(const char *bytes, size_t len)
{
    return quick_read_without(bytes, len, NULL);
}

json_t *quick_read_without(const char *bytes, size_t len, const char *const *const *unread)
{
    struct reader reader = { .at = bytes, .end = bytes + len, .len = len, .unread = unread };
    json_t *value = NULL;

    skip_blanks(&reader);
    if (reader.at < reader.end && (*reader.at == '{' || *reader.at == '['))
        value = read_value(&reader, 0);
    skip_blanks(&reader);
    free(reader.scratch);
    if (!value || reader.at == reader.end)
        return value;
    json_decref(value);
    return NULL;
}

bool quick_is_deep(const char *bytes, size_t len)
{
    size_t depth = 0;
    bool in_text = false;

    for (size_t i = 0; i < len && depth <= QUICK_MAX_DEPTH; i++) {
        const char c = bytes[i];

        if (c == '"')
            in_text = !in_text;
        else if (in_text)
            i += c == '\\';
        else if (c == '[' || c == '{')
            depth++;
        else if (depth && (c == ']' || c == '}'))
            depth--;
    }
    return depth > QUICK_MAX_DEPTH;
}
