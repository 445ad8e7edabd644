/* SPDX-License-Identifier: MIT */
#include "common/host.h"
#include "webtorrent/link.h"
#include "webtorrent/webtorrent.h"

static int ask(struct provider *self, struct provider_call *call,
               const struct engine_magnet *magnet, struct provider_swarm *out)
{
    const struct engine_wait wait = webtorrent_wait(call);
    struct engine_survey found;
    struct engine_error err = { .code = 0 };
    struct engine *engine = NULL;
    int code = webtorrent_engine(self, call, &engine);

    if (code)
        return code;
    code = engine_ask_swarm(engine, magnet, &wait, &found, &err);
    if (code)
        return host_fail(call, code, "%s", err.text);
    *out = (struct provider_swarm){
        .size = out->size,
        .seeds = found.seeds,
        .peers = found.peers,
        .dht_peers = found.dht_peers,
        .trackers = found.n_trackers,
        .answers = found.n_answers,
        .met = found.n_met,
        .seeds_met = found.n_seeds_met,
        .metadata_ms = found.metadata_ms,
    };
    return PROVIDER_OK;
}

static int check(struct provider *self, struct provider_call *call, const char *magnet,
                 struct provider_swarm *out)
{
    struct link link;
    int code;

    if (out->size < sizeof(*out))
        return host_fail(call, PROVIDER_EINVAL, "the host's table is too small");
    if (link_read(magnet, &link)) {
        const struct engine_magnet parts = link_magnet(&link);
        code = ask(self, call, &parts, out);
    } else {
        code = host_fail(call, PROVIDER_EINVAL, "no magnet with one hash beyond doubt");
    }
    link_done(&link);
    return code;
}

const struct provider_availability webtorrent_availability = {
    .size = sizeof(webtorrent_availability),
    .check = check,
};
