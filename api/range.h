/* SPDX-License-Identifier: MIT
 *
 * Byte ranges as RFC 9110 has them: what a `Range` header asks of something of a known size.  A
 * header this reader does not follow (another unit, bad syntax, several ranges) asks for the whole,
 * as the RFC allows; one that lies behind the end is not satisfiable.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum range_verdict {
    RANGE_WHOLE,         /* 200 */
    RANGE_PART,          /* 206 */
    RANGE_UNSATISFIABLE, /* 416 */
};

struct range {
    uint64_t first, len;
};

/* `header` may be NULL.  *out is the whole unless it is a part; untouched when unsatisfiable. */
enum range_verdict range_parse(const char *header, uint64_t size, struct range *out);

/* Whether an `If-Range` header lets `Range` count: absent, or exactly this strong entity tag.  A
 * date never does: nothing served in ranges has one. */
bool range_condition_holds(const char *if_range, const char *etag);
