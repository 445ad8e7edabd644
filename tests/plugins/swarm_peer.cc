/* SPDX-License-Identifier: MIT */
#include "swarm_peer.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace swarm_peers
{

namespace
{

constexpr size_t max_message = 1 << 20;
constexpr size_t metadata_block = 16 << 10;
constexpr size_t huge = 900 << 20;
constexpr size_t max_talks = 64;
constexpr int blocks_before_reset = 5;
constexpr int blocks_before_repentance = 4;
constexpr uint32_t max_block = 128 << 10;

constexpr size_t root_len = 32;

enum Message : char {
    UNCHOKE = 1,
    BITFIELD = 5,
    REQUEST = 6,
    PIECE = 7,
    EXTENDED = 20,
    HASH_REQUEST = 21,
    HASHES = 22,
    HASH_REJECT = 23
};

/* What we call messages about metadata. */
constexpr char our_metadata = 3;

const char *const names[N_MANNERS] = { "honest",    "corrupt",   "lying",
                                       "stalling",  "silent",    "huge_metadata",
                                       "resetting", "repenting", "false_hashes" };

std::string message_of(char id, const std::string &payload)
{
    return big_endian(static_cast<uint32_t>(payload.size() + 1)) + id + payload;
}

size_t number_after(const std::string &text, const char *key)
{
    const size_t at = text.find(key);
    return at == std::string::npos
               ? 0
               : std::strtoul(text.c_str() + at + std::strlen(key), nullptr, 10);
}

void spoil(std::string *bytes)
{
    for (char &byte : *bytes)
        byte = static_cast<char>(byte ^ 0x5a);
}

/* The other side is told at once, without the bytes that were still on their way. */
void reset(int fd)
{
    const linger now = { 1, 0 };
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

} // namespace

Manner manner_of(const std::string &name)
{
    const auto *found = std::find(names, names + N_MANNERS, name);
    return static_cast<Manner>(found - names);
}

Peer::Peer(Manner manner, Offer offer) : manner_(manner), offer_(std::move(offer)), socket_(STREAM)
{
    thread_ = std::thread([this] { run(); });
}

Peer::~Peer()
{
    stop_.set();
    thread_.join();
    for (std::thread &talk : talks_)
        talk.join();
}

void Peer::run()
{
    pollfd both[] = { { socket_.fd(), POLLIN, 0 }, { stop_.fd(), POLLIN, 0 } };

    while (talks_.size() < max_talks && poll(both, 2, -1) >= 0 && !both[1].revents) {
        const int fd = accept(socket_.fd(), nullptr, nullptr);
        if (fd < 0)
            continue;
        talks_.emplace_back([this, fd] {
            talk(fd);
            close(fd);
        });
    }
}

size_t Peer::metadata_len() const
{
    return manner_ == HUGE_METADATA ? huge : offer_.info.size();
}

bool Peer::greet(const Talk &talk)
{
    if (!send_all(talk.fd, message_of(EXTENDED,
                                      '\0' + ("d1:md11:ut_metadatai" +
                                              std::to_string(our_metadata) + "ee13:metadata_sizei" +
                                              std::to_string(metadata_len()) + "ee"))))
        return false;
    if (manner_ == LYING || manner_ == HUGE_METADATA)
        return true;
    std::string have(static_cast<size_t>(offer_.n_pieces + 7) / 8, '\xff');
    if (offer_.n_pieces % 8)
        have.back() = static_cast<char>(0xff << (8 - offer_.n_pieces % 8));
    return send_all(talk.fd, message_of(BITFIELD, have) + message_of(UNCHOKE, ""));
}

bool Peer::send_metadata(const Talk &talk, size_t piece)
{
    const size_t all = metadata_len(), begin = std::min(all, piece * metadata_block);
    const size_t len = std::min(all - begin, metadata_block);
    const bool honest = manner_ != LYING && manner_ != HUGE_METADATA;

    if (manner_ == STALLING)
        return true;
    return send_all(talk.fd,
                    message_of(EXTENDED, talk.metadata_id +
                                             ("d8:msg_typei1e5:piecei" + std::to_string(piece) +
                                              "e10:total_sizei" + std::to_string(all) + "ee") +
                                             (honest ? offer_.info.substr(begin, len)
                                                     : std::string(len, '\0'))));
}

bool Peer::answer_extended(Talk &talk, const std::string &message)
{
    if (message.size() < 2)
        return true;
    if (message[1] == 0)
        talk.metadata_id = static_cast<char>(number_after(message, "11:ut_metadatai"));
    else if (message[1] == our_metadata && number_after(message, "8:msg_typei") == 0)
        return send_metadata(talk, number_after(message, "5:piecei"));
    return true;
}

bool Peer::is_to_be_wrong()
{
    return manner_ == CORRUPT || (manner_ == REPENTING && n_wrong_++ < blocks_before_repentance);
}

bool Peer::send_block(Talk &talk, const std::string &request)
{
    const uint32_t piece = read_number(&request[1]), begin = read_number(&request[5]);
    const uint32_t len = read_number(&request[9]);

    if (manner_ == STALLING || len > max_block || piece >= static_cast<uint32_t>(offer_.n_pieces))
        return manner_ == STALLING;
    std::string bytes =
        offer_.read(static_cast<int>(piece), static_cast<int>(begin), static_cast<int>(len));
    if (is_to_be_wrong())
        spoil(&bytes);
    if (!send_all(talk.fd, message_of(PIECE, request.substr(1, 8) + bytes)))
        return false;
    talk.n_sent++;
    if (manner_ != RESETTING || talk.n_sent < blocks_before_reset)
        return true;
    reset(talk.fd);
    return false;
}

bool Peer::send_hashes(const Talk &talk, const std::string &request)
{
    const char *numbers = &request[1 + root_len];
    const HashRange range = { read_number(numbers), read_number(numbers + 4),
                              read_number(numbers + 8), read_number(numbers + 12) };
    std::string hashes;

    if (manner_ == STALLING)
        return true;
    if (offer_.hashes)
        hashes = offer_.hashes(request.substr(1, root_len), range);
    if (manner_ == FALSE_HASHES)
        spoil(&hashes);
    return send_all(talk.fd,
                    message_of(hashes.empty() ? HASH_REJECT : HASHES, request.substr(1) + hashes));
}

bool Peer::answer(Talk &talk, const std::string &message)
{
    if (message[0] == EXTENDED)
        return answer_extended(talk, message);
    if (message[0] == REQUEST && message.size() == 13)
        return send_block(talk, message);
    if (message[0] == HASH_REQUEST && message.size() == 1 + root_len + 16)
        return send_hashes(talk, message);
    return true;
}

void Peer::talk(int fd)
{
    char head[68], number[4];
    std::string message;
    Talk talk = { fd, 0, 0 };
    std::string handshake("\x13"
                          "BitTorrent protocol\0\0\0\0\0\x10\0\0",
                          28);

    if (offer_.hashes)
        handshake.back() = '\x10'; /* it speaks v2 */
    /* Whoever begins encrypted is to begin again in the clear. */
    if (!receive(fd, stop_, head, sizeof(head)) || head[0] != '\x13')
        return;
    while (manner_ == SILENT && receive(fd, stop_, number, 1))
        ;
    if (manner_ == SILENT ||
        !send_all(fd, handshake + std::string(head + 28, 20) + "-XX0000-abcdefghijkl") ||
        !greet(talk))
        return;
    while (receive(fd, stop_, number, 4)) {
        message.resize(std::min<size_t>(read_number(number), max_message));
        if (!receive(fd, stop_, message.data(), message.size()))
            return;
        if (!message.empty() && !answer(talk, message))
            return;
    }
}

} // namespace swarm_peers
