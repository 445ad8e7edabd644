/* SPDX-License-Identifier: MIT
 *
 * What works on the store of a stopped daemon: restore, verify, compact, export, import. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl/ctl.h"
#include "ctl/human.h"
#include "ctl/stopped.h"
#include "service/prove.h"
#include "service/repair.h"
#include "store/maintenance.h"

static char *store_path(const struct ctl *ctl)
{
    return mem_format("%s/store", ctl->conf->data_folder);
}

int stopped_open(struct ctl *ctl, bool make, struct store **out)
{
    int status = ctl_need_conf(ctl);
    if (status)
        return status;
    CLEANUP(mem_free) char *path = store_path(ctl);
    if (!make && access(path, F_OK) != 0)
        return ctl_complain(CTL_NOT_FOUND, "there is no store in '%s'; --data names another folder",
                            ctl->conf->data_folder);
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

int ctl_restore(struct ctl *ctl)
{
    const char *folder = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !folder)
        return status ? status : ctl_complain(CTL_USAGE, "restore from which folder?");
    status = ctl_need_conf(ctl);
    if (status)
        return status;
    /* After a lost disk there is not even the data folder. */
    if (mkdir(ctl->conf->data_folder, 0700) != 0 && errno != EEXIST)
        return ctl_complain(CTL_FAILED, "cannot make '%s': %m", ctl->conf->data_folder);
    CLEANUP(mem_free) char *path = store_path(ctl);
    struct error err;
    int result = maintenance_restore(folder, path, &err);
    if (result)
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    return ctl_report(ctl, json_pack("{s:s}", "restored", path), "restored to '%s'", path);
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

/* Records, items, cards, the index, lists: one against the other. */
static int prove_all(struct store *store, const struct derive_policy *policy,
                     struct findings *findings, uint64_t *out_n, struct error *err)
{
    struct prove prove = { .policy = policy };
    struct maintenance_checks checks = { .report = note_finding,
                                         .context = findings,
                                         .rederive = prove_item,
                                         .rederive_context = &prove,
                                         .prove_id = prove_id };
    uint64_t n = 0, n_index = 0;
    int result = maintenance_verify_tables(store, &checks, &n, err);
    if (!result)
        result = prove_index(store, note_finding, findings, &n_index, err);
    *out_n = n + n_index;
    return result;
}

static int mend(struct store *store, const struct derive_policy *policy, struct findings *findings,
                uint64_t *n, struct error *err)
{
    int result = prove_all(store, policy, findings, n, err);
    if (result || !*n)
        return result;
    /* What cannot be read ends a proof early, and may be put right all the same. */
    if (!findings->ctl->json)
        printf("%llu findings, repairing\n", (unsigned long long)*n);
    json_array_clear(findings->list);
    result = repair_store(store, policy, err);
    return result ? result : prove_all(store, policy, findings, n, err);
}

/* *n is what is wrong in the end. */
static int verify(struct ctl *ctl, bool repair, struct findings *findings, uint64_t *n,
                  struct error *err)
{
    struct derive_policy policy;
    struct maintenance_checks checks = { .report = note_finding, .context = findings };
    CLEANUP(mem_free) char *path = store_path(ctl);
    CLEANUP(store_close) struct store *store = NULL;
    derive_policy_init(&policy, ctl->conf);
    int result = maintenance_verify_files(path, &checks, n, err);
    if (result || *n)
        return result;
    struct store_options options = { .path = path,
                                     .sync_each_commit = true,
                                     .cache_bytes = (uint64_t)ctl->conf->store_cache_bytes,
                                     .read_only = !repair };
    result = store_open(&options, &store, err);
    if (result)
        return result;
    return repair ? mend(store, &policy, findings, n, err)
                  : prove_all(store, &policy, findings, n, err);
}

int ctl_verify(struct ctl *ctl)
{
    bool repair = ctl_take_flag(ctl, "repair");
    int status = ctl_no_more(ctl);
    if (!status)
        status = ctl_need_conf(ctl);
    if (status)
        return status;
    struct findings findings = { .ctl = ctl, .list = json_array() };
    uint64_t n = 0;
    struct error err;
    int result = verify(ctl, repair, &findings, &n, &err);
    if (result) {
        json_decref(findings.list);
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    }
    ctl_report(ctl, json_pack("{s:I,s:o}", "findings", (json_int_t)n, "list", findings.list),
               n ? "%llu findings" : "the store is sound", (unsigned long long)n);
    return n ? CTL_FINDINGS : CTL_OK;
}

int ctl_compact(struct ctl *ctl)
{
    CLEANUP(store_close) struct store *store = NULL;
    int status = ctl_no_more(ctl);
    if (!status)
        status = stopped_open(ctl, false, &store);
    if (status)
        return status;
    uint64_t freed = 0;
    struct error err;
    int result = maintenance_compact(store, &freed, &err);
    if (result)
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    char size[HUMAN_LEN];
    return ctl_report(ctl, json_pack("{s:I}", "freed_bytes", (json_int_t)freed), "%s given back",
                      human_bytes((int64_t)freed, size));
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

/* What standard output is taken for, is not said there too. */
static int carried(struct ctl *ctl, const char *name, bool to_stdout, uint64_t lines,
                   const char *done)
{
    char count[HUMAN_LEN];
    human_count((int64_t)lines, count);
    if (to_stdout)
        fprintf(stderr, "%s lines %s\n", count, done);
    else
        ctl_report(ctl, json_pack("{s:s,s:I}", "file", name, "lines", (json_int_t)lines),
                   "%s lines %s", count, done);
    return CTL_OK;
}

static int carry_text(struct ctl *ctl, carry *run, bool reads, struct store *store,
                      const char *name)
{
    CLEANUP(file_close) FILE *file = open_text(name, reads ? "re" : "we");
    if (!file)
        return CTL_FAILED;
    uint64_t lines = 0;
    struct error err;
    int result = run(store, file, &lines, &err);
    if (!result && fflush(file))
        result = error_errno(&err, errno, "cannot write '%s'", name);
    bool to_stdout = file == stdout;
    if (file == stdin || to_stdout)
        steal(file);
    if (result)
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    return carried(ctl, name, to_stdout, lines, reads ? "read" : "written");
}

static int carry_store(struct ctl *ctl, carry *run, bool reads)
{
    const char *name = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !name)
        return status ? status
                      : ctl_complain(CTL_USAGE, "which file? - is standard %s",
                                     reads ? "input" : "output");
    /* A file that is not there makes no store. */
    if (reads && !text_equal(name, "-") && access(name, R_OK) != 0)
        return ctl_complain(CTL_FAILED, "cannot open '%s': %m", name);
    CLEANUP(store_close) struct store *store = NULL;
    status = stopped_open(ctl, reads, &store);
    return status ? status : carry_text(ctl, run, reads, store, name);
}

int ctl_export(struct ctl *ctl)
{
    return carry_store(ctl, maintenance_export, false);
}

int ctl_import(struct ctl *ctl)
{
    return carry_store(ctl, maintenance_import, true);
}
