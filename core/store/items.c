/* SPDX-License-Identifier: MIT */
#include "store/items.h"

#include "store/bytes.h"
#include "store/inside.h"

/* Item: version, kind, flags, then seven fields of eight bytes, then the packed bytes.  Card:
 * version, packed bytes.  What is packed has its own rules in media/card. */
enum { VERSION = 1, HEAD_LEN = 3 + 6 * 8, CARD_VERSION = 1, CARD_HEAD_LEN = 1, ID_LEN = 4 };

static int check_version(uint32_t id, unsigned version, unsigned known, const char *what,
                         struct error *err)
{
    if (version == known)
        return 0;
    return error_set(err, PROVIDER_ENOTSUP, "%s %u has version %u, known here: %u", what, id,
                     version, known);
}

static int read_head(uint32_t id, struct text *row, struct item_header *out, struct error *err)
{
    if (row->len < HEAD_LEN)
        return error_set(err, PROVIDER_EPARSE, "item %u is cut off", id);
    const uint8_t *at = (const uint8_t *)row->bytes;
    int failed = check_version(id, (unsigned)bytes_take_le(&at, 1), VERSION, "item", err);
    if (failed)
        return failed;
    out->id = id;
    out->kind = (uint32_t)bytes_take_le(&at, 1);
    out->flags = (uint32_t)bytes_take_le(&at, 1);
    out->revision = bytes_take_le(&at, 8);
    out->added_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->updated_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->fetched_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->expires_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->content_hash = bytes_take_le(&at, 8);
    row_drop_head(row, HEAD_LEN);
    return 0;
}

int items_get(struct store *store, uint32_t id, struct item_header *out, struct text *out_body,
              struct error *err)
{
    uint8_t key[ID_LEN];
    bytes_put_be(key, id, ID_LEN);
    int failed = store_get(store, STORE_ITEMS, key, ID_LEN, out_body, err);
    return failed ? failed : read_head(id, out_body, out, err);
}

int items_get_start(struct store *store, uint32_t id, struct item_header *out,
                    struct text *out_start, struct error *err)
{
    uint8_t key[ID_LEN];
    bytes_put_be(key, id, ID_LEN);
    int failed =
        read_start(store, STORE_ITEMS, key, ID_LEN, HEAD_LEN + ITEM_START_LEN, out_start, err);
    return failed ? failed : read_head(id, out_start, out, err);
}

int items_txn_get(struct store_txn *txn, uint32_t id, struct item_header *out,
                  struct text *out_body, struct error *err)
{
    uint8_t key[ID_LEN];
    bytes_put_be(key, id, ID_LEN);
    int failed = store_txn_get(txn, STORE_ITEMS, key, ID_LEN, out_body, err);
    return failed ? failed : read_head(id, out_body, out, err);
}

static void write_head(const struct item_header *header, uint8_t out[HEAD_LEN])
{
    uint8_t *at = bytes_put_le(out, VERSION, 1);
    at = bytes_put_le(at, header->kind, 1);
    at = bytes_put_le(at, header->flags, 1);
    at = bytes_put_le(at, header->revision, 8);
    at = bytes_put_le(at, (uint64_t)header->added_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)header->updated_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)header->fetched_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)header->expires_at_ms, 8);
    bytes_put_le(at, header->content_hash, 8);
}

int items_txn_put(struct store_txn *txn, const struct item_header *header, const struct text *body,
                  const struct text *card, struct error *err)
{
    if (!header->id || header->kind > UINT8_MAX || header->flags > UINT8_MAX)
        return error_set(err, PROVIDER_EINVAL, "item %u has no id, or an unknown kind or flag",
                         header->id);
    uint8_t key[ID_LEN], head[HEAD_LEN];
    static const uint8_t card_head[CARD_HEAD_LEN] = { CARD_VERSION };
    bytes_put_be(key, header->id, ID_LEN);
    write_head(header, head);
    int failed =
        txn_put_parts(txn, STORE_ITEMS, key, ID_LEN, head, HEAD_LEN, body->bytes, body->len, err);
    return failed ? failed
                  : txn_put_parts(txn, STORE_CARDS, key, ID_LEN, card_head, CARD_HEAD_LEN,
                                  card->bytes, card->len, err);
}

int items_txn_touch(struct store_txn *txn, uint32_t id, uint64_t revision, struct error *err)
{
    struct item_header header;
    CLEANUP(text_done) struct text body = TEXT_INIT(STORE_MAX_VALUE_LEN);
    uint8_t key[ID_LEN], head[HEAD_LEN];
    int failed = items_txn_get(txn, id, &header, &body, err);
    if (failed)
        return failed;
    header.revision = revision;
    bytes_put_be(key, id, ID_LEN);
    write_head(&header, head);
    return txn_put_parts(txn, STORE_ITEMS, key, ID_LEN, head, HEAD_LEN, body.bytes, body.len, err);
}

int items_txn_delete(struct store_txn *txn, uint32_t id, struct error *err)
{
    uint8_t key[ID_LEN];
    bytes_put_be(key, id, ID_LEN);
    int failed = store_txn_delete(txn, STORE_ITEMS, key, ID_LEN, err);
    return failed ? failed : store_txn_delete(txn, STORE_CARDS, key, ID_LEN, err);
}

int items_txn_new_id(struct store_txn *txn, uint32_t *out, struct error *err)
{
    if (txn->counters.next_item == UINT32_MAX)
        return error_set(err, PROVIDER_ELIMIT, "all item numbers are used");
    *out = txn->counters.next_item++;
    return 0;
}

int cards_get(struct store *store, uint32_t id, struct text *out_card, struct error *err)
{
    uint8_t key[ID_LEN];
    bytes_put_be(key, id, ID_LEN);
    int failed = store_get(store, STORE_CARDS, key, ID_LEN, out_card, err);
    if (failed)
        return failed;
    if (out_card->len < CARD_HEAD_LEN)
        return error_set(err, PROVIDER_EPARSE, "card %u is cut off", id);
    failed = check_version(id, (uint8_t)out_card->bytes[0], CARD_VERSION, "card", err);
    if (!failed)
        row_drop_head(out_card, CARD_HEAD_LEN);
    return failed;
}

struct walk {
    int (*each)(uint32_t id, const void *card, size_t len, void *context);
    void *context;
    int result;
    struct error *err;
};

static int walk_card(const void *key, size_t key_len, const void *value, size_t value_len,
                     void *context)
{
    struct walk *walk = context;
    if (key_len != ID_LEN || value_len < CARD_HEAD_LEN)
        return walk->result = error_set(walk->err, PROVIDER_EPARSE, "a card is cut off");
    uint32_t id = (uint32_t)bytes_get_be(key, ID_LEN);
    const uint8_t *card = value;
    walk->result = check_version(id, card[0], CARD_VERSION, "card", walk->err);
    if (!walk->result)
        walk->result =
            walk->each(id, card + CARD_HEAD_LEN, value_len - CARD_HEAD_LEN, walk->context);
    return walk->result;
}

int cards_walk(struct store *store,
               int (*each)(uint32_t id, const void *card, size_t len, void *context), void *context,
               struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    return store_walk(store, STORE_CARDS, NULL, 0, walk_card, &walk, err);
}
