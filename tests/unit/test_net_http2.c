/* SPDX-License-Identifier: MIT */
#include "../net_world.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../tls_peer.h"
#include "base/lock.h"
#include "base/text.h"

/* nginx, which speaks HTTP/2 to whoever can.  It answers with the protocol it was asked in, the
 * number of the connection, and how many requests that one has brought. */
static const char configuration[] =
    "daemon off; worker_processes 1; user root; pid %1$s/pid; error_log %1$s/error.log;\n"
    "events { worker_connections 64; }\n"
    "http { access_log off; client_body_temp_path %1$s/b; proxy_temp_path %1$s/p;\n"
    "fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;\n"
    "server { listen 127.0.0.1:%2$d ssl %3$s; ssl_certificate %4$s; ssl_certificate_key %5$s;\n"
    "keepalive_requests %6$d; root %1$s;\n"
    "location / { return 200 \"$server_protocol $connection $connection_requests\"; }\n"
    "location /large { }\n"
    "location /gone { return 444; } } }\n";

enum { LARGE = 300000 };

static const char *find_nginx(void)
{
    static const char *const places[] = { "/usr/sbin/nginx", "/usr/local/sbin/nginx",
                                          "/usr/bin/nginx" };
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

static void write_file(const struct tls_peer *peer, const char *name, const char *bytes, size_t len)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", peer->folder, name);
    CLEANUP(file_close) FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
}

/* nginx takes no port 0, but a socket that listens already, as from the nginx it replaces. */
static int listen_anywhere(struct tls_peer *peer)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    peer->port = ntohs(address.sin_port);
    return fd;
}

/* Connections wait in the socket until nginx is up, so nobody has to wait for it. */
static void run_nginx(struct tls_peer *peer, const char *program, const char *speaks,
                      int requests_per_connection)
{
    int fd = listen_anywhere(peer);
    CLEANUP(mem_free)
    char *text = mem_format(configuration, peer->folder, peer->port, speaks, peer->certificate,
                            peer->key, requests_per_connection);
    CLEANUP(mem_free) char *large = mem_alloc(LARGE);
    memset(large, 'x', LARGE);
    write_file(peer, "nginx.conf", text, strlen(text));
    write_file(peer, "large", large, LARGE);
    CLEANUP(mem_free) char *path = mem_dup_text(program);
    CLEANUP(mem_free) char *conf = mem_format("%s/nginx.conf", peer->folder);
    CLEANUP(mem_free) char *log = mem_format("%s/error.log", peer->folder);
    CLEANUP(mem_free) char *inherited = mem_format("%d;", fd);
    char *arguments[] = { path, (char[]){ "-p" }, peer->folder, (char[]){ "-e" },
                          log,  (char[]){ "-c" }, conf,         NULL };
    setenv("NGINX", inherited, 1);
    peer->pid = tls_peer_run(arguments, -1);
    unsetenv("NGINX");
    close(fd);
}

static void start_nginx(struct tls_peer *peer, const char *speaks, int requests_per_connection)
{
    const char *program = find_nginx();
    bool certified = tls_peer_certify(peer, "IP:127.0.0.1");
    if (program && certified) {
        run_nginx(peer, program, speaks, requests_per_connection);
        return;
    }
    print_message("SKIPPED: %s is missing (Debian: apt install nginx-light openssl)\n",
                  program ? "openssl" : "nginx");
    tls_peer_stop(peer);
    skip();
}

/* The upstream that nginx is. */
struct world {
    struct tls_peer peer;
    struct net *net;
    struct upstream *upstream;
};

static void world_close(struct world *world)
{
    net_close(world->net);
    tls_peer_stop(&world->peer);
}
DEFINE_CLEANUP_VALUE(struct world, world_close);

static void world_open(struct world *world, const char *speaks, int requests_per_connection)
{
    *world = (struct world){ 0 };
    start_nginx(&world->peer, speaks, requests_per_connection);
    CLEANUP(mem_free) char *base = mem_format("https://127.0.0.1:%d", world->peer.port);
    const char *const mirrors[] = { base };
    world->net = net_open(&(struct net_options){ .ca_file = world->peer.certificate });
    world->upstream = net_upstream(
        world->net, &(struct upstream_options){
                        .name = "nginx", .mirrors = mirrors, .n_mirrors = 1, .max_parallel = 32 });
}

struct seen {
    int code; /* the status, or why there is none */
    char protocol[16];
    unsigned connection, n_requests;
    size_t len;
};

static struct seen get(struct world *world, const char *url, uint32_t max_body)
{
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    const struct provider_request request = { .size = sizeof request,
                                              .url = url,
                                              .max_body = max_body };
    const struct upstream_wait wait = { .deadline_ms = clock_steady_ms() + 30000 };
    struct error err = { 0 };
    struct seen seen = { .code = upstream_fetch(world->upstream, &request, &wait, &answer, &err) };
    if (seen.code) {
        print_message("%s\n", err.text);
        return seen;
    }
    seen.code = answer->response.status;
    seen.len = answer->response.body_len;
    sscanf(answer->response.body, "%15s %9u %9u", seen.protocol, &seen.connection,
           &seen.n_requests);
    return seen;
}

static void who_speaks_http_2_is_asked_in_it_on_one_connection(void **state UNUSED)
{
    CLEANUP(world_close) struct world world;
    world_open(&world, "http2", 1000);
    struct seen first = get(&world, "{base}/1", 0);
    assert_int_equal(first.code, 200);
    assert_string_equal(first.protocol, "HTTP/2.0");
    struct seen second = get(&world, "{base}/2", 0);
    assert_int_equal(second.connection, first.connection);
    assert_int_equal(second.n_requests, 2);
}

static void who_does_not_is_asked_in_http_1(void **state UNUSED)
{
    CLEANUP(world_close) struct world world;
    world_open(&world, "", 1000);
    struct seen seen = get(&world, "{base}/1", 0);
    assert_int_equal(seen.code, 200);
    assert_string_equal(seen.protocol, "HTTP/1.1");
}

struct asker {
    struct world *world;
    unsigned number;
    struct seen seen;
    pthread_t thread;
};

static void *ask(void *context)
{
    struct asker *asker = context;
    CLEANUP(mem_free) char *url = mem_format("{base}/ask/%u", asker->number);
    asker->seen = get(asker->world, url, 0);
    return NULL;
}

/* Also those that come while the connection is still being made. */
static void many_at_once_share_the_connection(void **state UNUSED)
{
    enum { N = 24 };
    struct asker askers[N];
    bool counted[N + 1] = { false };
    CLEANUP(world_close) struct world world;
    world_open(&world, "http2", 1000);
    for (unsigned i = 0; i < N; i++) {
        askers[i] = (struct asker){ .world = &world, .number = i };
        askers[i].thread = lock_thread_start("asker", ask, &askers[i]);
    }
    for (unsigned i = 0; i < N; i++)
        pthread_join(askers[i].thread, NULL);
    for (unsigned i = 0; i < N; i++) {
        const struct seen *seen = &askers[i].seen;
        assert_int_equal(seen->code, 200);
        assert_int_equal(seen->connection, askers[0].seen.connection);
        assert_in_range(seen->n_requests, 1, N);
        assert_false(counted[seen->n_requests]);
        counted[seen->n_requests] = true;
    }
}

static void a_connection_that_the_server_ends_is_followed_by_another(void **state UNUSED)
{
    CLEANUP(world_close) struct world world;
    world_open(&world, "http2", 3);
    unsigned first = 0, last = 0;
    for (unsigned i = 0; i < 10; i++) {
        CLEANUP(mem_free) char *url = mem_format("{base}/%u", i);
        struct seen seen = get(&world, url, 0);
        assert_int_equal(seen.code, 200);
        assert_in_range(seen.n_requests, 1, 3);
        first = first ? first : seen.connection;
        last = seen.connection;
    }
    assert_true(last > first);
}

static void an_answer_too_large_ends_without_the_others(void **state UNUSED)
{
    CLEANUP(world_close) struct world world;
    world_open(&world, "http2", 1000);
    assert_int_equal(get(&world, "{base}/large", LARGE - 1).code, PROVIDER_ELIMIT);
    assert_int_equal(get(&world, "{base}/1", 0).code, 200);
    struct seen whole = get(&world, "{base}/large", LARGE);
    assert_int_equal(whole.code, 200);
    assert_int_equal(whole.len, LARGE);
}

static void a_stream_that_is_broken_off_is_a_failure_of_the_upstream(void **state UNUSED)
{
    CLEANUP(world_close) struct world world;
    world_open(&world, "http2", 1000);
    assert_int_equal(get(&world, "{base}/gone", 0).code, PROVIDER_EUPSTREAM);
    struct seen next = get(&world, "{base}/1", 0);
    assert_int_equal(next.code, 200);
    assert_string_equal(next.protocol, "HTTP/2.0");
}

static void a_certificate_nobody_vouches_for_is_refused(void **state UNUSED)
{
    CLEANUP(world_close) struct world world;
    CLEANUP(net_close) struct net *trusting_nobody = net_open(&(struct net_options){ 0 });
    world_open(&world, "http2", 1000);
    CLEANUP(mem_free) char *base = mem_format("https://127.0.0.1:%d", world.peer.port);
    const char *const mirrors[] = { base };
    world.upstream = net_upstream(
        trusting_nobody,
        &(struct upstream_options){ .name = "nginx", .mirrors = mirrors, .n_mirrors = 1 });
    assert_int_equal(get(&world, "{base}/1", 0).code, PROVIDER_EUPSTREAM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_speaks_http_2_is_asked_in_it_on_one_connection),
        cmocka_unit_test(who_does_not_is_asked_in_http_1),
        cmocka_unit_test(many_at_once_share_the_connection),
        cmocka_unit_test(a_connection_that_the_server_ends_is_followed_by_another),
        cmocka_unit_test(an_answer_too_large_ends_without_the_others),
        cmocka_unit_test(a_stream_that_is_broken_off_is_a_failure_of_the_upstream),
        cmocka_unit_test(a_certificate_nobody_vouches_for_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
