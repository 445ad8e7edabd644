/* SPDX-License-Identifier: MIT */
#include "service/images.h"

#include "base/clock.h"
#include "routes.h"

enum { PICTURE_FRESH_S = 30 * 24 * 3600 };

void images_show(struct app *app, struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    const char *type = NULL;
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    struct images_ask ask = {
        .kind = request->arguments[0],
        .provider = request->arguments[1],
        .file = request->arguments[2],
        .width = (uint32_t)request_int(request, "w", 0),
        .deadline_ms = clock_steady_ms() + app->services.conf->fetch_timeout_ms,
    };
    if (images_fetch(app->services.images, &ask, &answer, &type, &err) != 0) {
        /* A name that no picture has is as absent as one that is gone. */
        if (err.code == PROVIDER_EINVAL)
            err.code = PROVIDER_ENOTFOUND;
        reply_error(reply, &err);
        return;
    }
    reply->status = 200;
    reply->type = type;
    reply->plain = true;
    reply->max_age_s = PICTURE_FRESH_S;
    reply->bytes = answer->response.body;
    reply->len = answer->response.body_len;
    reply_send(reply, request); /* while the bytes are there */
}
