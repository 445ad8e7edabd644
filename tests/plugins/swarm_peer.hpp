/* SPDX-License-Identifier: MIT
 *
 * A peer of our own that speaks BEP 3, 9, 10 and 52 and has every piece of one torrent, so that it
 * can do what libtorrent never does.  Threads of its own, which end with it. */
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "swarm_wire.hpp"

namespace swarm_peers
{

enum Manner {
    HONEST,
    CORRUPT,       /* sends other bytes than the torrent's */
    LYING,         /* has nothing but a description, and that is false */
    STALLING,      /* promises everything and never sends it */
    SILENT,        /* takes the connection and says nothing */
    HUGE_METADATA, /* describes 900 MB */
    RESETTING,     /* breaks off after every few blocks */
    REPENTING,     /* sends other bytes at first, and the torrent's from then on */
    FALSE_HASHES,  /* of a v2 torrent, sends the right bytes and other hashes of them */
    N_MANNERS
};

/* "corrupt"; N_MANNERS when there is none of that name. */
Manner manner_of(const std::string &name);

/* What a hash request names: `count` nodes of a layer, blocks being layer 0, and the nodes that
 * prove them against as many layers above as `n_proofs`. */
struct HashRange {
    uint32_t layer, first, count, n_proofs;
};

/* What it offers.  The functions are called by several threads. */
struct Offer {
    std::string info; /* the bytes that the infohash is of */
    int n_pieces;
    std::function<std::string(int piece, int begin, int len)> read;
    /* Nodes of the hash tree of the file with that root; "": there is none.  Not set: v1 only. */
    std::function<std::string(const std::string &root, const HashRange &range)> hashes;
};

class Peer
{
  public:
    Peer(Manner manner, Offer offer);
    ~Peer();
    int port() const
    {
        return socket_.port();
    }

  private:
    struct Talk {
        int fd;
        char metadata_id; /* what the other side calls metadata messages; 0: it takes none */
        int n_sent;
    };

    void run();
    void talk(int fd);
    bool greet(const Talk &talk);
    bool answer(Talk &talk, const std::string &message);
    bool answer_extended(Talk &talk, const std::string &message);
    bool send_metadata(const Talk &talk, size_t piece);
    bool send_block(Talk &talk, const std::string &request);
    bool send_hashes(const Talk &talk, const std::string &request);
    bool is_to_be_wrong();
    size_t metadata_len() const;

    const Manner manner_;
    const Offer offer_;
    Socket socket_;
    Stop stop_;
    std::atomic<int> n_wrong_{ 0 };
    std::vector<std::thread> talks_;
    std::thread thread_;
};

} // namespace swarm_peers
