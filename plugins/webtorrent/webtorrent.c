/* SPDX-License-Identifier: MIT */
#include "webtorrent/webtorrent.h"

#include <stdlib.h>
#include <string.h>

#include "common/host.h"

enum { MAX_KIB_S = 1 << 20, MAX_MIB = 1 << 24, MAX_SHARE_S = 1 << 20 };

static void write_log(void *context, int level, const char *line)
{
    host_log(context, level, "%s", line);
}

static int use_encryption(struct provider_call *call, enum engine_encryption *out)
{
    static const char *const words[] = { "off", "allowed", "required" };
    const char *value = host_option(call, "encryption");

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strcmp(value ? value : "allowed", words[i]) == 0) {
            *out = (enum engine_encryption)i;
            return PROVIDER_OK;
        }
    }
    return host_fail(call, PROVIDER_EINVAL,
                     "encryption = '%s': off, allowed or required is expected", value);
}

static int read_switches(struct provider_call *call, struct engine_options *out)
{
    int code = host_option_bool(call, "dht", 1, &out->dht);

    if (!code)
        code = host_option_bool(call, "lsd", 0, &out->lsd);
    if (!code)
        code = host_option_bool(call, "utp", 1, &out->utp);
    if (!code)
        code = host_option_bool(call, "port_mapping", 0, &out->port_mapping);
    return code;
}

static int read_limits(struct provider_call *call, struct engine_options *out)
{
    long disk_mib = 0;
    int code = host_option_int(call, "connections", 2, 65535, 200, &out->connections);

    if (!code)
        code = host_option_int(call, "download_kib_s", 0, MAX_KIB_S, 0, &out->download_rate);
    if (!code)
        code = host_option_int(call, "upload_kib_s", 0, MAX_KIB_S, 0, &out->upload_rate);
    if (!code)
        code = host_option_int(call, "disk_mib", 0, MAX_MIB, 20480, &disk_mib);
    if (!code)
        code = host_option_int(call, "share_s", 0, MAX_SHARE_S, 300, &out->share_s);
    out->download_rate *= 1024;
    out->upload_rate *= 1024;
    out->disk_limit = (uint64_t)disk_mib << 20;
    return code;
}

static int read_options(struct provider_call *call, struct engine_options *out)
{
    int code = read_switches(call, out);

    if (!code)
        code = read_limits(call, out);
    if (!code)
        code = use_encryption(call, &out->encryption);
    out->folder = host_option(call, "folder");
    out->listen = host_option(call, "listen");
    out->allow_networks = host_option(call, "allow_networks");
    out->dht_nodes = host_option(call, "dht_nodes");
    out->proxy = host_option(call, "proxy");
    out->log = write_log;
    out->context = call;
    return code;
}

int webtorrent_engine(struct provider *self, struct provider_call *call, struct engine **out)
{
    struct engine_error err = { .code = 0 };
    int code = PROVIDER_OK;

    pthread_mutex_lock(&self->lock);
    if (!self->engine)
        code = engine_open(&self->options, &self->engine, &err);
    *out = self->engine;
    pthread_mutex_unlock(&self->lock);
    return code ? host_fail(call, code, "%s", err.text) : PROVIDER_OK;
}

static uint32_t ask_remaining(void *context)
{
    struct provider_call *call = context;

    return call->host->remaining_ms(call);
}

struct engine_wait webtorrent_wait(struct provider_call *call)
{
    return (struct engine_wait){ .remaining_ms = ask_remaining, .context = call };
}

static void webtorrent_close(struct provider *self)
{
    if (!self)
        return;
    engine_close(self->engine);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

static int webtorrent_open(struct provider_call *call, struct provider **out)
{
    struct provider *self = calloc(1, sizeof(*self));
    struct engine_error err = { .code = 0 };
    int code;

    if (!self)
        return host_fail(call, PROVIDER_ENOMEM, "no memory");
    if (pthread_mutex_init(&self->lock, NULL) != 0) {
        free(self);
        return host_fail(call, PROVIDER_ENOMEM, "no mutex");
    }
    code = read_options(call, &self->options);
    if (!code && (code = engine_check(&self->options, &err)) != PROVIDER_OK)
        code = host_fail(call, code, "%s", err.text);
    if (code) {
        webtorrent_close(self);
        return code;
    }
    *out = self;
    return PROVIDER_OK;
}

static const void *webtorrent_extension(const char *name)
{
    if (strcmp(name, PROVIDER_AVAILABILITY) == 0)
        return &webtorrent_availability;
    return strcmp(name, PROVIDER_STREAMS) == 0 ? &webtorrent_streams : NULL;
}

static const struct provider_api api = {
    .size = sizeof(api),
    .open = webtorrent_open,
    .close = webtorrent_close,
    .resolve_magnet = webtorrent_resolve_magnet,
    .extension = webtorrent_extension,
};

static const struct provider_option options[] = {
    { .name = "folder",
      .env = "WEBTORRENT_FOLDER",
      .help = "where torrents and their files are kept; unset: a temporary folder" },
    { .name = "listen",
      .env = "WEBTORRENT_LISTEN",
      .fallback = "0.0.0.0:6881,[::]:6881",
      .help = "addresses and ports for peers; port 0: any" },
    { .name = "allow_networks",
      .help = "private networks it may talk to, '192.168.0.0/16'; unset: public addresses only",
      .flags = PROVIDER_LIST_OF },
    { .name = "dht", .fallback = "true", .help = "find peers without a tracker" },
    { .name = "dht_nodes",
      .fallback = "dht.libtorrent.org:25401 router.bittorrent.com:6881 dht.transmissionbt.com:6881",
      .help = "where the DHT begins, 'host:port'",
      .flags = PROVIDER_LIST_OF },
    { .name = "lsd", .fallback = "false", .help = "find peers in the local network" },
    { .name = "utp", .fallback = "true", .help = "the transport over UDP that yields to others" },
    { .name = "port_mapping",
      .fallback = "false",
      .help = "ask the router for a port, by UPnP and NAT-PMP" },
    { .name = "encryption",
      .fallback = "allowed",
      .help = "of what peers say to each other: off, allowed or required" },
    { .name = "proxy",
      .env = "WEBTORRENT_PROXY",
      .help = "'socks5://user:password@host:port' or 'http://...'; all traffic goes through it",
      .flags = PROVIDER_SECRET },
    { .name = "connections", .fallback = "200", .help = "peers at once, of all torrents" },
    { .name = "download_kib_s", .fallback = "0", .help = "KiB a second; 0: no limit" },
    { .name = "upload_kib_s", .fallback = "0", .help = "KiB a second; 0: no limit" },
    { .name = "disk_mib",
      .fallback = "20480",
      .help = "MiB for the files of all torrents; 0: no limit" },
    { .name = "share_s",
      .fallback = "300",
      .help = "seconds a torrent is shared after its last reader left" },
    { 0 },
};

const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(miauflix_provider),
    .name = "webtorrent",
    .version = "1.0.0",
    .summary = "Magnets, swarms and streams over BitTorrent",
    .options = options,
    .api = &api,
    /* It asks nothing over the host's HTTP; many may wait for a swarm at once. */
    .max_parallel = 64,
};
