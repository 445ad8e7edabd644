/* SPDX-License-Identifier: MIT */
#include "torrent/bencode.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"

/* --- What is known to be well-formed */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The length in front of a string; *at stands behind the colon then. */
static size_t take_length(const char **at)
{
    size_t len = 0;
    for (; **at != ':'; ++*at)
        len = len * 10 + (size_t)(**at - '0');
    ++*at;
    return len;
}

/* Behind the value at `at`. */
static const char *skip(const char *at)
{
    size_t depth = 0;
    do {
        if (is_digit(*at)) {
            size_t len = take_length(&at);
            at += len;
        } else if (*at == 'i') {
            at = strchr(at, 'e') + 1;
        } else {
            depth = *at == 'e' ? depth - 1 : depth + 1;
            at++;
        }
    } while (depth > 0);
    return at;
}

bool bencode_is_dict(const struct bencode *value)
{
    return *value->at == 'd';
}

bool bencode_string(const struct bencode *value, const char **out, size_t *out_len)
{
    const char *at = value->at;
    if (!is_digit(*at))
        return false;
    *out_len = take_length(&at);
    *out = at;
    return true;
}

bool bencode_int(const struct bencode *value, int64_t *out)
{
    if (*value->at != 'i')
        return false;
    bool negative = value->at[1] == '-';
    int64_t number = 0;
    for (const char *at = value->at + 1 + negative; *at != 'e'; at++)
        number = number * 10 + (*at - '0');
    *out = negative ? -number : number;
    return true;
}

static bool enter(const struct bencode *value, char kind, struct bencode_walk *out)
{
    if (*value->at != kind)
        return false;
    out->at = value->at + 1;
    return true;
}

bool bencode_list(const struct bencode *value, struct bencode_walk *out)
{
    return enter(value, 'l', out);
}

bool bencode_dict(const struct bencode *value, struct bencode_walk *out)
{
    return enter(value, 'd', out);
}

bool bencode_next(struct bencode_walk *walk, struct bencode *out)
{
    if (*walk->at == 'e')
        return false;
    const char *end = skip(walk->at);
    *out = (struct bencode){ .at = walk->at, .len = (size_t)(end - walk->at) };
    walk->at = end;
    return true;
}

bool bencode_next_pair(struct bencode_walk *walk, const char **key, size_t *key_len,
                       struct bencode *out)
{
    struct bencode name;
    return bencode_next(walk, &name) && bencode_string(&name, key, key_len) &&
           bencode_next(walk, out);
}

bool bencode_find(const struct bencode *dict, const char *key, struct bencode *out)
{
    struct bencode_walk walk;
    struct bencode value;
    const char *name;
    size_t len;
    if (!bencode_dict(dict, &walk))
        return false;
    while (bencode_next_pair(&walk, &name, &len, &value)) {
        if (len != strlen(key) || memcmp(name, key, len) != 0)
            continue;
        *out = value;
        return true;
    }
    return false;
}

/* --- What is not known yet */

struct level {
    bool is_dict, wants_value, is_unordered;
    size_t n_keys;
    const char *keys; /* where its first is */
    const char *key;  /* the last */
    size_t key_len;
};

struct reader {
    const char *start, *at, *end;
    struct level levels[BENCODE_DEPTH];
    size_t depth;
    const char *trouble;
};

static bool fail(struct reader *reader, const char *trouble)
{
    reader->trouble = trouble;
    return false;
}

/* Digits without a zero in front; larger than `max`: none. */
static bool read_number(struct reader *reader, uint64_t max)
{
    const char *start = reader->at;
    uint64_t number = 0;
    for (; reader->at < reader->end && is_digit(*reader->at); reader->at++) {
        uint64_t digit = (uint64_t)(*reader->at - '0');
        if (number > (max - digit) / 10)
            return fail(reader, "a number is too large");
        number = number * 10 + digit;
    }
    if (reader->at == start)
        return fail(reader, "a number has no digits");
    if (*start == '0' && reader->at - start > 1)
        return fail(reader, "a number has a zero in front");
    return true;
}

static bool read_int(struct reader *reader)
{
    reader->at++;
    bool negative = reader->at < reader->end && *reader->at == '-';
    reader->at += negative;
    const char *digits = reader->at;
    if (!read_number(reader, INT64_MAX))
        return false;
    if (negative && *digits == '0')
        return fail(reader, "a number is minus zero");
    if (reader->at == reader->end || *reader->at != 'e')
        return fail(reader, "a number does not end");
    reader->at++;
    return true;
}

static bool read_string(struct reader *reader, const char **out, size_t *out_len)
{
    const char *start = reader->at;
    if (!read_number(reader, SIZE_MAX / 2))
        return false;
    if (reader->at == reader->end || *reader->at != ':')
        return fail(reader, "a string has no colon");
    size_t len = take_length(&start);
    reader->at++;
    if (len > (size_t)(reader->end - reader->at))
        return fail(reader, "a string is longer than what is there");
    *out = reader->at;
    *out_len = len;
    reader->at += len;
    return true;
}

static int compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, MIN(a_len, b_len));
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

static bool read_key(struct reader *reader, struct level *level)
{
    const char *start = reader->at, *key;
    size_t len;
    if (!is_digit(*reader->at))
        return fail(reader, "a key is no string");
    if (!read_string(reader, &key, &len))
        return false;
    if (level->n_keys++ == 0)
        level->keys = start;
    else if (compare(key, len, level->key, level->key_len) <= 0)
        level->is_unordered = true;
    level->key = key;
    level->key_len = len;
    level->wants_value = true;
    return true;
}

static bool has_key_before(const char *from, const char *key, size_t len, const char *until)
{
    struct bencode_walk walk = { .at = from };
    struct bencode value;
    const char *other;
    size_t other_len;
    while (walk.at < until && bencode_next_pair(&walk, &other, &other_len, &value))
        if (other != key && compare(key, len, other, other_len) == 0)
            return true;
    return false;
}

/* The dictionary's bytes are read, so that they can be walked through. */
static bool check_unordered(struct reader *reader, const struct level *level)
{
    struct bencode_walk walk = { .at = level->keys };
    struct bencode value;
    const char *key;
    size_t len;
    if (level->n_keys > BENCODE_UNORDERED)
        return fail(reader, "too many keys are out of order");
    while (walk.at < reader->at && bencode_next_pair(&walk, &key, &len, &value))
        if (has_key_before(level->keys, key, len, key))
            return fail(reader, "a key is there twice");
    return true;
}

static bool close_level(struct reader *reader, const struct level *level)
{
    if (level->wants_value)
        return fail(reader, "a key has no value");
    if (level->is_unordered && !check_unordered(reader, level))
        return false;
    reader->at++;
    reader->depth--;
    return true;
}

static bool open_level(struct reader *reader)
{
    if (reader->depth == BENCODE_DEPTH)
        return fail(reader, "it is nested too deeply");
    reader->levels[reader->depth++] = (struct level){ .is_dict = *reader->at == 'd' };
    reader->at++;
    return true;
}

/* One key, one value without what is inside it, or the end of one with something inside. */
static bool read_step(struct reader *reader)
{
    struct level *level = reader->depth ? &reader->levels[reader->depth - 1] : NULL;
    const char *text;
    size_t len;
    if (reader->at == reader->end)
        return fail(reader, "it is cut off");
    char c = *reader->at;
    if (c == 'e' && level)
        return close_level(reader, level);
    if (level && level->is_dict && !level->wants_value)
        return read_key(reader, level);
    if (level)
        level->wants_value = false;
    if (c == 'l' || c == 'd')
        return open_level(reader);
    if (c == 'i')
        return read_int(reader);
    if (is_digit(c))
        return read_string(reader, &text, &len);
    return fail(reader, "a value is of no known type");
}

static bool is_at_end(const struct reader *reader)
{
    const char *at = reader->at;
    while (at < reader->end && (*at == '\r' || *at == '\n'))
        at++;
    return at == reader->end;
}

int bencode_read(const char *bytes, size_t len, struct bencode *out, struct error *err)
{
    CLEANUP(mem_free) struct reader *reader = mem_new(struct reader);
    *reader = (struct reader){ .start = bytes, .at = bytes, .end = bytes + len };
    bool good;
    do {
        good = read_step(reader);
    } while (good && reader->depth > 0);
    if (good && !is_at_end(reader))
        good = fail(reader, "something stands behind its end");
    if (!good)
        return error_set(err, PROVIDER_EPARSE, "bad bencode at byte %zu: %s",
                         (size_t)(reader->at - bytes), reader->trouble);
    *out = (struct bencode){ .at = bytes, .len = (size_t)(reader->at - bytes) };
    return 0;
}
