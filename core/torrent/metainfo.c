/* SPDX-License-Identifier: MIT */
#include "torrent/metainfo.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "media/document.h"
#include "torrent/metainfo_inside.h"

enum { V2_MIN_PIECE = 16 << 10, MAX_TEXT = 1024 };

static const int64_t max_piece = INT64_C(1) << 30;

static int refuse(struct error *err, const char *why)
{
    return error_set(err, PROVIDER_EREFUSED, "the torrent: %s", why);
}

void metainfo_free(struct metainfo *metainfo)
{
    if (!metainfo)
        return;
    json_decref(metainfo->document);
    free(metainfo);
}

/* --- The info dictionary */

struct halves {
    bool v1, v2;
    int64_t piece_length;
    char name[METAINFO_MAX_PART];
    struct metainfo_files v1_files, v2_files;
};

static void halves_done(struct halves *halves)
{
    metainfo_files_done(&halves->v1_files);
    metainfo_files_done(&halves->v2_files);
}
DEFINE_CLEANUP_VALUE(struct halves, halves_done);

static bool find_string(const struct bencode *dict, const char *key, const char **out, size_t *len)
{
    struct bencode value;
    return bencode_find(dict, key, &value) && bencode_string(&value, out, len);
}

static bool find_int(const struct bencode *dict, const char *key, int64_t *out)
{
    struct bencode value;
    return bencode_find(dict, key, &value) && bencode_int(&value, out);
}

static int read_name(const struct bencode *info, struct halves *out, struct error *err)
{
    const char *bytes;
    size_t len;
    if (!find_string(info, "name.utf-8", &bytes, &len) && !find_string(info, "name", &bytes, &len))
        return refuse(err, "it has no name");
    return metainfo_part(bytes, len, out->name) ? 0 : refuse(err, "its name is impossible");
}

static int read_version(const struct bencode *info, struct halves *out, struct error *err)
{
    int64_t version = 1;
    struct bencode value;
    bool says = bencode_find(info, "meta version", &value);
    if (says && (!bencode_int(&value, &version) || version < 1 || version > 2))
        return refuse(err, "it is of a version that is not known here");
    out->v1 = bencode_find(info, "pieces", &value);
    out->v2 = version == 2;
    return out->v1 || out->v2 ? 0 : refuse(err, "it has no pieces");
}

static int read_piece_length(const struct bencode *info, struct halves *out, struct error *err)
{
    if (!find_int(info, "piece length", &out->piece_length) || out->piece_length <= 0 ||
        out->piece_length > max_piece)
        return refuse(err, "its piece length is impossible");
    bool is_power = (out->piece_length & (out->piece_length - 1)) == 0;
    if (out->v2 && (out->piece_length < V2_MIN_PIECE || !is_power))
        return refuse(err, "its piece length is no power of two");
    return 0;
}

static int read_head(const struct bencode *info, struct halves *out, struct error *err)
{
    int failed = read_name(info, out, err);
    failed = failed ? failed : read_version(info, out, err);
    return failed ? failed : read_piece_length(info, out, err);
}

static int check_pieces(const struct bencode *info, const struct halves *halves, struct error *err)
{
    const char *pieces;
    size_t len;
    uint64_t piece = (uint64_t)halves->piece_length;
    uint64_t n = (halves->v1_files.size + piece - 1) / piece;
    if (!find_string(info, "pieces", &pieces, &len) || len != n * DIGEST_SHA1_LEN)
        return refuse(err, "it has more or fewer hashes than pieces");
    return 0;
}

static int read_files(const struct bencode *info, struct halves *out, struct error *err)
{
    int failed = 0;
    if (out->v1) {
        failed = metainfo_files_v1(info, out->name, &out->v1_files, err);
        failed = failed ? failed : check_pieces(info, out, err);
    }
    if (!failed && out->v2)
        failed = metainfo_files_v2(info, out->name, &out->v2_files, err);
    if (!failed && out->v1 && out->v2)
        failed = metainfo_files_agree(&out->v1_files, &out->v2_files, err);
    return failed;
}

/* --- What it says as a document */

static void describe_files(json_t *out, const struct metainfo_files *files)
{
    json_t *rows = json_array();
    json_int_t index = 0, size = 0;
    for (size_t i = 0; i < files->n; i++) {
        const struct metainfo_file *file = &files->rows[i];
        if (file->is_hidden)
            continue;
        json_array_append_new(rows, json_pack("{s:I, s:s, s:I}", "index", index++, "path",
                                              file->path, "size", (json_int_t)file->size));
        size += (json_int_t)file->size;
    }
    if (size)
        js_set(out, "size", json_integer(size));
    js_set(out, "files", rows);
}

/* In v2 each file begins a piece. */
static uint64_t count_pieces(const struct halves *halves)
{
    uint64_t piece = (uint64_t)halves->piece_length, n = 0;
    if (halves->v1)
        return (halves->v1_files.size + piece - 1) / piece;
    for (size_t i = 0; i < halves->v2_files.n; i++)
        n += (halves->v2_files.rows[i].size + piece - 1) / piece;
    return n;
}

static void add_tracker(json_t *trackers, const struct bencode *value)
{
    const char *bytes;
    size_t len, i;
    json_t *known;
    CLEANUP(mem_free) char *url = NULL;
    if (json_array_size(trackers) == METAINFO_MAX_TRACKERS || !bencode_string(value, &bytes, &len))
        return;
    url = magnet_tracker(bytes, len, MAGNET_ALLOW_PRIVATE);
    if (!url)
        return;
    json_array_foreach (trackers, i, known)
        if (strcmp(json_string_value(known), url) == 0)
            return;
    json_array_append_new(trackers, json_string(url));
}

/* BEP 12: lists of lists; where they are, the one on its own does not count. */
static json_t *read_trackers(const struct bencode *file)
{
    json_t *trackers = json_array();
    struct bencode value;
    struct bencode_walk tiers, tier;
    if (bencode_find(file, "announce-list", &value) && bencode_list(&value, &tiers)) {
        while (bencode_next(&tiers, &value)) {
            if (!bencode_list(&value, &tier))
                continue;
            for (struct bencode one; bencode_next(&tier, &one);)
                add_tracker(trackers, &one);
        }
    }
    if (json_array_size(trackers) == 0 && bencode_find(file, "announce", &value))
        add_tracker(trackers, &value);
    return trackers;
}

static void describe_text(json_t *out, const char *name, const struct bencode *file,
                          const char *key, size_t max)
{
    char text[MAX_TEXT];
    const char *bytes;
    size_t len;
    if (!find_string(file, key, &bytes, &len))
        return;
    text_tidy(bytes, MIN(len, max), text, sizeof text);
    js_set_string(out, name, text);
}

static json_t *describe(const struct metainfo *metainfo, const struct bencode *file,
                        const struct halves *halves)
{
    json_t *out = json_object();
    char when[CLOCK_TEXT_LEN], v2[MAGNET_V1_HEX + 1];
    int64_t value;
    snprintf(v2, sizeof v2, "%.*s", MAGNET_V1_HEX, metainfo->v2);
    js_set_string(out, "infohash", *metainfo->v1 ? metainfo->v1 : v2);
    js_set_string(out, "infohash_v2", metainfo->v2);
    js_set_string(out, "name", halves->name);
    js_set(out, "piece_length", json_integer(halves->piece_length));
    js_set(out, "pieces", json_integer((json_int_t)count_pieces(halves)));
    js_set(out, "private",
           json_boolean(find_int(&metainfo->info, "private", &value) && value == 1));
    js_set(out, "trackers", read_trackers(file));
    describe_text(out, "comment", file, "comment", MAX_TEXT - 1);
    describe_text(out, "created_by", file, "created by", 255);
    if (find_int(file, "creation date", &value) && value > 0 && value < INT64_C(4102444800))
        js_set_string(out, "created_at", clock_format(value * 1000, when));
    describe_files(out, halves->v1 ? &halves->v1_files : &halves->v2_files);
    return out;
}

/* Through the same door as a provider's. */
static int check_document(struct metainfo *metainfo, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    json_t *checked = NULL;
    if (!js_write(metainfo->document, &json))
        return error_set(err, PROVIDER_ELIMIT, "the torrent: its files have too long names");
    int failed = document_read(PROVIDER_TORRENT, 0, json.bytes, json.len, &checked, err);
    if (failed)
        return failed;
    json_decref(metainfo->document);
    metainfo->document = checked;
    return 0;
}

/* --- The whole */

static void hash_info(struct metainfo *metainfo, const struct halves *halves)
{
    uint8_t hash[DIGEST_SHA256_LEN];
    if (halves->v1) {
        digest_sha1(metainfo->info.at, metainfo->info.len, hash);
        sodium_bin2hex(metainfo->v1, sizeof metainfo->v1, hash, DIGEST_SHA1_LEN);
    }
    if (halves->v2) {
        digest_sha256(metainfo->info.at, metainfo->info.len, hash);
        sodium_bin2hex(metainfo->v2, sizeof metainfo->v2, hash, DIGEST_SHA256_LEN);
    }
}

static int read_parts(struct metainfo *metainfo, const struct bencode *file, struct error *err)
{
    CLEANUP(halves_done) struct halves halves = { 0 };
    if (!bencode_find(file, "info", &metainfo->info) || !bencode_is_dict(&metainfo->info))
        return refuse(err, "it has no 'info'");
    int failed = read_head(&metainfo->info, &halves, err);
    failed = failed ? failed : read_files(&metainfo->info, &halves, err);
    if (!failed && halves.v2 && bencode_find(file, "piece layers", &metainfo->layers))
        failed = metainfo_layers(&metainfo->layers, (uint64_t)halves.piece_length, err);
    if (failed)
        return failed;
    hash_info(metainfo, &halves);
    metainfo->document = describe(metainfo, file, &halves);
    return check_document(metainfo, err);
}

int metainfo_read(const char *bytes, size_t len, struct metainfo **out, struct error *err)
{
    struct bencode file;
    struct error why = { 0 };
    if (len > METAINFO_MAX)
        return error_set(err, PROVIDER_ELIMIT, "the torrent: more than %d bytes", METAINFO_MAX);
    if (bencode_read(bytes, len, &file, &why) != 0)
        return refuse(err, why.text);
    CLEANUP(metainfo_free) struct metainfo *metainfo = mem_new(struct metainfo);
    int failed = read_parts(metainfo, &file, err);
    if (!failed)
        *out = steal(metainfo);
    return failed;
}

bool metainfo_is(const struct metainfo *metainfo, const char *infohash)
{
    return strlen(infohash) == MAGNET_V1_HEX &&
           (strcmp(metainfo->v1, infohash) == 0 ||
            strncmp(metainfo->v2, infohash, MAGNET_V1_HEX) == 0);
}
