/* SPDX-License-Identifier: MIT */
#include "fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One torrent whose files are those of the folder in FAULT_FILES: "list" has a path for each line,
 * and the bytes of the first are in "0", of the next in "1" ... */

enum { MAX_PATH_LEN = 500, MAX_FILES = 32 };

static const char v1[] = "00112233445566778899aabbccddeeff00112233";

struct provider_stream {
    FILE *file;
    long size;
};

static FILE *open_file(const char *name, long *size)
{
    char path[MAX_PATH_LEN];
    struct stat info;
    snprintf(path, sizeof path, "%s/%s", getenv("FAULT_FILES"), name);
    FILE *file = fopen(path, "rb");
    if (file && size)
        *size = fstat(fileno(file), &info) ? 0 : (long)info.st_size;
    return file;
}

static long size_of(unsigned index)
{
    char name[16];
    long size = 0;
    snprintf(name, sizeof name, "%u", index);
    FILE *file = open_file(name, &size);
    if (file)
        fclose(file);
    return size;
}

static int files_resolve(struct provider *self, struct provider_call *call, const char *magnet)
{
    static char json[16000];
    char path[MAX_PATH_LEN];
    struct provider_document document = { .size = sizeof document,
                                          .kind = PROVIDER_TORRENT,
                                          .json = json };
    FILE *list = open_file("list", NULL);
    (void)self;
    if (!list || !strstr(magnet, v1))
        return PROVIDER_ENOTFOUND;
    int n = snprintf(json, sizeof json, "{\"infohash\":\"%s\",\"name\":\"Files\",\"files\":[", v1);
    for (unsigned i = 0; i < MAX_FILES && fgets(path, sizeof path, list); i++) {
        path[strcspn(path, "\n")] = '\0';
        n += snprintf(json + n, sizeof json - (size_t)n,
                      "%s{\"index\":%u,\"path\":\"%s\",\"size\":%ld}", i ? "," : "", i, path,
                      size_of(i));
    }
    snprintf(json + n, sizeof json - (size_t)n, "]}");
    fclose(list);
    return call->host->emit(call, &document);
}

static int files_open(struct provider *self, struct provider_call *call, const char *magnet,
                      uint32_t index, struct provider_stream **out)
{
    char name[16];
    long size = 0;
    (void)self;
    (void)call;
    (void)magnet;
    snprintf(name, sizeof name, "%u", index);
    FILE *file = open_file(name, &size);
    struct provider_stream *stream = file ? malloc(sizeof *stream) : NULL;
    if (!stream)
        return PROVIDER_ENOTFOUND;
    *stream = (struct provider_stream){ .file = file, .size = size };
    *out = stream;
    return 0;
}

static int files_read(struct provider *self, struct provider_call *call,
                      struct provider_stream *stream, uint64_t offset, void *bytes, size_t len,
                      size_t *out)
{
    (void)self;
    (void)call;
    flockfile(stream->file);
    *out = fseek(stream->file, (long)offset, SEEK_SET) ? 0 : fread(bytes, 1, len, stream->file);
    funlockfile(stream->file);
    return 0;
}

static int files_state(struct provider *self, struct provider_call *call,
                       struct provider_stream *stream, struct provider_stream_state *out)
{
    (void)self;
    (void)call;
    out->ready = 1;
    out->eta_ms = 0;
    out->file_size = out->have = (uint64_t)stream->size;
    out->n_ranges = 0;
    return 0;
}

static void files_cancel(struct provider *self, struct provider_stream *stream)
{
    (void)self;
    (void)stream;
}

static void files_close(struct provider *self, struct provider_stream *stream)
{
    (void)self;
    fclose(stream->file);
    free(stream);
}

static const struct provider_streams streams = {
    .size = sizeof streams,
    .open = files_open,
    .read = files_read,
    .state = files_state,
    .cancel = files_cancel,
    .close = files_close,
};

static const void *files_extension(const char *name)
{
    return strcmp(name, PROVIDER_STREAMS) == 0 ? &streams : NULL;
}

static const struct provider_api api = {
    .size = sizeof api,
    .resolve_magnet = files_resolve,
    .extension = files_extension,
};

FAULT_INFO("fault_files", api);
