/* SPDX-License-Identifier: MIT */
#include "ctl/arguments.h"

#include <string.h>

#include "base/text.h"

struct parsing {
    int argc, at;
    char **argv;
    const struct arguments_option *common, *own;
    struct arguments *out;
};

/* `len` is the length of a long name; 0 looks for the letter. */
static const struct arguments_option *find_in(const struct arguments_option *table,
                                              const char *name, size_t len)
{
    for (; table && table->name; table++) {
        bool long_one = len && strlen(table->name) == len && strncmp(table->name, name, len) == 0;
        if (long_one || (!len && table->letter && table->letter == *name))
            return table;
    }
    return NULL;
}

static const struct arguments_option *find(const struct parsing *parsing, const char *name,
                                           size_t len)
{
    const struct arguments_option *found = find_in(parsing->own, name, len);
    return found ? found : find_in(parsing->common, name, len);
}

static int add(struct parsing *parsing, const struct arguments_option *option, const char *value,
               struct error *err)
{
    struct arguments *out = parsing->out;
    for (int i = 0; !option->many && i < out->n_given; i++) {
        if (out->given[i].option == option)
            return error_set(err, PROVIDER_EINVAL, "--%s is given twice", option->name);
    }
    if (out->n_given == ARGUMENTS_MAX)
        return error_set(err, PROVIDER_EINVAL, "more than %d options", ARGUMENTS_MAX);
    out->given[out->n_given].option = option;
    out->given[out->n_given].value = value;
    out->given[out->n_given++].taken = false;
    return 0;
}

/* `inside` is what stands behind '='; NULL: nothing does, so the value is the next argument. */
static int take_value(struct parsing *parsing, const struct arguments_option *option,
                      const char *inside, struct error *err)
{
    const char *value = inside;
    if (!value && parsing->at < parsing->argc)
        value = parsing->argv[parsing->at];
    /* `--user --scope read` has forgotten the name; a value that begins so takes '='. */
    if (!inside && value && value[0] == '-' && value[1])
        value = NULL;
    if (text_is_empty(value))
        return error_set(err, PROVIDER_EINVAL, "--%s wants %s behind it", option->name,
                         option->value);
    parsing->at += !inside;
    return add(parsing, option, value, err);
}

/* "--name" or "-n"; NULL when there is none of that name. */
static const struct arguments_option *option_of(const struct parsing *parsing, const char *argument)
{
    if (argument[1] != '-')
        return argument[2] ? NULL : find(parsing, argument + 1, 0);
    size_t len = strcspn(argument + 2, "=");
    return len ? find(parsing, argument + 2, len) : NULL;
}

static int take_option(struct parsing *parsing, const char *argument, struct error *err)
{
    const struct arguments_option *option = option_of(parsing, argument);
    const char *equals = argument[1] == '-' ? strchr(argument, '=') : NULL;
    int shown = (int)(equals ? (size_t)(equals - argument) : strlen(argument));
    if (!option)
        return error_set(err, PROVIDER_EINVAL, "there is no option '%.*s' here", shown, argument);
    if (option->value)
        return take_value(parsing, option, equals ? equals + 1 : NULL, err);
    if (equals)
        return error_set(err, PROVIDER_EINVAL, "--%s takes no value", option->name);
    return add(parsing, option, "", err);
}

static int take_word(struct parsing *parsing, const char *word, arguments_of_command *of_command,
                     struct error *err)
{
    struct arguments *out = parsing->out;
    if (out->n_words == ARGUMENTS_MAX)
        return error_set(err, PROVIDER_EINVAL, "more than %d words", ARGUMENTS_MAX);
    if (!out->n_words && !(parsing->own = of_command(word)))
        return error_set(err, PROVIDER_EINVAL, "there is no command '%s'", word);
    out->words[out->n_words++] = word;
    return 0;
}

int arguments_parse(int argc, char **argv, const struct arguments_option *common,
                    arguments_of_command *of_command, struct arguments *out, struct error *err)
{
    *out = (struct arguments){ 0 };
    struct parsing parsing = { .argc = argc, .argv = argv, .common = common, .out = out };
    bool only_words = false;
    int result = 0;
    while (!result && parsing.at < argc) {
        const char *argument = argv[parsing.at++];
        bool is_option = !only_words && argument[0] == '-' && argument[1];
        if (is_option && text_equal(argument, "--"))
            only_words = true;
        else if (is_option)
            result = take_option(&parsing, argument, err);
        else
            result = take_word(&parsing, argument, of_command, err);
    }
    return result;
}

const char *arguments_take(struct arguments *arguments, const char *name)
{
    for (int i = 0; i < arguments->n_given; i++) {
        if (arguments->given[i].taken || !text_equal(arguments->given[i].option->name, name))
            continue;
        arguments->given[i].taken = true;
        return arguments->given[i].value;
    }
    return NULL;
}

const char *arguments_take_word(struct arguments *arguments)
{
    return arguments->next_word < arguments->n_words ? arguments->words[arguments->next_word++]
                                                     : NULL;
}

int arguments_end(const struct arguments *arguments, struct error *err)
{
    for (int i = 0; i < arguments->n_given; i++) {
        if (!arguments->given[i].taken)
            return error_set(err, PROVIDER_EINVAL, "--%s means nothing here",
                             arguments->given[i].option->name);
    }
    if (arguments->next_word < arguments->n_words)
        return error_set(err, PROVIDER_EINVAL, "I do not know what to do with '%s'",
                         arguments->words[arguments->next_word]);
    return 0;
}
