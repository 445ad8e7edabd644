/* SPDX-License-Identifier: MIT */
#include "command_line.h"

#include <getopt.h>
#include <string.h>

#include "config.h"
#include "provider_setup.h"

enum action {
    ACTION_START,
    ACTION_CHECK,
    ACTION_PRINT_CONFIG,
    ACTION_PRINT_SAMPLE,
    ACTION_PRINT_MANUAL,
    ACTION_VERSION,
    ACTION_HELP,
    ACTION_MISTAKE,
};

/* Values of getopt_long() that are not characters: an action behind ACTION_BASE. */
enum { ACTION_BASE = 1000 };

static const struct option options[] = {
    { "config", required_argument, NULL, 'c' },
    { "data", required_argument, NULL, 'd' },
    { "port", required_argument, NULL, 'p' },
    { "set", required_argument, NULL, 's' },
    { "check", no_argument, NULL, ACTION_BASE + ACTION_CHECK },
    { "print-config", no_argument, NULL, ACTION_BASE + ACTION_PRINT_CONFIG },
    { "print-sample", no_argument, NULL, ACTION_BASE + ACTION_PRINT_SAMPLE },
    { "print-manual", no_argument, NULL, ACTION_BASE + ACTION_PRINT_MANUAL },
    { "version", no_argument, NULL, ACTION_BASE + ACTION_VERSION },
    { "help", no_argument, NULL, 'h' },
    { 0 },
};

static const char help[] =
    "Usage: miauflixd [OPTION]...\n"
    "Serves a catalogue of movies and TV shows over HTTP.\n"
    "\n"
    "  -c, --config FILE    read FILE instead of the installed miauflix.conf\n"
    "  -d, --data FOLDER    as --set data_folder=FOLDER\n"
    "  -p, --port NUMBER    as --set http.port=NUMBER; 0 takes any free one\n"
    "  -s, --set KEY=VALUE  set a key of the configuration; lists with commas\n"
    "      --check          judge the configuration and stop\n"
    "      --print-config   show each value and where it came from, and stop\n"
    "      --print-sample   write a commented configuration, and stop\n"
    "      --version        show the version, and stop\n"
    "  -h, --help           show this, and stop\n"
    "\n"
    "The keys are in miauflix.conf(5), or in --print-sample.\n";

static int add_set(struct command_line *line, const char *key, const char *value,
                   const char *origin)
{
    if (line->n_sets == COMMAND_LINE_SETS) {
        fprintf(stderr, "miauflixd: more than %d values on the command line\n", COMMAND_LINE_SETS);
        return ACTION_MISTAKE;
    }
    line->sets[line->n_sets++] =
        (struct conf_override){ .key = key, .value = value, .origin = origin };
    return ACTION_START;
}

static int add_key_value(struct command_line *line, const char *argument)
{
    const char *equals = strchr(argument, '=');
    if (!equals || equals == argument) {
        fprintf(stderr, "miauflixd: --set wants KEY=VALUE, not '%s'\n", argument);
        return ACTION_MISTAKE;
    }
    size_t slot = line->n_sets;
    char *key = mem_dup(argument, (size_t)(equals - argument));
    int action = add_set(line, key, equals + 1, "--set");
    if (action == ACTION_MISTAKE)
        free(key);
    else
        line->memory[slot] = key;
    return action;
}

static int take_option(struct command_line *line, int option)
{
    switch (option) {
    case 'c':
        line->config = optarg;
        return ACTION_START;
    case 'd':
        return add_set(line, "data_folder", optarg, "--data");
    case 'p':
        return add_set(line, "http.port", optarg, "--port");
    case 's':
        return add_key_value(line, optarg);
    case 'h':
        return ACTION_HELP;
    default:
        return option > ACTION_BASE ? option - ACTION_BASE : ACTION_MISTAKE;
    }
}

static enum action parse(int argc, char **argv, struct command_line *line)
{
    enum action wanted = ACTION_START;
    optind = 0; /* so that a second command line starts at its beginning */
    for (int option; (option = getopt_long(argc, argv, "c:d:p:s:h", options, NULL)) != -1;) {
        enum action action = (enum action)take_option(line, option);
        if (action == ACTION_MISTAKE)
            return action;
        if (action != ACTION_START)
            wanted = action;
    }
    if (optind < argc) {
        fprintf(stderr, "miauflixd: '%s' is no option\n", argv[optind]);
        return ACTION_MISTAKE;
    }
    return wanted;
}

int command_line_conf(const struct command_line *line, struct conf **out, struct error *err)
{
    return conf_load_with(line->config, line->sets, line->n_sets, out, err);
}

static int load(const struct command_line *line, enum action action, struct conf **out_conf)
{
    struct error err = { 0 };
    CLEANUP(conf_free) struct conf *conf = NULL;
    if (command_line_conf(line, &conf, &err)) {
        fprintf(stderr, "miauflixd: %s\n", err.text);
        return 1;
    }
    if (action == ACTION_CHECK)
        return provider_setup_check(conf, stderr) > 0;
    if (action == ACTION_PRINT_CONFIG) {
        conf_print(conf, stdout);
        provider_setup_print(conf, stdout);
        return 0;
    }
    *out_conf = steal(conf);
    return COMMAND_LINE_START;
}

int command_line_run(int argc, char **argv, struct command_line *line, struct conf **out_conf)
{
    *line = (struct command_line){ 0 };
    enum action action = parse(argc, argv, line);
    switch (action) {
    case ACTION_MISTAKE:
        fputs("Try: miauflixd --help\n", stderr);
        return 2;
    case ACTION_HELP:
        fputs(help, stdout);
        return 0;
    case ACTION_VERSION:
        puts(PACKAGE_STRING);
        return 0;
    case ACTION_PRINT_SAMPLE:
        conf_print_sample(stdout);
        return 0;
    case ACTION_PRINT_MANUAL:
        conf_print_manual(stdout);
        return 0;
    default:
        return load(line, action, out_conf);
    }
}
