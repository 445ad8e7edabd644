/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/digest.h"
#include "torrent/metainfo_inside.h"

static const int64_t max_size = INT64_C(1) << 50;

static int refuse(struct error *err, const char *why)
{
    return error_set(err, PROVIDER_EREFUSED, "the torrent: %s", why);
}

void metainfo_files_done(struct metainfo_files *files)
{
    for (size_t i = 0; i < files->n; i++)
        free(files->rows[i].path);
    free(files->rows);
    *files = (struct metainfo_files){ 0 };
}

bool metainfo_part(const char *bytes, size_t len, char out[METAINFO_MAX_PART])
{
    bool leads_elsewhere = memchr(bytes, '/', len) || memchr(bytes, '\0', len) ||
                           (len == 2 && memcmp(bytes, "..", 2) == 0);
    if (len == 0 || len >= METAINFO_MAX_PART || leads_elsewhere)
        return false;
    text_tidy(bytes, len, out, METAINFO_MAX_PART);
    for (char *c = out; *c; c++)
        if (*c == '\\')
            *c = '_';
    if (!*out || strcmp(out, ".") == 0 || strcmp(out, "..") == 0)
        snprintf(out, METAINFO_MAX_PART, "_");
    return true;
}

static int add(struct metainfo_files *files, const char *path, int64_t size, bool is_hidden,
               struct error *err)
{
    if (files->n == METAINFO_MAX_FILES)
        return error_set(err, PROVIDER_ELIMIT, "the torrent: more than %d files",
                         METAINFO_MAX_FILES);
    if (size < 0 || size > max_size - (int64_t)files->size)
        return refuse(err, "a file's length is impossible");
    if (files->n == files->capacity) {
        files->capacity = files->capacity ? files->capacity * 2 : 16;
        files->rows = mem_resize(files->rows, files->capacity, sizeof *files->rows);
    }
    files->rows[files->n++] = (struct metainfo_file){ .path = mem_dup_text(path),
                                                      .size = (uint64_t)size,
                                                      .is_hidden = is_hidden };
    files->size += (uint64_t)size;
    return 0;
}

/* BEP 47: "p" is padding, "l" a link. */
static bool is_hidden(const struct bencode *file)
{
    struct bencode value;
    const char *attr;
    size_t len;
    return bencode_find(file, "attr", &value) && bencode_string(&value, &attr, &len) &&
           (memchr(attr, 'p', len) || memchr(attr, 'l', len));
}

static bool find_int(const struct bencode *dict, const char *key, int64_t *out)
{
    struct bencode value;
    return bencode_find(dict, key, &value) && bencode_int(&value, out);
}

static bool add_part(struct text *path, const char *bytes, size_t len)
{
    char part[METAINFO_MAX_PART];
    return metainfo_part(bytes, len, part) && (!path->len || text_add_char(path, '/')) &&
           text_add_string(path, part);
}

/* --- v1 */

/* Old programs wrote the name in their own character set, and beside it in UTF-8. */
static bool find_path(const struct bencode *file, struct bencode_walk *out)
{
    struct bencode value;
    return (bencode_find(file, "path.utf-8", &value) && bencode_list(&value, out)) ||
           (bencode_find(file, "path", &value) && bencode_list(&value, out));
}

static int add_listed(const struct bencode *file, const char *name, struct metainfo_files *files,
                      struct error *err)
{
    CLEANUP(text_done) struct text path = TEXT_INIT(METAINFO_MAX_PATH);
    struct bencode_walk parts;
    struct bencode value;
    int64_t size = 0;
    bool hidden = is_hidden(file);
    if (!bencode_is_dict(file) || !find_path(file, &parts))
        return refuse(err, "a file has no path");
    if (!find_int(file, "length", &size) && !hidden)
        return refuse(err, "a file has no length");
    text_add_string(&path, name);
    size_t n = 0;
    for (; bencode_next(&parts, &value); n++) {
        const char *bytes;
        size_t len;
        if (!bencode_string(&value, &bytes, &len) || !add_part(&path, bytes, len))
            return refuse(err, "a file's path is impossible");
    }
    return n ? add(files, text_string(&path), size, hidden, err)
             : refuse(err, "a file's path is empty");
}

int metainfo_files_v1(const struct bencode *info, const char *name, struct metainfo_files *out,
                      struct error *err)
{
    struct bencode value;
    struct bencode_walk list;
    int64_t size;
    bool is_many = bencode_find(info, "files", &value);
    bool is_one = find_int(info, "length", &size);
    if (is_many == is_one)
        return refuse(err, "it has neither or both of 'length' and 'files'");
    if (is_one)
        return add(out, name, size, false, err);
    if (!bencode_list(&value, &list))
        return refuse(err, "'files' is no list");
    int failed = 0;
    while (!failed && bencode_next(&list, &value))
        failed = add_listed(&value, name, out, err);
    return failed;
}

/* --- v2 */

struct tree {
    struct metainfo_files *files;
    struct text path;
    struct error *err;
};

/* Behind the empty key. */
static int add_leaf(struct tree *tree, const struct bencode *leaf)
{
    struct bencode value;
    const char *root;
    size_t len = 0;
    int64_t size = -1;
    bool has_root = bencode_find(leaf, "pieces root", &value);
    bool hidden = is_hidden(leaf);
    if (!bencode_is_dict(leaf) || (!find_int(leaf, "length", &size) && !hidden))
        return refuse(tree->err, "a file has no length");
    size = hidden && size < 0 ? 0 : size;
    if (has_root != (size > 0) ||
        (has_root && (!bencode_string(&value, &root, &len) || len != DIGEST_SHA256_LEN)))
        return refuse(tree->err, "a file has no hash, or one that is none");
    return add(tree->files, text_string(&tree->path), size, hidden, tree->err);
}

/* As deep as bencode may be. */
static int add_branch(struct tree *tree, const struct bencode *branch) // NOLINT(misc-no-recursion)
{
    struct bencode_walk entries;
    struct bencode value;
    const char *name;
    size_t len, n = 0, path_len = tree->path.len;
    int failed = 0;
    if (!bencode_dict(branch, &entries))
        return refuse(tree->err, "a folder is no dictionary");
    for (; !failed && bencode_next_pair(&entries, &name, &len, &value); n++) {
        if (len == 0 && (n > 0 || branch->len != value.len + 4))
            return refuse(tree->err, "a file is a folder, too");
        if (len == 0)
            return add_leaf(tree, &value);
        if (!add_part(&tree->path, name, len))
            return refuse(tree->err, "a file's path is impossible");
        failed = add_branch(tree, &value);
        tree->path.len = path_len;
        if (tree->path.bytes)
            tree->path.bytes[path_len] = '\0';
    }
    return failed || n ? failed : refuse(tree->err, "a folder is empty");
}

/* "d" name "d" "0:" leaf "e" "e": one file called like the torrent is no folder. */
static bool is_single(const struct bencode *root, const char *name)
{
    struct bencode_walk entries;
    struct bencode value, leaf;
    const char *key;
    size_t len;
    char part[METAINFO_MAX_PART];
    return bencode_dict(root, &entries) && bencode_next_pair(&entries, &key, &len, &value) &&
           metainfo_part(key, len, part) && strcmp(part, name) == 0 &&
           bencode_find(&value, "", &leaf) && *entries.at == 'e';
}

int metainfo_files_v2(const struct bencode *info, const char *name, struct metainfo_files *out,
                      struct error *err)
{
    struct bencode root, nameless;
    struct tree tree = { .files = out, .path = TEXT_INIT(METAINFO_MAX_PATH), .err = err };
    if (!bencode_find(info, "file tree", &root) || bencode_find(&root, "", &nameless))
        return refuse(err, "it has no 'file tree', or a file without a name");
    if (!is_single(&root, name))
        text_add_string(&tree.path, name);
    int failed = add_branch(&tree, &root);
    text_done(&tree.path);
    return failed;
}

/* --- Both */

static const struct metainfo_file *next_shown(const struct metainfo_files *files, size_t *at)
{
    while (*at < files->n && files->rows[*at].is_hidden)
        ++*at;
    return *at < files->n ? &files->rows[(*at)++] : NULL;
}

int metainfo_files_agree(const struct metainfo_files *v1, const struct metainfo_files *v2,
                         struct error *err)
{
    size_t i = 0, j = 0;
    for (;;) {
        const struct metainfo_file *one = next_shown(v1, &i), *other = next_shown(v2, &j);
        if (!one && !other)
            return 0;
        if (!one || !other || one->size != other->size || strcmp(one->path, other->path) != 0)
            return refuse(err, "its v1 and v2 halves tell of different files");
    }
}
