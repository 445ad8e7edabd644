/* SPDX-License-Identifier: MIT
 *
 * Who said what a torrent is.  The session asks one peer every three seconds, and would ask a liar
 * for ever while honest ones wait their turn: it does not part from it, nor say who it was. */
#include "webtorrent/engine.hpp"

#include <libtorrent/error_code.hpp>
#include <libtorrent/extensions.hpp>
#include <libtorrent/operations.hpp>
#include <libtorrent/peer_connection_handle.hpp>

#include <string_view>

namespace webtorrent
{

namespace
{

constexpr int metadata_message = 2; /* the number the session gives BEP 9's */

class Answerer : public lt::peer_plugin
{
  public:
    Answerer(const lt::peer_connection_handle &peer, FailureCount failures)
        : peer_(peer), failures_(std::move(failures))
    {
    }

    /* Sees it before the session makes sense of it, and leaves it to that. */
    bool on_extended(int, int message, lt::span<const char> body) override
    {
        const std::string_view text(body.data(), static_cast<size_t>(body.size()));

        if (message == metadata_message && !has_answered_ &&
            text.find("8:msg_typei1e") != text.npos) {
            has_answered_ = true;
            n_before_ = *failures_;
        }
        return false;
    }

    void tick() override
    {
        if (!has_answered_ || *failures_ == n_before_ || peer_.is_disconnecting())
            return;
        peer_.disconnect(lt::errors::invalid_metadata_message, lt::operation_t::bittorrent,
                         lt::peer_connection_interface::peer_error);
    }

  private:
    lt::peer_connection_handle peer_;
    FailureCount failures_;
    unsigned n_before_ = 0;
    bool has_answered_ = false;
};

class Witness : public lt::torrent_plugin
{
  public:
    explicit Witness(FailureCount failures) : failures_(std::move(failures))
    {
    }

    std::shared_ptr<lt::peer_plugin> new_connection(const lt::peer_connection_handle &peer) override
    {
        return std::make_shared<Answerer>(peer, failures_);
    }

  private:
    FailureCount failures_;
};

} // namespace

void watch_answers(const Torrent &torrent, lt::add_torrent_params *params)
{
    params->extensions.push_back(
        [failures = torrent.bad_metadata](const lt::torrent_handle &, lt::client_data_t) {
            return std::make_shared<Witness>(failures);
        });
}

} // namespace webtorrent
