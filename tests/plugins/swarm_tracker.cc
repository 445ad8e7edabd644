/* SPDX-License-Identifier: MIT */
#include "swarm_tracker.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace swarm_peers
{

namespace
{

constexpr int patience_ms = 2000;
constexpr uint32_t interval_s = 1800;
constexpr size_t hash_len = 20;
constexpr size_t max_request = 8192;
constexpr size_t max_peers = 200;

const std::string loopback("\x7f\x00\x00\x01", 4);

std::string write_port(int port)
{
    return { static_cast<char>(port >> 8), static_cast<char>(port & 0xff) };
}

int digit(char c)
{
    const char *const digits = "0123456789abcdef";
    const char *at = c ? std::strchr(digits, c | 0x20) : nullptr;
    return at ? static_cast<int>(at - digits) : -1;
}

std::string unescape(const std::string &text)
{
    std::string out;

    for (size_t i = 0; i < text.size(); i++) {
        const bool escaped = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
                             digit(text[i + 2]) >= 0;
        out += escaped ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
        i += escaped ? 2 : 0;
    }
    return out;
}

/* All values of a name in "a=1&b=2". */
std::vector<std::string> values(const std::string &query, const std::string &name)
{
    std::vector<std::string> out;

    for (size_t at = 0; at < query.size();) {
        const size_t end = std::min(query.find('&', at), query.size());
        if (query.compare(at, name.size() + 1, name + '=') == 0)
            out.push_back(unescape(query.substr(at + name.size() + 1, end - at - name.size() - 1)));
        at = end + 1;
    }
    return out;
}

std::string value(const std::string &query, const std::string &name)
{
    const auto all = values(query, name);
    return all.empty() ? "" : all.front();
}

std::string fail(const std::string &why)
{
    return "d14:failure reason" + bencode(why) + "e";
}

std::string ip_of(const sockaddr_in &address)
{
    return std::string(reinterpret_cast<const char *>(&address.sin_addr.s_addr), 4);
}

} // namespace

Tracker::Tracker(bool open, int port)
    : open_(open), http_(STREAM, port), udp_(DATAGRAM, port ? http_.port() : 0)
{
    thread_ = std::thread([this] { run(); });
}

Tracker::~Tracker()
{
    stop_.set();
    thread_.join();
}

void Tracker::add_seed(const Hashes &hashes, int port)
{
    const std::lock_guard<std::mutex> held(lock_);

    for (const std::string &hash : hashes)
        torrents_[hash][loopback + write_port(port)] = { true, "" };
}

void Tracker::remove_seed(int port)
{
    const std::lock_guard<std::mutex> held(lock_);

    for (auto &torrent : torrents_)
        torrent.second.erase(loopback + write_port(port));
}

void Tracker::forget_peers()
{
    const std::lock_guard<std::mutex> held(lock_);
    torrents_.clear();
}

void Tracker::claim(int32_t seeds, int32_t peers)
{
    const std::lock_guard<std::mutex> held(lock_);
    claims_ = true;
    claim_ = { seeds, peers };
}

Tracker::Figures Tracker::figures_of(const std::string &hash)
{
    const std::lock_guard<std::mutex> held(lock_);
    Figures figures = claim_;
    const auto torrent = torrents_.find(hash);

    if (!claims_ && torrent != torrents_.end()) {
        for (const auto &peer : torrent->second)
            (peer.second.is_seed ? figures.seeds : figures.leechers)++;
    }
    return figures;
}

std::string Tracker::announce(const Announcement &announcement)
{
    const std::lock_guard<std::mutex> held(lock_);
    std::string out;
    auto &peers = torrents_[announcement.hash];

    for (const auto &peer : peers) {
        if (peer.first != announcement.peer)
            out += peer.first;
    }
    const auto same = peers.find(announcement.peer);
    if (open_ && announcement.leaves) {
        if (same != peers.end() && same->second.id == announcement.id)
            peers.erase(same);
    } else if (open_ && peers.size() < max_peers) {
        peers[announcement.peer] = { announcement.is_seed, announcement.id };
    }
    return out;
}

void Tracker::run()
{
    pollfd all[] = { { http_.fd(), POLLIN, 0 },
                     { udp_.fd(), POLLIN, 0 },
                     { stop_.fd(), POLLIN, 0 } };

    while (poll(all, 3, -1) >= 0 && !all[2].revents) {
        n_asked_++;
        if (all[0].revents) {
            sockaddr_in from{};
            socklen_t len = sizeof(from);
            const int fd = accept(http_.fd(), reinterpret_cast<sockaddr *>(&from), &len);
            answer_http(fd, ip_of(from));
            close(fd);
        }
        if (all[1].revents)
            answer_udp();
    }
}

std::string Tracker::answer_announce(const std::string &query, const std::string &ip)
{
    const std::string hash = value(query, "info_hash");
    const int port = std::atoi(value(query, "port").c_str());

    if (hash.size() != hash_len || port < 1 || port > 65535)
        return fail("info_hash and port are needed");
    const std::string peers =
        announce({ hash, ip + write_port(port), value(query, "peer_id"),
                   value(query, "left") == "0", value(query, "event") == "stopped" });
    const Figures figures = figures_of(hash);
    return "d8:completei" + std::to_string(figures.seeds) + "e10:incompletei" +
           std::to_string(figures.leechers) + "e8:intervali" + std::to_string(interval_s) +
           "e5:peers" + bencode(peers) + "e";
}

std::string Tracker::answer_scrape(const std::string &query)
{
    std::string files;

    for (const std::string &hash : values(query, "info_hash")) {
        const Figures figures = figures_of(hash);
        files += bencode(hash) + "d8:completei" + std::to_string(figures.seeds) +
                 "e10:downloadedi0e10:incompletei" + std::to_string(figures.leechers) + "ee";
    }
    return "d5:filesd" + files + "ee";
}

void Tracker::answer_http(int fd, const std::string &ip)
{
    std::string request, body;
    char byte;

    while (request.size() < max_request && request.find("\r\n\r\n") == std::string::npos) {
        if (!receive(fd, stop_, &byte, 1, patience_ms))
            return;
        request += byte;
    }
    const size_t mark = request.find('?'), end = request.find(" HTTP/");
    const bool asks = request.compare(0, 5, "GET /") == 0 && mark < end;
    const std::string path = asks ? request.substr(4, mark - 4) : "";
    const std::string query = asks ? request.substr(mark + 1, end - mark - 1) : "";
    if (path == "/scrape")
        body = answer_scrape(query);
    else if (path == "/announce")
        body = answer_announce(query, ip);
    else
        body = fail("announce or scrape");
    send_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\nConnection: close\r\n\r\n" + body);
}

/* What follows the action and the transaction. */
std::string Tracker::udp_answer(uint32_t action, const std::string &request, const std::string &ip)
{
    if (action == 0)
        return std::string("miauflix", 8);
    const std::string hash = request.substr(16, hash_len);
    if (action == 1 && request.size() >= 98) {
        const uint32_t left = read_number(&request[64]) | read_number(&request[68]);
        const std::string peers =
            announce({ hash, ip + request.substr(96, 2), request.substr(36, 20), left == 0,
                       read_number(&request[80]) == 3 });
        const Figures figures = figures_of(hash);
        return big_endian(interval_s) + big_endian(static_cast<uint32_t>(figures.leechers)) +
               big_endian(static_cast<uint32_t>(figures.seeds)) + peers;
    }
    std::string out;
    for (size_t at = 16; action == 2 && at + hash_len <= request.size(); at += hash_len) {
        const Figures figures = figures_of(request.substr(at, hash_len));
        out += big_endian(static_cast<uint32_t>(figures.seeds)) + big_endian(0) +
               big_endian(static_cast<uint32_t>(figures.leechers));
    }
    return out;
}

void Tracker::answer_udp()
{
    char bytes[2048];
    sockaddr_in from{};
    socklen_t len = sizeof(from);
    const ssize_t got =
        recvfrom(udp_.fd(), bytes, sizeof(bytes), 0, reinterpret_cast<sockaddr *>(&from), &len);

    if (got < 16)
        return;
    const std::string request(bytes, static_cast<size_t>(got));
    const uint32_t action = read_number(bytes + 8);
    const std::string answer =
        big_endian(action) + request.substr(12, 4) + udp_answer(action, request, ip_of(from));
    sendto(udp_.fd(), answer.data(), answer.size(), 0, reinterpret_cast<sockaddr *>(&from), len);
}

} // namespace swarm_peers
