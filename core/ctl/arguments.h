/* SPDX-License-Identifier: MIT
 *
 * Arguments: options and words, held against tables of what there is.  Everything is looked at
 * before anything is done: an unknown option, a value too much or too few, or an option that is
 * given twice is an error.  Borrows argv.  Pure; one thread. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum { ARGUMENTS_MAX = 64 };

/* Tables end with a row without a name. */
struct arguments_option {
    const char *name;
    const char *value; /* what its value is called; NULL: it has none */
    const char *help;
    char letter; /* 0: it has no short form */
    bool many;   /* may be given more than once */
};

struct arguments {
    struct {
        const struct arguments_option *option;
        const char *value; /* "" for an option without */
        bool taken;
    } given[ARGUMENTS_MAX];
    const char *words[ARGUMENTS_MAX];
    int n_given, n_words, next_word;
};

/* What a command's name allows besides; NULL: it is no command. */
typedef const struct arguments_option *arguments_of_command(const char *name);

/* `--name VALUE`, `--name=VALUE`, `-n VALUE`, `--` and words; the first word names the command,
 * whose own options may stand anywhere behind it. */
int arguments_parse(int argc, char **argv, const struct arguments_option *common,
                    arguments_of_command *of_command, struct arguments *out, struct error *err);

/* The value ("" for an option without), or NULL when it was not given.  Of one that may be given
 * more than once, the next. */
const char *arguments_take(struct arguments *arguments, const char *name);

/* The next word, or NULL. */
const char *arguments_take_word(struct arguments *arguments);

/* PROVIDER_EINVAL, naming the first that nobody took. */
int arguments_end(const struct arguments *arguments, struct error *err);
