/* SPDX-License-Identifier: MIT */
#include "swarm_peers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace swarm_peers
{

namespace
{

constexpr size_t max_message = 1 << 20;
constexpr size_t metadata_block = 16 << 10;

[[noreturn]] void die(const char *why)
{
    std::perror(why);
    std::abort();
}

std::string big_endian(uint32_t number)
{
    const uint32_t swapped = htonl(number);
    return std::string(reinterpret_cast<const char *>(&swapped), 4);
}

uint32_t read_number(const char *bytes)
{
    uint32_t number;
    std::memcpy(&number, bytes, 4);
    return ntohl(number);
}

bool send_all(int fd, const std::string &bytes)
{
    return send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

/* False when the other side left, or the test is over. */
bool receive(int fd, int stop, char *out, size_t len)
{
    for (size_t n = 0; n < len;) {
        pollfd both[] = { { fd, POLLIN, 0 }, { stop, POLLIN, 0 } };
        if (poll(both, 2, -1) < 0 || both[1].revents)
            return false;
        const ssize_t got = recv(fd, out + n, len - n, 0);
        if (got <= 0)
            return false;
        n += static_cast<size_t>(got);
    }
    return true;
}

std::string bencode(const std::string &text)
{
    return std::to_string(text.size()) + ':' + text;
}

} // namespace

Socket::Socket(int type) : fd_(socket(AF_INET, type == 1 ? SOCK_STREAM : SOCK_DGRAM, 0))
{
    sockaddr_in address{};

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd_ < 0 || bind(fd_, reinterpret_cast<sockaddr *>(&address), sizeof(address)) != 0 ||
        (type == 1 && listen(fd_, 64) != 0))
        die("socket");
}

Socket::~Socket()
{
    close(fd_);
}

int Socket::port() const
{
    sockaddr_in address{};
    socklen_t len = sizeof(address);

    if (getsockname(fd_, reinterpret_cast<sockaddr *>(&address), &len) != 0)
        die("getsockname");
    return ntohs(address.sin_port);
}

Tracker::Tracker()
{
    if (pipe(stop_) != 0)
        die("pipe");
    thread_ = std::thread([this] { run(); });
}

Tracker::~Tracker()
{
    close(stop_[1]);
    thread_.join();
    close(stop_[0]);
}

void Tracker::add_peer(int port)
{
    const std::lock_guard<std::mutex> held(lock_);
    peers_.push_back(port);
}

void Tracker::forget_peers()
{
    const std::lock_guard<std::mutex> held(lock_);
    peers_.clear();
}

void Tracker::claim(int32_t seeds, int32_t peers)
{
    const std::lock_guard<std::mutex> held(lock_);
    seeds_ = seeds;
    leechers_ = peers;
}

std::string Tracker::compact_peers()
{
    const std::lock_guard<std::mutex> held(lock_);
    std::string out;

    for (const int port : peers_) {
        out += std::string("\x7f\x00\x00\x01", 4);
        out += static_cast<char>(port >> 8);
        out += static_cast<char>(port & 0xff);
    }
    return out;
}

void Tracker::run()
{
    pollfd all[] = { { http_.fd(), POLLIN, 0 }, { udp_.fd(), POLLIN, 0 }, { stop_[0], POLLIN, 0 } };

    while (poll(all, 3, -1) >= 0 && !all[2].revents) {
        n_asked_++;
        if (all[0].revents) {
            const int fd = accept(http_.fd(), nullptr, nullptr);
            answer_http(fd);
            close(fd);
        }
        if (all[1].revents)
            answer_udp();
    }
}

static std::string unescape(const std::string &text)
{
    std::string out;

    for (size_t i = 0; i < text.size(); i++) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

void Tracker::answer_http(int fd)
{
    std::string request, body;
    char byte;

    while (request.size() < 8192 && request.find("\r\n\r\n") == std::string::npos) {
        if (!receive(fd, stop_[0], &byte, 1))
            return;
        request += byte;
    }
    if (request.compare(0, 12, "GET /scrape?") == 0) {
        const size_t at = request.find("info_hash=") + 10;
        const std::string hash = unescape(request.substr(at, request.find_first_of("& ", at) - at));
        const std::lock_guard<std::mutex> held(lock_);
        body = "d5:filesd" + bencode(hash) + "d8:completei" + std::to_string(seeds_) +
               "e10:downloadedi0e10:incompletei" + std::to_string(leechers_) + "eeee";
    } else {
        body = "d8:intervali1800e5:peers" + bencode(compact_peers()) + "e";
    }
    send_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\nConnection: close\r\n\r\n" + body);
}

void Tracker::answer_udp()
{
    char request[2048];
    sockaddr_in from{};
    socklen_t len = sizeof(from);
    const ssize_t got =
        recvfrom(udp_.fd(), request, sizeof(request), 0, reinterpret_cast<sockaddr *>(&from), &len);
    if (got < 16)
        return;
    const uint32_t action = read_number(request + 8);
    std::string answer = big_endian(action) + std::string(request + 12, 4);
    if (action == 0) {
        answer += std::string("miauflix", 8);
    } else if (action == 1) {
        const std::string peers = compact_peers();
        const std::lock_guard<std::mutex> held(lock_);
        answer += big_endian(1800) + big_endian(static_cast<uint32_t>(leechers_)) +
                  big_endian(static_cast<uint32_t>(seeds_)) + peers;
    } else {
        const std::lock_guard<std::mutex> held(lock_);
        answer += big_endian(static_cast<uint32_t>(seeds_)) + big_endian(0) +
                  big_endian(static_cast<uint32_t>(leechers_));
    }
    sendto(udp_.fd(), answer.data(), answer.size(), 0, reinterpret_cast<sockaddr *>(&from), len);
}

Liar::Liar(size_t metadata_len) : metadata_len_(metadata_len)
{
    if (pipe(stop_) != 0)
        die("pipe");
    thread_ = std::thread([this] { run(); });
}

Liar::~Liar()
{
    close(stop_[1]);
    thread_.join();
    close(stop_[0]);
}

void Liar::run()
{
    pollfd both[] = { { socket_.fd(), POLLIN, 0 }, { stop_[0], POLLIN, 0 } };

    while (poll(both, 2, -1) >= 0 && !both[1].revents) {
        const int fd = accept(socket_.fd(), nullptr, nullptr);
        talk(fd);
        close(fd);
    }
}

static std::string extended(char id, const std::string &payload)
{
    return big_endian(static_cast<uint32_t>(payload.size() + 2)) + '\x14' + id + payload;
}

void Liar::talk(int fd)
{
    char head[68], number[4];
    std::vector<char> message;
    const std::string handshake = std::string("\x13"
                                              "BitTorrent protocol\0\0\0\0\0\x10\0\0",
                                              28);
    char metadata_id = 0;

    /* Whoever begins encrypted is to begin again in the clear. */
    if (!receive(fd, stop_[0], head, sizeof(head)) || head[0] != '\x13')
        return;
    send_all(fd, handshake + std::string(head + 28, 20) + "-XX0000-abcdefghijkl");
    send_all(fd, extended(0, "d1:md11:ut_metadatai3ee13:metadata_sizei" +
                                 std::to_string(metadata_len_) + "ee"));
    while (receive(fd, stop_[0], number, 4)) {
        message.resize(std::min<size_t>(read_number(number), max_message));
        if (!receive(fd, stop_[0], message.data(), message.size()))
            return;
        const std::string text(message.begin(), message.end());
        if (text.size() < 2 || text[0] != '\x14')
            continue;
        const size_t id = text.find("11:ut_metadatai");
        const size_t piece = text.find("5:piecei");
        if (text[1] == 0 && id != std::string::npos) {
            metadata_id = static_cast<char>(std::atoi(text.c_str() + id + 15));
        } else if (text[1] == 3 && piece != std::string::npos) {
            const size_t index = std::strtoul(text.c_str() + piece + 8, nullptr, 10);
            const size_t left = metadata_len_ - std::min(metadata_len_, index * metadata_block);
            send_all(fd, extended(metadata_id,
                                  "d8:msg_typei1e5:piecei" + std::to_string(index) +
                                      "e10:total_sizei" + std::to_string(metadata_len_) + "ee" +
                                      std::string(std::min(left, metadata_block), '\0')));
        }
    }
}

} // namespace swarm_peers
