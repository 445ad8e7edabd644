/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/ioctl.h>

#include "ctl/ctl.h"

void ctl_clean(char *text)
{
    for (char *at = text; at && *at; at++)
        *at = (unsigned char)*at < ' ' || *at == 0x7F ? ' ' : *at;
}

int ctl_complain(int status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    CLEANUP(mem_free) char *text = mem_format_args(fmt, args);
    va_end(args);
    fflush(stdout);
    ctl_clean(text);
    fprintf(stderr, "miauflixctl: %s\n", text);
    return status;
}

int ctl_status_of(int error_code)
{
    return error_code == 0 ? CTL_OK : error_code == PROVIDER_ENOTFOUND ? CTL_NOT_FOUND : CTL_FAILED;
}

int ctl_print_json(const json_t *value)
{
    /* 15 digits give 7.3 back as it was said; all 17 would show the binary fraction. */
    CLEANUP(mem_free)
    char *text = value
                     ? json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))
                     : NULL;
    puts(text ? text : "null");
    return CTL_OK;
}

int ctl_report(struct ctl *ctl, json_t *said, const char *fmt, ...)
{
    json_auto_t *value = said;
    if (ctl->json)
        return ctl_print_json(value);
    va_list args;
    va_start(args, fmt);
    CLEANUP(mem_free) char *text = mem_format_args(fmt, args);
    va_end(args);
    ctl_clean(text);
    puts(text);
    return CTL_OK;
}

unsigned ctl_width(void)
{
    struct winsize size = { 0 };
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
        return 0;
    return size.ws_col;
}

void ctl_print_table(const struct table *table)
{
    table_print(table, ctl_width(), stdout);
}

int ctl_print_results(const json_t *said, struct table *table,
                      void (*add_row)(struct table *table, const json_t *row), const char *nothing)
{
    size_t i;
    json_t *row;
    json_array_foreach (js_array(said, "results"), i, row)
        add_row(table, row);
    if (i)
        ctl_print_table(table);
    else
        puts(nothing);
    return CTL_OK;
}

const char *ctl_take_option(struct ctl *ctl, const char *name)
{
    return arguments_take(&ctl->arguments, name);
}

bool ctl_take_flag(struct ctl *ctl, const char *name)
{
    return arguments_take(&ctl->arguments, name) != NULL;
}

const char *ctl_take_word(struct ctl *ctl)
{
    return arguments_take_word(&ctl->arguments);
}

int ctl_no_more(struct ctl *ctl)
{
    struct error err;
    if (arguments_end(&ctl->arguments, &err))
        return ctl_complain(CTL_USAGE, "%s; try: miauflixctl %s --help", err.text,
                            ctl->arguments.words[0]);
    return CTL_OK;
}
