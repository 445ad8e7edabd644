/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void assert_announced_for_two_days(const struct fake_host *host, uint32_t kind, size_t n)
{
    assert_int_equal(fake_host_n_documents(host), 2 * n);
    const char *days[2];
    for (size_t d = 0; d < 2; d++)
        days[d] = json_string_value(
            tmdb_at(tmdb_document(host, d * n, kind, PROVIDER_CHANGED), "changed_on"));
    assert_true(strcmp(days[0], days[1]) < 0);
    for (size_t i = 0; i < 2 * n; i++) {
        assert_text(tmdb_document(host, i, kind, PROVIDER_CHANGED), "changed_on", days[i / n]);
        assert_int_equal(tmdb_id(host, i), tmdb_id(host, i % n));
    }
    json_auto_t *seen = json_object();
    for (size_t i = 0; i < n; i++) {
        char key[24];
        snprintf(key, sizeof key, "%" PRId64, tmdb_id(host, i));
        assert_null(json_object_get(seen, key));
        json_object_set_new(seen, key, json_true());
    }
}

static struct fake_host *fetch_body(uint32_t kind, const char *id, const char *body)
{
    struct fake_host *host = tmdb_host();

    fake_host_answer(host, "{base}/*", &(struct fake_answer){ .body = body });
    assert_int_equal(fake_host_fetch(host, kind, "tmdb", id), 0);
    return host;
}

static char *read_file(const char *file)
{
    enum { MOST = 4 << 20 };
    const char *folder = getenv("MIAUFLIX_SRCDIR");
    CLEANUP(mem_free)
    char *path =
        *file == '/' ? mem_format("%s", file) : mem_format("%s/%s", folder ? folder : ".", file);
    CLEANUP(file_close) FILE *open = fopen(path, "rb");
    char *bytes = mem_alloc(MOST);

    if (!open)
        fail_msg("cannot read '%s'", path);
    bytes[fread(bytes, 1, MOST - 1, open)] = '\0';
    return bytes;
}

void assert_nothing_unread_is_missing(uint32_t kind, const char *id, const char *file)
{
    CLEANUP(mem_free) char *body = read_file(file);
    char *end = strrchr(body, '}');

    assert_non_null(end);
    CLEANUP(mem_free)
    char *unusual = mem_format("%.*s,\"unusual\":1e0}", (int)(end - body), body);
    CLEANUP(fake_host_free) struct fake_host *quick = fetch_body(kind, id, body);
    CLEANUP(fake_host_free) struct fake_host *whole = fetch_body(kind, id, unusual);

    assert_true(fake_host_n_documents(quick) > 0);
    assert_int_equal(fake_host_n_documents(quick), fake_host_n_documents(whole));
    for (size_t i = 0; i < fake_host_n_documents(quick); i++)
        assert_true(
            json_equal(fake_host_document(quick, i)->json, fake_host_document(whole, i)->json));
}
