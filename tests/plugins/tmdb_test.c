/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#include <stdlib.h>

struct fake_host *tmdb_host(void)
{
    struct fake_host *host = fake_host_new(TMDB_MODULE);

    fake_host_set_option(host, "api_key", TMDB_KEY);
    return host;
}

const json_t *tmdb_document(const struct fake_host *host, size_t index, uint32_t kind,
                            uint32_t flags)
{
    assert_true(index < fake_host_n_documents(host));
    const struct fake_document *document = fake_host_document(host, index);

    assert_int_equal(document->kind, kind);
    assert_int_equal(document->flags, flags);
    return document->json;
}

static const json_t *find(const json_t *value, const char *path)
{
    char step[64];

    while (value && *path) {
        size_t len = strcspn(path, ".");

        assert_true(len < sizeof(step));
        memcpy(step, path, len);
        step[len] = '\0';
        value = json_is_array(value) ? json_array_get(value, strtoul(step, NULL, 10))
                                     : json_object_get(value, step);
        path += len + (path[len] == '.');
    }
    return value;
}

bool tmdb_has(const json_t *document, const char *path)
{
    return find(document, path) != NULL;
}

const json_t *tmdb_at(const json_t *document, const char *path)
{
    const json_t *value = find(document, path);

    if (!value)
        fail_msg("there is no '%s'", path);
    return value;
}

void assert_text(const json_t *document, const char *path, const char *expected)
{
    const char *text = json_string_value(tmdb_at(document, path));

    if (!text)
        fail_msg("'%s' is no string", path);
    else
        assert_string_equal(text, expected);
}

void assert_int(const json_t *document, const char *path, int64_t expected)
{
    assert_int_equal(json_integer_value(tmdb_at(document, path)), expected);
}

int64_t tmdb_id(const struct fake_host *host, size_t index)
{
    return json_integer_value(tmdb_at(fake_host_document(host, index)->json, "ids.tmdb"));
}
