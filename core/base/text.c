/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <endian.h>
#include <errno.h>
#include <math.h>
#include <string.h>

void text_done(struct text *text)
{
    free(text->bytes);
    *text = (struct text){ .limit = text->limit };
}

void text_clear(struct text *text)
{
    text->len = 0;
    text->overflow = false;
    if (text->bytes)
        text->bytes[0] = '\0';
}

bool text_reserve(struct text *text, size_t more)
{
    if (more > text->limit || text->len > text->limit - more) {
        text->overflow = true;
        return false;
    }
    size_t wanted = text->len + more + 1;
    if (text->bytes && wanted <= text->capacity)
        return true;
    size_t capacity = MAX(text->capacity * 2, (size_t)64);
    text->capacity = MAX(capacity, wanted);
    text->bytes = mem_resize(text->bytes, text->capacity, 1);
    return true;
}

bool text_add_slowly(struct text *text, const void *bytes, size_t len)
{
    if (!text_reserve(text, len))
        return false;
    if (len)
        memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    text->bytes[text->len] = '\0';
    return true;
}

/* Two digits at a time, without the detour through printf.  What is copied has always the same
 * length, some of it to be written over. */
bool text_add_number(struct text *text, uint64_t number)
{
    enum { MOST = 20 };
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char digits[2 * MOST];
    size_t at = MOST;
    if (number < 10)
        return text_add_char(text, (char)('0' + number));
    for (; number >= 10; number /= 100) {
        at -= 2;
        memcpy(digits + at, pairs + number % 100 * 2, 2);
    }
    if (number)
        digits[--at] = (char)('0' + number);
    size_t len = MOST - at;
    if (text->len + MOST >= text->capacity || text->len + len > text->limit)
        return text_add_slowly(text, digits + at, len);
    memset(digits + MOST, 0, MOST);
    memcpy(text->bytes + text->len, digits + at, MOST);
    text->len += len;
    text->bytes[text->len] = '\0';
    return true;
}

bool text_add_format(struct text *text, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    CLEANUP(mem_free) char *said = NULL;
    int n = vasprintf(&said, fmt, args);
    va_end(args);
    if (n < 0) {
        text->overflow = true;
        return false;
    }
    return text_add(text, said, (size_t)n);
}

/* The escape of a character that JSON does not take as it is, or NULL. */
static const char *json_escape_of(unsigned char c, char buffer[7])
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        if (c >= 0x20)
            return NULL;
        snprintf(buffer, 7, "\\u%04x", c);
        return buffer;
    }
}

bool text_add_json_string(struct text *text, const char *string)
{
    if (!string)
        return text_add_string(text, "null");
    bool ok = text_add_char(text, '"');
    const char *run = string;
    for (const char *at = string; *at; at++) {
        char buffer[7];
        const char *escape = json_escape_of((unsigned char)*at, buffer);
        if (!escape)
            continue;
        ok = ok && text_add(text, run, (size_t)(at - run)) && text_add_string(text, escape);
        run = at + 1;
    }
    return ok && text_add_string(text, run) && text_add_char(text, '"');
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

bool text_add_url_encoded(struct text *text, const char *string)
{
    bool ok = true;
    for (const unsigned char *at = (const unsigned char *)string; ok && *at; at++)
        ok = is_unreserved(*at) ? text_add(text, at, 1) : text_add_format(text, "%%%02X", *at);
    return ok;
}

char *text_take(struct text *text)
{
    char *bytes = text->bytes ? text->bytes : mem_dup("", 0);
    *text = (struct text){ .limit = text->limit };
    return bytes;
}

const char *text_string(const struct text *text)
{
    return text->bytes ? text->bytes : "";
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_is_empty(const char *string)
{
    return !string || !*string;
}

bool text_starts_with(const char *string, const char *prefix)
{
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *string, const char *suffix)
{
    size_t len = strlen(string), tail = strlen(suffix);
    return len >= tail && memcmp(string + len - tail, suffix, tail) == 0;
}

/* Length of the well-formed sequence at `at`, or 0 (Unicode 15, table 3-7). */
static size_t utf8_sequence(const unsigned char *at, size_t left)
{
    unsigned char c = at[0];
    size_t len = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (!len || len > left || !c)
        return 0;
    unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    for (size_t i = 1; i < len; i++) {
        if (at[i] < low || at[i] > high)
            return 0;
        low = 0x80;
        high = 0xBF;
    }
    return len;
}

bool text_is_utf8(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t step = utf8_sequence((const unsigned char *)bytes + i, len - i);
        if (!step)
            return false;
        i += step;
    }
    return true;
}

/* What turns the direction of text round, or marks the order of bytes. */
static bool is_unseen(const unsigned char *at, size_t len)
{
    if (len == 2)
        return at[0] == 0xC2 && at[1] < 0xA0;
    if (len != 3)
        return false;
    unsigned point = (at[0] & 0xFu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    return (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || point == 0xFE0F;
}

size_t text_tidy(const char *bytes, size_t len, char *out, size_t out_size)
{
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        const unsigned char *at = (const unsigned char *)bytes + i;
        size_t step = utf8_sequence(at, len - i);
        bool control = step == 1 && (*at < 0x20 || *at == 0x7F);
        if (n + MAX(step, 1) >= out_size)
            break;
        if (control || !*at)
            out[n++] = ' ';
        else if (step && !is_unseen(at, step)) {
            memcpy(out + n, at, step);
            n += step;
        }
        i += MAX(step, 1);
    }
    out[n] = '\0';
    return n;
}

bool text_to_int(const char *string, int64_t min, int64_t max, int64_t *out)
{
    if (!string || !((*string >= '0' && *string <= '9') || *string == '-'))
        return false;
    char *end;
    errno = 0;
    long long value = strtoll(string, &end, 10);
    if (errno || end == string || *end || value < min || value > max)
        return false;
    *out = value;
    return true;
}

bool text_to_double(const char *string, double *out)
{
    if (!string || !((*string >= '0' && *string <= '9') || *string == '-'))
        return false;
    char *end;
    double value = strtod(string, &end);
    if (end == string || *end || !isfinite(value) || strpbrk(string, "xX"))
        return false;
    *out = value;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_url_decode(const char *string, size_t len, bool plus_is_space, char **out)
{
    CLEANUP(mem_free) char *decoded = mem_alloc(len + 1);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        char c = string[i];
        if (c == '%') {
            if (len - i < 3 || hex_digit(string[i + 1]) < 0 || hex_digit(string[i + 2]) < 0)
                return false;
            c = (char)(hex_digit(string[i + 1]) * 16 + hex_digit(string[i + 2]));
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        decoded[n++] = c;
    }
    if (!text_is_utf8(decoded, n))
        return false;
    *out = steal(decoded);
    return true;
}

uint64_t text_hash(const void *bytes, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const unsigned char *at = bytes, *end = at + len; at < end; at++)
        hash = (hash ^ *at) * 0x100000001b3u;
    return hash;
}

/* The product of both, folded. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Of at most eight bytes. */
static uint64_t read_word(const unsigned char *at, size_t len)
{
    uint64_t word = 0;
    memcpy(&word, at, len);
    return le64toh(word);
}

static const uint64_t odd[4] = { 0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u,
                                 0x589965cc75374cc3u };

/* As wyhash does it: three lanes of sixteen bytes, that do not wait for one another. */
uint64_t text_digest(const void *bytes, size_t len)
{
    const unsigned char *at = bytes, *end = at + len;
    uint64_t lanes[3] = { len ^ odd[0], len ^ odd[0], len ^ odd[0] };
    for (; end - at >= 48; at += 48)
        for (size_t i = 0; i < 3; i++)
            lanes[i] = mix(read_word(at + 16 * i, 8) ^ odd[i + 1],
                           read_word(at + 16 * i + 8, 8) ^ lanes[i]);
    uint64_t digest = lanes[0] ^ lanes[1] ^ lanes[2];
    for (; end - at >= 16; at += 16)
        digest = mix(read_word(at, 8) ^ odd[1], read_word(at + 8, 8) ^ digest);
    size_t rest = (size_t)(end - at), first = MIN(rest, (size_t)8);
    digest = mix(read_word(at, first) ^ odd[2], read_word(at + first, rest - first) ^ digest);
    return mix(odd[3] ^ len, digest ^ odd[1]);
}
