/* SPDX-License-Identifier: MIT
 *
 * Tokens: through the daemon when one runs, else straight in its store. */
#include <string.h>

#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/human.h"
#include "ctl/stopped.h"
#include "service/accounts.h"

struct wish {
    const char *user, *scopes_text, *label;
    uint32_t scopes;
    int64_t expires_at_ms;
};

static int read_wish(struct ctl *ctl, struct wish *out)
{
    *out = (struct wish){ .user = ctl_take_option(ctl, "user"),
                          .scopes_text = ctl_take_option(ctl, "scope"),
                          .label = ctl_take_option(ctl, "label") };
    const char *days_text = ctl_take_option(ctl, "days");
    int64_t days = 0;
    struct error err;
    if (!out->user || !out->scopes_text)
        return ctl_complain(CTL_USAGE,
                            "token new wants --user NAME and --scope read,write,stream,admin");
    if (days_text && !text_to_int(days_text, 1, 36500, &days))
        return ctl_complain(CTL_USAGE, "--days wants a number from 1 to 36500, not '%s'",
                            days_text);
    if (accounts_scopes_parse(out->scopes_text, &out->scopes, &err))
        return ctl_complain(CTL_USAGE, "%s", err.text);
    out->expires_at_ms = days ? clock_wall_ms() + days * 86400000 : 0;
    return CTL_OK;
}

static int print_token(struct ctl *ctl, const char *token)
{
    json_auto_t *said = json_pack("{s:s}", "token", token);
    if (ctl->json)
        return ctl_print_json(said);
    puts(token);
    return CTL_OK;
}

static int new_in_store(struct ctl *ctl, const struct wish *wish)
{
    CLEANUP(store_close) struct store *store = NULL;
    int status = stopped_open(ctl, true, &store);
    if (status)
        return status;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(store);
    char token[ACCOUNTS_TOKEN_LEN];
    struct token_row row;
    struct error err;
    int result = accounts_token_new(accounts, wish->user, wish->label, wish->scopes,
                                    wish->expires_at_ms, token, &row, &err);
    return result ? ctl_complain(ctl_status_of(result), "%s", err.text) : print_token(ctl, token);
}

static json_t *scopes_array(uint32_t scopes)
{
    char text[64];
    accounts_scopes_write(scopes, text, sizeof text);
    json_t *array = json_array();
    for (char *at = text; *at;) {
        size_t len = strcspn(at, ", ");
        json_array_append_new(array, json_stringn(at, len));
        at += len + strspn(at + len, ", ");
    }
    return array;
}

static char *tokens_path(const char *user)
{
    CLEANUP(text_done) struct text path = TEXT_INIT(1024);
    text_add_string(&path, "/api/users/");
    text_add_url_encoded(&path, user);
    text_add_string(&path, "/tokens");
    return text_take(&path);
}

static int new_through_daemon(struct ctl *ctl, const struct wish *wish)
{
    json_auto_t *body = json_object();
    json_object_set_new(body, "scopes", scopes_array(wish->scopes));
    js_set_string(body, "label", wish->label);
    char when[CLOCK_TEXT_LEN];
    if (wish->expires_at_ms)
        js_set_string(body, "expires_at", clock_format(wish->expires_at_ms, when));
    CLEANUP(mem_free) char *path = tokens_path(wish->user);
    json_auto_t *said = NULL;
    int status = ctl_ask(ctl, "POST", path, body, &said);
    return status ? status : print_token(ctl, js_string(said, "token"));
}

static int token_new(struct ctl *ctl)
{
    struct wish wish;
    int status = read_wish(ctl, &wish);
    if (!status)
        status = ctl_no_more(ctl);
    if (status)
        return status;
    return ctl_daemon_runs(ctl) ? new_through_daemon(ctl, &wish) : new_in_store(ctl, &wish);
}

/* As the API shows one. */
static int add_row(const struct token_row *row, void *context)
{
    char when[CLOCK_TEXT_LEN];
    json_t *shown = json_pack("{s:I,s:s}", "id", (json_int_t)row->id, "user", row->user);
    js_set_string(shown, "label", row->label);
    js_set(shown, "scopes", scopes_array(row->scopes));
    js_set_string(shown, "created_at", clock_format(row->created_at_ms, when));
    if (row->expires_at_ms)
        js_set_string(shown, "expires_at", clock_format(row->expires_at_ms, when));
    json_array_append_new(context, shown);
    return 0;
}

static char *join_scopes(const json_t *row)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(100);
    size_t i;
    json_t *scope;
    json_array_foreach (js_array(row, "scopes"), i, scope)
        text_add_format(&text, "%s%s", i ? "," : "", json_string_value(scope));
    return text_take(&text);
}

static int print_rows(struct ctl *ctl, json_t *rows)
{
    if (ctl->json)
        return ctl_print_json(rows);
    CLEANUP(table_done) struct table table = { .heading = ">ID|USER|SCOPES|CREATED|EXPIRES|LABEL" };
    int64_t now_ms = clock_wall_ms();
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row) {
        const char *label = js_string(row, "label"), *ends = js_string(row, "expires_at");
        char age[HUMAN_LEN];
        CLEANUP(mem_free) char *scopes = join_scopes(row);
        table_cell(&table, "%lld", (long long)js_int(row, "id", 0));
        table_cell(&table, "%s", json_string_value(json_object_get(row, "user")));
        table_cell(&table, "%s", scopes);
        table_cell(&table, "%s", human_age(js_string(row, "created_at"), now_ms, age));
        table_cell(&table, "%s", ends ? human_age(ends, now_ms, age) : "never");
        table_cell(&table, "%s", label ? label : "");
        table_end_row(&table);
    }
    if (i)
        ctl_print_table(&table);
    else
        puts("no tokens");
    return CTL_OK;
}

static int list_through_daemon(struct ctl *ctl, const char *user)
{
    CLEANUP(mem_free) char *path = tokens_path(user);
    json_auto_t *said = NULL;
    int status = ctl_ask(ctl, "GET", path, NULL, &said);
    if (status)
        return status;
    size_t i;
    json_t *row;
    json_array_foreach (js_array(said, "results"), i, row)
        js_set_string(row, "user", user);
    return print_rows(ctl, js_array(said, "results"));
}

static int token_list(struct ctl *ctl)
{
    const char *user = ctl_take_option(ctl, "user");
    int status = ctl_no_more(ctl);
    if (status)
        return status;
    if (ctl_daemon_runs(ctl))
        return user ? list_through_daemon(ctl, user)
                    : ctl_complain(CTL_USAGE, "whose tokens? --user NAME");
    CLEANUP(store_close) struct store *store = NULL;
    status = stopped_open(ctl, false, &store);
    if (status)
        return status;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(store);
    json_auto_t *rows = json_array();
    struct error err;
    int result = accounts_list(accounts, user, add_row, rows, &err);
    return result ? ctl_complain(CTL_FAILED, "%s", err.text) : print_rows(ctl, rows);
}

static int revoke_in_store(struct ctl *ctl, const char *user, int64_t id)
{
    CLEANUP(store_close) struct store *store = NULL;
    int status = stopped_open(ctl, false, &store);
    if (status)
        return status;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(store);
    struct error err;
    int result = accounts_revoke(accounts, user, (uint32_t)id, &err);
    return result ? ctl_complain(ctl_status_of(result), "%s", err.text) : CTL_OK;
}

static int revoke_through_daemon(struct ctl *ctl, const char *user, int64_t id)
{
    CLEANUP(mem_free) char *base = tokens_path(user);
    CLEANUP(mem_free) char *path = mem_format("%s/%lld", base, (long long)id);
    json_auto_t *said = NULL;
    return ctl_ask(ctl, "DELETE", path, NULL, &said);
}

static int token_revoke(struct ctl *ctl)
{
    const char *user = ctl_take_option(ctl, "user"), *id_text = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    int64_t id;
    if (status)
        return status;
    if (!user || !text_to_int(id_text, 1, UINT32_MAX, &id))
        return ctl_complain(CTL_USAGE, "token revoke wants --user NAME and the token's number");
    status = ctl_daemon_runs(ctl) ? revoke_through_daemon(ctl, user, id)
                                  : revoke_in_store(ctl, user, id);
    return status ? status
                  : ctl_report(ctl, json_pack("{s:I}", "revoked", (json_int_t)id),
                               "token %lld of %s is revoked", (long long)id, user);
}

int ctl_token(struct ctl *ctl)
{
    const char *action = ctl_take_word(ctl);
    if (text_equal(action, "new"))
        return token_new(ctl);
    if (text_equal(action, "list"))
        return token_list(ctl);
    if (text_equal(action, "revoke"))
        return token_revoke(ctl);
    return ctl_complain(CTL_USAGE, "token new, token list or token revoke?");
}
