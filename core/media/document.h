/* SPDX-License-Identifier: MIT
 *
 * The media document: what travels from a provider to the store.  Its schema is one table in
 * document.c, described for people in docs/media-document.md.  Every document is checked field by
 * field on entry: types, ranges, lengths, UTF-8; fields the schema does not know are kept out; ""
 * and null mean absent; a refusal names the path and the reason
 * ("cast[3].name: a string of 900 bytes, at most 512 are accepted").  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "base/error.h"

enum { DOCUMENT_MAX_LEN = 4 << 20 };

/* "movie", "tvshow", "season", "list", "release", "torrent", "title"; NULL when there is no such
 * kind. */
const char *document_kind_name(uint32_t kind);
uint32_t document_kind_of_name(const char *name); /* 0: none, as for NULL */

/* Parses, checks and normalises.  flags are those of struct provider_document.  *out is a new
 * reference that holds known fields only, every one valid.  PROVIDER_EREFUSED with path and reason
 * otherwise. */
int document_read(uint32_t kind, uint32_t flags, const char *json, size_t len, json_t **out,
                  struct error *err);

/* The kind of item that a document of `kind` is about (a title says it in its "kind" field):
 * PROVIDER_MOVIE, ... */
uint32_t document_item_kind(uint32_t kind, const json_t *document);
