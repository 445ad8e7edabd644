/* SPDX-License-Identifier: MIT
 *
 * How the probing process asks for bytes: over the stream socket that is its standard input, one
 * question at a time, in the machine's own byte order. */
#pragma once

#include <stdint.h>

struct probe_question {
    uint64_t offset;
    uint32_t len; /* at most PROBE_MAX_READ */
    uint32_t padding;
};

/* Before the bytes; 0: the end, negative: there will be none. */
struct probe_answer {
    int64_t len;
};

enum { PROBE_MAX_READ = 64 << 10 };
