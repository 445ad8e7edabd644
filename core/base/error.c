/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <string.h>

int error_vset(struct error *err, int code, const char *fmt, va_list args)
{
    struct error said = { .code = code };
    if (err) {
        vsnprintf(said.text, sizeof said.text, fmt, args);
        *err = said;
    }
    return code;
}

int error_set(struct error *err, int code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    error_vset(err, code, fmt, args);
    va_end(args);
    return code;
}

int error_prefix(struct error *err, const char *fmt, ...)
{
    if (!err)
        return PROVIDER_EIO;
    char said[sizeof err->text];
    memcpy(said, err->text, sizeof said);
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof err->text)
        snprintf(err->text + n, sizeof err->text - (size_t)n, ": %.*s",
                 (int)(sizeof err->text - (size_t)n), said);
    return err->code;
}

static int code_of_errno(int errno_value)
{
    switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
        return PROVIDER_EFULL;
    case ENOENT:
        return PROVIDER_ENOTFOUND;
    default:
        return PROVIDER_EIO;
    }
}

int error_errno(struct error *err, int errno_value, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int code = error_vset(err, code_of_errno(errno_value), fmt, args);
    va_end(args);
    if (err) {
        size_t used = strlen(err->text);
        char reason[96] = "";
        const char *said = strerror_r(errno_value, reason, sizeof reason);
        snprintf(err->text + used, sizeof err->text - used, ": %s", said);
    }
    return code;
}

const char *error_code_name(int code)
{
    static const char *const names[] = {
        [0] = "ok",
        [-PROVIDER_EINVAL] = "invalid",
        [-PROVIDER_ENOTFOUND] = "not_found",
        [-PROVIDER_ENOTSUP] = "unsupported",
        [-PROVIDER_EAUTH] = "unauthorized",
        [-PROVIDER_EBUSY] = "busy",
        [-PROVIDER_EUPSTREAM] = "upstream_failed",
        [-PROVIDER_EPARSE] = "unreadable",
        [-PROVIDER_ETIME] = "timeout",
        [-PROVIDER_ECANCEL] = "canceled",
        [-PROVIDER_EREFUSED] = "refused",
        [-PROVIDER_ENOMEM] = "out_of_memory",
        [-PROVIDER_EIO] = "io_failed",
        [-PROVIDER_EFULL] = "disk_full",
        [-PROVIDER_ELIMIT] = "too_large",
        [-PROVIDER_ECONFLICT] = "conflict",
        [-PROVIDER_EDENIED] = "denied",
    };
    return code <= 0 && (size_t)-code < ARRAY_LEN(names) ? names[-code] : "unknown";
}
