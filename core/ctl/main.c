/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/log.h"
#include "config.h"
#include "ctl/ctl.h"

static const struct arguments_option no_options[] = { { 0 } };

static const struct arguments_option *options_of(const char *name)
{
    const struct command *command = commands_find(name);
    return !command ? NULL : command->options ? command->options : no_options;
}

static const char *option_or_environment(struct ctl *ctl, const char *option, const char *variable)
{
    const char *value = ctl_take_option(ctl, option);
    if (!value)
        value = getenv(variable);
    return text_is_empty(value) ? NULL : value;
}

static int run(struct ctl *ctl)
{
    ctl->json = ctl_take_flag(ctl, "json");
    ctl->config = ctl_take_option(ctl, "config");
    ctl->data = ctl_take_option(ctl, "data");
    ctl->token = option_or_environment(ctl, "token", "MIAUFLIX_TOKEN");
    ctl->url = option_or_environment(ctl, "url", "MIAUFLIX_URL");
    const struct command *command = commands_find(ctl_take_word(ctl));
    if (!command)
        return ctl_complain(CTL_USAGE, "which command? miauflixctl --help lists them");
    return command->run(ctl);
}

static int start(struct ctl *ctl, int argc, char **argv)
{
    struct error err;
    if (arguments_parse(argc, argv, commands_common, options_of, &ctl->arguments, &err)) {
        const struct arguments *parsed = &ctl->arguments;
        return ctl_complain(CTL_USAGE, "%s; try: miauflixctl %s%s--help", err.text,
                            parsed->n_words ? parsed->words[0] : "", parsed->n_words ? " " : "");
    }
    if (ctl_take_flag(ctl, "help")) {
        commands_help(commands_find(ctl_take_word(ctl)));
        return CTL_OK;
    }
    if (ctl_take_flag(ctl, "version")) {
        puts("miauflixctl " PACKAGE_VERSION);
        return CTL_OK;
    }
    return run(ctl);
}

int main(int argc, char **argv)
{
    CLEANUP(mem_free) struct ctl *ctl = mem_new(struct ctl);
    log_set_level(LOG_LEVEL_WARNING);
    int status = start(ctl, argc - 1, argv + 1);
    conf_free(ctl->conf);
    /* A full disk behind `> file` is a failure, too. */
    if (fflush(stdout) || ferror(stdout))
        return status ? status : ctl_complain(CTL_FAILED, "cannot write the answer: %m");
    return status;
}
