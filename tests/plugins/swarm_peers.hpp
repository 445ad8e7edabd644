/* SPDX-License-Identifier: MIT
 *
 * What of a swarm libtorrent does not play: a tracker, and a peer that lies.  Each has a thread
 * that ends with it. */
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace swarm_peers
{

/* A socket on 127.0.0.1 at a port of its own. */
class Socket
{
  public:
    explicit Socket(int type);
    ~Socket();
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    int fd() const
    {
        return fd_;
    }
    int port() const;

  private:
    int fd_;
};

/* BEP 3 and 48 over HTTP, BEP 15 over UDP; it knows one torrent, whatever is asked for. */
class Tracker
{
  public:
    Tracker();
    ~Tracker();
    int port() const
    {
        return http_.port();
    }
    int udp_port() const
    {
        return udp_.port();
    }
    void add_peer(int port);
    void forget_peers();
    void claim(int32_t seeds, int32_t peers);
    unsigned n_asked() const
    {
        return n_asked_;
    }

  private:
    void run();
    void answer_http(int fd);
    void answer_udp();
    std::string compact_peers();

    Socket http_{ 1 }, udp_{ 2 };
    int stop_[2];
    std::mutex lock_;
    std::vector<int> peers_;
    std::atomic<unsigned> n_asked_{ 0 };
    int32_t seeds_ = 1, leechers_ = 0;
    std::thread thread_;
};

/* Speaks BEP 10 and 9, and answers each request for metadata with zeroes. */
class Liar
{
  public:
    explicit Liar(size_t metadata_len);
    ~Liar();
    int port() const
    {
        return socket_.port();
    }

  private:
    void run();
    void talk(int fd);

    Socket socket_{ 1 };
    int stop_[2];
    size_t metadata_len_;
    std::thread thread_;
};

} // namespace swarm_peers
