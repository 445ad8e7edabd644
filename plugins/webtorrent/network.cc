/* SPDX-License-Identifier: MIT
 *
 * Whom the session may talk to: public addresses, and what the operator names. */
#include "webtorrent/engine.hpp"

#include <libtorrent/address.hpp>
#include <libtorrent/ip_filter.hpp>

#include <cstdlib>
#include <sstream>

namespace webtorrent
{

namespace
{

struct Network {
    lt::address first, last;
};

template <class Bytes> Bytes fill(Bytes bytes, int bits, unsigned char with)
{
    for (size_t i = 0; i < bytes.size(); i++) {
        const int kept = std::min(std::max(bits - static_cast<int>(i) * 8, 0), 8);
        const auto mask = static_cast<unsigned char>(0xff00 >> kept);
        bytes[i] = static_cast<unsigned char>((bytes[i] & mask) | (with & ~mask));
    }
    return bytes;
}

template <class Address> Network span(const Address &address, int bits)
{
    return { Address(fill(address.to_bytes(), bits, 0)),
             Address(fill(address.to_bytes(), bits, 0xff)) };
}

Network parse(const std::string &word)
{
    const size_t slash = word.find('/');
    lt::error_code bad;
    const lt::address address = lt::make_address(word.substr(0, slash), bad);
    const int most = !bad && address.is_v4() ? 32 : 128;
    char *end = nullptr;
    const long bits =
        slash == std::string::npos ? most : std::strtol(word.c_str() + slash + 1, &end, 10);

    if (bad || bits < 0 || bits > most || (end && (*end || end == word.c_str() + slash + 1)))
        throw Failure(PROVIDER_EINVAL,
                      "allow_networks: '" + word + "': 'address/bits' is expected");
    return address.is_v4() ? span(address.to_v4(), static_cast<int>(bits))
                           : span(address.to_v6(), static_cast<int>(bits));
}

/* Special-purpose registries of IANA (RFC 6890), and multicast. */
const char *const not_public[] = {
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",    "::/96",
    "::ffff:0:0/96", "64:ff9b::/96",    "64:ff9b:1::/48", "100::/64",       "2001::/23",
    "2001:db8::/32", "2002::/16",       "fc00::/7",       "fe80::/10",      "fec0::/10",
    "ff00::/8",
};

} // namespace

lt::ip_filter make_filter(const char *allow_networks, bool *meets_loopback)
{
    lt::ip_filter filter;
    std::istringstream words(allow_networks ? allow_networks : "");
    std::string word;

    for (const char *network : not_public) {
        const Network range = parse(network);
        filter.add_rule(range.first, range.last, lt::ip_filter::blocked);
    }
    while (words >> word) {
        const Network range = parse(word);
        filter.add_rule(range.first, range.last, 0);
    }
    *meets_loopback = filter.access(lt::make_address("127.0.0.1")) == 0;
    return filter;
}

} // namespace webtorrent
