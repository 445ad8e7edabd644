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
    char air_date[11];                      /* "2020-06-18" of a daily show; "" when not said */
    char language[LANGUAGE_LEN];            /* of a subtitle or a sound track; "" when not said */
    const char *mime;                       /* never NULL */
};

/* Fills in all but path and size of every file.  `name` is the torrent's: a pack may say its season
 * only there. */
void torrent_files_judge(const char *name, struct torrent_file *files, size_t n);

/* The file to play when nothing else is asked: the main one, else the first episode, else the
 * largest video or sound; -1: there is none. */
int torrent_files_best(const struct torrent_file *files, size_t n);

/* What somebody wants to see of a torrent; nothing set: the best there is. */
struct torrent_wish {
    bool is_episode;
    uint16_t season, episode;
    uint16_t absolute;    /* its number over the whole show, as anime counts; 0: not known */
    const char *air_date; /* "2020-06-18"; NULL: not known */
    uint16_t year;        /* of a film, for packs of several; 0: not known */
};

/* The file of the episode: one that says season and number, else its day, else a number without a
 * season; what holds it alone comes before what holds others too, and then the larger.  Of a film
 * without a year torrent_files_best().  -1: the torrent does not have it. */
int torrent_files_choose(const struct torrent_file *files, size_t n,
                         const struct torrent_wish *wish);

/* "video", "main", "executable" ...; NULL for none. */
const char *torrent_file_kind_word(enum torrent_file_kind kind);
const char *torrent_file_role_word(enum torrent_file_role role);
const char *torrent_file_danger_word(enum torrent_file_danger danger);
