/* SPDX-License-Identifier: MIT
 *
 * Deterministic chance: the same seed always draws the same numbers, on every machine. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

/* splitmix64, which takes any seed, also neighbouring ones. */
static inline uint64_t chance_next(struct chance *chance)
{
    uint64_t z = chance->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline struct chance chance_of(uint64_t seed, uint64_t what)
{
    struct chance chance = { .state = seed ^ what * 0xd6e8feb86659fd93u };
    chance_next(&chance);
    return chance;
}

static inline uint32_t chance_below(struct chance *chance, uint32_t n)
{
    return (uint32_t)(((chance_next(chance) >> 32) * n) >> 32);
}

static inline bool chance_in(struct chance *chance, uint32_t n)
{
    return chance_below(chance, n) == 0;
}

#define CHANCE_PICK(chance, array)                                                                 \
    (array)[chance_below((chance), (uint32_t)(sizeof(array) / sizeof((array)[0])))]
