/* SPDX-License-Identifier: MIT
 *
 * Where a request may go: mirrors, redirects, private addresses, proxies. */
#include "net_fetch_test.h"

#include <string.h>

#include "base/text.h"

static int is_json(const struct provider_response *response)
{
    return response->body_len && response->body[0] == '{';
}

static void a_parked_domain_is_left_for_the_next_mirror_for_good(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct fake_upstream *parked = fake_upstream_start();
    static const struct fake_answer html = { 200, "Content-Type: text/html\r\n", "<html>", 0, 0 };
    fake_upstream_script_rest(parked, &html);
    net_world_open(&world, NULL, NULL);
    world.mirrors[1] = world.mirrors[0];
    net_world_configure(&world, 0);
    world.mirrors[0] = fake_upstream_url(parked);
    net_world_configure(&world, 2);
    SCRIPT(&world, "/a", { 200, NULL, "{}", 0, 0 });
    struct provider_request request = { .size = sizeof request,
                                        .url = "{base}/a",
                                        .genuine = is_json };
    assert_int_equal(fetch(&world, &request, NULL), 200);
    assert_int_equal(fetch(&world, &request, NULL), 200);
    assert_int_equal(fake_upstream_seen(parked, NULL), 1);
    assert_string_equal(net_world_status(&world).mirror, world.mirrors[1]);
    assert_int_equal(net_world_status(&world).circuit, UPSTREAM_CLOSED);
    fake_upstream_stop(parked);
}

static void when_no_mirror_is_genuine_the_answer_is_unreadable(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(&world, &(struct upstream_options){ .retries = 3 }, NULL);
    world.mirrors[1] = world.mirrors[0];
    net_world_configure(&world, 2);
    SCRIPT(&world, "/a", { 200, NULL, "<html>", 0, 0 });
    struct provider_request request = { .size = sizeof request,
                                        .url = "{base}/a",
                                        .genuine = is_json };
    assert_int_equal(fetch(&world, &request, &err), PROVIDER_EPARSE);
    assert_non_null(strstr(err.text, "not from the service"));
    assert_int_equal(fake_upstream_seen(world.fake, "/a"), 2);
}

static void a_dead_mirror_is_passed_over_without_a_rest(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .circuit_failures = 1 }, NULL);
    world.mirrors[1] = world.mirrors[0];
    net_world_configure(&world, 0);
    world.mirrors[0] = "http://127.0.0.1:1";
    net_world_configure(&world, 2);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get_until(&world, "{base}/a", 2000, NULL), 200);
    assert_string_equal(net_world_status(&world).mirror, world.mirrors[1]);
}

static void a_hanging_mirror_is_left_for_the_next_by_who_gives_up(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    static const struct fake_answer hang = { 200, NULL, NULL, 0, FAKE_HANG };
    struct fake_upstream *hanging = fake_upstream_start();
    fake_upstream_script_rest(hanging, &hang);
    net_world_open(&world, NULL, NULL);
    world.mirrors[1] = world.mirrors[0];
    net_world_configure(&world, 0);
    world.mirrors[0] = fake_upstream_url(hanging);
    net_world_configure(&world, 2);
    SCRIPT(&world, "/a", { 200, NULL, "{}", 0, 0 });
    assert_int_equal(get_until(&world, "{base}/a", 3100, NULL), PROVIDER_ETIME);
    assert_int_equal(get_until(&world, "{base}/a", 10000, NULL), 200);
    assert_string_equal(net_world_status(&world).mirror, world.mirrors[1]);
    fake_upstream_stop(hanging);
}

static void a_redirect_on_the_same_host_is_followed_three_times(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/1", { 301, "Location: /2\r\n", NULL, 0, 0 });
    SCRIPT(&world, "/2", { 302, "Location: 3\r\n", NULL, 0, 0 });
    SCRIPT(&world, "/3", { 307, "Location: /4\r\n", NULL, 0, 0 });
    SCRIPT(&world, "/4", { 200, NULL, "there", 0, 0 });
    SCRIPT(&world, "/loop", { 302, "Location: /loop\r\n", NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/1", NULL), 200);
    assert_int_equal(get(&world, "{base}/loop", NULL), PROVIDER_EPARSE);
    assert_int_equal(fake_upstream_seen(world.fake, "/loop"), 4);
}

static void a_redirect_to_another_host_is_not_genuine(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct fake_upstream *other = fake_upstream_start();
    static char location[100];
    static struct fake_answer away;
    snprintf(location, sizeof location, "Location: %s/x\r\n", fake_upstream_url(other));
    away = (struct fake_answer){ 302, location, NULL, 0, 0 };
    net_world_open(&world, NULL, NULL);
    fake_upstream_script(world.fake, "/a", &away, 1);
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EPARSE);
    assert_int_equal(fake_upstream_seen(other, NULL), 0);

    /* A whole URL may lead elsewhere, but credentials stay behind. */
    CLEANUP(mem_free) char *url = mem_format("%s/a", world.mirrors[0]);
    const char *const headers[] = { "Authorization: Bearer secret", NULL };
    struct provider_request request = { .size = sizeof request, .url = url, .headers = headers };
    static const struct fake_answer fine = { 200, NULL, "{}", 0, 0 };
    char value[100];
    fake_upstream_script(other, "/x", &fine, 1);
    assert_int_equal(fetch(&world, &request, NULL), 200);
    assert_true(fake_upstream_header(world.fake, "/a", "Authorization", value, sizeof value));
    assert_false(fake_upstream_header(other, "/x", "Authorization", value, sizeof value));
    fake_upstream_stop(other);
}

static void an_upstream_of_one_host_stays_on_it_with_whole_urls_too(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct fake_upstream *other = fake_upstream_start();
    static char location[100];
    static struct fake_answer away;
    struct error err = { 0 };
    snprintf(location, sizeof location, "Location: %s/x\r\n", fake_upstream_url(other));
    away = (struct fake_answer){ 302, location, NULL, 0, 0 };
    net_world_open(&world, &(struct upstream_options){ .one_host = true }, NULL);
    fake_upstream_script(world.fake, "/away", &away, 1);
    SCRIPT(&world, "/here", { 302, "Location: /there\r\n", NULL, 0, 0 });
    SCRIPT(&world, "/there", { 200, NULL, "there", 0, 0 });
    CLEANUP(mem_free) char *far = mem_format("%s/away", world.mirrors[0]);
    CLEANUP(mem_free) char *near = mem_format("%s/here", world.mirrors[0]);
    assert_int_equal(get(&world, far, &err), PROVIDER_EPARSE);
    assert_non_null(strstr(err.text, "redirected elsewhere"));
    assert_int_equal(fake_upstream_seen(other, NULL), 0);
    assert_int_equal(get(&world, near, NULL), 200);
    fake_upstream_stop(other);
}

static void data_never_leads_to_private_addresses(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, "{}", 0, 0 });
    CLEANUP(mem_free) char *literal = mem_format("%s/a", world.mirrors[0]);
    CLEANUP(mem_free)
    char *decimal = mem_format("http://2130706433:%d/a", fake_upstream_port(world.fake));
    CLEANUP(mem_free)
    char *mapped = mem_format("http://[::ffff:127.0.0.1]:%d/a", fake_upstream_port(world.fake));
    CLEANUP(mem_free)
    char *name = mem_format("http://localhost:%d/a", fake_upstream_port(world.fake));
    /* A kept-alive connection to it exists by now. */
    assert_int_equal(get(&world, literal, NULL), 200);
    upstream_set_public_only(world.upstream, NULL);
    const char *const urls[] = { literal, decimal, mapped, name };
    for (size_t i = 0; i < ARRAY_LEN(urls); i++)
        assert_int_equal(get(&world, urls[i], &err), PROVIDER_EDENIED);
    assert_int_equal(fake_upstream_seen(world.fake, "/a"), 1);
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    static const char *const allowed[] = { "127.0.0.1", NULL };
    upstream_set_public_only(world.upstream, allowed);
    assert_int_equal(get(&world, literal, NULL), 200);
    assert_int_equal(get(&world, name, NULL), PROVIDER_EDENIED);
}

static void a_redirect_does_not_lead_around_the_guard(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    static char location[100];
    static struct fake_answer away;
    net_world_open(&world, NULL, NULL);
    snprintf(location, sizeof location, "Location: http://localhost:%d/inside\r\n",
             fake_upstream_port(world.fake));
    away = (struct fake_answer){ 302, location, NULL, 0, 0 };
    fake_upstream_script(world.fake, "/a", &away, 1);
    static const char *const allowed[] = { "127.0.0.1", NULL };
    upstream_set_public_only(world.upstream, allowed);
    CLEANUP(mem_free) char *url = mem_format("%s/a", world.mirrors[0]);
    assert_int_equal(get(&world, url, NULL), PROVIDER_EDENIED);
    assert_int_equal(fake_upstream_seen(world.fake, "/inside"), 0);
}

static void the_environments_proxy_is_not_used(void **state UNUSED)
{
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
}

static void a_proxy_from_the_options_is_used(void **state UNUSED)
{
    struct fake_upstream *proxy = fake_upstream_start();
    static const struct fake_answer answer = { 200, NULL, "by proxy", 0, 0 };
    fake_upstream_script_rest(proxy, &answer);
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, &(struct net_options){ .proxy = fake_upstream_url(proxy) });
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_int_equal(fake_upstream_seen(world.fake, NULL), 0);
    assert_int_equal(fake_upstream_seen(proxy, NULL), 1);
    net_world_close(&world);
    net_world_open(&world, NULL, NULL);
    fake_upstream_stop(proxy);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_parked_domain_is_left_for_the_next_mirror_for_good),
    cmocka_unit_test(when_no_mirror_is_genuine_the_answer_is_unreadable),
    cmocka_unit_test(a_dead_mirror_is_passed_over_without_a_rest),
    cmocka_unit_test(a_hanging_mirror_is_left_for_the_next_by_who_gives_up),
    cmocka_unit_test(a_redirect_on_the_same_host_is_followed_three_times),
    cmocka_unit_test(a_redirect_to_another_host_is_not_genuine),
    cmocka_unit_test(an_upstream_of_one_host_stays_on_it_with_whole_urls_too),
    cmocka_unit_test(data_never_leads_to_private_addresses),
    cmocka_unit_test(a_redirect_does_not_lead_around_the_guard),
    cmocka_unit_test(the_environments_proxy_is_not_used),
    cmocka_unit_test(a_proxy_from_the_options_is_used),
};

const struct test_part net_fetch_ways_part = TEST_PART(tests);
