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
    if (status)
        return status;
    json_auto_t *rows = json_array();
    CLEANUP(mem_free) char *path = mem_dup_text(ctl->conf->plugin_path);
    char *rest = path;
    for (char *folder; (folder = strsep(&rest, ":"));)
        describe_folder(folder, rows);
    if (ctl->json)
        return ctl_print_json(rows);
    struct ctl_table table = { 0 };
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row)
        ctl_table_row(&table, "%s\t%s\t%s\t%s", js_string(row, "name"),
                      json_string_value(json_object_get(row, "version")),
                      json_string_value(json_object_get(row, "summary")), js_string(row, "file"));
    ctl_table_print(&table);
    return CTL_OK;
}

enum { MAX_VALUES = 32 };

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
    struct error err;
    int findings = check_plugin(&options, stdout, &err);
    if (findings < 0)
        return ctl_complain(ctl_status_of(findings), "%s", err.text);
    return findings ? CTL_FINDINGS : CTL_OK;
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
    printf("%s/ is there; make -C %s builds it, README.md says what comes next\n", name, name);
    return CTL_OK;
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
