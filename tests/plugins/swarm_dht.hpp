/* SPDX-License-Identifier: MIT
 *
 * A DHT (BEP 5): a handful of nodes on 127.0.0.1 that know one another, and some that are not what
 * they seem.  One thread for all, that ends with them. */
#pragma once

#include <libtorrent/bdecode.hpp>
#include <libtorrent/entry.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "swarm_tracker.hpp"
#include "swarm_wire.hpp"

namespace swarm_peers
{

enum NodeManner {
    NODE_HONEST,
    NODE_GATE,    /* knows the other nodes and no peers, as those do that everybody begins with */
    NODE_RUBBISH, /* what it answers is not the protocol, or only looks like it */
    NODE_LYING,   /* names nodes and peers that nobody can talk to */
    N_NODE_MANNERS
};

/* "gate"; N_NODE_MANNERS when there is none of that name. */
NodeManner node_manner_of(const std::string &name);

class Dht
{
  public:
    explicit Dht(const std::vector<NodeManner> &manners);
    ~Dht();
    /* Of the first node. */
    int port() const
    {
        return nodes_.front().socket->port();
    }
    void add_peer(const Hashes &hashes, int port);
    void forget_peers();
    /* Queries of any kind. */
    unsigned n_asked() const
    {
        return n_asked_;
    }
    /* Queries for its peers; it is named by 40 digits. */
    unsigned n_sought(const std::string &hex);
    /* Others that said, with a token of ours, that they have it or want it. */
    unsigned n_announced(const std::string &hex);

  private:
    struct Node {
        NodeManner manner;
        std::string id;
        std::unique_ptr<Socket> socket;
    };
    struct Torrent {
        std::set<std::string> peers, announced; /* as they are written in answers */
        unsigned n_sought = 0;
    };

    void run();
    void answer(const Node &node);
    std::string reply(const Node &node, const lt::bdecode_node &query, const std::string &from);
    bool reply_peers(const Node &node, const std::string &hash, lt::entry *out);
    bool take_announce(const lt::bdecode_node &args, const std::string &from);
    std::string others(const Node &node) const;
    std::string rubbish(const std::string &transaction);
    Torrent *torrent_of(const std::string &hash);

    std::vector<Node> nodes_;
    Stop stop_;
    std::mutex lock_;
    std::map<std::string, Torrent> torrents_; /* by 40 digits */
    std::atomic<unsigned> n_asked_{ 0 };
    unsigned n_rubbish_ = 0;
    std::thread thread_;
};

} // namespace swarm_peers
