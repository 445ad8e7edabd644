/* SPDX-License-Identifier: MIT
 *
 * Who may do what: API tokens.  A token is 32 random bytes shown once ("mfx_" and 43 characters of
 * base64url); only its BLAKE2b hash is stored.  Any thread. */
#pragma once

#include <stdbool.h>

#include "store/tokens.h"

struct accounts;
struct accounts *accounts_new(struct store *store);
void accounts_free(struct accounts *accounts);
DEFINE_CLEANUP(struct accounts *, accounts_free);

enum { ACCOUNTS_TOKEN_LEN = 48 };

/* "read,write" or "read write"; PROVIDER_EINVAL names the wrong word. */
int accounts_scopes_parse(const char *text, uint32_t *out, struct error *err);
void accounts_scopes_write(uint32_t scopes, char *out, size_t out_size);

int accounts_token_new(struct accounts *accounts, const char *user, const char *label,
                       uint32_t scopes, int64_t expires_at_ms, char out_token[ACCOUNTS_TOKEN_LEN],
                       struct token_row *out, struct error *err);

/* A token with every scope that lives as long as this process and is stored nowhere: the control
 * file hands it to the operator's tool.  Once, before others ask. */
void accounts_local_token(struct accounts *accounts, char out_token[ACCOUNTS_TOKEN_LEN]);

/* Who presents this token; cached.  PROVIDER_EAUTH when nobody, revoked or expired. */
int accounts_check(struct accounts *accounts, const char *token, struct token_row *out,
                   struct error *err);
int accounts_list(struct accounts *accounts, const char *user, /* NULL: everybody */
                  int (*each)(const struct token_row *, void *context), void *context,
                  struct error *err);
int accounts_revoke(struct accounts *accounts, const char *user, uint32_t token_id,
                    struct error *err);
