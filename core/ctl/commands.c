/* SPDX-License-Identifier: MIT
 *
 * What there is to say and how to say it: the parser, the help and the completion's test read this
 * table. */
#include <string.h>

#include "ctl/ctl.h"

const struct arguments_option commands_common[] = {
    { .name = "config",
      .letter = 'c',
      .value = "FILE",
      .help = "read FILE instead of the installed miauflix.conf" },
    { .name = "data", .letter = 'd', .value = "FOLDER", .help = "the daemon's data folder" },
    { .name = "url",
      .value = "URL",
      .help = "ask the daemon there; else MIAUFLIX_URL, else the one of the data folder" },
    { .name = "token",
      .value = "TOKEN",
      .help = "the token for --url; else MIAUFLIX_TOKEN, which nobody sees in the process list" },
    { .name = "json", .help = "print one JSON value, for programs" },
    { .name = "help", .letter = 'h', .help = "show this" },
    { .name = "version", .help = "show the version" },
    { 0 },
};

static const struct arguments_option sync_options[] = {
    { .name = "full", .help = "look at everything again, not only at what changed" },
    { .name = "provider",
      .value = "NAME",
      .many = true,
      .help = "only this one (may be repeated)" },
    { .name = "no-wait", .help = "start it, print the job and leave" },
    { 0 },
};

static const struct arguments_option jobs_options[] = {
    { .name = "state",
      .value = "STATE",
      .help = "queued, running, done, failed, canceled or interrupted" },
    { .name = "limit", .value = "N", .help = "so many at most, 1 to 100 (20)" },
    { 0 },
};

static const struct arguments_option search_options[] = {
    { .name = "local", .help = "the store only; no provider is asked" },
    { .name = "kind", .value = "KIND", .help = "movies (the default), tvshows or all" },
    { .name = "limit", .value = "N", .help = "so many at most, 1 to 100 (20)" },
    { .name = "language", .value = "TAG", .help = "titles in this language: pt-BR" },
    { 0 },
};

static const struct arguments_option show_options[] = {
    { .name = "kind", .value = "KIND", .help = "movies (the default) or tvshows" },
    { .name = "language", .value = "TAG", .help = "texts in this language: pt-BR" },
    { 0 },
};

static const struct arguments_option token_options[] = {
    { .name = "user", .value = "NAME", .help = "whose" },
    { .name = "scope", .value = "SCOPES", .help = "read, write, stream, admin; commas between" },
    { .name = "label", .value = "TEXT", .help = "what it is for" },
    { .name = "days", .value = "N", .help = "good for N days; else until it is revoked" },
    { 0 },
};

static const struct arguments_option verify_options[] = {
    { .name = "repair", .help = "derive anew what does not agree, then prove it once more" },
    { 0 },
};

static const struct arguments_option plugin_options[] = {
    { .name = "answers",
      .value = "FOLDER",
      .help =
          "check: what the upstream answers, a file 'answers' of lines URL-PATTERN FILE [STATUS]" },
    { .name = "set",
      .value = "NAME=VALUE",
      .many = true,
      .help = "check: an option of the plugin" },
    { 0 },
};

const struct command commands[] = {
    { "status", "what the daemon holds and does", "", NULL, NULL, ctl_status },
    { "providers", "their states, budgets and circuits", "\nNAME [reset|enable|disable]",
      "reset ends a quarantine, an open circuit and back-off; budgets stay.\n"
      "disable lasts until enable or the daemon's next start.",
      NULL, ctl_providers },
    { "sync", "synchronise now, with a progress bar", "[movies|tvshows|lists]",
      "A sync that runs already is joined. Ctrl-C stops the watching, not the sync: exit status "
      "130.",
      sync_options, ctl_sync },
    { "jobs", "long work, running and ended", "\nID [follow|cancel]", NULL, jobs_options,
      ctl_jobs },
    { "search", "search the store and the providers", "WORD...", NULL, search_options, ctl_search },
    { "show", "one item in full", "ID",
      "ID is our own number (42), a provider's (tmdb:603, imdb:tt0133093) or a bare tt0133093.",
      show_options, ctl_show },
    { "token", "tokens for the API",
      "new --user NAME --scope SCOPES [--label TEXT] [--days N]\nlist [--user NAME]\n"
      "revoke ID --user NAME",
      "A token is shown once; the store keeps its hash. A running daemon lists one user at a time.",
      token_options, ctl_token },
    { "backup", "copy the store, also while the daemon runs", "FOLDER",
      "FOLDER is new, empty, or holds an older backup, which is replaced once the new one is "
      "whole.",
      NULL, ctl_backup },
    { "restore", "bring a backup back (daemon stopped)", "FOLDER",
      "Into a data folder without a store; the result is verified.", NULL, ctl_restore },
    { "verify", "prove that the store is sound (daemon stopped)", "",
      "Every page of every file, then records, items, cards, the index and lists against each "
      "other.\n"
      "Findings are exit status 5. A damaged file cannot be repaired: restore a backup.",
      verify_options, ctl_verify },
    { "compact", "give unused space back (daemon stopped)", "", NULL, NULL, ctl_compact },
    { "export", "write everything as NDJSON (daemon stopped)", "FILE",
      "FILE - is standard output. Hashes of tokens and the providers' state are in it.", NULL,
      ctl_export },
    { "import", "read an export into an empty store (daemon stopped)", "FILE",
      "FILE - is standard input.", NULL, ctl_import },
    { "plugin", "plugins: those there, a conformance check, a skeleton",
      "list\ncheck FILE [--answers FOLDER] [--set NAME=VALUE]...\nnew NAME",
      "check prints TAP; findings are exit status 5. new makes the folder NAME.", plugin_options,
      ctl_plugin },
    { 0 },
};

const struct command *commands_find(const char *name)
{
    for (const struct command *command = commands; command->name; command++)
        if (text_equal(command->name, name))
            return command;
    return NULL;
}

static void print_options(const char *title, const struct arguments_option *options)
{
    CLEANUP(table_done) struct table table = { 0 };
    for (; options && options->name; options++) {
        char letter[] = { '-', options->letter, ',', '\0' };
        table_cell(&table, "%4s --%s%s%s", options->letter ? letter : "", options->name,
                   options->value ? " " : "", options->value ? options->value : "");
        table_cell(&table, "%s", options->help);
        table_end_row(&table);
    }
    printf("\n%s:\n", title);
    table_print(&table, 0, stdout);
}

static void print_exits(void)
{
    puts("\nExit status: 0 done; 1 failed; 2 wrong usage; 3 no daemon answers; 4 not found; 5 what "
         "was\n"
         "checked is not sound; 130 Ctrl-C while following a job, which goes on.");
}

static void help_all(void)
{
    CLEANUP(table_done) struct table table = { 0 };
    for (const struct command *command = commands; command->name; command++) {
        table_cell(&table, "  %s", command->name);
        table_cell(&table, "%s", command->summary);
        table_end_row(&table);
    }
    puts("Usage: miauflixctl [OPTION]... COMMAND [ARGUMENT]...\n\nCommands:");
    table_print(&table, 0, stdout);
    print_options("Options", commands_common);
    print_exits();
    puts("\nmiauflixctl COMMAND --help says more.");
}

void commands_help(const struct command *command)
{
    if (!command) {
        help_all();
        return;
    }
    bool first = true;
    for (const char *at = command->usage; first || *at;) {
        size_t len = strcspn(at, "\n");
        printf("%s miauflixctl %s%s%.*s%s\n", first ? "Usage:" : "      ", command->name,
               len ? " " : "", (int)len, at,
               command->options && !strstr(command->usage, "--") ? " [OPTION]..." : "");
        first = false;
        at += len + (at[len] == '\n');
    }
    printf("\n%s\n%s%s", command->summary, command->about ? command->about : "",
           command->about ? "\n" : "");
    if (command->options)
        print_options("Options", command->options);
    print_options("Options of every command", commands_common);
    print_exits();
}
