/* SPDX-License-Identifier: MIT */
#include "net/circuit.h"

enum { MAX_OPEN_MS = 10 * 60 * 1000 };

void circuit_set(struct circuit *circuit, uint32_t threshold, uint32_t open_ms)
{
    circuit->threshold = threshold;
    circuit->first_open_ms = open_ms;
    if (circuit->state == UPSTREAM_CLOSED)
        circuit->open_ms = open_ms;
}

int64_t circuit_ready_ms(const struct circuit *circuit, int64_t now_ms)
{
    if (circuit->state == UPSTREAM_OPEN)
        return circuit->until_ms;
    return circuit->probing ? CIRCUIT_UNKNOWN : now_ms;
}

bool circuit_start(struct circuit *circuit, int64_t now_ms)
{
    if (circuit->state == UPSTREAM_OPEN && now_ms >= circuit->until_ms)
        circuit->state = UPSTREAM_HALF_OPEN;
    if (circuit->state != UPSTREAM_HALF_OPEN || circuit->probing)
        return false;
    circuit->probing = true;
    return true;
}

void circuit_close(struct circuit *circuit)
{
    circuit->state = UPSTREAM_CLOSED;
    circuit->failures = 0;
    circuit->probing = false;
    circuit->open_ms = circuit->first_open_ms;
}

void circuit_succeed(struct circuit *circuit)
{
    circuit_close(circuit);
}

bool circuit_fail(struct circuit *circuit, bool was_test, int64_t now_ms)
{
    /* What left before it opened only confirms what is known. */
    if (circuit->state != UPSTREAM_CLOSED && !was_test)
        return false;
    if (was_test)
        circuit->open_ms = MIN(circuit->open_ms * 2, MAX_OPEN_MS);
    else if (++circuit->failures < circuit->threshold)
        return false;
    circuit->state = UPSTREAM_OPEN;
    circuit->probing = false;
    circuit->until_ms = now_ms + circuit->open_ms;
    return true;
}

void circuit_abandon(struct circuit *circuit, bool was_test)
{
    if (was_test)
        circuit->probing = false;
}
