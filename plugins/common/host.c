/* SPDX-License-Identifier: MIT */
#include "common/host.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "common/out.h"

void host_log(struct provider_call *call, int level, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    call->host->vlog(call, level, fmt, args);
    va_end(args);
}

int host_fail(struct provider_call *call, int code, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    code = call->host->vfail(call, code, fmt, args);
    va_end(args);
    return code;
}

const char *host_option(struct provider_call *call, const char *name)
{
    const char *value = call->host->option(call, name);

    return value && *value ? value : NULL;
}

int host_option_bool(struct provider_call *call, const char *name, int fallback, int *out)
{
    static const char *const words[] = { "false", "true", "no", "yes", "off", "on", "0", "1" };
    const char *value = host_option(call, name);

    if (!value) {
        *out = fallback;
        return PROVIDER_OK;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strcasecmp(value, words[i]) == 0) {
            *out = i % 2 == 1;
            return PROVIDER_OK;
        }
    }
    return host_fail(call, PROVIDER_EINVAL, "%s = '%s': true or false is expected", name, value);
}

int host_option_int(struct provider_call *call, const char *name, long min, long max, long fallback,
                    long *out)
{
    const char *value = host_option(call, name);
    char *end = NULL;
    long number = fallback;

    if (value) {
        errno = 0;
        number = strtol(value, &end, 10);
        if (errno || *end || number < min || number > max)
            return host_fail(call, PROVIDER_EINVAL, "%s = '%s': a number from %ld to %ld expected",
                             name, value, min, max);
    }
    *out = number;
    return PROVIDER_OK;
}

int host_emit(struct provider_call *call, uint32_t kind, uint32_t flags, const struct out *document)
{
    const struct provider_document handed = {
        .size = sizeof(handed),
        .kind = kind,
        .flags = flags,
        .json_len = (uint32_t)document->len,
        .json = document->bytes,
    };

    if (document->failed)
        return host_fail(call, PROVIDER_ELIMIT, "a document of more than %zu bytes",
                         document->limit);
    return call->host->emit(call, &handed);
}

int host_is_over(struct provider_call *call)
{
    return call->host->remaining_ms(call) == 0;
}
