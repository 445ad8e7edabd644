/* SPDX-License-Identifier: MIT
 *
 * Pages that are written whole or not at all, whatever kills the process.
 *
 * The kernel ends a write() between any two of its own pages when the process is killed or the disk
 * is full, and one of Berkeley DB's is four of those.  What is left then begins anew and ends as it
 * was; recovery sees the new position of the log at its beginning, takes it for written, and
 * nothing ever puts the end right.  So each page is first copied to a file of its own, "pages" in
 * the folder, and what is found half written is completed from there before recovery.
 *
 * Both are in the kernel's hands only: after a power failure a copy helps when it got to the
 * disk. */
#pragma once

#include <sys/types.h>

#include "base/error.h"

struct pages;

/* Completes what is half written in the folder, and guards the pages of its files from now on.
 * Before Berkeley DB opens it, and by whoever holds its lock. */
int pages_guard(const char *folder, struct pages **out, struct error *err);

/* NULL: nothing is done.  Behind Berkeley DB's last write. */
void pages_release(struct pages *pages);

/* As pwrite(), which Berkeley DB calls it for.  Any thread. */
ssize_t pages_write(int fd, const void *page, size_t len, off_t at);
