/* SPDX-License-Identifier: MIT
 *
 * What the files of a torrent are, judged by their names and sizes alone: the film, its extras, the
 * episodes of a pack, subtitles and their languages, and what nobody should open.  Pure; any
 * thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/language.h"

enum torrent_file_kind {
    TORRENT_FILE_OTHER,
    TORRENT_FILE_VIDEO,
    TORRENT_FILE_AUDIO,
    TORRENT_FILE_SUBTITLE,
    TORRENT_FILE_IMAGE,
    TORRENT_FILE_TEXT,
    TORRENT_FILE_ARCHIVE,
    TORRENT_FILE_KINDS,
};

enum torrent_file_role {
    TORRENT_FILE_NONE,
    TORRENT_FILE_MAIN, /* at most one in a torrent */
    TORRENT_FILE_EPISODE,
    TORRENT_FILE_EXTRA,
    TORRENT_FILE_SAMPLE,
    TORRENT_FILE_ROLES,
};

enum torrent_file_danger {
    TORRENT_FILE_HARMLESS,
    TORRENT_FILE_PACKED,     /* an archive: cannot be streamed, and nobody knows what is inside */
    TORRENT_FILE_EXECUTABLE, /* also when it calls itself "film.mp4.exe" */
};

/* Plain value.  `path` is the caller's, with '/' between its parts. */
struct torrent_file {
    const char *path;
    uint64_t size;
    enum torrent_file_kind kind;
    enum torrent_file_role role;
    enum torrent_file_danger danger;
    uint16_t season, episode, last_episode; /* 0: not said; season 0 of an episode: any */
    bool has_season;                        /* season 0, the specials, is one */
    char language[LANGUAGE_LEN];            /* of a subtitle or a sound track; "" when not said */
    const char *mime;                       /* never NULL */
};

/* Fills in all but path and size of every file.  `name` is the torrent's: a pack may say its season
 * only there. */
void torrent_files_judge(const char *name, struct torrent_file *files, size_t n);

/* The file to play when nothing else is asked: the main one, else the first episode, else the
 * largest video or sound; -1: there is none. */
int torrent_files_best(const struct torrent_file *files, size_t n);

/* The largest file of this episode; -1. */
int torrent_files_episode(const struct torrent_file *files, size_t n, unsigned season,
                          unsigned episode);

/* "video", "main", "executable" ...; NULL for none. */
const char *torrent_file_kind_word(enum torrent_file_kind kind);
const char *torrent_file_role_word(enum torrent_file_role role);
const char *torrent_file_danger_word(enum torrent_file_danger danger);
