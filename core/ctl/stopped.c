/* SPDX-License-Identifier: MIT
 *
 * What works on the store of a stopped daemon: restore, verify, compact, export, import. */
#include <errno.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/stopped.h"
#include "service/prove.h"
#include "store/maintenance.h"

static char *store_path(const struct ctl *ctl)
{
    return mem_format("%s/store", ctl->conf->data_folder);
}

int stopped_open(struct ctl *ctl, struct store **out)
{
    CLEANUP(mem_free) char *path = store_path(ctl);
    struct store_options options = {
        .path = path,
        .sync_each_commit = true,
        .cache_bytes = (uint64_t)ctl->conf->store_cache_bytes,
    };
    struct error err;
    int result = store_open(&options, out, &err);
    if (result == PROVIDER_ECONFLICT)
        return ctl_complain(CTL_FAILED, "%s: stop miauflixd first", err.text);
    return result ? ctl_complain(ctl_status_of(result), "%s", err.text) : CTL_OK;
}

/* {"done":true} or what `fmt` says. */
static int report(struct ctl *ctl, json_t *said, const char *fmt, ...) PRINTF(3, 4);
static int report(struct ctl *ctl, json_t *said, const char *fmt, ...)
{
    json_auto_t *value = said;
    if (ctl->json)
        return ctl_print_json(value);
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
    return CTL_OK;
}

int ctl_restore(struct ctl *ctl)
{
    const char *folder = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !folder)
        return status ? status : ctl_complain(CTL_USAGE, "restore from which folder?");
    CLEANUP(mem_free) char *path = store_path(ctl);
    struct error err;
    int result = maintenance_restore(folder, path, &err);
    if (result)
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    return report(ctl, json_pack("{s:s}", "restored", path), "restored to '%s'", path);
}

struct findings {
    struct ctl *ctl;
    json_t *list;
};

static void note_finding(const char *finding, void *context)
{
    struct findings *findings = context;
    json_array_append_new(findings->list, json_string(finding));
    if (!findings->ctl->json)
        puts(finding);
}

int ctl_verify(struct ctl *ctl)
{
    int status = ctl_no_more(ctl);
    if (status)
        return status;
    struct derive_policy policy;
    derive_policy_init(&policy, ctl->conf);
    struct findings findings = { .ctl = ctl, .list = json_array() };
    struct maintenance_checks checks = { .report = note_finding,
                                         .context = &findings,
                                         .rederive = prove_item,
                                         .rederive_context = &policy };
    CLEANUP(mem_free) char *path = store_path(ctl);
    uint64_t n = 0;
    struct error err;
    int result = maintenance_verify(path, &checks, &n, &err);
    if (result) {
        json_decref(findings.list);
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    }
    report(ctl, json_pack("{s:I,s:o}", "findings", (json_int_t)n, "list", findings.list),
           n ? "%llu findings" : "the store is sound", (unsigned long long)n);
    return n ? CTL_FINDINGS : CTL_OK;
}

int ctl_compact(struct ctl *ctl)
{
    CLEANUP(store_close) struct store *store = NULL;
    int status = ctl_no_more(ctl);
    if (!status)
        status = stopped_open(ctl, &store);
    if (status)
        return status;
    uint64_t freed = 0;
    struct error err;
    int result = maintenance_compact(store, &freed, &err);
    if (result)
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    return report(ctl, json_pack("{s:I}", "freed_bytes", (json_int_t)freed),
                  "%llu bytes given back", (unsigned long long)freed);
}

/* "-" is standard input or output. */
static FILE *open_text(const char *name, const char *mode)
{
    if (text_equal(name, "-"))
        return *mode == 'r' ? stdin : stdout;
    FILE *file = fopen(name, mode);
    if (!file)
        ctl_complain(CTL_FAILED, "cannot open '%s': %m", name);
    return file;
}

typedef int carry(struct store *store, FILE *file, uint64_t *out_lines, struct error *err);

static int carry_text(struct ctl *ctl, carry *run, const char *mode, const char *done)
{
    const char *name = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !name)
        return status ? status : ctl_complain(CTL_USAGE, "which file?");
    CLEANUP(store_close) struct store *store = NULL;
    status = stopped_open(ctl, &store);
    if (status)
        return status;
    CLEANUP(file_close) FILE *file = open_text(name, mode);
    if (!file)
        return CTL_FAILED;
    uint64_t lines = 0;
    struct error err;
    int result = run(store, file, &lines, &err);
    if (!result && fflush(file))
        result = error_errno(&err, errno, "cannot write '%s'", name);
    if (result)
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    fprintf(stderr, "%llu lines %s\n", (unsigned long long)lines, done);
    return CTL_OK;
}

int ctl_export(struct ctl *ctl)
{
    return carry_text(ctl, maintenance_export, "we", "written");
}

int ctl_import(struct ctl *ctl)
{
    return carry_text(ctl, maintenance_import, "re", "read");
}
