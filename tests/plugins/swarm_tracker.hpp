/* SPDX-License-Identifier: MIT
 *
 * A tracker: BEP 3, 23 and 48 over HTTP, BEP 15 over UDP, any number of torrents.  It has a thread
 * that ends with it. */
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "swarm_wire.hpp"

namespace swarm_peers
{

/* 20 bytes; a hybrid torrent has two of them. */
using Hashes = std::vector<std::string>;

class Tracker
{
  public:
    /* Of those who announce themselves it takes note when it is `open`; at that port for both when
     * it is free. */
    explicit Tracker(bool open = false, int port = 0);
    ~Tracker();
    int port() const
    {
        return http_.port();
    }
    int udp_port() const
    {
        return udp_.port();
    }
    /* One that has everything, on 127.0.0.1. */
    void add_seed(const Hashes &hashes, int port);
    void remove_seed(int port);
    void forget_peers();
    /* What it says of any torrent, instead of the truth. */
    void claim(int32_t seeds, int32_t peers);
    unsigned n_asked() const
    {
        return n_asked_;
    }

  private:
    struct Figures {
        int32_t seeds, leechers;
    };
    struct Announcement {
        std::string hash, peer; /* as peers are written in answers */
        std::string id;
        bool is_seed, leaves;
    };
    /* Of who left and came again, the farewell may come after the greeting. */
    struct Peer {
        bool is_seed;
        std::string id;
    };

    void run();
    void answer_http(int fd, const std::string &ip);
    std::string answer_announce(const std::string &query, const std::string &ip);
    std::string answer_scrape(const std::string &query);
    void answer_udp();
    std::string udp_answer(uint32_t action, const std::string &request, const std::string &ip);
    /* The peers it then names: all others. */
    std::string announce(const Announcement &announcement);
    Figures figures_of(const std::string &hash);

    const bool open_;
    Socket http_, udp_;
    Stop stop_;
    std::mutex lock_;
    std::map<std::string, std::map<std::string, Peer>> torrents_;
    bool claims_ = false;
    Figures claim_{};
    std::atomic<unsigned> n_asked_{ 0 };
    std::thread thread_;
};

} // namespace swarm_peers
