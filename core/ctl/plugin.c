/* SPDX-License-Identifier: MIT
 *
 * Plugins: those in the plugin path, the conformance check, a skeleton for a new one. */
#include <dirent.h>
#include <dlfcn.h>
#include <string.h>

#include "ctl/ctl.h"
#include "provider/check.h"
#include "provider/skeleton.h"

/* Reads the description without running any of the plugin's code but its initialisers. */
static void describe(const char *folder, const char *file, json_t *rows)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, file);
    void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    const struct provider_info *info = library ? dlsym(library, "miauflix_provider") : NULL;
    if (info)
        json_array_append_new(rows, json_pack("{s:s,s:s,s:s,s:s}", "name", info->name, "version",
                                              info->version ? info->version : "", "summary",
                                              info->summary ? info->summary : "", "file", path));
    if (library)
        dlclose(library);
}

static void describe_folder(const char *folder, json_t *rows)
{
    DIR *directory = opendir(folder);
    for (const struct dirent *entry; directory && (entry = readdir(directory));)
        if (text_ends_with(entry->d_name, ".so"))
            describe(folder, entry->d_name, rows);
    if (directory)
        closedir(directory);
    CLEANUP(mem_free) char *built = mem_format("%s/.libs", folder);
    if (!text_ends_with(folder, "/.libs") && access(built, X_OK) == 0)
        describe_folder(built, rows);
}

static int plugin_list(struct ctl *ctl)
{
    int status = ctl_no_more(ctl);
    if (!status)
        status = ctl_need_conf(ctl);
    if (status)
        return status;
    json_auto_t *rows = json_array();
    CLEANUP(mem_free) char *path = mem_dup_text(ctl->conf->plugin_path);
    char *rest = path;
    for (char *folder; (folder = strsep(&rest, ":"));)
        describe_folder(folder, rows);
    if (ctl->json)
        return ctl_print_json(rows);
    CLEANUP(table_done) struct table table = { .heading = "NAME|VERSION|WHAT|FILE" };
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row) {
        static const char *const members[] = { "name", "version", "summary", "file" };
        for (size_t k = 0; k < ARRAY_LEN(members); k++)
            table_cell(&table, "%s", json_string_value(json_object_get(row, members[k])));
        table_end_row(&table);
    }
    if (i)
        ctl_print_table(&table);
    else
        printf("no plugin is in '%s'\n", ctl->conf->plugin_path);
    return CTL_OK;
}

enum { MAX_VALUES = 32 };

/* Each line of TAP as {"ok":true,"what":"..."}. */
static json_t *read_tap(char *tap)
{
    json_t *list = json_array();
    for (char *line; (line = strsep(&tap, "\n"));) {
        bool ok = text_starts_with(line, "ok ");
        const char *what = strstr(line, " - ");
        if (ok || text_starts_with(line, "not ok "))
            json_array_append_new(list,
                                  json_pack("{s:b,s:s}", "ok", ok, "what", what ? what + 3 : line));
    }
    return list;
}

static int run_check(struct ctl *ctl, const struct check_options *options)
{
    CLEANUP(mem_free) char *tap = NULL;
    size_t len = 0;
    struct error err;
    FILE *out = ctl->json ? open_memstream(&tap, &len) : stdout;
    if (!out)
        return ctl_complain(CTL_FAILED, "no memory: %m");
    int findings = check_plugin(options, out, &err);
    if (ctl->json)
        fclose(out);
    if (findings < 0)
        return ctl_complain(ctl_status_of(findings), "%s", err.text);
    json_auto_t *said =
        ctl->json ? json_pack("{s:i,s:o}", "findings", findings, "checks", read_tap(tap)) : NULL;
    if (ctl->json)
        ctl_print_json(said);
    return findings ? CTL_FINDINGS : CTL_OK;
}

static int plugin_check(struct ctl *ctl)
{
    struct provider_setting values[MAX_VALUES];
    struct check_options options = { .values = values };
    options.answers_folder = ctl_take_option(ctl, "answers");
    for (const char *set; options.n_values < MAX_VALUES && (set = ctl_take_option(ctl, "set"));) {
        const char *equals = strchr(set, '=');
        if (!equals)
            return ctl_complain(CTL_USAGE, "--set wants NAME=VALUE, not '%s'", set);
        values[options.n_values++] =
            (struct provider_setting){ .name = mem_dup(set, (size_t)(equals - set)),
                                       .value = equals + 1 };
    }
    options.library = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !options.library)
        return status ? status : ctl_complain(CTL_USAGE, "check which file?");
    return run_check(ctl, &options);
}

static int plugin_new(struct ctl *ctl)
{
    const char *name = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !name)
        return status ? status : ctl_complain(CTL_USAGE, "a plugin of which name?");
    struct error err;
    int result = skeleton_write(".", name, &err);
    if (result)
        return ctl_complain(ctl_status_of(result), "%s", err.text);
    return ctl_report(ctl, json_pack("{s:s}", "folder", name),
                      "%s/ is there; make -C %s builds it, README.md says what comes next", name,
                      name);
}

int ctl_plugin(struct ctl *ctl)
{
    const char *action = ctl_take_word(ctl);
    if (text_equal(action, "list"))
        return plugin_list(ctl);
    if (text_equal(action, "check"))
        return plugin_check(ctl);
    if (text_equal(action, "new"))
        return plugin_new(ctl);
    return ctl_complain(CTL_USAGE, "plugin list, plugin check or plugin new?");
}
