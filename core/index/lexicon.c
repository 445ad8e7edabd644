/* SPDX-License-Identifier: MIT */
#include "index/lexicon.h"

#include <string.h>

#include "base/text.h"
#include "index/generation.h"
#include "index/radix.h"

enum { FIRST_SLOTS = 1024 };

struct slot {
    uint32_t hash;
    uint32_t number; /* + 1; 0: free */
};

struct lexicon {
    struct slot *slots; /* open addressing, a power of two */
    size_t n_slots;
    char *pool; /* the words by number, each with a NUL */
    size_t pool_len, pool_room;
    uint32_t *starts; /* in the pool, n + 1 */
    uint32_t n, room;
};

struct lexicon *lexicon_new(void)
{
    struct lexicon *lexicon = mem_new(struct lexicon);
    lexicon->n_slots = FIRST_SLOTS;
    lexicon->slots = mem_alloc_array(lexicon->n_slots, sizeof *lexicon->slots);
    lexicon->room = FIRST_SLOTS;
    lexicon->starts = mem_alloc_array(lexicon->room, sizeof *lexicon->starts);
    return lexicon;
}

void lexicon_free(struct lexicon *lexicon)
{
    if (!lexicon)
        return;
    free(lexicon->slots);
    free(lexicon->pool);
    free(lexicon->starts);
    free(lexicon);
}

uint32_t lexicon_size(const struct lexicon *lexicon)
{
    return lexicon->n;
}

static size_t len_of(const struct lexicon *lexicon, uint32_t number)
{
    return lexicon->starts[number + 1] - lexicon->starts[number] - 1;
}

static void grow_slots(struct lexicon *lexicon)
{
    struct slot *old = lexicon->slots;
    size_t n_old = lexicon->n_slots;
    lexicon->n_slots *= 4;
    lexicon->slots = mem_alloc_array(lexicon->n_slots, sizeof *lexicon->slots);
    for (size_t i = 0; i < n_old; i++) {
        if (!old[i].number)
            continue;
        size_t at = old[i].hash & (lexicon->n_slots - 1);
        while (lexicon->slots[at].number)
            at = (at + 1) & (lexicon->n_slots - 1);
        lexicon->slots[at] = old[i];
    }
    free(old);
}

static uint32_t add_word(struct lexicon *lexicon, const char *word, size_t len)
{
    if (lexicon->pool_len + len + 1 > lexicon->pool_room) {
        lexicon->pool_room = (lexicon->pool_room + len + 1) * 2 + 4096;
        lexicon->pool = mem_resize(lexicon->pool, lexicon->pool_room, 1);
    }
    if (lexicon->n + 2 > lexicon->room) {
        lexicon->room *= 2;
        lexicon->starts = mem_resize(lexicon->starts, lexicon->room, sizeof *lexicon->starts);
    }
    memcpy(lexicon->pool + lexicon->pool_len, word, len);
    lexicon->pool[lexicon->pool_len + len] = '\0';
    lexicon->pool_len += len + 1;
    lexicon->starts[lexicon->n + 1] = (uint32_t)lexicon->pool_len;
    return lexicon->n++;
}

uint32_t lexicon_number(struct lexicon *lexicon, const char *word, size_t len)
{
    if ((size_t)lexicon->n * 2 >= lexicon->n_slots)
        grow_slots(lexicon);
    uint64_t wide = text_hash(word, len);
    uint32_t hash = (uint32_t)(wide ^ wide >> 32);
    size_t at = hash & (lexicon->n_slots - 1);
    for (struct slot *slot; (slot = &lexicon->slots[at])->number;
         at = (at + 1) & (lexicon->n_slots - 1)) {
        uint32_t number = slot->number - 1;
        if (slot->hash == hash && len_of(lexicon, number) == len &&
            memcmp(lexicon->pool + lexicon->starts[number], word, len) == 0)
            return number;
    }
    uint32_t number = add_word(lexicon, word, len);
    lexicon->slots[at] = (struct slot){ .hash = hash, .number = number + 1 };
    return number;
}

static int compare_rows(const void *a, const void *b, void *context)
{
    const struct lexicon *lexicon = context;
    const struct radix_row *x = a, *y = b;
    return strcmp(lexicon->pool + lexicon->starts[x->row], lexicon->pool + lexicon->starts[y->row]);
}

static struct radix_row *sort_words(struct lexicon *lexicon)
{
    uint32_t n = lexicon->n;
    struct radix_row *rows = mem_resize(NULL, n, sizeof *rows);
    for (uint32_t i = 0; i < n; i++)
        rows[i] = (struct radix_row){
            .key = generation_key(lexicon->pool + lexicon->starts[i], len_of(lexicon, i)), .row = i
        };
    radix_sort(rows, n);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && rows[end].key == rows[i].key;)
            end++;
        if (end - i > 1)
            qsort_r(rows + i, end - i, sizeof *rows, compare_rows, lexicon);
    }
    return rows;
}

uint32_t *lexicon_sort(struct lexicon *lexicon, char **out_pool, uint32_t **out_texts)
{
    uint32_t n = lexicon->n, at = 0;
    CLEANUP(mem_free) struct radix_row *rows = sort_words(lexicon);
    uint32_t *places = mem_resize(NULL, n, sizeof *places);
    char *pool = mem_resize(NULL, lexicon->pool_len, 1);
    uint32_t *texts = mem_resize(NULL, (size_t)n + 1, sizeof *texts);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t number = rows[i].row;
        size_t len = len_of(lexicon, number) + 1;
        memcpy(pool + at, lexicon->pool + lexicon->starts[number], len);
        texts[i] = at;
        places[number] = i;
        at += (uint32_t)len;
    }
    texts[n] = at;
    *out_pool = pool;
    *out_texts = texts;
    return places;
}
