/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/digest.h"
#include "torrent/metainfo_inside.h"

/* BEP 52: a file is a tree of hashes over blocks of 16 KiB; its layer is the row with one hash for
 * each piece, filled up with those of pieces of zeros. */
enum { BLOCK = 16 << 10 };

struct node {
    uint8_t hash[DIGEST_SHA256_LEN];
};

static void join(const struct node *left, const struct node *right, struct node *out)
{
    uint8_t both[2 * DIGEST_SHA256_LEN];
    memcpy(both, left->hash, DIGEST_SHA256_LEN);
    memcpy(both + DIGEST_SHA256_LEN, right->hash, DIGEST_SHA256_LEN);
    digest_sha256(both, sizeof both, out->hash);
}

/* Of a piece that is not there: the leaves are zeros, not hashes of zeros. */
static struct node empty_piece(uint64_t piece_length)
{
    struct node node = { { 0 } };
    for (uint64_t len = BLOCK; len < piece_length; len *= 2)
        join(&node, &node, &node);
    return node;
}

static struct node root_of(const char *hashes, size_t n, uint64_t piece_length)
{
    CLEANUP(mem_free) struct node *row = mem_alloc_array(n + 1, sizeof *row);
    struct node empty = empty_piece(piece_length);
    memcpy(row, hashes, n * sizeof *row);
    while (n > 1) {
        if (n % 2)
            row[n++] = empty;
        for (size_t i = 0; i < n / 2; i++)
            join(&row[2 * i], &row[2 * i + 1], &row[i]);
        join(&empty, &empty, &empty);
        n /= 2;
    }
    return row[0];
}

int metainfo_layers(const struct bencode *layers, uint64_t piece_length, struct error *err)
{
    struct bencode_walk walk;
    struct bencode value;
    const char *key, *hashes;
    size_t key_len, len;
    if (!bencode_dict(layers, &walk))
        return error_set(err, PROVIDER_EREFUSED, "the torrent: 'piece layers' is no dictionary");
    while (bencode_next_pair(&walk, &key, &key_len, &value)) {
        bool good = key_len == DIGEST_SHA256_LEN && bencode_string(&value, &hashes, &len) &&
                    len > DIGEST_SHA256_LEN && len % DIGEST_SHA256_LEN == 0;
        if (!good)
            return error_set(err, PROVIDER_EREFUSED, "the torrent: a layer of pieces is no such");
        struct node root = root_of(hashes, len / DIGEST_SHA256_LEN, piece_length);
        if (memcmp(root.hash, key, DIGEST_SHA256_LEN) != 0)
            return error_set(err, PROVIDER_EREFUSED,
                             "the torrent: a layer of pieces is not that of its file");
    }
    return 0;
}
