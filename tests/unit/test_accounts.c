/* SPDX-License-Identifier: MIT
 *
 * Tokens: who is let in, and how long what was seen lately is believed. */
#include "../test.h"

#include "../place.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "service/accounts.h"

struct made {
    char token[ACCOUNTS_TOKEN_LEN];
    struct token_row row;
};

static struct made make_token(struct accounts *accounts, const char *user, int64_t expires_at_ms)
{
    struct made made;
    struct error err = { 0 };
    if (accounts_token_new(accounts, user, NULL, SCOPE_READ, expires_at_ms, made.token, &made.row,
                           &err))
        fail_msg("%s", err.text);
    return made;
}

/* The user's name; "" when nobody is let in. */
static const char *ask(struct accounts *accounts, const char *token)
{
    static _Thread_local struct token_row row;
    struct error err = { 0 };
    memset(&row, 0, sizeof row);
    int result = accounts_check(accounts, token, &row, &err);
    if (result) {
        assert_int_equal(result, PROVIDER_EAUTH);
        assert_int_equal(err.code, PROVIDER_EAUTH);
        assert_int_equal(row.scopes, 0);
    }
    return result ? "" : row.user;
}

static void a_token_lets_its_user_in_again_and_again(void **state)
{
    struct place *place = *state;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(place->store);
    struct made anna = make_token(accounts, "anna", 0), bert = make_token(accounts, "bert", 0);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(ask(accounts, anna.token), "anna");
        assert_string_equal(ask(accounts, anna.token), "anna");
        assert_string_equal(ask(accounts, bert.token), "bert");
    }
}

static void what_resembles_a_token_that_was_just_let_in_is_refused(void **state)
{
    struct place *place = *state;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(place->store);
    struct made anna = make_token(accounts, "anna", 0);
    size_t len = strlen(anna.token);
    char other[ACCOUNTS_TOKEN_LEN + 1];
    for (size_t i = 0; i < len; i++) {
        assert_string_equal(ask(accounts, anna.token), "anna");
        memcpy(other, anna.token, len + 1);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        assert_string_equal(ask(accounts, other), "");
        other[i] = '\0'; /* its beginning */
        assert_string_equal(ask(accounts, other), "");
    }
    snprintf(other, sizeof other, "%sA", anna.token);
    assert_string_equal(ask(accounts, other), "");
}

static void what_is_too_long_for_a_token_is_refused(void **state)
{
    struct place *place = *state;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(place->store);
    char token[4000];
    for (size_t len = 195; len < sizeof token; len = len < 210 ? len + 1 : len * 2) {
        memset(token, 'A', len);
        token[len] = '\0';
        assert_string_equal(ask(accounts, token), "");
    }
}

static void a_revoked_token_is_refused_at_once_by_the_thread_that_just_let_it_in(void **state)
{
    struct place *place = *state;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(place->store);
    struct made anna = make_token(accounts, "anna", 0), bert = make_token(accounts, "bert", 0);
    assert_string_equal(ask(accounts, bert.token), "bert");
    assert_string_equal(ask(accounts, anna.token), "anna");
    assert_int_equal(accounts_revoke(accounts, "anna", anna.row.id, NULL), 0);
    assert_string_equal(ask(accounts, anna.token), "");
    assert_string_equal(ask(accounts, bert.token), "bert");
}

struct asking {
    struct accounts *accounts;
    const char *token;
    pthread_barrier_t turn;
    char before[TOKEN_USER_LEN], after[TOKEN_USER_LEN];
};

static void *ask_before_and_after(void *argument)
{
    struct asking *asking = argument;
    snprintf(asking->before, sizeof asking->before, "%s", ask(asking->accounts, asking->token));
    pthread_barrier_wait(&asking->turn);
    pthread_barrier_wait(&asking->turn);
    snprintf(asking->after, sizeof asking->after, "%s", ask(asking->accounts, asking->token));
    return NULL;
}

static void a_token_that_another_thread_revokes_is_refused_at_once(void **state)
{
    struct place *place = *state;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(place->store);
    struct made anna = make_token(accounts, "anna", 0);
    struct asking asking = { .accounts = accounts, .token = anna.token };
    pthread_t thread;
    pthread_barrier_init(&asking.turn, NULL, 2);
    pthread_create(&thread, NULL, ask_before_and_after, &asking);
    pthread_barrier_wait(&asking.turn);
    assert_int_equal(accounts_revoke(accounts, NULL, anna.row.id, NULL), 0);
    pthread_barrier_wait(&asking.turn);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&asking.turn);
    assert_string_equal(asking.before, "anna");
    assert_string_equal(asking.after, "");
}

static int64_t later_ms;

static int64_t read_later(void)
{
    return later_ms;
}

/* As another process does it, whose revocations nobody tells us. */
static void a_token_revoked_elsewhere_is_refused_after_five_seconds(void **state)
{
    struct place *place = *state;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(place->store);
    CLEANUP(accounts_free) struct accounts *others = accounts_new(place->store);
    struct made anna = make_token(accounts, "anna", 0);
    assert_string_equal(ask(accounts, anna.token), "anna");
    assert_int_equal(accounts_revoke(others, "anna", anna.row.id, NULL), 0);
    assert_string_equal(ask(others, anna.token), "");
    later_ms = clock_steady_ms() + 5001;
    clock_set_source(read_later);
    assert_string_equal(ask(accounts, anna.token), "");
    clock_set_source(NULL);
}

static void a_token_that_expires_is_refused_though_it_was_just_let_in(void **state)
{
    struct place *place = *state;
    CLEANUP(accounts_free) struct accounts *accounts = accounts_new(place->store);
    struct made anna = make_token(accounts, "anna", clock_wall_ms() + 3600000);
    assert_string_equal(ask(accounts, anna.token), "anna");
    later_ms = anna.row.expires_at_ms;
    clock_set_source(read_later);
    assert_string_equal(ask(accounts, anna.token), "");
    clock_set_source(NULL);
    assert_string_equal(ask(accounts, anna.token), "anna");
}

static void who_was_let_in_by_one_is_looked_up_again_by_the_next(void **state)
{
    struct place *place = *state;
    struct accounts *accounts = accounts_new(place->store);
    struct made anna = make_token(accounts, "anna", 0);
    assert_string_equal(ask(accounts, anna.token), "anna");
    accounts_free(accounts);
    assert_int_equal(token_rows_delete(place->store, anna.row.hash, NULL), 0);
    accounts = accounts_new(place->store); /* likely at the address of the one before */
    assert_string_equal(ask(accounts, anna.token), "");
    accounts_free(accounts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACED(a_token_lets_its_user_in_again_and_again),
        PLACED(what_resembles_a_token_that_was_just_let_in_is_refused),
        PLACED(what_is_too_long_for_a_token_is_refused),
        PLACED(a_revoked_token_is_refused_at_once_by_the_thread_that_just_let_it_in),
        PLACED(a_token_that_another_thread_revokes_is_refused_at_once),
        PLACED(a_token_revoked_elsewhere_is_refused_after_five_seconds),
        PLACED(a_token_that_expires_is_refused_though_it_was_just_let_in),
        PLACED(who_was_let_in_by_one_is_looked_up_again_by_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
