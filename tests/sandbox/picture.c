/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <ctype.h>
#include <string.h>
#include <zlib.h>

#include "chance.h"

enum { N_COLOURS = 16, PAPER = 0, N_BANDS = 8, SHAPE = 9, SHADE = 10, INK = 15 };
enum { LETTER_WIDTH = 5, LETTER_HEIGHT = 7, MAX_WORD = 12 };

/* Five bits a row, the highest on the left. */
static const uint8_t letters[36][LETTER_HEIGHT] = {
    { 0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11 }, /* A */
    { 0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e }, /* B */
    { 0x0f, 0x10, 0x10, 0x10, 0x10, 0x10, 0x0f }, /* C */
    { 0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e }, /* D */
    { 0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f }, /* E */
    { 0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10 }, /* F */
    { 0x0f, 0x10, 0x10, 0x13, 0x11, 0x11, 0x0f }, /* G */
    { 0x11, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11 }, /* H */
    { 0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x1f }, /* I */
    { 0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0c }, /* J */
    { 0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11 }, /* K */
    { 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f }, /* L */
    { 0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11 }, /* M */
    { 0x11, 0x19, 0x15, 0x15, 0x13, 0x11, 0x11 }, /* N */
    { 0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e }, /* O */
    { 0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10 }, /* P */
    { 0x0e, 0x11, 0x11, 0x11, 0x15, 0x12, 0x0d }, /* Q */
    { 0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11 }, /* R */
    { 0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e }, /* S */
    { 0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04 }, /* T */
    { 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e }, /* U */
    { 0x11, 0x11, 0x11, 0x11, 0x11, 0x0a, 0x04 }, /* V */
    { 0x11, 0x11, 0x11, 0x15, 0x15, 0x1b, 0x11 }, /* W */
    { 0x11, 0x11, 0x0a, 0x04, 0x0a, 0x11, 0x11 }, /* X */
    { 0x11, 0x11, 0x0a, 0x04, 0x04, 0x04, 0x04 }, /* Y */
    { 0x1f, 0x01, 0x02, 0x04, 0x08, 0x10, 0x1f }, /* Z */
    { 0x0e, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0e }, /* 0 */
    { 0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e }, /* 1 */
    { 0x0e, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1f }, /* 2 */
    { 0x1e, 0x01, 0x01, 0x0e, 0x01, 0x01, 0x1e }, /* 3 */
    { 0x12, 0x12, 0x12, 0x1f, 0x02, 0x02, 0x02 }, /* 4 */
    { 0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e }, /* 5 */
    { 0x0e, 0x10, 0x1e, 0x11, 0x11, 0x11, 0x0e }, /* 6 */
    { 0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08 }, /* 7 */
    { 0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e }, /* 8 */
    { 0x0e, 0x11, 0x11, 0x0f, 0x01, 0x01, 0x0e }, /* 9 */
};

struct canvas {
    int width, height;
    uint8_t *pixels; /* colour numbers */
};

static const uint8_t *letter_of(char c)
{
    if (isalpha((unsigned char)c))
        return letters[toupper((unsigned char)c) - 'A'];
    if (isdigit((unsigned char)c))
        return letters[26 + c - '0'];
    return NULL;
}

static void fill_rect(struct canvas *canvas, int x, int y, int width, int height, uint8_t colour)
{
    int from = MAX(x, 0), until = MIN(x + width, canvas->width);

    if (from >= until)
        return;
    for (int row = MAX(y, 0); row < MIN(y + height, canvas->height); row++)
        memset(canvas->pixels + (size_t)row * (size_t)canvas->width + (size_t)from, colour,
               (size_t)(until - from));
}

static void fill_circle(struct canvas *canvas, int x, int y, int radius, uint8_t colour)
{
    int half = 0;

    for (int dy = -radius; dy <= radius; dy++) {
        for (half = 0; half * half + dy * dy < radius * radius;)
            half++;
        fill_rect(canvas, x - half, y + dy, 2 * half, 1, colour);
    }
}

static void draw_word(struct canvas *canvas, const char *word, int len, int x, int y, int dot)
{
    for (int i = 0; i < len; i++) {
        const uint8_t *letter = letter_of(word[i]);
        for (int row = 0; letter && row < LETTER_HEIGHT; row++) {
            for (int column = 0; column < LETTER_WIDTH; column++) {
                if (letter[row] & (1 << (LETTER_WIDTH - 1 - column)))
                    fill_rect(canvas, x + (i * (LETTER_WIDTH + 1) + column) * dot, y + row * dot,
                              dot, dot, INK);
            }
        }
    }
}

/* One word a line, as large as the longest allows; scripts that we have no letters for stay shapes.
 */
static void draw_title(struct canvas *canvas, const char *title)
{
    int dot = MAX(canvas->width / (MAX_WORD * (LETTER_WIDTH + 1)), 1);
    int y = canvas->height / 12;

    while (*title && y + LETTER_HEIGHT * dot < canvas->height) {
        int len = 0;
        while (letter_of(title[len]) && len < MAX_WORD)
            len++;
        if (len) {
            draw_word(canvas, title, len, canvas->width / 14, y, dot);
            y += (LETTER_HEIGHT + 2) * dot;
        }
        title += MAX(len, 1);
    }
}

static void draw_shapes(struct canvas *canvas, struct chance *chance)
{
    int size = MIN(canvas->width, canvas->height);

    for (int band = 0; band < N_BANDS; band++)
        fill_rect(canvas, 0, canvas->height * band / N_BANDS, canvas->width,
                  canvas->height / N_BANDS + 1, (uint8_t)(1 + band));
    for (int i = 0; i < 4; i++) {
        int x = (int)chance_below(chance, (uint32_t)canvas->width);
        int y = canvas->height / 2 + (int)chance_below(chance, (uint32_t)canvas->height / 2 + 1);
        if (i % 2)
            fill_rect(canvas, x, y, size / 5, canvas->height, SHADE);
        else
            fill_circle(canvas, x, y, size / 8 + (int)chance_below(chance, (uint32_t)size / 6 + 1),
                        SHAPE);
    }
}

static void add_number(struct text *out, uint32_t number)
{
    const uint8_t bytes[] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 8), (uint8_t)number };
    text_add(out, bytes, sizeof(bytes));
}

static void add_chunk(struct text *out, const char *type, const void *bytes, size_t len)
{
    add_number(out, (uint32_t)len);
    size_t from = out->len;
    text_add(out, type, 4);
    if (len)
        text_add(out, bytes, len);
    add_number(out, (uint32_t)crc32(0, (const Bytef *)out->bytes + from, (uInt)(len + 4)));
}

static void add_header(struct text *out, const struct canvas *canvas)
{
    const uint8_t header[] = { (uint8_t)(canvas->width >> 24),
                               (uint8_t)(canvas->width >> 16),
                               (uint8_t)(canvas->width >> 8),
                               (uint8_t)canvas->width,
                               (uint8_t)(canvas->height >> 24),
                               (uint8_t)(canvas->height >> 16),
                               (uint8_t)(canvas->height >> 8),
                               (uint8_t)canvas->height,
                               8,
                               3,
                               0,
                               0,
                               0 }; /* 8 bits, palette */
    text_add(out, "\x89PNG\r\n\x1a\n", 8);
    add_chunk(out, "IHDR", header, sizeof(header));
}

/* Two tones that belong together, the bands between dark and light of the first. */
static void add_palette(struct text *out, struct chance *chance, bool transparent)
{
    uint8_t palette[N_COLOURS][3] = { { 0 } };
    uint8_t base[3], other[3];

    for (int i = 0; i < 3; i++) {
        base[i] = (uint8_t)(40 + chance_below(chance, 140));
        other[i] = (uint8_t)(100 + chance_below(chance, 150));
    }
    for (int i = 0; i < 3; i++) {
        for (int band = 0; band < N_BANDS; band++)
            palette[1 + band][i] = (uint8_t)(base[i] * (12 - band) / 12);
        palette[SHAPE][i] = other[i];
        palette[SHADE][i] = (uint8_t)(base[i] / 3);
        palette[INK][i] = 245;
    }
    add_chunk(out, "PLTE", palette, sizeof(palette));
    if (transparent)
        add_chunk(out, "tRNS", "", 1); /* colour 0 cannot be seen */
}

static void add_pixels(struct text *out, const struct canvas *canvas)
{
    size_t row_len = (size_t)canvas->width + 1;
    size_t len = row_len * (size_t)canvas->height;
    CLEANUP(mem_free) uint8_t *rows = mem_alloc(len);
    uLongf packed_len = compressBound(len);
    CLEANUP(mem_free) uint8_t *packed = mem_alloc(packed_len);

    for (int y = 0; y < canvas->height; y++)
        memcpy(rows + (size_t)y * row_len + 1, canvas->pixels + (size_t)y * (size_t)canvas->width,
               (size_t)canvas->width);
    if (compress2(packed, &packed_len, rows, len, 1) == Z_OK)
        add_chunk(out, "IDAT", packed, packed_len);
}

void picture_draw(const struct picture_ask *ask, struct text *out)
{
    struct chance chance = chance_of(ask->seed, 77);
    struct canvas canvas = { .width = ask->width, .height = ask->height };
    CLEANUP(mem_free)
    uint8_t *pixels = mem_alloc_array((size_t)canvas.width, (size_t)canvas.height);

    canvas.pixels = pixels;
    add_header(out, &canvas);
    add_palette(out, &chance, ask->transparent);
    if (!ask->transparent)
        draw_shapes(&canvas, &chance);
    draw_title(&canvas, ask->title);
    add_pixels(out, &canvas);
    add_chunk(out, "IEND", NULL, 0);
}
