/* SPDX-License-Identifier: MIT */
#include "provider_setup.h"

#include <string.h>

#include "provider/loader.h"
#include "provider/options.h"

struct setup {
    const struct provider_settings *settings;
    struct module *module;
    struct option_values *values; /* names in it are the module's */
};

static void setup_done(struct setup *setup)
{
    options_free(setup->values);
    loader_close(setup->module);
}
DEFINE_CLEANUP_VALUE(struct setup, setup_done);

static int make(const struct conf *conf, size_t i, struct setup *out, struct error *err)
{
    out->settings = &conf->providers[i];
    int code = loader_open(conf->plugin_path, out->settings->name, out->settings->library,
                           &out->module, err);
    return code ? code
                : options_resolve(loader_info(out->module), out->settings, &out->values, err);
}

size_t provider_setup_check(const struct conf *conf, FILE *out)
{
    size_t n = 0;
    for (size_t i = 0; i < conf->n_providers; i++) {
        CLEANUP(setup_done) struct setup setup = { 0 };
        struct error err = { 0 };
        if (!conf->providers[i].enabled || make(conf, i, &setup, &err) == 0)
            continue;
        fprintf(out, "miauflixd: provider '%s': %s\n", conf->providers[i].name, err.text);
        n++;
    }
    return n;
}

/* --- Printing */

/* Whoever may see an address may not see whom it is asked as. */
static void add_address(struct text *out, const char *value, size_t len)
{
    CLEANUP(mem_free) char *copy = mem_dup(value, len);
    CLEANUP(text_done) struct text shown = TEXT_INIT(OPTIONS_MAX_VALUE_LEN);
    char *authority = strstr(copy, "://");
    char *end = authority ? authority + 3 + strcspn(authority + 3, "/?#") : copy;
    char *at = authority ? memrchr(authority, '@', (size_t)(end - authority)) : NULL;
    if (at)
        text_add_format(&shown, "%.*s***%s", (int)(authority + 3 - copy), copy, at);
    else
        text_add_string(&shown, copy);
    text_add_json_string(out, text_string(&shown));
}

/* Values of a list are separated by one space. */
static void add_list(struct text *out, const char *values)
{
    text_add_char(out, '[');
    for (const char *at = values; *at; at += *at == ' ') {
        size_t len = strcspn(at, " ");
        text_add_string(out, at == values ? " " : ", ");
        add_address(out, at, len);
        at += len;
    }
    text_add_string(out, " ]");
}

static void print_option(const struct setup *setup, const struct provider_option *option, FILE *out)
{
    CLEANUP(text_done) struct text line = TEXT_INIT(2 * OPTIONS_MAX_VALUE_LEN);
    const char *value = options_get(setup->values, option->name);
    text_add_format(&line, "%s.%s = ", setup->settings->name, option->name);
    if (!value)
        text_add_string(&line, "none");
    else if (option->flags & PROVIDER_SECRET)
        text_add_string(&line, "\"***\"");
    else if (option->flags & (PROVIDER_LIST_OF | PROVIDER_MIRRORS))
        add_list(&line, value);
    else
        add_address(&line, value, strlen(value));
    conf_print_line(out, text_string(&line),
                    value ? options_origin(setup->values, option->name) : "default");
}

void provider_setup_print(const struct conf *conf, FILE *out)
{
    for (size_t i = 0; i < conf->n_providers; i++) {
        CLEANUP(setup_done) struct setup setup = { 0 };
        struct error err = { 0 };
        if (make(conf, i, &setup, &err) != 0) {
            fprintf(out, "# provider '%s': %s\n", conf->providers[i].name, err.text);
            continue;
        }
        const struct provider_option *option = loader_info(setup.module)->options;
        for (; option && option->name; option++)
            print_option(&setup, option, out);
    }
}
