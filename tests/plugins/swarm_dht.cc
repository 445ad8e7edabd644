/* SPDX-License-Identifier: MIT */
#include "swarm_dht.hpp"

#include "swarm_seed.hpp"

#include <libtorrent/bencode.hpp>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <iterator>
#include <random>

namespace swarm_peers
{

namespace
{

constexpr size_t id_len = 20;
constexpr size_t max_torrents = 100, max_peers = 50;
const char *const token = "miauflix";

std::string write_endpoint(int port)
{
    return std::string("\x7f\0\0\1", 4) + static_cast<char>(port >> 8) +
           static_cast<char>(port & 0xff);
}

std::string text(const lt::bdecode_node &dict, const char *key)
{
    return std::string(dict.dict_find_string_value(key));
}

/* An answer without its values: the transaction and who it is that answers. */
lt::entry greet(const std::string &transaction, const std::string &id)
{
    lt::entry out;

    out["t"] = transaction;
    out["y"] = "r";
    out["r"]["id"] = id;
    return out;
}

std::string encode(const lt::entry &entry)
{
    std::string out;

    lt::bencode(std::back_inserter(out), entry);
    return out;
}

/* Nobody listens at port 1, nobody can at port 0, and an address has six bytes. */
void name_nobody(lt::entry *answer)
{
    const std::string unreachable[] = { write_endpoint(1), write_endpoint(0), std::string(6, '\0'),
                                        std::string(6, '\xff'), "short" };
    std::string nodes;

    for (const std::string &endpoint : unreachable) {
        (*answer)["values"].list().push_back(endpoint);
        nodes += std::string(id_len, '\x55') + endpoint;
    }
    (*answer)["nodes"] = nodes;
    (*answer)["token"] = std::string(500, 't');
}

} // namespace

NodeManner node_manner_of(const std::string &name)
{
    const char *const names[] = { "honest", "gate", "rubbish", "lying" };
    size_t i = 0;

    while (i < N_NODE_MANNERS && name != names[i])
        i++;
    return static_cast<NodeManner>(i);
}

Dht::Dht(const std::vector<NodeManner> &manners)
{
    std::mt19937 chance(20261123);

    for (const NodeManner manner : manners) {
        std::string id(id_len, '\0');
        for (char &byte : id)
            byte = static_cast<char>(chance());
        nodes_.push_back({ manner, id, std::make_unique<Socket>(DATAGRAM) });
    }
    thread_ = std::thread([this] { run(); });
}

Dht::~Dht()
{
    stop_.set();
    thread_.join();
}

Dht::Torrent *Dht::torrent_of(const std::string &hash)
{
    const std::string name = hex(hash);

    if (hash.size() != id_len || (torrents_.size() >= max_torrents && !torrents_.count(name)))
        return nullptr;
    return &torrents_[name];
}

void Dht::add_peer(const Hashes &hashes, int port)
{
    const std::lock_guard<std::mutex> held(lock_);

    for (const std::string &hash : hashes)
        torrents_[hex(hash)].peers.insert(write_endpoint(port));
}

void Dht::forget_peers()
{
    const std::lock_guard<std::mutex> held(lock_);

    for (auto &torrent : torrents_)
        torrent.second.peers.clear();
}

unsigned Dht::n_sought(const std::string &hex)
{
    const std::lock_guard<std::mutex> held(lock_);
    return torrents_[hex].n_sought;
}

unsigned Dht::n_announced(const std::string &hex)
{
    const std::lock_guard<std::mutex> held(lock_);
    return static_cast<unsigned>(torrents_[hex].announced.size());
}

void Dht::run()
{
    std::vector<pollfd> all;

    for (const Node &node : nodes_)
        all.push_back({ node.socket->fd(), POLLIN, 0 });
    all.push_back({ stop_.fd(), POLLIN, 0 });
    while (poll(all.data(), all.size(), -1) >= 0 && !all.back().revents) {
        for (size_t i = 0; i < nodes_.size(); i++)
            if (all[i].revents)
                answer(nodes_[i]);
    }
}

void Dht::answer(const Node &node)
{
    char bytes[2048];
    sockaddr_in from{};
    socklen_t len = sizeof(from);
    lt::error_code bad;
    const ssize_t got = recvfrom(node.socket->fd(), bytes, sizeof(bytes), 0,
                                 reinterpret_cast<sockaddr *>(&from), &len);

    if (got <= 0)
        return;
    const lt::bdecode_node query = lt::bdecode({ bytes, static_cast<int>(got) }, bad);
    if (bad || query.type() != lt::bdecode_node::dict_t || text(query, "y") != "q")
        return;
    n_asked_++;
    const std::string out = reply(node, query, write_endpoint(ntohs(from.sin_port)));
    sendto(node.socket->fd(), out.data(), out.size(), 0, reinterpret_cast<sockaddr *>(&from), len);
}

/* As nodes are written in answers. */
std::string Dht::others(const Node &node) const
{
    std::string out;

    for (const Node &other : nodes_)
        if (&other != &node)
            out += other.id + write_endpoint(other.socket->port());
    return out;
}

/* False when it knows none. */
bool Dht::reply_peers(const Node &node, const std::string &hash, lt::entry *out)
{
    const std::lock_guard<std::mutex> held(lock_);
    Torrent *torrent = torrent_of(hash);

    if (!torrent)
        return false;
    torrent->n_sought++;
    if (node.manner == NODE_GATE)
        return true;
    (*out)["token"] = token;
    for (const auto &peers : { torrent->peers, torrent->announced })
        for (const std::string &peer : peers)
            (*out)["values"].list().push_back(peer);
    return true;
}

/* False when it has no token from us. */
bool Dht::take_announce(const lt::bdecode_node &args, const std::string &from)
{
    const std::lock_guard<std::mutex> held(lock_);
    Torrent *torrent = torrent_of(text(args, "info_hash"));
    const bool is_implied = args.dict_find_int_value("implied_port") != 0;
    const auto port = static_cast<int>(args.dict_find_int_value("port"));

    if (!torrent || text(args, "token") != token)
        return false;
    if (torrent->announced.size() < max_peers)
        torrent->announced.insert(is_implied ? from : write_endpoint(port));
    return true;
}

std::string Dht::reply(const Node &node, const lt::bdecode_node &query, const std::string &from)
{
    const std::string what = text(query, "q"), transaction = text(query, "t");
    const lt::bdecode_node args = query.dict_find_dict("a");
    lt::entry out = greet(transaction, node.id);
    bool is_right = true;

    if (!args)
        return "";
    if (what == "get_peers")
        is_right = reply_peers(node, text(args, "info_hash"), &out["r"]);
    else if (what == "announce_peer")
        is_right = take_announce(args, from);
    if (node.manner == NODE_RUBBISH)
        return rubbish(transaction);
    if (what == "get_peers" || what == "find_node")
        out["r"]["nodes"] = others(node);
    if (node.manner == NODE_LYING)
        name_nobody(&out["r"]);
    if (!is_right) {
        out = lt::entry();
        out["t"] = transaction;
        out["y"] = "e";
        out["e"].list() = { lt::entry(203), lt::entry("wrong") };
    }
    return encode(out);
}

/* Another kind each time. */
std::string Dht::rubbish(const std::string &transaction)
{
    lt::entry answer = greet(transaction, "too short");
    lt::entry wrong_types = greet(transaction, std::string(id_len, 'x'));

    wrong_types["r"]["nodes"].list().push_back(lt::entry(7));
    wrong_types["r"]["values"] = "no list";
    const std::string kinds[] = {
        std::string(1400, '\xff'),
        std::string(1400, 'l'),
        "d1:rd2:id99999999999999999999:",
        "i-0e",
        encode(answer),
        encode(wrong_types),
        encode(wrong_types).substr(0, 40),
        "d1:t" + bencode(transaction) + "1:y1:re",
        "d1:t" + bencode(transaction) + "1:y1:qe",
    };
    return kinds[n_rubbish_++ % std::size(kinds)];
}

} // namespace swarm_peers
