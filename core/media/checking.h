/* SPDX-License-Identifier: MIT
 *
 * Checking one document: where the check stands, and the judgement of single values.  document.c
 * walks the objects and arrays.  Private to core/media.  One thread each. */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "media/schema.h"

enum { CHECKING_DEPTH = 8, CHECKING_NO_INDEX = -1 };

struct checking {
    struct {
        const char *name;
        long index; /* CHECKING_NO_INDEX: the member itself */
    } steps[CHECKING_DEPTH];
    size_t depth;
    bool bare; /* of what changed or is gone only the ids are needed */
    struct error *err;
};

enum verdict { KEEP, REPLACE, DROP, REFUSE };

/* Steps down to a member; the path of a refusal ends there. */
void checking_enter(struct checking *check, const char *name);

/* Sets the error to "path: reason". */
enum verdict checking_refuse(struct checking *check, const char *fmt, ...) PRINTF(2, 3);
enum verdict checking_refuse_type(struct checking *check, const json_t *value, const char *wanted);

/* null, "", white space, [] and {} all mean that nothing is known. */
bool checking_is_absent(const json_t *value);

/* Each judges one value, and either writes its normal form over it or says REPLACE. */
enum verdict checking_int(struct checking *check, const struct schema_field *field,
                          const json_t *value, json_t **out_new);
enum verdict checking_number(struct checking *check, const struct schema_field *field,
                             const json_t *value);
enum verdict checking_form(struct checking *check, const struct schema_field *field,
                           json_t *value); /* of a string */
enum verdict checking_ids(struct checking *check, const struct schema_field *field, json_t *value);
enum verdict checking_genres(struct checking *check, const struct schema_field *field,
                             const json_t *value, json_t **out_new);
bool checking_country(const char *text, char out[3]);
