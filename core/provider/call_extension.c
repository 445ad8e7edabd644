/* SPDX-License-Identifier: MIT
 *
 * The optional tables of a plugin: which it has, and the way into them. */
#include "provider/call_inside.h"

enum { MAX_METAINFO_LEN = 32 << 20 };

static const struct provider_images *find_images(const struct provider_api *api)
{
    const struct provider_images *found = api->extension(PROVIDER_IMAGES);
    return found && PROVIDER_HAS(found, locate) && found->locate ? found : NULL;
}

static const struct provider_availability *find_availability(const struct provider_api *api)
{
    const struct provider_availability *found = api->extension(PROVIDER_AVAILABILITY);
    return found && PROVIDER_HAS(found, check) && found->check ? found : NULL;
}

/* One without all it takes to read a file is none. */
static const struct provider_streams *find_streams(const struct provider_api *api)
{
    const struct provider_streams *found = api->extension(PROVIDER_STREAMS);
    return found && PROVIDER_HAS(found, close) && found->open && found->read && found->state &&
                   found->cancel && found->close
               ? found
               : NULL;
}

void call_find_extensions(struct instance *instance)
{
    const struct provider_api *api = instance->info->api;
    if (!api->extension)
        return;
    instance->images = find_images(api);
    instance->availability = find_availability(api);
    instance->streams = find_streams(api);
}

bool call_has_extension(const struct instance *instance, enum operation operation)
{
    const struct provider_streams *streams = instance->streams;
    switch (operation) {
    case OPERATION_CHECK_SWARM:
        return instance->availability != NULL;
    case OPERATION_METAINFO:
        return streams && PROVIDER_HAS(streams, metainfo) && streams->metainfo;
    case OPERATION_FORGET:
        return streams && PROVIDER_HAS(streams, forget) && streams->forget;
    case OPERATION_LEARN:
        return streams && PROVIDER_HAS(streams, learn) && streams->learn;
    default:
        return streams != NULL;
    }
}

static void take_metainfo(void *context, const char *bytes, size_t len)
{
    struct text *out = context;
    text_clear(out);
    if (bytes)
        text_add(out, bytes, len);
}

static int ask_state(struct host_call *call)
{
    struct call_arguments *with = call->arguments;
    with->state = (struct provider_stream_state){ .size = sizeof with->state,
                                                  .eta_ms = -1,
                                                  .n_ranges = (uint32_t)with->len,
                                                  .ranges = with->ranges };
    return call->instance->streams->state(call->instance->self, &call->call, with->stream,
                                          &with->state);
}

static int check_swarm(struct host_call *call)
{
    struct call_arguments *with = call->arguments;
    with->swarm = (struct provider_swarm){
        .size = sizeof with->swarm, .seeds = -1, .peers = -1, .dht_peers = -1, .metadata_ms = -1
    };
    return call->instance->availability->check(call->instance->self, &call->call, with->magnet,
                                               &with->swarm);
}

static int fetch_metainfo(struct host_call *call)
{
    struct call_arguments *with = call->arguments;
    with->metainfo.limit = MAX_METAINFO_LEN;
    return call->instance->streams->metainfo(call->instance->self, &call->call, with->infohash,
                                             take_metainfo, &with->metainfo);
}

int call_invoke_extension(struct host_call *call)
{
    const struct provider_streams *streams = call->instance->streams;
    struct provider *self = call->instance->self;
    struct call_arguments *with = call->arguments;
    switch (call->operation) {
    case OPERATION_CHECK_SWARM:
        return check_swarm(call);
    case OPERATION_STREAM_OPEN:
        return streams->open(self, &call->call, with->magnet, with->file, &with->stream);
    case OPERATION_STREAM_READ:
        return streams->read(self, &call->call, with->stream, with->offset, with->bytes, with->len,
                             &with->got);
    case OPERATION_STREAM_STATE:
        return ask_state(call);
    case OPERATION_STREAM_CANCEL:
        streams->cancel(self, with->stream);
        return 0;
    case OPERATION_STREAM_CLOSE:
        streams->close(self, with->stream);
        return 0;
    case OPERATION_METAINFO:
        return fetch_metainfo(call);
    case OPERATION_FORGET:
        return streams->forget(self, &call->call, with->infohash);
    case OPERATION_LEARN:
        return streams->learn(self, &call->call, with->infohash, with->metainfo.bytes,
                              with->metainfo.len);
    default:
        return PROVIDER_ENOTSUP;
    }
}
