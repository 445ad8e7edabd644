/* SPDX-License-Identifier: MIT */
#include "service/torrent_subtitle.h"

#include "media/subtitle.h"

enum { CHUNK = 64 << 10 };

static int read_whole(struct stream *stream, uint64_t size, const struct call_wait *wait,
                      struct text *out, struct error *err)
{
    CLEANUP(call_buffer_done) struct call_buffer buffer = { 0 };
    while (out->len < size) {
        size_t n = 0;
        buffer.size = CHUNK;
        int failed = streams_read(stream, out->len, &buffer, wait, &n, err);
        if (failed)
            return failed;
        if (!text_add(out, buffer.bytes, n))
            return error_set(err, PROVIDER_ELIMIT, "the file is larger than it was said to be");
    }
    return 0;
}

int torrent_subtitle(struct streams *streams, const struct stream_file *file,
                     const struct call_wait *wait, struct text *out, struct error *err)
{
    CLEANUP(text_done) struct text bytes = TEXT_INIT(SUBTITLE_MAX);
    CLEANUP(streams_close) struct stream *stream = NULL;
    struct error why = { 0 };
    if (!subtitle_is_text(file->name))
        return error_set(err, PROVIDER_EREFUSED,
                         "the file is no subtitle that can be shown as WebVTT");
    if (file->size > SUBTITLE_MAX)
        return error_set(err, PROVIDER_EREFUSED, "the subtitle has more than %d bytes",
                         SUBTITLE_MAX);
    int failed = streams_open(streams, file, wait, &stream, err);
    failed = failed ? failed : read_whole(stream, file->size, wait, &bytes, err);
    if (failed)
        return failed;
    failed = subtitle_to_vtt(text_string(&bytes), bytes.len, out, &why);
    return failed ? error_set(err, PROVIDER_EREFUSED, "%s", why.text) : 0;
}
