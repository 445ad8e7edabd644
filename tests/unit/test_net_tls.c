/* SPDX-License-Identifier: MIT */
#include "../net_world.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/text.h"

/* openssl's own test server, with a certificate for `subject` that nobody else vouches for. */
struct tls_server {
    char folder[64];
    char certificate[96], key[96];
    pid_t pid;
    int port;
};

static pid_t run(char *const *arguments, int output)
{
    pid_t pid = fork();
    if (pid)
        return pid;
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, 0);
    dup2(output >= 0 ? output : nothing, 1);
    dup2(nothing, 2);
    execvp(arguments[0], arguments);
    _exit(127);
}

static bool make_certificate(struct tls_server *server, const char *subject)
{
    CLEANUP(mem_free) char *name = mem_format("subjectAltName=%s", subject);
    char *arguments[] = { (char[]){ "openssl" },
                          (char[]){ "req" },
                          (char[]){ "-x509" },
                          (char[]){ "-newkey" },
                          (char[]){ "ec" },
                          (char[]){ "-pkeyopt" },
                          (char[]){ "ec_paramgen_curve:P-256" },
                          (char[]){ "-nodes" },
                          (char[]){ "-keyout" },
                          server->key,
                          (char[]){ "-out" },
                          server->certificate,
                          (char[]){ "-subj" },
                          (char[]){ "/CN=test" },
                          (char[]){ "-addext" },
                          name,
                          NULL };
    int status = -1;
    waitpid(run(arguments, -1), &status, 0);
    return status == 0;
}

/* False when there is no openssl to run. */
static bool tls_server_start(struct tls_server *server, const char *subject)
{
    *server = (struct tls_server){ .folder = "/tmp/test-tls-XXXXXX" };
    assert_non_null(mkdtemp(server->folder));
    snprintf(server->certificate, sizeof server->certificate, "%s/cert.pem", server->folder);
    snprintf(server->key, sizeof server->key, "%s/key.pem", server->folder);
    if (!make_certificate(server, subject))
        return false;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    char *arguments[] = { (char[]){ "openssl" }, (char[]){ "s_server" },
                          (char[]){ "-accept" }, (char[]){ "127.0.0.1:0" },
                          (char[]){ "-cert" },   server->certificate,
                          (char[]){ "-key" },    server->key,
                          (char[]){ "-www" },    NULL };
    server->pid = run(arguments, ends[1]);
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    char line[256];
    while (!server->port && fgets(line, sizeof line, said))
        if (sscanf(line, "ACCEPT 127.0.0.1:%5d", &server->port) != 1)
            server->port = 0;
    fclose(said);
    return server->port != 0;
}

static int remove_one(const char *path, const struct stat *facts UNUSED, int type UNUSED,
                      struct FTW *ftw UNUSED)
{
    return remove(path);
}

static void tls_server_stop(struct tls_server *server)
{
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
    nftw(server->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
DEFINE_CLEANUP_VALUE(struct tls_server, tls_server_stop);

static int get(const struct tls_server *server, const char *ca_file, struct error *err)
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
    CLEANUP(tls_server_stop) struct tls_server server;
    if (!tls_server_start(&server, "IP:127.0.0.1"))
        skip(); /* no openssl to run */
    assert_int_equal(get(&server, server.certificate, NULL), 200);
}

static void a_certificate_nobody_vouches_for_is_refused(void **state UNUSED)
{
    CLEANUP(tls_server_stop) struct tls_server server;
    struct error err = { 0 };
    if (!tls_server_start(&server, "IP:127.0.0.1"))
        skip(); /* no openssl to run */
    assert_int_equal(get(&server, NULL, &err), PROVIDER_EUPSTREAM);
    assert_non_null(strstr(err.text, "certificate"));
}

static void a_certificate_for_somebody_else_is_refused(void **state UNUSED)
{
    CLEANUP(tls_server_stop) struct tls_server server;
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
