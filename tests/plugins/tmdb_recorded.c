/* SPDX-License-Identifier: MIT */
#include "tmdb_recorded.h"

#include <stdlib.h>

char *recorded(const char *name)
{
    CLEANUP(mem_free) char *path = mem_format("tmdb/%s", name);
    char *found = fake_host_recorded(path);

    if (!found) {
        print_message("# SKIP: the recorded answer '%s' is not there\n", path);
        free(steal(path)); /* skip() leaves without cleaning up */
        skip();
    }
    return found;
}

void need_recorded(void)
{
    free(recorded("configuration.json"));
}

void answer_recorded(struct fake_host *host, const char *pattern, int status, const char *name)
{
    CLEANUP(mem_free) char *path = recorded(name);

    fake_host_answer(host, pattern, &(struct fake_answer){ .status = status, .body_file = path });
}

void append_recorded(json_t *detail, const char *part, const char *name)
{
    CLEANUP(mem_free) char *path = recorded(name);
    json_t *body = json_load_file(path, 0, NULL);

    assert_non_null(body);
    json_object_del(body, "id");
    json_object_set_new(detail, part, body);
}

void refuse_recorded(uint32_t kind, const char *id, const char *pattern, const char *const *names,
                     size_t n)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    for (size_t i = 0; i < n; i++) {
        answer_recorded(host, pattern, 200, names[i]);
        if (fake_host_fetch(host, kind, "tmdb", id) != PROVIDER_EPARSE)
            fail_msg("%s was taken", names[i]);
    }
    assert_int_equal(fake_host_n_documents(host), 0);
}

void assert_sizes(const char *name, const json_t *document, const struct size *sizes)
{
    for (; sizes->path; sizes++) {
        if (!tmdb_has(document, sizes->path) && sizes->n == 0)
            continue;
        const json_t *member = tmdb_at(document, sizes->path);
        const size_t n = json_array_size(member) + json_object_size(member);

        if (n == 0 || n != sizes->n)
            fail_msg("%s: '%s' has %zu elements, not %zu", name, sizes->path, n, sizes->n);
    }
}
