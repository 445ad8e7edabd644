/* SPDX-License-Identifier: MIT
 *
 * Tokens: through the daemon when one runs, else straight in its store. */
#include <string.h>

#include "base/clock.h"
#include "control.h"
#include "ctl/ctl.h"
#include "ctl/stopped.h"
#include "service/accounts.h"

struct wish {
    const char *user, *scopes_text, *label;
    uint32_t scopes;
    int64_t expires_at_ms;
};

static bool daemon_runs(const struct ctl *ctl)
{
    char url[CONTROL_URL_LEN], token[CONTROL_TOKEN_LEN];
    return ctl->url || control_read(ctl->conf->data_folder, url, token, NULL) == 0;
}

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
    int status = stopped_open(ctl, &store);
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
    return daemon_runs(ctl) ? new_through_daemon(ctl, &wish) : new_in_store(ctl, &wish);
}

static int add_row(const struct token_row *row, void *context)
{
    char scopes[64], created[CLOCK_TEXT_LEN];
    accounts_scopes_write(row->scopes, scopes, sizeof scopes);
    json_array_append_new(context,
                          json_pack("{s:i,s:s,s:s,s:s,s:s}", "id", (int)row->id, "user", row->user,
                                    "label", row->label, "scopes", scopes, "created_at",
                                    clock_format(row->created_at_ms, created)));
    return 0;
}

static int print_rows(struct ctl *ctl, json_t *rows)
{
    if (ctl->json)
        return ctl_print_json(rows);
    struct ctl_table table = { 0 };
    ctl_table_row(&table, "ID\tUSER\tSCOPES\tCREATED\tLABEL");
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row)
        ctl_table_row(&table, "%lld\t%s\t%s\t%s\t%s", (long long)js_int(row, "id", 0),
                      json_string_value(json_object_get(row, "user")),
                      json_string_value(json_object_get(row, "scopes")),
                      json_string_value(json_object_get(row, "created_at")),
                      json_string_value(json_object_get(row, "label")));
    ctl_table_print(&table);
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
    json_array_foreach (js_array(said, "results"), i, row) {
        CLEANUP(text_done) struct text scopes = TEXT_INIT(100);
        size_t k;
        json_t *scope;
        json_array_foreach (js_array(row, "scopes"), k, scope)
            text_add_format(&scopes, "%s%s", k ? "," : "", json_string_value(scope));
        json_object_set_new(row, "scopes", json_string(text_string(&scopes)));
        js_set_string(row, "user", user);
    }
    return print_rows(ctl, js_array(said, "results"));
}

static int token_list(struct ctl *ctl)
{
    const char *user = ctl_take_option(ctl, "user");
    int status = ctl_no_more(ctl);
    if (status)
        return status;
    if (daemon_runs(ctl))
        return user ? list_through_daemon(ctl, user)
                    : ctl_complain(CTL_USAGE, "whose tokens? --user NAME");
    CLEANUP(store_close) struct store *store = NULL;
    status = stopped_open(ctl, &store);
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
    int status = stopped_open(ctl, &store);
    if (status)
        return status;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(store);
    struct error err;
    int result = accounts_revoke(accounts, user, (uint32_t)id, &err);
    return result ? ctl_complain(ctl_status_of(result), "%s", err.text) : CTL_OK;
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
    if (!daemon_runs(ctl))
        return revoke_in_store(ctl, user, id);
    CLEANUP(mem_free) char *base = tokens_path(user);
    CLEANUP(mem_free) char *path = mem_format("%s/%lld", base, (long long)id);
    json_auto_t *said = NULL;
    return ctl_ask(ctl, "DELETE", path, NULL, &said);
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
