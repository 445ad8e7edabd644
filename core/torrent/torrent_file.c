/* SPDX-License-Identifier: MIT */
#include "torrent/torrent_file.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/text.h"
#include "naming/release_name.h"
#include "naming/release_words.h"

/* A sample is a small part of what it is a sample of. */
enum { SAMPLE_SHARE = 4, TRAILER_SHARE = 4 };

static const struct {
    const char *extensions; /* each between blanks */
    enum torrent_file_kind kind;
    enum torrent_file_danger danger;
    const char *mime; /* NULL: by extension, below */
} shelves[] = {
    { " mp4 m4v ", TORRENT_FILE_VIDEO, 0, "video/mp4" },
    { " mkv mk3d ", TORRENT_FILE_VIDEO, 0, "video/x-matroska" },
    { " webm ", TORRENT_FILE_VIDEO, 0, "video/webm" },
    { " avi divx ", TORRENT_FILE_VIDEO, 0, "video/x-msvideo" },
    { " mov qt ", TORRENT_FILE_VIDEO, 0, "video/quicktime" },
    { " ts m2ts mts ", TORRENT_FILE_VIDEO, 0, "video/mp2t" },
    { " mpg mpeg m2v vob ", TORRENT_FILE_VIDEO, 0, "video/mpeg" },
    { " wmv asf ", TORRENT_FILE_VIDEO, 0, "video/x-ms-wmv" },
    { " flv ", TORRENT_FILE_VIDEO, 0, "video/x-flv" },
    { " ogv ogm ", TORRENT_FILE_VIDEO, 0, "video/ogg" },
    { " 3gp ", TORRENT_FILE_VIDEO, 0, "video/3gpp" },
    { " mp3 ", TORRENT_FILE_AUDIO, 0, "audio/mpeg" },
    { " flac ", TORRENT_FILE_AUDIO, 0, "audio/flac" },
    { " m4a m4b ", TORRENT_FILE_AUDIO, 0, "audio/mp4" },
    { " aac ", TORRENT_FILE_AUDIO, 0, "audio/aac" },
    { " ogg oga opus ", TORRENT_FILE_AUDIO, 0, "audio/ogg" },
    { " wav ", TORRENT_FILE_AUDIO, 0, "audio/wav" },
    { " mka ", TORRENT_FILE_AUDIO, 0, "audio/x-matroska" },
    { " ac3 eac3 ", TORRENT_FILE_AUDIO, 0, "audio/ac3" },
    { " dts dtshd ", TORRENT_FILE_AUDIO, 0, "audio/vnd.dts" },
    { " vtt ", TORRENT_FILE_SUBTITLE, 0, "text/vtt" },
    { " srt ", TORRENT_FILE_SUBTITLE, 0, "application/x-subrip" },
    { " ass ssa ", TORRENT_FILE_SUBTITLE, 0, "text/x-ssa" },
    { " sub idx sup smi ttml ", TORRENT_FILE_SUBTITLE, 0, "application/octet-stream" },
    { " jpg jpeg ", TORRENT_FILE_IMAGE, 0, "image/jpeg" },
    { " png ", TORRENT_FILE_IMAGE, 0, "image/png" },
    { " gif ", TORRENT_FILE_IMAGE, 0, "image/gif" },
    { " webp ", TORRENT_FILE_IMAGE, 0, "image/webp" },
    { " bmp tif tiff ", TORRENT_FILE_IMAGE, 0, "application/octet-stream" },
    { " txt nfo md log cue sfv md5 ", TORRENT_FILE_TEXT, 0, "text/plain" },
    /* What a browser would run is never said to be what it is. */
    { " htm html xhtml url xml json pdf rtf doc docx epub ", TORRENT_FILE_TEXT, 0, NULL },
    { " zip rar 7z tar gz bz2 xz zst lz4 cab arj lzh iso img ", TORRENT_FILE_ARCHIVE,
      TORRENT_FILE_PACKED, NULL },
    { " exe msi scr com bat cmd ps1 vbs vbe js jse wsf hta jar apk lnk pif dll sh app dmg pkg deb "
      "rpm reg cpl gadget ",
      TORRENT_FILE_OTHER, TORRENT_FILE_EXECUTABLE, NULL },
};

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Lower case, between blanks; a name of a dot alone has none. */
static bool extension_of(const char *path, char *out, size_t out_size)
{
    const char *base = base_of(path);
    const char *dot = strrchr(base, '.');
    if (!dot || dot == base || strlen(dot) + 2 > out_size)
        return false;
    size_t len = 0;
    out[len++] = ' ';
    for (const char *c = dot + 1; *c; c++)
        out[len++] = (char)tolower((unsigned char)*c);
    out[len++] = ' ';
    out[len] = '\0';
    return len > 2;
}

/* "r00" to "r99", "z01", "001": the later volumes of an archive. */
static bool is_volume(const char *extension)
{
    return strlen(extension) == 5 && isdigit((unsigned char)extension[2]) &&
           isdigit((unsigned char)extension[3]) &&
           (extension[1] == 'r' || extension[1] == 'z' || isdigit((unsigned char)extension[1]));
}

static void shelve(struct torrent_file *file)
{
    char extension[16];
    file->kind = TORRENT_FILE_OTHER;
    file->danger = TORRENT_FILE_HARMLESS;
    file->mime = "application/octet-stream";
    if (!extension_of(file->path, extension, sizeof extension))
        return;
    for (size_t i = 0; i < ARRAY_LEN(shelves); i++) {
        if (!strstr(shelves[i].extensions, extension))
            continue;
        file->kind = shelves[i].kind;
        file->danger = shelves[i].danger;
        if (shelves[i].mime)
            file->mime = shelves[i].mime;
        return;
    }
    if (is_volume(extension)) {
        file->kind = TORRENT_FILE_ARCHIVE;
        file->danger = TORRENT_FILE_PACKED;
    }
}

/* --- Words of a path */

/* Whether one of `words` (each between blanks) is a word of the text, whatever its case. */
static bool has_word(const char *text, const char *words)
{
    char word[24] = " ";
    for (const char *at = text; *at;) {
        size_t len = 0;
        while (isalpha((unsigned char)at[len]))
            len++;
        if (len > 0 && len < sizeof word - 2) {
            for (size_t i = 0; i < len; i++)
                word[1 + i] = (char)tolower((unsigned char)at[i]);
            word[1 + len] = ' ';
            word[2 + len] = '\0';
            if (strstr(words, word))
                return true;
        }
        at += len ? len : 1;
    }
    return false;
}

/* The folders alone. */
static bool is_in_folder(const char *path, const char *words)
{
    CLEANUP(mem_free) char *folders = mem_format("%.*s", (int)(base_of(path) - path), path);
    return has_word(folders, words);
}

static const char extra_words[] = " extra extras bonus featurette featurettes bloopers outtakes ";
/* What the titles of films say too. */
static const char weak_words[] =
    " interview interviews deleted behind making gag trailer trailers teaser ";
static const char extra_folders[] =
    " extra extras bonus featurette featurettes interviews deleted specials trailers trailer ";
static const char sample_words[] = " sample samples ";

/* --- Roles */

static bool is_playable(const struct torrent_file *file)
{
    return file->kind == TORRENT_FILE_VIDEO;
}

static uint64_t largest_video(const struct torrent_file *files, size_t n)
{
    uint64_t largest = 0;
    for (size_t i = 0; i < n; i++)
        if (is_playable(&files[i]))
            largest = MAX(largest, files[i].size);
    return largest;
}

static bool is_sample(const struct torrent_file *file, uint64_t largest)
{
    return file->size < largest / SAMPLE_SHARE && has_word(file->path, sample_words);
}

/* "Extras" may be the name of the show: a word counts only beside something larger, a weak one
 * only beside something much larger, and not when all of the torrent is called so. */
static bool is_extra(const char *torrent, const struct torrent_file *file, uint64_t largest)
{
    if (file->size >= largest)
        return false;
    if (is_in_folder(file->path, extra_folders) || has_word(base_of(file->path), extra_words))
        return true;
    return file->size < largest / TRAILER_SHARE && has_word(base_of(file->path), weak_words) &&
           !has_word(torrent, weak_words);
}

/* The folder a file is in, without those around it; "" for none. */
static char *folder_of(const char *path)
{
    const char *end = base_of(path);
    const char *start = end > path ? end - 1 : path;
    while (start > path && start[-1] != '/')
        start--;
    return mem_format("%.*s", end > path ? (int)(end - 1 - start) : 0, start);
}

static bool season_of(const char *text, uint16_t *out)
{
    struct release_name name;
    release_name_parse(text, strlen(text), &name);
    if (name.n_seasons != 1 || name.seasons[0].first != name.seasons[0].last)
        return false;
    *out = name.seasons[0].first;
    return true;
}

/* The season the folder or the torrent names, for files that say only their number. */
static bool season_around(const char *torrent, const char *folder, uint16_t *out)
{
    return season_of(folder, out) || season_of(torrent, out);
}

/* "01 - Pilot.mkv" of a pack: the number in front is the episode's. */
static uint16_t leading_number(const char *base)
{
    size_t digits = strspn(base, "0123456789");
    if (digits == 0 || digits > 3 || !strchr(" .-_", base[digits]))
        return 0;
    uint16_t number = 0;
    for (size_t i = 0; i < digits; i++)
        number = (uint16_t)(number * 10 + base[i] - '0');
    return number;
}

static bool take_episodes(const char *text, struct torrent_file *file)
{
    struct release_name name;
    release_name_parse(text, strlen(text), &name);
    if (name.n_episodes == 0) {
        snprintf(file->air_date, sizeof file->air_date, "%s", name.date);
        return *name.date;
    }
    file->episode = name.episodes[0].first;
    file->last_episode = name.episodes[name.n_episodes - 1].last;
    file->has_season = name.n_seasons == 1;
    file->season = file->has_season ? name.seasons[0].first : 0;
    return true;
}

/* Subtitles of a pack lie in folders called like the episodes, as "2_English.srt". */
static bool read_episode(const char *torrent, struct torrent_file *file)
{
    const char *base = base_of(file->path);
    CLEANUP(mem_free) char *folder = folder_of(file->path);
    bool is_subtitle = file->kind == TORRENT_FILE_SUBTITLE;
    uint16_t season = 0;
    bool said = take_episodes(base, file) || (is_subtitle && take_episodes(folder, file));
    bool around = season_around(torrent, folder, &season);
    if (!said && around && !is_subtitle) {
        file->episode = file->last_episode = leading_number(base);
        said = file->episode > 0;
    }
    if (said && !file->has_season && around) {
        file->has_season = true;
        file->season = season;
    }
    return said;
}

static void give_role(const char *torrent, struct torrent_file *file, uint64_t largest)
{
    bool sample = is_sample(file, largest);
    if (sample && is_in_folder(file->path, sample_words))
        file->role = TORRENT_FILE_SAMPLE;
    else if (read_episode(torrent, file))
        file->role = TORRENT_FILE_EPISODE;
    else if (sample)
        file->role = TORRENT_FILE_SAMPLE;
    else if (is_extra(torrent, file, largest))
        file->role = TORRENT_FILE_EXTRA;
}

/* --- Samples that say of which episode: "Free Sample" may be the title of one */

static int compare_numbers(const struct torrent_file *a, const struct torrent_file *b)
{
    int64_t by = ((int64_t)a->season << 16 | a->episode) - ((int64_t)b->season << 16 | b->episode);
    return by == 0 ? strcmp(a->air_date, b->air_date) : by < 0 ? -1 : 1;
}

static int compare_episodes(const void *a, const void *b)
{
    const struct torrent_file *one = *(struct torrent_file *const *)a;
    const struct torrent_file *other = *(struct torrent_file *const *)b;
    int order = compare_numbers(one, other);
    return order ? order : (one->size < other->size) - (one->size > other->size);
}

static void make_sample(struct torrent_file *file)
{
    *file = (struct torrent_file){ .path = file->path,
                                   .size = file->size,
                                   .kind = file->kind,
                                   .danger = file->danger,
                                   .mime = file->mime,
                                   .role = TORRENT_FILE_SAMPLE };
}

/* One is a sample when the episode itself is there, or something large that does not say what it
 * is. */
static void find_samples(struct torrent_file *files, size_t n, uint64_t largest)
{
    CLEANUP(mem_free)
    struct torrent_file **episodes = mem_alloc_array(n + 1, sizeof *episodes);
    struct torrent_file *whole = NULL;
    bool is_said = true;
    size_t n_episodes = 0;
    for (size_t i = 0; i < n; i++) {
        if (files[i].role == TORRENT_FILE_EPISODE)
            episodes[n_episodes++] = &files[i];
        else if (is_playable(&files[i]) && files[i].size == largest)
            is_said = false;
    }
    qsort(episodes, n_episodes, sizeof(struct torrent_file *), compare_episodes);
    for (size_t i = 0; i < n_episodes; i++) {
        if (!whole || compare_numbers(whole, episodes[i]) != 0)
            whole = episodes[i]; /* the largest of its own */
        if (is_sample(episodes[i], largest) &&
            (!is_said || episodes[i]->size < whole->size / SAMPLE_SHARE))
            make_sample(episodes[i]);
    }
}

/* The largest video that is nothing else; a pack of episodes has none. */
static void crown(const char *torrent, struct torrent_file *files, size_t n)
{
    struct torrent_file *best = NULL;
    for (size_t i = 0; i < n; i++) {
        if (files[i].role == TORRENT_FILE_EPISODE)
            return;
        if (is_playable(&files[i]) && !files[i].role && (!best || files[i].size > best->size))
            best = &files[i];
    }
    if (best)
        best->role = TORRENT_FILE_MAIN;
    /* Its own name may be nothing but letters: then what the torrent says counts. */
    if (best && take_episodes(torrent, best))
        best->role = TORRENT_FILE_EPISODE;
}

/* --- Languages */

/* The last word that is a language: "Film.2010.pt-BR.forced.srt", "2_English.srt", "eng.srt". */
static void read_language(struct torrent_file *file)
{
    const char *base = base_of(file->path);
    const char *dot = strrchr(base, '.');
    char stem[256];
    size_t len = MIN(dot ? (size_t)(dot - base) : strlen(base), sizeof stem - 1);
    for (size_t i = 0; i < len; i++)
        stem[i] = (char)tolower((unsigned char)base[i]);
    for (size_t end = len; end > 0;) {
        size_t start = end;
        while (start > 0 && !strchr(" ._()[]{},", stem[start - 1]))
            start--;
        if (end > start && release_words_language(stem + start, end - start, file->language))
            return;
        end = start > 0 ? start - 1 : 0;
    }
}

/* --- */

void torrent_files_judge(const char *name, struct torrent_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct torrent_file fresh = { .path = files[i].path, .size = files[i].size };
        shelve(&fresh);
        files[i] = fresh;
    }
    uint64_t largest = largest_video(files, n);
    for (size_t i = 0; i < n; i++) {
        if (is_playable(&files[i]))
            give_role(name, &files[i], largest);
        if (files[i].kind == TORRENT_FILE_SUBTITLE) {
            read_episode(name, &files[i]);
            read_language(&files[i]);
        }
    }
    find_samples(files, n, largest);
    crown(name, files, n);
}

static int rank_of(const struct torrent_file *file)
{
    if (is_playable(file))
        return file->role == TORRENT_FILE_MAIN      ? 5
               : file->role == TORRENT_FILE_EPISODE ? 4
               : file->role == TORRENT_FILE_NONE    ? 3
                                                    : 1;
    return file->kind == TORRENT_FILE_AUDIO ? 2 : 0;
}

static bool comes_before(const struct torrent_file *a, const struct torrent_file *b)
{
    int rank = rank_of(a), other = rank_of(b);
    if (rank != other)
        return rank > other;
    if (a->role != TORRENT_FILE_EPISODE)
        return a->size > b->size;
    /* The specials are not where anybody begins. */
    unsigned season = a->season ? a->season : UINT16_MAX, than = b->season ? b->season : UINT16_MAX;
    return season != than ? season < than : a->episode < b->episode;
}

int torrent_files_best(const struct torrent_file *files, size_t n)
{
    int best = -1;
    for (size_t i = 0; i < n; i++)
        if (rank_of(&files[i]) > 0 && (best < 0 || comes_before(&files[i], &files[best])))
            best = (int)i;
    return best;
}

/* How surely it is the episode; 0: it is not. */
static int rank_episode(const struct torrent_file *file, const struct torrent_wish *wish)
{
    bool counts = wish->episode >= file->episode && wish->episode <= file->last_episode;
    if (file->role != TORRENT_FILE_EPISODE)
        return 0;
    if (*file->air_date)
        return text_equal(file->air_date, wish->air_date) ? 3 : 0;
    if (file->has_season)
        return counts && file->season == wish->season ? 4 : 0;
    if (wish->absolute)
        return wish->absolute >= file->episode && wish->absolute <= file->last_episode ? 2 : 0;
    return counts ? 1 : 0;
}

static bool is_better_episode(const struct torrent_file *a, const struct torrent_file *b,
                              const struct torrent_wish *wish)
{
    int rank = rank_episode(a, wish), other = rank_episode(b, wish);
    int span = a->last_episode - a->episode, than = b->last_episode - b->episode;
    if (rank != other)
        return rank > other;
    return span != than ? span < than : a->size > b->size;
}

static int choose_episode(const struct torrent_file *files, size_t n,
                          const struct torrent_wish *wish)
{
    int best = -1;
    for (size_t i = 0; i < n; i++)
        if (rank_episode(&files[i], wish) > 0 &&
            (best < 0 || is_better_episode(&files[i], &files[best], wish)))
            best = (int)i;
    return best;
}

static bool is_of_year(const struct torrent_file *file, uint16_t year)
{
    struct release_name name;
    release_name_parse(base_of(file->path), strlen(base_of(file->path)), &name);
    return name.year == year;
}

/* A pack of films says the year of each. */
static int choose_film(const struct torrent_file *files, size_t n, uint16_t year)
{
    int best = -1;
    for (size_t i = 0; i < n; i++) {
        bool is_film = is_playable(&files[i]) &&
                       (files[i].role == TORRENT_FILE_MAIN || files[i].role == TORRENT_FILE_NONE);
        if (is_film && is_of_year(&files[i], year) &&
            (best < 0 || files[i].size > files[best].size))
            best = (int)i;
    }
    return best;
}

int torrent_files_choose(const struct torrent_file *files, size_t n,
                         const struct torrent_wish *wish)
{
    if (wish->is_episode)
        return choose_episode(files, n, wish);
    int film = wish->year ? choose_film(files, n, wish->year) : -1;
    return film >= 0 ? film : torrent_files_best(files, n);
}

const char *torrent_file_kind_word(enum torrent_file_kind kind)
{
    static const char *const words[TORRENT_FILE_KINDS] = { "other", "video", "audio",  "subtitle",
                                                           "image", "text",  "archive" };
    return words[kind];
}

const char *torrent_file_role_word(enum torrent_file_role role)
{
    static const char *const words[TORRENT_FILE_ROLES] = { NULL, "main", "episode", "extra",
                                                           "sample" };
    return words[role];
}

const char *torrent_file_danger_word(enum torrent_file_danger danger)
{
    return danger == TORRENT_FILE_PACKED       ? "archive"
           : danger == TORRENT_FILE_EXECUTABLE ? "executable"
                                               : NULL;
}
