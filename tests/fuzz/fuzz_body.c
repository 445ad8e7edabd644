/* SPDX-License-Identifier: MIT
 *
 * Input: the body of a request.  Read on a stack as small as that of CivetWeb's threads, where a
 * reader that recurses too far crashes. */
#include "fuzz.h"

#include <pthread.h>
#include <string.h>

#include "base/json.h"
#include "torrent/metainfo.h"

enum { STACK_BYTES = 100 << 10, BODY_MAX = 1 << 20 };

struct body {
    const char *bytes;
    size_t len;
};

static void read_json(const struct body *body)
{
    json_auto_t *value = NULL;
    json_auto_t *again = NULL;
    CLEANUP(text_done) struct text written = TEXT_INIT(8 * BODY_MAX);
    if (js_parse(body->bytes, body->len, BODY_MAX, &value, NULL))
        return;
    /* Numbers lose digits on the way: the shape is what stays. */
    HOLDS(js_write(value, &written));
    HOLDS(js_parse(text_string(&written), written.len, written.len, &again, NULL) == 0);
    HOLDS(json_typeof(value) == json_typeof(again));
    HOLDS(json_object_size(value) == json_object_size(again));
}

static void *read_body(void *argument)
{
    CLEANUP(metainfo_free) struct metainfo *metainfo = NULL;
    read_json(argument);
    const struct body *body = argument;
    metainfo_read(body->bytes, body->len, &metainfo, NULL);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct body body = { (const char *)bytes, len };
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    HOLDS(pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0);
    HOLDS(pthread_create(&thread, &attributes, read_body, &body) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    return 0;
}
