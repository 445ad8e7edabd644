/* SPDX-License-Identifier: MIT
 *
 * What the files of fault_stream are: each but the first has one thing wrong.  Every file that has
 * bytes has FAULT_STREAM_SIZE of them, fault_stream_byte() says which. */
#pragma once

#include <stdint.h>

enum { FAULT_STREAM_SIZE = 1000003, FAULT_STREAM_STEP = 64007, FAULT_STREAM_BREAK = 300000 };

enum fault_stream_file {
    FAULT_STREAM_GOOD,     /* reads answer at most FAULT_STREAM_STEP bytes */
    FAULT_STREAM_STALLS,   /* there is never a byte */
    FAULT_STREAM_BREAKS,   /* there is nothing from FAULT_STREAM_BREAK on */
    FAULT_STREAM_FAILS,    /* EIO from there on */
    FAULT_STREAM_ENDS,     /* its end comes there */
    FAULT_STREAM_TOO_MANY, /* answers more bytes than there was room for */
    FAULT_STREAM_MISSING,  /* open() finds none */
    FAULT_STREAM_NOTHING,  /* open() succeeds without a stream */
    FAULT_STREAM_RANGES,   /* state() answers ranges that overlap */
    FAULT_STREAM_SLOW,     /* open() never gets there */
    FAULT_STREAM_EMPTY,    /* has no bytes */
    FAULT_STREAM_FULL,     /* open(): no room on the disk */
    FAULT_STREAM_CROWDED,  /* the same while another is open */
    FAULT_STREAM_FILES
};

static inline char fault_stream_byte(uint32_t file, uint64_t offset)
{
    return (char)(uint8_t)(offset * 31 + offset / 251 + file);
}
