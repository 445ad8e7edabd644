/* SPDX-License-Identifier: MIT
 *
 * play_docs URL TOKEN FILE: plays every block ```http of a page against the daemon at URL, in their
 * order, as docs/api.md explains, and says in TAP how it went. */
#include <string.h>
#include <strings.h>

#include "ask.h"

enum { MAX_PAGE = 1 << 20, MAX_HEADERS = 16 };

struct player {
    const char *url, *token;
    json_t *remembered; /* name -> text */
    unsigned line;      /* of the page */
    unsigned n, n_failed;
};

/* One conversation; the lines are those of the page, changed in place. */
struct block {
    unsigned line;
    const char *method, *target;
    const char *headers[MAX_HEADERS], *expected[MAX_HEADERS];
    size_t n_headers, n_expected;
    struct text body, subset;
    long status;
};

static void block_done(struct block *block)
{
    text_done(&block->body);
    text_done(&block->subset);
}
DEFINE_CLEANUP_VALUE(struct block, block_done);

static bool judge(struct player *player, const struct block *block, bool ok, const char *why)
{
    player->n++;
    player->n_failed += !ok;
    printf("%sok - line %u: %s %s gives %ld\n", ok ? "" : "not ", block->line, block->method,
           block->target, block->status);
    if (!ok)
        printf("# %s\n", why);
    return ok;
}

/* --- Reading */

static char *next_line(struct player *player, char **at)
{
    char *line = strsep(at, "\n");
    player->line += line != NULL;
    return line;
}

static void read_request(struct player *player, char **at, struct block *out)
{
    char *line = next_line(player, at);
    out->line = player->line;
    out->method = strsep(&line, " ");
    out->target = line ? line : "";
    while ((line = next_line(player, at)) && *line && out->n_headers + 2 < MAX_HEADERS)
        out->headers[out->n_headers++] = line;
}

static void read_block(struct player *player, char **at, struct block *out)
{
    out->body.limit = out->subset.limit = MAX_PAGE;
    read_request(player, at, out);
    bool answered = false;
    for (char *line; (line = next_line(player, at)) && strcmp(line, "```") != 0;) {
        if (!answered && text_starts_with(line, "=> ")) {
            answered = true;
            out->status = strtol(line + 3, NULL, 10);
        } else if (!answered) {
            text_add_string(&out->body, line);
        } else if (!out->subset.len && *line && *line != '{' && *line != '[' &&
                   out->n_expected < MAX_HEADERS) {
            out->expected[out->n_expected++] = line;
        } else {
            text_add_string(&out->subset, line);
        }
    }
}

/* --- Comparing */

static bool contains(struct player *player, const char *path, const json_t *wanted,
                     const json_t *got, struct text *why);

static bool contains_members(struct player *player, const char *path, const json_t *wanted,
                             const json_t *got, struct text *why)
{
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)wanted, key, value) {
        CLEANUP(mem_free) char *below = mem_format("%s.%s", path, key);
        if (!contains(player, below, value, json_object_get(got, key), why))
            return false;
    }
    return true;
}

static bool contains_elements(struct player *player, const char *path, const json_t *wanted,
                              const json_t *got, struct text *why)
{
    /* An empty array stands for an empty array. */
    if (!json_array_size(wanted) && json_array_size(got)) {
        text_add_format(why, "%s is not empty", path);
        return false;
    }
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        CLEANUP(mem_free) char *below = mem_format("%s[%zu]", path, i);
        if (!contains(player, below, json_array_get(wanted, i), json_array_get(got, i), why))
            return false;
    }
    return true;
}

static void remember(struct player *player, const char *name, const json_t *got)
{
    CLEANUP(mem_free) char *number = json_dumps(got, JSON_ENCODE_ANY);
    const char *text = json_is_string(got) ? json_string_value(got) : number;
    json_object_set_new(player->remembered, name, json_string(text));
}

static bool differs(const char *path, const json_t *wanted, const json_t *got, struct text *why)
{
    CLEANUP(mem_free) char *expected = json_dumps(wanted, JSON_ENCODE_ANY);
    CLEANUP(mem_free) char *found = got ? json_dumps(got, JSON_ENCODE_ANY) : NULL;
    text_add_format(why, "%s is %.200s, not %.200s", path, found ? found : "absent", expected);
    return false;
}

static bool contains(struct player *player, const char *path, const json_t *wanted,
                     const json_t *got, struct text *why)
{
    const char *text = json_string_value(wanted);
    bool any = text && (text_equal(text, "*") || *text == '=');
    if (any && (!got || json_is_null(got)))
        return differs(path, wanted, got, why);
    if (any && *text == '=')
        remember(player, text + 1, got);
    if (any)
        return true;
    if (json_is_object(wanted) && json_is_object(got))
        return contains_members(player, path, wanted, got, why);
    if (json_is_array(wanted) && json_is_array(got))
        return contains_elements(player, path, wanted, got, why);
    return json_equal(wanted, got) || differs(path, wanted, got, why);
}

static bool has_header(const char *head, const char *wanted)
{
    const char *colon = strchr(wanted, ':');
    size_t name_len = colon ? (size_t)(colon - wanted) : 0;
    const char *text = colon ? colon + 1 + strspn(colon + 1, " ") : "";
    for (const char *line = head; *line;) {
        size_t len = strcspn(line, "\n");
        CLEANUP(mem_free) char *copy = mem_dup(line, len);
        if (name_len && strncasecmp(copy, wanted, name_len + 1) == 0 && strstr(copy, text))
            return true;
        line += len + (line[len] == '\n');
    }
    return false;
}

/* --- Playing */

/* $NAME becomes what was remembered; false when nothing was. */
static bool fill_in(const struct player *player, const char *text, struct text *out)
{
    for (; *text; text++) {
        size_t len = *text == '$' ? strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") : 0;
        CLEANUP(mem_free) char *name = mem_dup(text + 1, len);
        const char *value = len ? js_string(player->remembered, name) : NULL;
        if (len && !value)
            return false;
        if (len)
            text_add_string(out, value);
        else
            text_add_char(out, *text);
        text += len;
    }
    return true;
}

static bool compare(struct player *player, const struct block *block,
                    const struct ask_answer *answer, struct text *why)
{
    if (answer->status != block->status) {
        text_add_format(why, "the status is %ld: %.300s", answer->status,
                        text_string(&answer->body));
        return false;
    }
    for (size_t i = 0; i < block->n_expected; i++) {
        if (has_header(text_string(&answer->head), block->expected[i]))
            continue;
        text_add_format(why, "there is no header '%s'", block->expected[i]);
        return false;
    }
    if (!block->subset.len)
        return true;
    json_error_t where;
    json_auto_t *wanted = json_loads(text_string(&block->subset), JSON_DECODE_ANY, &where);
    json_auto_t *got = json_loads(text_string(&answer->body), JSON_DECODE_ANY, NULL);
    if (!wanted)
        text_add_format(why, "the page is no JSON here: %s", where.text);
    return wanted && contains(player, "answer", wanted, got, why);
}

static void play(struct player *player, struct block *block)
{
    CLEANUP(text_done) struct text url = TEXT_INIT(64 << 10);
    CLEANUP(text_done) struct text body = TEXT_INIT(MAX_PAGE);
    CLEANUP(text_done) struct text why = TEXT_INIT(4000);
    CLEANUP(ask_answer_done) struct ask_answer answer = { 0 };
    CLEANUP(mem_free) char *bearer = mem_format("Authorization: Bearer %s", player->token);
    bool has_own = false;
    for (size_t i = 0; i < block->n_headers; i++)
        has_own = has_own || strncasecmp(block->headers[i], "Authorization:", 14) == 0;
    if (!has_own)
        block->headers[block->n_headers++] = bearer;
    text_add_string(&url, player->url);
    if (!fill_in(player, block->target, &url) ||
        !fill_in(player, text_string(&block->body), &body)) {
        judge(player, block, false, "a name was never remembered");
        return;
    }
    const struct ask ask = { .method = block->method,
                             .url = text_string(&url),
                             .headers = block->headers,
                             .body = body.len ? text_string(&body) : NULL };
    const char *failed = ask_run(&ask, &answer);
    bool ok = !failed && compare(player, block, &answer, &why);
    judge(player, block, ok, failed ? failed : text_string(&why));
}

static char *read_page(const char *name)
{
    CLEANUP(file_close) FILE *file = fopen(name, "re");
    char *page = mem_alloc(MAX_PAGE);
    if (!file || fread(page, 1, MAX_PAGE - 1, file) == 0) {
        free(page);
        return NULL;
    }
    return page;
}

int main(int argc, char **argv)
{
    CLEANUP(mem_free) char *page = argc == 4 ? read_page(argv[3]) : NULL;
    if (!page) {
        fputs("Usage: play_docs URL TOKEN FILE\n", stderr);
        return 2;
    }
    struct player player = { .url = argv[1], .token = argv[2], .remembered = json_object() };
    char *at = page;
    for (char *line; (line = next_line(&player, &at));) {
        if (strcmp(line, "```http") != 0)
            continue;
        CLEANUP(block_done) struct block block = { 0 };
        read_block(&player, &at, &block);
        play(&player, &block);
    }
    json_decref(player.remembered);
    return player.n_failed || !player.n;
}
