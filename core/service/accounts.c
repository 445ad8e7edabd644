/* SPDX-License-Identifier: MIT */
#include "service/accounts.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"

/* Tokens that were checked lately.  A token revoked by another process is refused this long after.
 */
enum { CACHED = 1024, CACHED_MS = 5000, RANDOM_LEN = 32, MAX_TOKEN_LEN = 200 };
enum { MAC_LEN = crypto_shorthash_siphashx24_BYTES };

struct seen {
    uint8_t mac[MAC_LEN];
    struct token_row row;
    int64_t until_ms; /* steady; 0: free */
};

/* What this thread let in last.  A connection has a thread and mostly one token, which is then
 * neither hashed nor looked up under a lock that all connections share. */
static _Thread_local struct {
    uint64_t epoch; /* of the accounts that knew it */
    int64_t until_ms;
    size_t len;
    char token[MAX_TOKEN_LEN];
    struct token_row row;
} last;

/* Grows with each accounts and with each revocation, in whichever of them. */
static uint64_t epochs; /* atomic */

struct accounts {
    struct store *store;
    uint64_t epoch;         /* atomic; what was known in an earlier one is looked up again */
    struct token_row local; /* of the control file; scopes 0: there is none */
    /* Under a key nobody else has, a short keyed hash tells tokens apart as surely as the long one
     * that is stored, in a tenth of the time. */
    uint8_t mac_key[crypto_shorthash_siphashx24_KEYBYTES];
    struct lock lock;
    struct seen seen[CACHED]; /* lock; by the first bytes of the mac */
};

static const struct {
    uint32_t scope;
    const char *name;
} scopes[] = {
    { SCOPE_READ, "read" },
    { SCOPE_WRITE, "write" },
    { SCOPE_STREAM, "stream" },
    { SCOPE_ADMIN, "admin" },
};

struct accounts *accounts_new(struct store *store)
{
    struct accounts *accounts = mem_new(struct accounts);
    accounts->store = store;
    accounts->epoch = __atomic_add_fetch(&epochs, 1, __ATOMIC_SEQ_CST);
    lock_init(&accounts->lock);
    if (sodium_init() < 0)
        log_error("accounts", "libsodium cannot be initialised");
    randombytes_buf(accounts->mac_key, sizeof accounts->mac_key);
    return accounts;
}

void accounts_free(struct accounts *accounts)
{
    if (!accounts)
        return;
    lock_done(&accounts->lock);
    sodium_memzero(accounts->seen, sizeof accounts->seen);
    sodium_memzero(accounts->mac_key, sizeof accounts->mac_key);
    free(accounts);
}

int accounts_scopes_parse(const char *text, uint32_t *out, struct error *err)
{
    uint32_t found = 0;
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, ", "), i = 0;
        while (len && i < ARRAY_LEN(scopes) &&
               (strlen(scopes[i].name) != len || memcmp(scopes[i].name, at, len) != 0))
            i++;
        if (i == ARRAY_LEN(scopes))
            return error_set(err, PROVIDER_EINVAL,
                             "'%.*s' is no scope: read, write, stream and admin are",
                             (int)MIN(len, (size_t)40), at);
        if (len)
            found |= scopes[i].scope;
        at += len;
        at += strspn(at, ", ");
    }
    if (!found)
        return error_set(err, PROVIDER_EINVAL, "no scope is named");
    *out = found;
    return 0;
}

void accounts_scopes_write(uint32_t set, char *out, size_t out_size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        if (!(set & scopes[i].scope) || used >= out_size)
            continue;
        int n = snprintf(out + used, out_size - used, "%s%s", used ? "," : "", scopes[i].name);
        used += (size_t)n;
    }
}

static void hash_token(const char *token, uint8_t out[TOKEN_HASH_LEN])
{
    crypto_generichash(out, TOKEN_HASH_LEN, (const unsigned char *)token, strlen(token), NULL, 0);
}

static void make_token(char out[ACCOUNTS_TOKEN_LEN], uint8_t out_hash[TOKEN_HASH_LEN])
{
    uint8_t bytes[RANDOM_LEN];
    randombytes_buf(bytes, sizeof bytes);
    memcpy(out, "mfx_", 4);
    sodium_bin2base64(out + 4, ACCOUNTS_TOKEN_LEN - 4, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    hash_token(out, out_hash);
}

void accounts_local_token(struct accounts *accounts, char out_token[ACCOUNTS_TOKEN_LEN])
{
    make_token(out_token, accounts->local.hash);
    accounts->local.scopes = SCOPE_READ | SCOPE_WRITE | SCOPE_STREAM | SCOPE_ADMIN;
    accounts->local.created_at_ms = clock_wall_ms();
    snprintf(accounts->local.user, sizeof accounts->local.user, "operator");
    snprintf(accounts->local.label, sizeof accounts->local.label, "control file");
}

int accounts_token_new(struct accounts *accounts, const char *user, const char *label,
                       uint32_t wanted, int64_t expires_at_ms, char out_token[ACCOUNTS_TOKEN_LEN],
                       struct token_row *out, struct error *err)
{
    char token[ACCOUNTS_TOKEN_LEN];
    struct token_row row = {
        .scopes = wanted,
        .created_at_ms = clock_wall_ms(),
        .expires_at_ms = expires_at_ms,
    };
    if (text_is_empty(user) || strlen(user) >= TOKEN_USER_LEN || !text_is_utf8(user, strlen(user)))
        return error_set(err, PROVIDER_EINVAL, "a user's name has 1 to %d bytes",
                         TOKEN_USER_LEN - 1);
    if (label && strlen(label) >= TOKEN_LABEL_LEN)
        return error_set(err, PROVIDER_EINVAL, "a label has at most %d bytes", TOKEN_LABEL_LEN - 1);
    snprintf(row.user, sizeof row.user, "%s", user);
    snprintf(row.label, sizeof row.label, "%s", label ? label : "");
    make_token(token, row.hash);
    int result = token_rows_put(accounts->store, &row, err);
    if (result)
        return result;
    memcpy(out_token, token, sizeof token);
    if (out)
        *out = row;
    return 0;
}

static struct seen *slot_of(struct accounts *accounts, const uint8_t mac[MAC_LEN])
{
    return &accounts->seen[((uint32_t)mac[0] << 8 | mac[1]) % CACHED];
}

static bool recall(struct accounts *accounts, const uint8_t mac[MAC_LEN], struct seen *out)
{
    LOCK_SCOPE(&accounts->lock);
    const struct seen *seen = slot_of(accounts, mac);
    if (seen->until_ms <= clock_coarse_steady_ms() || sodium_memcmp(seen->mac, mac, MAC_LEN) != 0)
        return false;
    *out = *seen;
    return true;
}

/* Not when somebody's token was revoked since `epoch`: it may be this one. */
static void remember(struct accounts *accounts, const struct seen *seen, uint64_t epoch)
{
    LOCK_SCOPE(&accounts->lock);
    if (__atomic_load_n(&accounts->epoch, __ATOMIC_SEQ_CST) == epoch)
        *slot_of(accounts, seen->mac) = *seen;
}

/* Takes as long wherever they differ. */
static bool is_same(const char *a, const char *b, size_t len)
{
    uint64_t differs = 0, x, y;
    size_t at = 0;
    for (; len - at >= sizeof x; at += sizeof x) {
        memcpy(&x, a + at, sizeof x);
        memcpy(&y, b + at, sizeof y);
        differs |= x ^ y;
    }
    for (; at < len; at++)
        differs |= (uint64_t)(unsigned char)(a[at] ^ b[at]);
    return differs == 0;
}

static bool recall_last(uint64_t epoch, const char *token, size_t len, struct token_row *out)
{
    if (last.epoch != epoch || last.len != len || last.until_ms <= clock_coarse_steady_ms() ||
        !is_same(last.token, token, len))
        return false;
    *out = last.row;
    return true;
}

static void remember_last(uint64_t epoch, const char *token, size_t len, const struct seen *seen)
{
    last.epoch = epoch;
    last.until_ms = seen->until_ms;
    last.len = len;
    memcpy(last.token, token, len);
    last.row = seen->row;
}

/* The row of a token that was not seen lately. */
static int look_up(struct accounts *accounts, const char *token, struct token_row *out,
                   struct error *err)
{
    uint8_t hash[TOKEN_HASH_LEN];
    hash_token(token, hash);
    if (accounts->local.scopes && sodium_memcmp(accounts->local.hash, hash, TOKEN_HASH_LEN) == 0) {
        *out = accounts->local;
        return 0;
    }
    int result = token_rows_get(accounts->store, hash, out, err);
    return result == PROVIDER_ENOTFOUND ? error_set(err, PROVIDER_EAUTH, "nobody has this token")
                                        : result;
}

static int find(struct accounts *accounts, const char *token, size_t len, struct token_row *out,
                struct error *err)
{
    struct seen seen;
    uint8_t mac[MAC_LEN];
    uint64_t epoch = __atomic_load_n(&accounts->epoch, __ATOMIC_SEQ_CST);
    if (recall_last(epoch, token, len, out))
        return 0;
    crypto_shorthash_siphashx24(mac, (const unsigned char *)token, len, accounts->mac_key);
    if (!recall(accounts, mac, &seen)) {
        seen.until_ms = clock_steady_ms() + CACHED_MS;
        memcpy(seen.mac, mac, MAC_LEN);
        int result = look_up(accounts, token, &seen.row, err);
        if (result)
            return result;
        remember(accounts, &seen, epoch);
    }
    remember_last(epoch, token, len, &seen);
    *out = seen.row;
    return 0;
}

int accounts_check(struct accounts *accounts, const char *token, struct token_row *out,
                   struct error *err)
{
    size_t len = strlen(token);
    if (len > MAX_TOKEN_LEN)
        return error_set(err, PROVIDER_EAUTH, "this is no token");
    int result = find(accounts, token, len, out, err);
    if (!result && out->expires_at_ms && out->expires_at_ms <= clock_coarse_wall_ms())
        result = error_set(err, PROVIDER_EAUTH, "this token has expired");
    if (result)
        *out = (struct token_row){ 0 };
    return result;
}

struct selection {
    const char *user;
    int (*each)(const struct token_row *, void *context);
    void *context;
};

static int select_row(const struct token_row *row, void *context)
{
    const struct selection *selection = context;
    if (selection->user && !text_equal(selection->user, row->user))
        return 0;
    return selection->each(row, selection->context);
}

int accounts_list(struct accounts *accounts, const char *user,
                  int (*each)(const struct token_row *, void *context), void *context,
                  struct error *err)
{
    struct selection selection = { user, each, context };
    return token_rows_walk(accounts->store, select_row, &selection, err);
}

struct wanted_row {
    uint32_t id;
    struct token_row row;
    bool found;
};

static int match_id(const struct token_row *row, void *context)
{
    struct wanted_row *wanted = context;
    if (row->id != wanted->id)
        return 0;
    wanted->row = *row;
    wanted->found = true;
    return 1;
}

int accounts_revoke(struct accounts *accounts, const char *user, uint32_t token_id,
                    struct error *err)
{
    struct wanted_row wanted = { .id = token_id };
    int result = accounts_list(accounts, user, match_id, &wanted, err);
    if (result < 0)
        return result;
    if (!wanted.found)
        return error_set(err, PROVIDER_ENOTFOUND, "no token has this number");
    result = token_rows_delete(accounts->store, wanted.row.hash, err);
    if (result)
        return result;
    LOCK_SCOPE(&accounts->lock);
    __atomic_store_n(&accounts->epoch, __atomic_add_fetch(&epochs, 1, __ATOMIC_SEQ_CST),
                     __ATOMIC_SEQ_CST);
    for (size_t i = 0; i < CACHED; i++)
        if (memcmp(accounts->seen[i].row.hash, wanted.row.hash, TOKEN_HASH_LEN) == 0)
            accounts->seen[i].until_ms = 0;
    return 0;
}
