/* SPDX-License-Identifier: MIT */
#include "webtorrent/engine.hpp"

#include <libtorrent/alert_types.hpp>
#include <libtorrent/extensions/ut_metadata.hpp>
#include <libtorrent/extensions/ut_pex.hpp>
#include <libtorrent/posix_disk_io.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/settings_pack.hpp>

#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace webtorrent
{

namespace
{

constexpr size_t max_state_len = 4 << 20;
constexpr int alert_queue = 20000;
constexpr int max_metadata = 4 << 20;

std::string text_or(const char *text, const char *otherwise)
{
    return text && *text ? text : otherwise;
}

/* "socks5://user:password@host:1080" */
void set_proxy(lt::settings_pack &pack, const std::string &url)
{
    const size_t scheme = url.find("://");
    const size_t at = url.rfind('@');
    const size_t host = at == std::string::npos ? scheme + 3 : at + 1;
    const size_t colon = url.rfind(':');
    const bool is_http = url.compare(0, 7, "http://") == 0;
    const bool has_user = at != std::string::npos;

    if ((!is_http && url.compare(0, 9, "socks5://") != 0) || colon == std::string::npos ||
        colon <= host)
        throw Failure(PROVIDER_EINVAL,
                      "proxy: 'socks5://[user:password@]host:port' or 'http://...' is expected");
    const int port = std::atoi(url.c_str() + colon + 1);
    if (port < 1 || port > 65535)
        throw Failure(PROVIDER_EINVAL, "proxy: a port from 1 to 65535 is expected");
    if (has_user) {
        const std::string user = url.substr(scheme + 3, at - scheme - 3);
        const size_t parting = user.find(':');
        pack.set_str(lt::settings_pack::proxy_username, user.substr(0, parting));
        if (parting != std::string::npos)
            pack.set_str(lt::settings_pack::proxy_password, user.substr(parting + 1));
    }
    pack.set_int(lt::settings_pack::proxy_type,
                 is_http ? (has_user ? lt::settings_pack::http_pw : lt::settings_pack::http)
                         : (has_user ? lt::settings_pack::socks5_pw : lt::settings_pack::socks5));
    pack.set_str(lt::settings_pack::proxy_hostname, url.substr(host, colon - host));
    pack.set_int(lt::settings_pack::proxy_port, port);
}

void set_encryption(lt::settings_pack &pack, engine_encryption how)
{
    const int policy = how == ENGINE_PLAIN    ? lt::settings_pack::pe_disabled
                       : how == ENGINE_EITHER ? lt::settings_pack::pe_enabled
                                              : lt::settings_pack::pe_forced;
    pack.set_int(lt::settings_pack::in_enc_policy, policy);
    pack.set_int(lt::settings_pack::out_enc_policy, policy);
}

/* What every session of ours has: quick to its first peers, asking little ahead, so that what a
 * reader waits for is not behind a queue of what it does not. */
void set_character(lt::settings_pack &pack)
{
    using lt::settings_pack;

    pack.set_int(settings_pack::alert_queue_size, alert_queue);
    pack.set_int(settings_pack::alert_mask,
                 lt::alert_category::status | lt::alert_category::error |
                     lt::alert_category::storage | lt::alert_category::tracker |
                     lt::alert_category::dht | lt::alert_category::piece_progress);
    pack.set_int(settings_pack::max_metadata_size, max_metadata);
    pack.set_int(settings_pack::connection_speed, 200);
    pack.set_int(settings_pack::torrent_connect_boost, 100);
    pack.set_int(settings_pack::request_queue_time, 1);
    pack.set_int(settings_pack::max_out_request_queue, max_requests);
    /* Who promises and does not send is passed over before a player's patience ends. */
    pack.set_int(settings_pack::piece_timeout, 3);
    pack.set_int(settings_pack::request_timeout, 5);
    /* A torrent whose window is full looks finished for a moment; that is no reason to part. */
    pack.set_bool(settings_pack::close_redundant_connections, false);
    /* With suggestions libtorrent keeps the picker of a torrent that is whole.  Without, a deadline
     * that is told in the moment in which the last piece arrives has it cancel requests in a picker
     * that is not there any more, when a peer still owes some, and the process dies. */
    pack.set_int(settings_pack::suggest_mode, settings_pack::suggest_read_cache);
    pack.set_str(settings_pack::user_agent, "miauflixd");
    /* Trackers are told that we go; a dead one holds the daemon's end up no longer than this. */
    pack.set_int(settings_pack::stop_tracker_timeout, 1);
}

lt::settings_pack make_settings(const engine &e, const engine_options &options)
{
    using lt::settings_pack;
    lt::settings_pack pack;

    set_character(pack);
    pack.set_str(settings_pack::listen_interfaces, text_or(options.listen, "0.0.0.0:0"));
    pack.set_bool(settings_pack::enable_dht, false); /* join_dht() */
    pack.set_bool(settings_pack::enable_lsd, options.lsd);
    pack.set_bool(settings_pack::enable_upnp, options.port_mapping);
    pack.set_bool(settings_pack::enable_natpmp, options.port_mapping);
    pack.set_bool(settings_pack::enable_incoming_utp, options.utp);
    pack.set_bool(settings_pack::enable_outgoing_utp, options.utp);
    pack.set_int(settings_pack::connections_limit, static_cast<int>(options.connections));
    pack.set_int(settings_pack::download_rate_limit, static_cast<int>(options.download_rate));
    pack.set_int(settings_pack::upload_rate_limit, static_cast<int>(options.upload_rate));
    std::string nodes = text_or(options.dht_nodes, "");
    for (char &c : nodes)
        c = c == ' ' ? ',' : c;
    pack.set_str(settings_pack::dht_bootstrap_nodes, nodes);
    set_encryption(pack, options.encryption);
    if (options.proxy && *options.proxy)
        set_proxy(pack, options.proxy);
    /* Everything private is kept out by the filter; what is left of the mitigation would only
     * forbid to ask a tracker on loopback for its figures. */
    pack.set_bool(settings_pack::ssrf_mitigation, !e.may_meet_loopback);
    /* Somebody waits: a peer that was not ready is tried again soon. */
    pack.set_int(settings_pack::min_reconnect_time, 5);
    /* Whole houses sit behind one address, and so do test swarms. */
    pack.set_bool(settings_pack::allow_multiple_connections_per_ip, true);
    return pack;
}

std::string state_path(const engine &e)
{
    return e.folder + "/session.state";
}

lt::session_params restore_session(const engine &e)
{
    std::vector<char> bytes;

    if (read_file(state_path(e), max_state_len, &bytes)) {
        try {
            return lt::read_session_params(bytes, lt::session_handle::save_dht_state);
        } catch (const std::exception &) {
            /* It only makes the DHT quicker to join; it is written anew at the end. */
        }
    }
    return lt::session_params();
}

void save_session(engine &e)
{
    const auto bytes =
        lt::write_session_params_buf(e.session->session_state(lt::session_handle::save_dht_state),
                                     lt::session_handle::save_dht_state);

    write_file(state_path(e), bytes.data(), bytes.size());
}

void ring(engine &e)
{
    const std::lock_guard<std::mutex> held(e.bell_lock);
    e.has_rung = true;
    e.bell.notify_one();
}

/* False when the engine is closing. */
bool wait_for_bell(engine &e)
{
    std::unique_lock<std::mutex> held(e.bell_lock);

    e.bell.wait_for(held, std::chrono::seconds(1), [&] { return e.has_rung || e.is_closing; });
    e.has_rung = false;
    return !e.is_closing;
}

/* One alert that nobody can make sense of must not cost those behind it. */
void hear_one(engine &e, lt::alert *alert) noexcept
{
    engine_error err{};

    if (guarded(&err, [&] { hear(e, alert); }) != PROVIDER_OK)
        log(e, PROVIDER_LOG_WARNING, "%s", err.text);
}

void look_after_all(engine &e) noexcept
{
    engine_error err{};

    if (guarded(&err, [&] { look_after(e); }) != PROVIDER_OK)
        log(e, PROVIDER_LOG_WARNING, "%s", err.text);
}

void save_what_is_there(engine &e)
{
    std::unique_lock<std::mutex> held(e.lock);

    save_all(e, held);
}

void listen_to_alerts(engine &e)
{
    std::vector<lt::alert *> alerts;
    Clock::time_point next_look = Clock::now();

    while (wait_for_bell(e)) {
        e.session->pop_alerts(&alerts);
        const std::lock_guard<std::mutex> held(e.lock);
        for (lt::alert *alert : alerts)
            hear_one(e, alert);
        if (Clock::now() < next_look)
            continue;
        next_look = Clock::now() + std::chrono::seconds(1);
        look_after_all(e);
    }
}

void make_folder(engine &e, const char *wanted)
{
    std::error_code bad;

    if (wanted && *wanted) {
        e.folder = wanted;
    } else {
        const char *base = std::getenv("TMPDIR");
        std::string name = text_or(base, "/tmp") + "/miauflix-torrents-XXXXXX";
        if (!mkdtemp(name.data()))
            throw Failure(PROVIDER_EIO, "cannot make a folder like '" + name + "'");
        e.folder = name;
        e.is_temporary = true;
    }
    std::filesystem::create_directories(e.folder + "/data", bad);
    if (bad)
        throw Failure(PROVIDER_EIO, "cannot make '" + e.folder + "/data': " + bad.message());
}

/* All that libtorrent brings but what finds out who sent a wrong block.  That knows peers by their
 * addresses alone, takes the first of an address for all of them, and so bans honest ones beside
 * one that is not.  Without it, whoever took part in a wrong piece has to prove itself on a piece
 * of its own, and is banned when that is wrong too. */
void choose_extensions(lt::session &session)
{
    session.add_extension(&lt::create_ut_metadata_plugin);
    session.add_extension(&lt::create_ut_pex_plugin);
}

/* Once it listens: libtorrent forgets the nodes it was restored with when it has no socket to go to
 * them from. */
void join_dht(engine &e)
{
    lt::settings_pack pack;

    pack.set_bool(lt::settings_pack::enable_dht, e.options.dht);
    e.session->apply_settings(pack);
}

void start(engine &e, const engine_options &options)
{
    e.options = options;
    const lt::ip_filter filter = make_filter(options.allow_networks, &e.may_meet_loopback);
    const lt::settings_pack pack = make_settings(e, options);
    make_folder(e, options.folder);
    lt::session_params params = restore_session(e);
    params.settings = pack;
    params.disk_io_constructor = lt::posix_disk_io_constructor;
    params.ip_filter = filter;
    params.extensions.clear();
    e.session = std::make_unique<lt::session>(std::move(params));
    choose_extensions(*e.session);
    join_dht(e);
    e.session->set_alert_notify([&e] { ring(e); });
    e.listener = std::thread([&e] { listen_to_alerts(e); });
}

void stop(engine &e) noexcept
{
    engine_error err{};

    if (e.listener.joinable()) {
        if (!e.is_temporary && guarded(&err, [&] { save_what_is_there(e); }) != PROVIDER_OK)
            log(e, PROVIDER_LOG_WARNING, "%s", err.text);
        {
            const std::lock_guard<std::mutex> held(e.bell_lock);
            e.is_closing = true;
            e.bell.notify_one();
        }
        e.listener.join();
        e.session->set_alert_notify({});
        if (!e.is_temporary && guarded(&err, [&] { save_session(e); }) != PROVIDER_OK)
            log(e, PROVIDER_LOG_WARNING, "%s", err.text);
    }
    e.torrents.clear();
    e.session.reset();
    if (e.is_temporary) {
        std::error_code ignored;
        std::filesystem::remove_all(e.folder, ignored);
    }
}

} // namespace

int fail(engine_error *err, int code, const char *text) noexcept
{
    err->code = code;
    std::snprintf(err->text, sizeof(err->text), "%s", text);
    return code;
}

void log(engine &e, int level, const char *format, ...)
{
    char line[400];
    va_list args;

    if (!e.options.log)
        return;
    va_start(args, format);
    std::vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    e.options.log(e.options.context, level, line);
}

} // namespace webtorrent

int engine_check(const engine_options *options, engine_error *err)
{
    using namespace webtorrent;

    return guarded(err, [&] {
        engine e;
        make_filter(options->allow_networks, &e.may_meet_loopback);
        make_settings(e, *options);
    });
}

int engine_open(const engine_options *options, engine **out, engine_error *err)
{
    using namespace webtorrent;
    engine *e = nullptr;

    const int code = guarded(err, [&] {
        e = new engine;
        start(*e, *options);
    });
    if (code != PROVIDER_OK)
        engine_close(e);
    else
        *out = e;
    return code;
}

void engine_close(engine *e)
{
    if (!e)
        return;
    webtorrent::stop(*e);
    delete e;
}

int engine_port(engine *e)
{
    engine_error err{};
    int port = 0;

    webtorrent::guarded(&err, [&] { port = e->session->listen_port(); });
    return port;
}
