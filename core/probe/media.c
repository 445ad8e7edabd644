/* SPDX-License-Identifier: MIT */
#include "probe/media.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/pixdesc.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "naming/release_words.h"
#include "probe/wire.h"

enum { PROBE_BYTES = 1 << 20, MAX_TRACKS = 64, MAX_TEXT = 120 };

/* What films come in; playlists and the like, which name other files, are not among them. */
static const char formats[] = "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,avi,mpegts,mpeg,flv,ogg,asf,"
                              "flac,mp3,wav,aac,ac3,eac3,dts,mpegvideo,h264,hevc";

struct input {
    int64_t size, at;
};

/* --- Bytes over the socket */

static bool send_all(const void *bytes, size_t len)
{
    const char *from = bytes;
    while (len > 0) {
        ssize_t n = write(STDIN_FILENO, from, len);
        if (n <= 0)
            return false;
        from += n;
        len -= (size_t)n;
    }
    return true;
}

static bool receive_all(void *bytes, size_t len)
{
    char *to = bytes;
    while (len > 0) {
        ssize_t n = read(STDIN_FILENO, to, len);
        if (n <= 0)
            return false;
        to += n;
        len -= (size_t)n;
    }
    return true;
}

static int read_input(void *opaque, uint8_t *out, int len)
{
    struct input *input = opaque;
    struct probe_question question = { .offset = (uint64_t)input->at,
                                       .len = MIN((uint32_t)len, (uint32_t)PROBE_MAX_READ) };
    struct probe_answer answer;
    if (input->at >= input->size)
        return AVERROR_EOF;
    if (!send_all(&question, sizeof question) || !receive_all(&answer, sizeof answer) ||
        answer.len < 0 || answer.len > question.len)
        return AVERROR(EIO);
    if (answer.len == 0)
        return AVERROR_EOF;
    if (!receive_all(out, (size_t)answer.len))
        return AVERROR(EIO);
    input->at += answer.len;
    return (int)answer.len;
}

static int64_t seek_input(void *opaque, int64_t offset, int whence)
{
    struct input *input = opaque;
    if (whence & AVSEEK_SIZE)
        return input->size;
    whence &= ~AVSEEK_FORCE;
    if (whence == SEEK_CUR)
        offset += input->at;
    if (whence == SEEK_END)
        offset += input->size;
    if (offset < 0 || offset > input->size)
        return AVERROR(EINVAL);
    input->at = offset;
    return offset;
}

/* --- What it says */

static void set_text(json_t *out, const char *key, const AVDictionary *tags, const char *name)
{
    const AVDictionaryEntry *tag = av_dict_get(tags, name, NULL, 0);
    char text[MAX_TEXT];
    if (!tag)
        return;
    text_tidy(tag->value, strlen(tag->value), text, sizeof text);
    js_set_string(out, key, text);
}

/* "ger" and "deu" are "de", as everywhere else. */
static void set_language(json_t *out, const AVDictionary *tags)
{
    const AVDictionaryEntry *tag = av_dict_get(tags, "language", NULL, 0);
    char language[LANGUAGE_LEN];
    if (tag && release_words_language(tag->value, strlen(tag->value), language))
        js_set_string(out, "language", language);
}

static void describe_video(json_t *out, const AVStream *stream)
{
    const AVCodecParameters *codec = stream->codecpar;
    const AVPixFmtDescriptor *pixels = av_pix_fmt_desc_get((enum AVPixelFormat)codec->format);
    double rate = stream->avg_frame_rate.den ? av_q2d(stream->avg_frame_rate) : 0;
    if (codec->width > 0 && codec->height > 0) {
        js_set(out, "width", json_integer(codec->width));
        js_set(out, "height", json_integer(codec->height));
    }
    if (rate > 0 && rate < 1000)
        js_set(out, "frame_rate", json_real((double)(int64_t)(rate * 1000 + 0.5) / 1000));
    if (pixels)
        js_set(out, "bit_depth", json_integer(pixels->comp[0].depth));
}

static void describe_audio(json_t *out, const AVCodecParameters *codec)
{
    if (codec->ch_layout.nb_channels > 0)
        js_set(out, "channels", json_integer(codec->ch_layout.nb_channels));
    if (codec->sample_rate > 0)
        js_set(out, "sample_rate", json_integer(codec->sample_rate));
}

static json_t *describe_track(const AVStream *stream)
{
    const AVCodecParameters *codec = stream->codecpar;
    const char *kind = av_get_media_type_string(codec->codec_type);
    const char *name = avcodec_get_name(codec->codec_id);
    json_t *out = json_object();
    js_set_string(out, "kind", stream->disposition & AV_DISPOSITION_ATTACHED_PIC ? "image" : kind);
    if (codec->codec_id != AV_CODEC_ID_NONE)
        js_set_string(out, "codec", name);
    set_language(out, stream->metadata);
    set_text(out, "title", stream->metadata, "title");
    js_set(out, "default", json_boolean(stream->disposition & AV_DISPOSITION_DEFAULT));
    if (stream->disposition & AV_DISPOSITION_FORCED)
        js_set(out, "forced", json_true());
    if (codec->codec_type == AVMEDIA_TYPE_VIDEO)
        describe_video(out, stream);
    if (codec->codec_type == AVMEDIA_TYPE_AUDIO)
        describe_audio(out, codec);
    return out;
}

static json_t *describe(const AVFormatContext *media)
{
    json_t *out = json_object(), *tracks = json_array();
    js_set_string(out, "container", media->iformat->name);
    if (media->duration > 0)
        js_set(out, "duration_s", json_real((double)media->duration / AV_TIME_BASE));
    if (media->bit_rate > 0)
        js_set(out, "bit_rate", json_integer(media->bit_rate));
    for (unsigned i = 0; i < MIN(media->nb_streams, (unsigned)MAX_TRACKS); i++)
        json_array_append_new(tracks, describe_track(media->streams[i]));
    js_set(out, "tracks", tracks);
    return out;
}

/* --- Reading it */

/* Most containers say all of this in their heads; where not, packets have to be looked at. */
static bool says_too_little(const AVFormatContext *media)
{
    if (media->nb_streams == 0 || media->duration <= 0)
        return true;
    for (unsigned i = 0; i < media->nb_streams; i++) {
        const AVCodecParameters *codec = media->streams[i]->codecpar;
        if (codec->codec_type == AVMEDIA_TYPE_VIDEO && codec->width <= 0)
            return true;
        if (codec->codec_type == AVMEDIA_TYPE_AUDIO && codec->sample_rate <= 0)
            return true;
    }
    return false;
}

static bool open_media(AVIOContext *bytes, AVFormatContext **out)
{
    AVFormatContext *media = avformat_alloc_context();
    if (!media)
        return false;
    media->pb = bytes;
    media->format_whitelist = av_strdup(formats);
    media->protocol_whitelist = av_strdup("");
    media->probesize = PROBE_BYTES;
    media->max_analyze_duration = 2 * AV_TIME_BASE;
    media->max_streams = MAX_TRACKS;
    /* Frees the context when it fails. */
    if (avformat_open_input(&media, NULL, NULL, NULL) != 0)
        return false;
    if (says_too_little(media))
        avformat_find_stream_info(media, NULL);
    *out = media;
    return true;
}

bool media_describe(int64_t size, struct text *out)
{
    struct input input = { .size = size };
    unsigned char *buffer = av_malloc(PROBE_MAX_READ);
    AVIOContext *bytes =
        avio_alloc_context(buffer, PROBE_MAX_READ, 0, &input, read_input, NULL, seek_input);
    AVFormatContext *media = NULL;
    av_log_set_level(AV_LOG_QUIET);
    bool good = bytes && open_media(bytes, &media) && media->nb_streams > 0;
    if (good) {
        json_auto_t *json = describe(media);
        good = js_write(json, out);
    }
    avformat_close_input(&media);
    if (bytes)
        av_freep(&bytes->buffer);
    avio_context_free(&bytes);
    return good;
}
