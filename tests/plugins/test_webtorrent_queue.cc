/* SPDX-License-Identifier: MIT
 *
 * What a peer says it takes at once, as libtorrent reads it afterwards. */
#include "webtorrent/engine.hpp"

#include <string>

/* Behind what knows other things by the names of cmocka's macros. */
extern "C" {
#include "../test.h"
}

namespace
{

/* Of a handshake: what libtorrent reads in it; every other byte is to stay. */
int64_t taken_of(const std::string &handshake)
{
    std::string bytes = handshake;
    lt::error_code bad;
    lt::bdecode_node root;

    assert_int_equal(lt::bdecode(bytes.data(), bytes.data() + bytes.size(), root, bad), 0);
    webtorrent::limit_queue(root);
    const size_t at = handshake.find("4:reqqi"), end = handshake.find('e', at + 7);
    assert_int_equal(bytes.size(), handshake.size());
    for (size_t i = 0; i < bytes.size(); i++)
        if (at == handshake.npos || i < at + 7 || i >= end)
            assert_int_equal(bytes[i], handshake[i]);
    return root.dict_find_int_value("reqq", -1);
}

void much_becomes_little(void **)
{
    assert_int_equal(taken_of("d1:md11:ut_metadatai2ee4:reqqi2000e1:v4:teste"), 64);
    assert_int_equal(taken_of("d4:reqqi500ee"), 64);
    assert_int_equal(taken_of("d4:reqqi65ee"), 64);
    assert_int_equal(taken_of("d4:reqqi9223372036854775807ee"), 64);
}

void little_stays(void **)
{
    assert_int_equal(taken_of("d4:reqqi64ee"), 64);
    assert_int_equal(taken_of("d4:reqqi1ee"), 1);
    assert_int_equal(taken_of("d4:reqqi0ee"), 0);
    assert_int_equal(taken_of("d4:reqqi-2000ee"), -2000);
}

void who_says_nothing_of_it_is_left_alone(void **)
{
    assert_int_equal(taken_of("de"), -1);
    assert_int_equal(taken_of("d1:pi6881ee"), -1);
    assert_int_equal(taken_of("d4:reqq4:2000e"), -1);
    assert_int_equal(taken_of("d4:reqqli2000eee"), -1);
    assert_int_equal(taken_of("d1:md4:reqqi2000eee"), -1);
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(much_becomes_little),
        cmocka_unit_test(little_stays),
        cmocka_unit_test(who_says_nothing_of_it_is_left_alone),
    };

    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
