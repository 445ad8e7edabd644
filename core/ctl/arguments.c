/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "ctl/ctl.h"

static void remove_arguments(struct ctl *ctl, int at, int n)
{
    memmove(ctl->argv + at, ctl->argv + at + n, (size_t)(ctl->argc - at - n) * sizeof *ctl->argv);
    ctl->argc -= n;
}

/* The rest of "--name..." behind the name, or NULL. */
static const char *match(const char *argument, const char *name)
{
    size_t len = strlen(name);
    if (!text_starts_with(argument, "--") || strncmp(argument + 2, name, len) != 0)
        return NULL;
    const char *rest = argument + 2 + len;
    return *rest == '\0' || *rest == '=' ? rest : NULL;
}

const char *ctl_take_option(struct ctl *ctl, const char *name)
{
    for (int i = 0; i < ctl->argc; i++) {
        const char *rest = match(ctl->argv[i], name);
        if (!rest || (!*rest && i + 1 == ctl->argc))
            continue;
        const char *value = *rest ? rest + 1 : ctl->argv[i + 1];
        remove_arguments(ctl, i, *rest ? 1 : 2);
        return value;
    }
    return NULL;
}

bool ctl_take_flag(struct ctl *ctl, const char *name)
{
    for (int i = 0; i < ctl->argc; i++) {
        const char *rest = match(ctl->argv[i], name);
        if (!rest || *rest)
            continue;
        remove_arguments(ctl, i, 1);
        return true;
    }
    return false;
}

const char *ctl_take_word(struct ctl *ctl)
{
    if (!ctl->argc || text_starts_with(ctl->argv[0], "--"))
        return NULL;
    const char *word = ctl->argv[0];
    remove_arguments(ctl, 0, 1);
    return word;
}

int ctl_no_more(struct ctl *ctl)
{
    if (!ctl->argc)
        return CTL_OK;
    return ctl_complain(CTL_USAGE, "I do not know what to do with '%s'; try: miauflixctl --help",
                        ctl->argv[0]);
}
