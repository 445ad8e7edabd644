/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/log.h"
#include "config.h"
#include "ctl/ctl.h"

static const struct command {
    const char *name;
    int (*run)(struct ctl *ctl);
    const char *usage, *help;
} commands[] = {
    { "status", ctl_status, "", "what the daemon is doing" },
    { "providers", ctl_providers, "[NAME [reset|enable|disable]]",
      "providers, their budgets and circuits" },
    { "sync", ctl_sync, "[SCOPE] [--full] [--provider NAME] [--no-wait]",
      "synchronise now, with a progress bar" },
    { "jobs", ctl_jobs, "[ID [cancel|follow]] [--state STATE]", "long work, running and ended" },
    { "search", ctl_search, "WORDS... [--local] [--limit N] [--kind movies]", "search movies" },
    { "show", ctl_show, "ID [--language TAG]", "one item: 42, tmdb:603 or tt0133093" },
    { "token", ctl_token,
      "new --user NAME --scope SCOPES [--label TEXT] [--days N] | list | revoke ID",
      "tokens for the API" },
    { "backup", ctl_backup, "FOLDER", "copy the store, also while the daemon runs" },
    { "restore", ctl_restore, "FOLDER", "bring a copy back; the daemon is stopped" },
    { "verify", ctl_verify, "", "prove that the store is sound; the daemon is stopped" },
    { "compact", ctl_compact, "", "give back unused space; the daemon is stopped" },
    { "export", ctl_export, "FILE", "write everything as NDJSON, - for standard output" },
    { "import", ctl_import, "FILE", "read it back into an empty store" },
    { "plugin", ctl_plugin, "list | check FILE | new NAME",
      "plugins: those there, tests, a skeleton" },
};

static void print_help(void)
{
    printf(
        "Usage: miauflixctl [--config FILE] [--data FOLDER] [--url URL] [--token TOKEN] [--json]\n"
        "                   COMMAND [ARGUMENT]...\n\n");
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        printf("  %-10s %s\n%s%s%s", commands[i].name, commands[i].help,
               *commands[i].usage ? "             " : "", commands[i].usage,
               *commands[i].usage ? "\n" : "");
    printf("\nExit status: 0 done, 1 failed, 2 wrong usage, 3 no daemon answers, 4 not found,\n"
           "5 something is wrong with what was checked.\n");
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (text_equal(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static int load_conf(struct ctl *ctl)
{
    struct conf_override data = { .key = "data_folder", .origin = "--data" };
    const char *config = ctl_take_option(ctl, "config");
    data.value = ctl_take_option(ctl, "data");
    struct error err;
    if (conf_load_with(config, &data, data.value ? 1 : 0, &ctl->conf, &err))
        return ctl_complain(CTL_FAILED, "%s", err.text);
    return CTL_OK;
}

static int run(struct ctl *ctl)
{
    ctl->json = ctl_take_flag(ctl, "json");
    ctl->no_progress = !isatty(STDOUT_FILENO) || ctl->json;
    ctl->url = ctl_take_option(ctl, "url");
    ctl->token = ctl_take_option(ctl, "token");
    int status = load_conf(ctl);
    if (status)
        return status;
    const char *name = ctl_take_word(ctl);
    const struct command *command = find_command(name);
    if (!command)
        return ctl_complain(CTL_USAGE, "%s%s%s; try: miauflixctl --help",
                            name ? "there is no command '" : "which command?", name ? name : "",
                            name ? "'" : "");
    return command->run(ctl);
}

int main(int argc, char **argv)
{
    struct ctl ctl = { .argc = argc - 1, .argv = argv + 1 };
    log_set_level(LOG_LEVEL_WARNING);
    if (ctl_take_flag(&ctl, "help") || argc == 1) {
        print_help();
        return argc == 1 ? CTL_USAGE : CTL_OK;
    }
    if (ctl_take_flag(&ctl, "version")) {
        puts("miauflixctl " PACKAGE_VERSION);
        return CTL_OK;
    }
    int status = run(&ctl);
    conf_free(ctl.conf);
    return fflush(stdout) ? CTL_FAILED : status;
}
