/* SPDX-License-Identifier: MIT
 *
 * API tokens as stored: only their hash, with owner, scopes and times. */
#pragma once

#include "store/store.h"

enum { TOKEN_HASH_LEN = 32, TOKEN_USER_LEN = 64, TOKEN_LABEL_LEN = 64 };
enum { SCOPE_READ = 1, SCOPE_WRITE = 2, SCOPE_STREAM = 4, SCOPE_ADMIN = 8 };

struct token_row {
    uint32_t id; /* public number, for listing and revoking */
    uint8_t hash[TOKEN_HASH_LEN];
    char user[TOKEN_USER_LEN];
    char label[TOKEN_LABEL_LEN];
    uint32_t scopes; /* SCOPE_ bits */
    int64_t created_at_ms;
    int64_t expires_at_ms; /* 0: never */
};

int token_rows_get(struct store *store, const uint8_t hash[TOKEN_HASH_LEN], struct token_row *out,
                   struct error *err);
int token_rows_put(struct store *store, struct token_row *row,
                   struct error *err); /* gives id when 0 */
int token_rows_delete(struct store *store, const uint8_t hash[TOKEN_HASH_LEN], struct error *err);
int token_rows_walk(struct store *store, int (*each)(const struct token_row *, void *context),
                    void *context, struct error *err);
