/* SPDX-License-Identifier: MIT */
#include "torrent_seed.hpp"

#include <libtorrent/create_torrent.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

#include "swarm_seed.hpp"

namespace
{

constexpr int known_pieces = 2048;

void put(const std::string &path, const std::vector<char> &bytes)
{
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
}

void write_random(const std::string &path, int64_t size, unsigned start)
{
    std::mt19937_64 chance(start);
    std::vector<uint64_t> block(8192);
    std::ofstream out(path, std::ios::binary);

    for (int64_t n = 0; n < size; n += 65536) {
        for (uint64_t &word : block)
            word = chance();
        out.write(reinterpret_cast<const char *>(block.data()),
                  static_cast<long>(std::min<int64_t>(size - n, 65536)));
    }
}

std::vector<char> describe_unseen(const std::string &name)
{
    lt::file_storage files;
    std::mt19937 chance(static_cast<unsigned>(std::hash<std::string>()(name)));
    std::vector<char> bytes;

    files.add_file(name, int64_t{ known_pieces } << 14);
    lt::create_torrent maker(files, 16 << 10, lt::create_torrent::v1_only);
    for (const lt::piece_index_t piece : files.piece_range()) {
        lt::sha1_hash hash;
        for (unsigned char &byte : hash)
            byte = static_cast<unsigned char>(chance());
        maker.set_hash(piece, hash);
    }
    lt::bencode(std::back_inserter(bytes), maker.generate());
    return bytes;
}

/* "hash path" for each; then the process waits until it is let go. */
class Child
{
  public:
    Child(const std::string &folder, FILE *out) : folder_(folder), out_(out)
    {
        lt::settings_pack pack;
        pack.set_int(lt::settings_pack::active_limit, -1);
        session_->apply_settings(pack);
        std::fprintf(out_, "%d %d\n", session_->listen_port(), tracker_.port());
    }
    void know(size_t i)
    {
        const std::string name = "known" + std::to_string(i);
        lt::add_torrent_params params;
        params.ti = tell(name, describe_unseen(name));
        params.save_path = folder_ + "/nothing";
        params.flags = lt::torrent_flags::upload_mode;
        session_->add_torrent(params);
    }
    void offer(size_t i, int64_t size, int piece_length)
    {
        const std::string name = "film" + std::to_string(i) + ".mkv";
        lt::file_storage files;
        write_random(folder_ + '/' + name, size, static_cast<unsigned>(i));
        files.add_file(name, size);
        swarm_peers::seed(
            *session_,
            tell(name, swarm_peers::make_torrent(files, folder_, piece_length, SWARM_V1)), folder_);
    }

  private:
    std::shared_ptr<lt::torrent_info> tell(const std::string &name, const std::vector<char> &bytes)
    {
        auto info = std::make_shared<lt::torrent_info>(bytes, lt::from_span);
        const std::string path = folder_ + '/' + name + ".torrent";
        put(path, bytes);
        tracker_.add_seed(swarm_peers::hashes_of(*info), session_->listen_port());
        std::fprintf(out_, "%s %s\n",
                     swarm_peers::hex(swarm_peers::hashes_of(*info).front()).c_str(), path.c_str());
        return info;
    }

    std::string folder_;
    FILE *out_;
    swarm_peers::Tracker tracker_;
    std::unique_ptr<lt::session> session_ = swarm_peers::make_session();
};

[[noreturn]] void die(const char *why)
{
    std::perror(why);
    std::exit(1);
}

seeded read_line(FILE *in)
{
    char hash[64], path[512];

    if (std::fscanf(in, "%63s %511s", hash, path) != 2)
        die("the seed");
    return { hash, path };
}

} // namespace

Seed::Seed(size_t n_known, size_t n_files, int64_t size, int piece_length)
{
    char name[] = "/tmp/miauflix-bench-XXXXXX";
    int told[2], held[2];

    if (!mkdtemp(name) || pipe(told) != 0 || pipe(held) != 0 || (child_ = fork()) < 0)
        die("seed");
    folder = name;
    if (child_ == 0) {
        char byte;
        close(told[0]);
        close(held[1]);
        FILE *out = fdopen(told[1], "w");
        {
            Child child(folder, out);
            for (size_t i = 0; i < n_known; i++)
                child.know(i);
            for (size_t i = 0; i < n_files; i++)
                child.offer(i, size, piece_length);
            std::fclose(out);
            while (read(held[0], &byte, 1) > 0)
                ;
        }
        _exit(0);
    }
    close(told[1]);
    close(held[0]);
    hold_ = held[1];
    FILE *in = fdopen(told[0], "r");
    int tracker_port;
    if (std::fscanf(in, "%d %d", &port, &tracker_port) != 2)
        die("the seed");
    tracker = "http://127.0.0.1:" + std::to_string(tracker_port) + "/announce";
    for (size_t i = 0; i < n_known; i++)
        known.push_back(read_line(in));
    for (size_t i = 0; i < n_files; i++)
        files.push_back(read_line(in));
    std::fclose(in); /* not before all seed: it is closed behind the last */
}

Seed::~Seed()
{
    close(hold_);
    waitpid(child_, nullptr, 0);
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}
