/* SPDX-License-Identifier: MIT
 *
 * Feeds a fuzz target every file of its corpus: replay_document reads tests/data/fuzz/document/.
 * Speaks TAP; a crash is a test that never says ok. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "fuzz.h"

enum { INPUT_MAX = 1 << 20 };

static bool feed(const char *folder, const char *name, char *buffer)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, name);
    CLEANUP(file_close) FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t len = fread(buffer, 1, INPUT_MAX, file);
    CLEANUP(mem_free) uint8_t *exact = mem_dup(buffer, len); /* so that a read past its end shows */
    LLVMFuzzerTestOneInput(exact, len);
    return true;
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/'), *source = getenv("MIAUFLIX_SRCDIR");
    const char *target = strstr(slash ? slash : argv[0], "replay_");
    if (argc < 1 || !target)
        return 99;
    CLEANUP(mem_free)
    char *folder =
        mem_format("%s/tests/data/fuzz/%s", source ? source : ".", target + strlen("replay_"));
    struct dirent **files;
    int n = scandir(folder, &files, NULL, alphasort), fed = 0, failed = 0;
    CLEANUP(mem_free) char *buffer = mem_alloc(INPUT_MAX);
    for (int i = 0; i < n; i++) {
        if (files[i]->d_name[0] != '.') {
            bool ok = feed(folder, files[i]->d_name, buffer);
            printf("%s %d - survives %s\n", ok ? "ok" : "not ok", ++fed, files[i]->d_name);
            fflush(stdout);
            failed += !ok;
        }
        free(files[i]);
    }
    if (n >= 0)
        free(files);
    if (!fed)
        printf("not ok %d - %s holds inputs\n", ++fed, folder);
    printf("1..%d\n", fed);
    return failed || n < 0;
}
