/* SPDX-License-Identifier: MIT */
#include "provider/options.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/target.h"

struct option_values {
    size_t n;
    struct option_value {
        const char *name; /* the plugin's */
        char *value;      /* NULL: unset */
        char *origin;
    } * options;
    size_t n_mirrors;
    char *mirrors[OPTIONS_MAX_MIRRORS];
    const char *borrowed[OPTIONS_MAX_MIRRORS];
};

static const struct provider_option *find_option(const struct provider_info *info, const char *name)
{
    for (const struct provider_option *at = info->options; at && at->name; at++)
        if (strcmp(at->name, name) == 0)
            return at;
    return NULL;
}

static void list_names(const struct provider_info *info, struct text *out)
{
    for (const struct provider_option *at = info->options; at && at->name; at++)
        text_add_format(out, "%s%s", out->len ? ", " : "", at->name);
    if (out->len == 0)
        text_add_string(out, "none at all");
}

/* A mistyped key must not look like a default. */
static int refuse_unknown(const struct provider_info *info,
                          const struct provider_settings *settings, struct error *err)
{
    for (size_t i = 0; i < settings->n_values; i++) {
        const struct provider_setting *given = &settings->values[i];
        const struct provider_option *option = find_option(info, given->name);
        if (!option) {
            CLEANUP(text_done) struct text names = TEXT_INIT(512);
            list_names(info, &names);
            return error_set(err, PROVIDER_EINVAL, "%s:%u: '%s' has no option '%s'; it has %s",
                             settings->file ? settings->file : "settings", given->line,
                             settings->name, given->name, text_string(&names));
        }
        for (size_t j = 0; j < i && !(option->flags & (PROVIDER_LIST_OF | PROVIDER_MIRRORS)); j++)
            if (strcmp(settings->values[j].name, given->name) == 0)
                return error_set(err, PROVIDER_EINVAL, "%s:%u: option '%s' is given twice",
                                 settings->file ? settings->file : "settings", given->line,
                                 given->name);
    }
    return 0;
}

static bool is_list(const struct provider_option *option)
{
    return option->flags & (PROVIDER_LIST_OF | PROVIDER_MIRRORS);
}

/* Values of a list are separated by white space or commas on the way in, by one space from here. */
static void add_values(struct text *out, const char *from)
{
    static const char between[] = " \t\r\n,";
    for (from += strspn(from, between); *from; from += strspn(from, between)) {
        size_t len = strcspn(from, between);
        if (out->len)
            text_add_char(out, ' ');
        text_add(out, from, len);
        from += len;
    }
}

static int read_secret_file(const char *variable, const char *path, struct text *out,
                            struct error *err)
{
    CLEANUP(file_close) FILE *file = fopen(path, "re");
    if (!file)
        return error_errno(err, errno, "%s: cannot read '%s'", variable, path);
    CLEANUP(mem_free) char *part = mem_alloc(4096);
    size_t n;
    while ((n = fread(part, 1, 4096, file)) > 0)
        if (!text_add(out, part, n))
            return error_set(err, PROVIDER_ELIMIT, "%s: '%s' is larger than %zu bytes", variable,
                             path, out->limit);
    if (ferror(file))
        return error_errno(err, EIO, "%s: cannot read '%s'", variable, path);
    while (out->len > 0 && isspace((unsigned char)out->bytes[out->len - 1]))
        out->bytes[--out->len] = '\0';
    if (out->len == 0)
        return error_set(err, PROVIDER_EINVAL, "%s: '%s' is empty", variable, path);
    return 0;
}

/* An empty variable counts as unset: that is what compose files leave behind. */
static int from_environment(const struct provider_option *option, struct text *out,
                            char **out_origin, struct error *err)
{
    if (!option->env)
        return 0;
    const char *value = getenv(option->env);
    if (value && *value) {
        if (!text_add_string(out, value))
            return error_set(err, PROVIDER_ELIMIT, "%s is longer than %zu bytes", option->env,
                             out->limit);
        *out_origin = mem_dup_text(option->env);
        return 0;
    }
    CLEANUP(mem_free) char *variable = mem_format("%s_FILE", option->env);
    const char *path = getenv(variable);
    if (text_is_empty(path))
        return 0;
    int code = read_secret_file(variable, path, out, err);
    if (code == 0)
        *out_origin = steal(variable);
    return code;
}

static void from_settings(const struct provider_option *option,
                          const struct provider_settings *settings, struct text *out,
                          char **out_origin)
{
    for (size_t i = 0; i < settings->n_values; i++)
        if (settings->values[i].value && strcmp(settings->values[i].name, option->name) == 0) {
            if (out->len)
                text_add_char(out, ' ');
            if (!*out_origin)
                *out_origin = mem_format("%s:%u", settings->file ? settings->file : "settings",
                                         settings->values[i].line);
            text_add_string(out, settings->values[i].value);
        }
}

enum follows { FOLLOWS_NOTHING, FOLLOWS_FIRST, FOLLOWS_ALL };

static enum follows follows(const struct provider_option *option)
{
    if (!is_list(option) && strcmp(option->name, "language") == 0)
        return FOLLOWS_FIRST;
    return option->flags & PROVIDER_LIST_OF && strcmp(option->name, "languages") == 0
               ? FOLLOWS_ALL
               : FOLLOWS_NOTHING;
}

bool options_follow_languages(const struct provider_info *info)
{
    for (const struct provider_option *at = info->options; at && at->name; at++)
        if (follows(at) != FOLLOWS_NOTHING)
            return true;
    return false;
}

static void from_catalogue(const struct provider_option *option,
                           const struct provider_settings *settings, struct text *out,
                           char **out_origin)
{
    const char *languages = settings->languages ? settings->languages : "";
    enum follows what = follows(option);
    if (what == FOLLOWS_NOTHING || !*languages)
        return;
    text_add(out, languages, what == FOLLOWS_ALL ? strlen(languages) : strcspn(languages, " "));
    free(*out_origin);
    *out_origin = mem_dup_text("catalogue.languages");
}

/* The first that says something. */
static int find_value(const struct provider_option *option,
                      const struct provider_settings *settings, struct text *out, char **out_origin,
                      struct error *err)
{
    int code = from_environment(option, out, out_origin, err);
    if (code != 0)
        return code;
    if (out->len == 0)
        from_settings(option, settings, out, out_origin);
    if (out->len == 0)
        from_catalogue(option, settings, out, out_origin);
    if (out->len == 0 && option->fallback) {
        text_add_string(out, option->fallback);
        free(*out_origin);
        *out_origin = mem_dup_text("default");
    }
    if (out->overflow)
        return error_set(err, PROVIDER_ELIMIT, "option '%s' is longer than %d bytes", option->name,
                         OPTIONS_MAX_VALUE_LEN);
    return 0;
}

static int missing(const struct provider_option *option, const struct provider_settings *settings,
                   struct error *err)
{
    const char *file = settings->file ? settings->file : "its file in providers.d";
    if (option->env)
        return error_set(err, PROVIDER_EAUTH, "option '%s' is missing: set it in %s or %s",
                         option->name, file, option->env);
    return error_set(err, PROVIDER_EAUTH, "option '%s' is missing: set it in %s", option->name,
                     file);
}

static int resolve_one(const struct provider_option *option,
                       const struct provider_settings *settings, struct option_value *out,
                       struct error *err)
{
    CLEANUP(text_done) struct text raw = TEXT_INIT(OPTIONS_MAX_VALUE_LEN);
    int code = find_value(option, settings, &raw, &out->origin, err);
    if (code != 0)
        return code;
    CLEANUP(text_done) struct text value = TEXT_INIT(2 * OPTIONS_MAX_VALUE_LEN);
    if (is_list(option))
        add_values(&value, text_string(&raw));
    else
        text_add(&value, text_string(&raw), raw.len);
    if (!text_is_utf8(text_string(&value), value.len))
        return error_set(err, PROVIDER_EINVAL, "option '%s' is not UTF-8", option->name);
    if (value.len == 0)
        return option->flags & PROVIDER_REQUIRED ? missing(option, settings, err) : 0;
    if (option->flags & PROVIDER_SECRET)
        log_secret(text_string(&value));
    out->value = text_take(&value);
    return 0;
}

static int take_mirrors(struct option_values *values, const struct provider_option *option,
                        const char *value, struct error *err)
{
    for (const char *at = value; at && *at;) {
        size_t len = strcspn(at, " ");
        CLEANUP(mem_free) char *mirror = mem_dup(at, len);
        at += len + (at[len] == ' ');
        while (len > 0 && mirror[len - 1] == '/')
            mirror[--len] = '\0';
        const char *host = text_starts_with(mirror, "https://")  ? mirror + 8
                           : text_starts_with(mirror, "http://") ? mirror + 7
                                                                 : "";
        if (!*host || strpbrk(mirror, "\"<>\\^`{|}#?"))
            return error_set(err, PROVIDER_EINVAL, "option '%s': '%s' is not an http(s) address",
                             option->name, mirror);
        if (values->n_mirrors == OPTIONS_MAX_MIRRORS)
            return error_set(err, PROVIDER_ELIMIT, "option '%s': more than %d mirrors",
                             option->name, OPTIONS_MAX_MIRRORS);
        values->borrowed[values->n_mirrors] = mirror;
        values->mirrors[values->n_mirrors++] = steal(mirror);
    }
    return 0;
}

static size_t count_options(const struct provider_info *info)
{
    size_t n = 0;
    while (info->options && info->options[n].name)
        n++;
    return n;
}

int options_resolve(const struct provider_info *info, const struct provider_settings *settings,
                    struct option_values **out, struct error *err)
{
    int code = refuse_unknown(info, settings, err);
    if (code != 0)
        return code;
    CLEANUP(options_free) struct option_values *values = mem_new(struct option_values);
    values->n = count_options(info);
    values->options = mem_alloc_array(values->n + 1, sizeof(struct option_value));
    for (size_t i = 0; i < values->n; i++) {
        const struct provider_option *option = &info->options[i];
        values->options[i].name = option->name;
        code = resolve_one(option, settings, &values->options[i], err);
        if (code == 0 && option->flags & PROVIDER_MIRRORS)
            code = take_mirrors(values, option, values->options[i].value, err);
        if (code != 0)
            return code;
    }
    *out = steal(values);
    return 0;
}

void options_free(struct option_values *values)
{
    if (!values)
        return;
    for (size_t i = 0; i < values->n; i++) {
        free(values->options[i].value);
        free(values->options[i].origin);
    }
    for (size_t i = 0; i < values->n_mirrors; i++)
        free(values->mirrors[i]);
    free(values->options);
    free(values);
}

static const struct option_value *find_resolved(const struct option_values *values,
                                                const char *name)
{
    for (size_t i = 0; name && i < values->n; i++)
        if (strcmp(values->options[i].name, name) == 0)
            return &values->options[i];
    return NULL;
}

const char *options_get(const struct option_values *values, const char *name)
{
    const struct option_value *found = find_resolved(values, name);
    return found ? found->value : NULL;
}

const char *options_origin(const struct option_values *values, const char *name)
{
    const struct option_value *found = find_resolved(values, name);
    return found && found->value ? found->origin : NULL;
}

size_t options_mirrors(const struct option_values *values, const char *const **out)
{
    *out = values->borrowed;
    return values->n_mirrors;
}

static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += len)
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

static void add_hosts(struct text *hosts, const char *value)
{
    for (const char *at = value; *at;) {
        size_t len = strcspn(at, " ");
        CLEANUP(mem_free) char *word = mem_dup(at, len);
        struct target target;
        if (target_parse(word, &target) && !has_word(text_string(hosts), target.host))
            text_add_format(hosts, "%s%s", hosts->len ? " " : "", target.host);
        at += len + (at[len] == ' ');
    }
}

char *options_hosts(const struct option_values *values)
{
    CLEANUP(text_done) struct text hosts = TEXT_INIT(2 * OPTIONS_MAX_VALUE_LEN);
    for (size_t i = 0; i < values->n; i++)
        if (values->options[i].value)
            add_hosts(&hosts, values->options[i].value);
    return mem_dup_text(text_string(&hosts));
}
