/* SPDX-License-Identifier: MIT
 *
 * One cached body as a file: key, head and body behind a checksum, so that a torn, foreign or
 * swapped file is never taken for an answer.  Written aside and renamed, without fsync: what a
 * power cut tears, the checksum finds, and a lost cache entry costs one request.  Any thread. */
#pragma once

#include "base/text.h"

struct body_content {
    const char *key;
    const struct text *head;
    const char *body;
    size_t len;
};

/* Bytes it takes on disk. */
uint64_t body_file_size(const struct body_content *content);

/* Nothing is left at `path` when it fails. */
int body_file_write(const char *path, const struct body_content *content, struct error *err);

/* False when there is none, it is not whole, not of that key, or larger than the texts allow.
 * Reading marks the file as used recently. */
bool body_file_read(const char *path, const char *key, struct text *out_head,
                    struct text *out_body);
