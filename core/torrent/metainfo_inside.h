/* SPDX-License-Identifier: MIT
 *
 * What the readers of the parts of a metainfo file share.  A private part of metainfo. */
#pragma once

#include "torrent/metainfo.h"

struct metainfo_file {
    char *path;
    uint64_t size;
    bool is_hidden; /* padding, or a link to another */
};

struct metainfo_files {
    struct metainfo_file *rows;
    size_t n, capacity;
    uint64_t size; /* of all of them */
};

void metainfo_files_done(struct metainfo_files *files);
DEFINE_CLEANUP_VALUE(struct metainfo_files, metainfo_files_done);

/* A name as it is shown and never opened: valid UTF-8 without controls, at least one character.
 * false: it is none, or leads elsewhere. */
bool metainfo_part(const char *bytes, size_t len, char out[METAINFO_MAX_PART]);

/* The files of each half, in order, paths beginning with the torrent's name. */
int metainfo_files_v1(const struct bencode *info, const char *name, struct metainfo_files *out,
                      struct error *err);
int metainfo_files_v2(const struct bencode *info, const char *name, struct metainfo_files *out,
                      struct error *err);

/* Both halves must tell of the same files. */
int metainfo_files_agree(const struct metainfo_files *v1, const struct metainfo_files *v2,
                         struct error *err);

/* That the hashes of pieces make the roots they stand under. */
int metainfo_layers(const struct bencode *layers, uint64_t piece_length, struct error *err);
