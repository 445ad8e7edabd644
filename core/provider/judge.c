/* SPDX-License-Identifier: MIT */
#include "provider/judge.h"

#include <dlfcn.h>
#include <string.h>

#include "base/text.h"
#include "media/merge.h"
#include "provider/registry.h"

enum { MAX_NAME_LEN = 31, MAX_VERSION_LEN = 31, MAX_SUMMARY_LEN = 127, MAX_OPTIONS = 64 };

/* What the first release of this ABI held.  Later fields are looked at through PROVIDER_HAS(). */
static const uint32_t first_info_size = offsetof(struct provider_info, max_parallel) + 4;
static const uint32_t first_api_size =
    offsetof(struct provider_api, extension) + sizeof(const void *(*)(const char *));

/* What providers.d/NAME.conf says to the host; an option of that name could never be set. */
static const char *const host_keys[] = { "enabled",       "library",   "requests_per_second",
                                         "burst",         "parallel",  "budget_hour",
                                         "budget_day",    "timeout_s", "retries",
                                         "call_timeout_s" };

/* A pointer that leads nowhere would crash whoever follows it. */
static bool is_mapped(const void *pointer)
{
    Dl_info where;
    return pointer && dladdr(pointer, &where) != 0;
}

static bool is_word(const char *text, const char *letters, size_t max_len)
{
    size_t len = strlen(text);
    return len >= 1 && len <= max_len && strspn(text, letters) == len;
}

static bool is_name(const char *text, size_t max_len)
{
    return is_word(text, "abcdefghijklmnopqrstuvwxyz0123456789_", max_len) && text[0] >= 'a' &&
           text[0] <= 'z';
}

static bool is_line(const char *text, size_t max_len)
{
    size_t len = strlen(text);
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return false;
    return len >= 1 && len <= max_len && text_is_utf8(text, len);
}

static int judge_sizes(const struct provider_info *info, struct error *err)
{
    if (info->abi != PROVIDER_ABI)
        return error_set(err, PROVIDER_ENOTSUP,
                         "it was built for ABI %u of miauflix/provider.h, this daemon speaks %u",
                         info->abi, PROVIDER_ABI);
    if (info->size < first_info_size)
        return error_set(err, PROVIDER_EINVAL,
                         "its description says it has %u bytes, at least %u are expected",
                         info->size, first_info_size);
    if (!is_mapped(info->api))
        return error_set(err, PROVIDER_EINVAL, "it has no table of operations");
    if (info->api->size < first_api_size)
        return error_set(err, PROVIDER_EINVAL,
                         "its table of operations says it has %u bytes, at least %u are expected",
                         info->api->size, first_api_size);
    if (judge_abilities(info) == 0 && !info->api->extension)
        return error_set(err, PROVIDER_EINVAL, "it offers no operation");
    return 0;
}

static int judge_texts(const struct provider_info *info, const char *name, struct error *err)
{
    if (!is_mapped(info->name) || !is_name(info->name, MAX_NAME_LEN))
        return error_set(err, PROVIDER_EINVAL,
                         "its name is not 1 to %d lower-case letters, digits and '_'",
                         MAX_NAME_LEN);
    if (merge_is_local(info->name))
        return error_set(err, PROVIDER_EINVAL, "the name '%s' is taken: it is that of local locks",
                         info->name);
    if (strcmp(info->name, name) != 0)
        return error_set(err, PROVIDER_EINVAL, "it calls itself '%s', its file says '%s'",
                         info->name, name);
    if (!is_mapped(info->version) || !is_line(info->version, MAX_VERSION_LEN))
        return error_set(err, PROVIDER_EINVAL, "its version is not one line of 1 to %d bytes",
                         MAX_VERSION_LEN);
    if (!is_mapped(info->summary) || !is_line(info->summary, MAX_SUMMARY_LEN))
        return error_set(err, PROVIDER_EINVAL, "its summary is not one line of 1 to %d bytes",
                         MAX_SUMMARY_LEN);
    return 0;
}

static int judge_option(const struct provider_option *option, struct error *err)
{
    if (!is_mapped(option->name) || !is_name(option->name, 64))
        return error_set(err, PROVIDER_EINVAL,
                         "an option's name is not lower-case letters, digits and '_'");
    for (size_t i = 0; i < ARRAY_LEN(host_keys); i++)
        if (strcmp(option->name, host_keys[i]) == 0)
            return error_set(err, PROVIDER_EINVAL, "option '%s' is a key of the host's own",
                             option->name);
    if (option->env && (!is_mapped(option->env) ||
                        !is_word(option->env, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", 64)))
        return error_set(err, PROVIDER_EINVAL,
                         "option '%s': its environment variable is not capitals, digits and '_'",
                         option->name);
    if (!is_mapped(option->help) || !is_line(option->help, 1000))
        return error_set(err, PROVIDER_EINVAL, "option '%s' has no line of help", option->name);
    if (option->fallback && !is_mapped(option->fallback))
        return error_set(err, PROVIDER_EINVAL, "option '%s': its fallback leads nowhere",
                         option->name);
    return 0;
}

static int judge_options(const struct provider_option *options, struct error *err)
{
    if (!options)
        return 0;
    if (!is_mapped(options))
        return error_set(err, PROVIDER_EINVAL, "its table of options leads nowhere");
    unsigned n_mirrors = 0;
    for (size_t i = 0; options[i].name; i++) {
        if (i == MAX_OPTIONS)
            return error_set(err, PROVIDER_EINVAL,
                             "its table of options does not end within %d rows", MAX_OPTIONS);
        int code = judge_option(&options[i], err);
        if (code != 0)
            return code;
        for (size_t j = 0; j < i; j++)
            if (strcmp(options[j].name, options[i].name) == 0)
                return error_set(err, PROVIDER_EINVAL, "option '%s' is declared twice",
                                 options[i].name);
        if (options[i].flags & PROVIDER_MIRRORS && ++n_mirrors > 1)
            return error_set(err, PROVIDER_EINVAL, "more than one option holds mirrors");
    }
    return 0;
}

int judge_info(const struct provider_info *info, const char *name, struct error *err)
{
    int code = judge_sizes(info, err);
    if (code == 0)
        code = judge_texts(info, name, err);
    if (code == 0)
        code = judge_options(info->options, err);
    return code;
}

uint32_t judge_abilities(const struct provider_info *info)
{
    const struct provider_api *api = info->api;
    return (api->search ? PROVIDER_CAN_SEARCH : 0u) | (api->fetch ? PROVIDER_CAN_FETCH : 0u) |
           (api->sync ? PROVIDER_CAN_SYNC : 0u) | (api->resolve_magnet ? PROVIDER_CAN_RESOLVE : 0u);
}
