/* SPDX-License-Identifier: MIT */
#include "../net_world.h"

#include <fcntl.h>
#include <string.h>

#include "../tls_peer.h"
#include "base/text.h"

/* openssl's own test server, with a certificate for `subject`; false when there is no openssl. */
static bool tls_server_start(struct tls_peer *server, const char *subject)
{
    if (!tls_peer_certify(server, subject))
        return false;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    char *arguments[] = { (char[]){ "openssl" }, (char[]){ "s_server" },
                          (char[]){ "-accept" }, (char[]){ "127.0.0.1:0" },
                          (char[]){ "-cert" },   server->certificate,
                          (char[]){ "-key" },    server->key,
                          (char[]){ "-www" },    NULL };
    server->pid = tls_peer_run(arguments, ends[1]);
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    char line[256];
    while (!server->port && fgets(line, sizeof line, said))
        if (sscanf(line, "ACCEPT 127.0.0.1:%5d", &server->port) != 1)
            server->port = 0;
    fclose(said);
    return server->port != 0;
}

static int get(const struct tls_peer *server, const char *ca_file, struct error *err)
{
    CLEANUP(net_close) struct net *net = net_open(&(struct net_options){ .ca_file = ca_file });
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    CLEANUP(mem_free) char *base = mem_format("https://127.0.0.1:%d", server->port);
    const char *const mirrors[] = { base };
    struct upstream *upstream = net_upstream(
        net, &(struct upstream_options){ .name = "tls", .mirrors = mirrors, .n_mirrors = 1 });
    const struct provider_request request = { .size = sizeof request, .url = "{base}/" };
    const struct upstream_wait wait = { .deadline_ms = clock_steady_ms() + 10000 };
    int code = upstream_fetch(upstream, &request, &wait, &answer, err);
    return code ? code : answer->response.status;
}

static void a_certificate_the_operator_trusts_is_accepted(void **state UNUSED)
{
    CLEANUP(tls_peer_stop) struct tls_peer server;
    if (!tls_server_start(&server, "IP:127.0.0.1"))
        skip(); /* no openssl to run */
    assert_int_equal(get(&server, server.certificate, NULL), 200);
}

static void a_certificate_nobody_vouches_for_is_refused(void **state UNUSED)
{
    CLEANUP(tls_peer_stop) struct tls_peer server;
    struct error err = { 0 };
    if (!tls_server_start(&server, "IP:127.0.0.1"))
        skip(); /* no openssl to run */
    assert_int_equal(get(&server, NULL, &err), PROVIDER_EUPSTREAM);
    assert_non_null(strstr(err.text, "certificate"));
}

static void a_certificate_for_somebody_else_is_refused(void **state UNUSED)
{
    CLEANUP(tls_peer_stop) struct tls_peer server;
    struct error err = { 0 };
    if (!tls_server_start(&server, "DNS:other.example,IP:127.0.0.2"))
        skip(); /* no openssl to run */
    assert_int_equal(get(&server, server.certificate, &err), PROVIDER_EUPSTREAM);
    assert_non_null(strstr(err.text, "SSL"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_the_operator_trusts_is_accepted),
        cmocka_unit_test(a_certificate_nobody_vouches_for_is_refused),
        cmocka_unit_test(a_certificate_for_somebody_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
