/* SPDX-License-Identifier: MIT
 *
 * The circuit breaker of one upstream: opens after failures in a row, lets one request through
 * after a while to test, and stays away twice as long each time that fails.  Plain value without
 * clock or lock: the owner holds its lock and says what time it is (steady milliseconds). */
#pragma once

#include "net/net.h"

struct circuit {
    enum upstream_circuit state;
    uint32_t threshold; /* failures in a row */
    uint32_t failures;
    int64_t first_open_ms, open_ms; /* how long, now */
    int64_t until_ms;
    bool probing; /* half open, and the one test is under way */
};

#define CIRCUIT_UNKNOWN INT64_MAX

void circuit_set(struct circuit *circuit, uint32_t threshold, uint32_t open_ms);

/* When a request may leave; CIRCUIT_UNKNOWN: once the test under way has ended. */
int64_t circuit_ready_ms(const struct circuit *circuit, int64_t now_ms);

/* A request leaves; true when it is the test.  Its end is told with that. */
bool circuit_start(struct circuit *circuit, int64_t now_ms);
void circuit_succeed(struct circuit *circuit);

/* True when it opened by that. */
bool circuit_fail(struct circuit *circuit, bool was_test, int64_t now_ms);

/* It ended without saying anything about the upstream. */
void circuit_abandon(struct circuit *circuit, bool was_test);
void circuit_close(struct circuit *circuit);
