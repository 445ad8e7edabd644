/* SPDX-License-Identifier: MIT
 *
 * The engine of plugins/webtorrent against libtorrent as it comes, on loopback: how long a magnet
 * takes, how fast a film flows, how soon after a jump, and what a thousand torrents cost.  With
 * "link": what a line of 50 Mbit/s gives; bench_link.sh makes that line. */
#include <libtorrent/alert_types.hpp>
#include <libtorrent/posix_disk_io.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/torrent_info.hpp>

#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "bench.h"
#include "torrent_seed.hpp"
#include "webtorrent/engine.h"

namespace
{

using Clock = std::chrono::steady_clock;

constexpr size_t chunk = 256 << 10;               /* as the daemon reads */
constexpr std::chrono::milliseconds settling(20); /* what one began the other does not pay for */

double ms_since(Clock::time_point begun)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

[[noreturn]] void die(const std::string &why)
{
    std::fprintf(stderr, "bench_torrent: %s\n", why.c_str());
    std::_Exit(2);
}

double median(std::vector<double> values)
{
    return bench_median(values.data(), values.size());
}

uint32_t a_minute(void *)
{
    return 60000;
}

const engine_wait patient = { a_minute, nullptr };

/* The engine, in a folder of its own that goes with it. */
class Engine
{
  public:
    Engine()
    {
        char name[] = "/tmp/miauflix-bench-XXXXXX";
        engine_options options{};
        engine_error err{};

        if (!mkdtemp(name))
            die("no folder");
        folder = name;
        options.folder = name;
        options.listen = "127.0.0.1:0";
        options.allow_networks = "127.0.0.0/8";
        options.connections = 200;
        options.encryption = ENGINE_PLAIN;
        options.share_s = 300;
        options.log = hear;
        options.context = this;
        if (engine_open(&options, &engine, &err) != 0)
            die(err.text);
    }
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;
    ~Engine()
    {
        std::error_code ignored;
        engine_close(engine);
        std::filesystem::remove_all(folder, ignored);
    }
    void resolve(const Seed &seed, const seeded &one)
    {
        const char *const trackers[] = { seed.tracker.c_str() };
        const engine_magnet magnet = { one.hash.c_str(), nullptr, trackers, 1 };
        engine_metainfo *metainfo = nullptr;
        engine_error err{};

        if (engine_resolve(engine, &magnet, &patient, &metainfo, &err) != 0)
            die(err.text);
        engine_metainfo_free(metainfo);
    }
    engine_stream *open(const Seed &seed, const seeded &one)
    {
        const char *const trackers[] = { seed.tracker.c_str() };
        const engine_magnet magnet = { one.hash.c_str(), nullptr, trackers, 1 };
        engine_stream *stream = nullptr;
        engine_error err{};

        if (engine_stream_open(engine, &magnet, 0, &patient, &stream, &err) != 0)
            die(err.text);
        return stream;
    }

    std::string folder;
    ::engine *engine = nullptr;
    std::atomic<unsigned> n_lost{ 0 }; /* rounds in which alerts were lost */

  private:
    static void hear(void *context, int, const char *line)
    {
        if (std::strstr(line, "too much at once"))
            static_cast<Engine *>(context)->n_lost++;
    }
};

size_t read_at(engine_stream *stream, uint64_t offset, char *bytes)
{
    engine_error err{};
    size_t n = 0;

    if (engine_stream_read(stream, offset, bytes, chunk, &patient, &n, &err) != 0)
        die(err.text);
    return n;
}

/* libtorrent as it comes, with the settings that facts speak for. */
std::unique_ptr<lt::session> make_plain_session()
{
    using lt::settings_pack;
    settings_pack pack;

    pack.set_str(settings_pack::listen_interfaces, "127.0.0.1:0");
    for (const int off :
         { settings_pack::enable_dht, settings_pack::enable_lsd, settings_pack::enable_upnp,
           settings_pack::enable_natpmp, settings_pack::enable_incoming_utp,
           settings_pack::enable_outgoing_utp, settings_pack::ssrf_mitigation })
        pack.set_bool(off, false);
    pack.set_bool(settings_pack::allow_multiple_connections_per_ip, true);
    pack.set_int(settings_pack::connection_speed, 200);
    pack.set_int(settings_pack::torrent_connect_boost, 100);
    pack.set_int(settings_pack::out_enc_policy, settings_pack::pe_disabled);
    pack.set_int(settings_pack::alert_mask, lt::alert_category::status | lt::alert_category::error);
    lt::session_params params(pack);
    params.disk_io_constructor = lt::posix_disk_io_constructor;
    return std::make_unique<lt::session>(std::move(params));
}

/* Back when an alert of that kind came. */
template <class Alert> void await(lt::session &session)
{
    std::vector<lt::alert *> alerts;
    const Clock::time_point begun = Clock::now();

    while (ms_since(begun) < 60000) {
        session.wait_for_alert(std::chrono::seconds(1));
        session.pop_alerts(&alerts);
        for (const lt::alert *alert : alerts)
            if (lt::alert_cast<Alert>(alert))
                return;
    }
    die("libtorrent alone does not come to its end");
}

lt::torrent_handle start_plain(lt::session &session, lt::add_torrent_params params,
                               const Seed &seed)
{
    params.trackers = { seed.tracker };
    params.flags = lt::torrent_flags::paused;
    const lt::torrent_handle torrent = session.add_torrent(params);
    torrent.resume();
    return torrent;
}

double plain_metadata(lt::session &session, const Seed &seed, const seeded &one)
{
    lt::add_torrent_params params;
    std::istringstream hex(one.hash);

    hex >> params.info_hashes.v1;
    params.save_path = seed.folder + "/none";
    const Clock::time_point begun = Clock::now();
    const lt::torrent_handle torrent = start_plain(session, params, seed);
    await<lt::metadata_received_alert>(session);
    const auto info = torrent.torrent_file();
    return info ? ms_since(begun) : 1e9;
}

double plain_download(const Seed &seed, const seeded &one)
{
    const auto session = make_plain_session();
    char folder[] = "/tmp/miauflix-bench-XXXXXX";
    lt::add_torrent_params params;
    std::error_code ignored;

    if (!mkdtemp(folder))
        die("no folder");
    params.ti = std::make_shared<lt::torrent_info>(one.path);
    params.save_path = folder;
    const Clock::time_point begun = Clock::now();
    start_plain(*session, params, seed);
    await<lt::torrent_finished_alert>(*session);
    const double ms = ms_since(begun);
    std::filesystem::remove_all(folder, ignored);
    return ms;
}

int measure_metadata()
{
    constexpr size_t n = 40;
    const Seed seed(2 * n, 0, 0, 0);
    const auto session = make_plain_session();
    Engine engine;
    std::vector<double> ours, plain;

    for (size_t i = 0; i < n; i++) {
        std::this_thread::sleep_for(settling);
        plain.push_back(plain_metadata(*session, seed, seed.known[2 * i]));
        std::this_thread::sleep_for(settling);
        const Clock::time_point begun = Clock::now();
        engine.resolve(seed, seed.known[2 * i + 1]);
        ours.push_back(ms_since(begun));
    }
    const double ratio = median(ours) / median(plain);
    const bench_line line = { "magnet to metadata", "ms",          median(ours), ratio,
                              "libtorrent alone",   "at most 1.5", ratio <= 1.5 };
    return bench_say(&line);
}

struct Play {
    double first_ms, all_ms;
    std::vector<double> jumps_ms;
};

Play play_whole(const Seed &seed, const seeded &one)
{
    Engine engine;
    std::vector<char> bytes(chunk);
    Play play{};

    engine.resolve(seed, one);
    const Clock::time_point begun = Clock::now();
    engine_stream *stream = engine.open(seed, one);
    for (uint64_t at = 0, n = 1; n > 0; at += n) {
        n = read_at(stream, at, bytes.data());
        play.first_ms = at == 0 ? ms_since(begun) : play.first_ms;
    }
    play.all_ms = ms_since(begun);
    engine_stream_close(stream);
    return play;
}

int measure_flow()
{
    constexpr int64_t size = 512 << 20;
    const Seed seed(0, 1, size, 1 << 20);
    std::vector<double> ours, plain, first;

    for (int turn = 0; turn < 3; turn++) {
        plain.push_back(plain_download(seed, seed.files[0]));
        const Play play = play_whole(seed, seed.files[0]);
        ours.push_back(play.all_ms);
        first.push_back(play.first_ms);
    }
    const double ratio = median(plain) / median(ours);
    const bench_line flow = { "a film read from end to end",
                              "MB/s",
                              size / median(ours) / 1e3,
                              ratio,
                              "libtorrent's download",
                              "at least 0.55",
                              ratio >= 0.55 };
    const bench_line begin = { "its first byte", "ms", median(first), 0, nullptr, nullptr, true };
    return bench_say(&flow) + bench_say(&begin);
}

/* At the pace of a film, or as fast as it comes, for so long. */
uint64_t watch(engine_stream *stream, uint64_t at, double bytes_per_ms, double ms)
{
    std::vector<char> bytes(chunk);
    const Clock::time_point begun = Clock::now();
    uint64_t n = 0;

    while (ms_since(begun) < ms) {
        if (bytes_per_ms > 0 && static_cast<double>(n) > ms_since(begun) * bytes_per_ms)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        else
            n += read_at(stream, at + n, bytes.data());
    }
    return at + n;
}

Play play_over_link(const Seed &seed, uint64_t size)
{
    static const double places[] = { 0.8, 0.1, 0.6, 0.3, 0.9, 0.5 };
    Engine engine;
    std::vector<char> bytes(chunk);
    Play play{};

    engine.resolve(seed, seed.files[0]);
    const Clock::time_point begun = Clock::now();
    engine_stream *stream = engine.open(seed, seed.files[0]);
    read_at(stream, 0, bytes.data());
    play.first_ms = ms_since(begun);
    watch(stream, 0, 2500, 1500);
    for (const double place : places) {
        const auto at = static_cast<uint64_t>(place * static_cast<double>(size));
        const Clock::time_point jumped = Clock::now();
        read_at(stream, at, bytes.data());
        play.jumps_ms.push_back(ms_since(jumped));
        watch(stream, at, 0, 300);
    }
    engine_stream_close(stream);
    return play;
}

int measure_link()
{
    constexpr uint64_t size = 256 << 20;
    const Seed seed(0, 1, size, 1 << 20);
    std::vector<double> first, far, all;

    for (int turn = 0; turn < 5; turn++) {
        const Play play = play_over_link(seed, size);
        first.push_back(play.first_ms);
        far.push_back(play.jumps_ms[0]);
        all.insert(all.end(), play.jumps_ms.begin(), play.jumps_ms.end());
    }
    const bench_line lines[] = {
        { "50 Mbit/s: first byte", "ms", median(first), 0, nullptr, "below 400",
          median(first) < 400 },
        { "50 Mbit/s: jump to 80 %", "ms", median(far), 0, nullptr, "below 600",
          median(far) < 600 },
        { "50 Mbit/s: jumps", "ms", median(all), 0, nullptr, nullptr, true },
    };
    return bench_say(&lines[0]) + bench_say(&lines[1]) + bench_say(&lines[2]);
}

double status_of(const char *name)
{
    std::ifstream in("/proc/self/status");

    for (std::string line; std::getline(in, line);)
        if (line.compare(0, std::strlen(name), name) == 0)
            return std::atof(line.c_str() + std::strlen(name));
    return 0;
}

void read_and_compare(engine_stream *stream, const std::string &original,
                      std::atomic<unsigned> *n_wrong)
{
    std::vector<char> bytes(chunk), expected(chunk);
    std::ifstream in(original, std::ios::binary);

    for (uint64_t at = 0, n = 1; n > 0; at += n) {
        n = read_at(stream, at, bytes.data());
        in.read(expected.data(), static_cast<long>(n));
        *n_wrong += std::memcmp(bytes.data(), expected.data(), n) != 0;
    }
}

int measure_many()
{
    constexpr size_t n_known = 1000, n_films = 20;
    const Seed seed(n_known, n_films, 24 << 20, 256 << 10);
    Engine engine;
    std::vector<engine_stream *> streams;
    std::vector<std::thread> readers;
    std::atomic<unsigned> n_wrong{ 0 };

    for (const seeded &one : seed.known)
        engine.resolve(seed, one);
    for (const seeded &one : seed.files)
        streams.push_back(engine.open(seed, one));
    const double n_threads = status_of("Threads:");
    const Clock::time_point begun = Clock::now();
    for (size_t i = 0; i < n_films; i++)
        readers.emplace_back(read_and_compare, streams[i],
                             seed.files[i].path.substr(0, seed.files[i].path.size() - 8), &n_wrong);
    for (std::thread &reader : readers)
        reader.join();
    const double rate = n_films * (24 << 20) / ms_since(begun) / 1e3;
    const double rss = status_of("VmHWM:") / 1024;
    for (engine_stream *stream : streams)
        engine_stream_close(stream);
    const bench_line lines[] = {
        { "1,000 torrents known, 20 read: memory", "MB", rss, 0, nullptr, "below 300", rss < 300 },
        { "its threads, before readers", "", n_threads, 0, nullptr, "at most 6", n_threads <= 6 },
        { "its rounds with lost alerts", "", double(engine.n_lost), 0, nullptr, "none",
          engine.n_lost == 0 },
        { "its wrong answers", "", double(n_wrong), 0, nullptr, "none", n_wrong == 0 },
        { "its bytes, all together", "MB/s", rate, 0, nullptr, nullptr, true },
    };
    int n_broken = 0;
    for (const bench_line &line : lines)
        n_broken += bench_say(&line);
    return n_broken;
}

/* Each in a process of its own: the seed is forked off before there are threads, and memory is
 * counted from nothing. */
int run(const char *name, const std::function<int()> &measure)
{
    int how = 0;

    if (!bench_wanted(name))
        return 0;
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0)
        std::_Exit(measure());
    waitpid(child, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 1;
}

/* For rivals: films of so many MiB, until the standard input ends. */
int offer(const char *mib, const char *n)
{
    const Seed seed(0, static_cast<size_t>(std::atoi(n)), std::atoll(mib) << 20, 1 << 20);
    char byte;

    for (const seeded &one : seed.files)
        std::printf("%s %s %s\n", one.hash.c_str(), one.path.c_str(), seed.tracker.c_str());
    std::fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 2 && std::strcmp(argv[1], "link") == 0)
        return run("50 Mbit/s", measure_link);
    if (argc == 4 && std::strcmp(argv[1], "offer") == 0)
        return offer(argv[2], argv[3]);
    return run("magnet to metadata", measure_metadata) +
               run("a film read from end to end", measure_flow) +
               run("1,000 torrents known, 20 read", measure_many) >
           0;
}
