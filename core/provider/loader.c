/* SPDX-License-Identifier: MIT */
#include "provider/loader.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <ltdl.h>
#include <string.h>

#include "base/lock.h"
#include "base/text.h"
#include "provider/judge.h"

struct module {
    lt_dlhandle handle;
    const struct provider_info *info;
};

static struct lock ltdl_lock = LOCK_INIT;

char *loader_name_of_file(const char *library)
{
    const char *slash = strrchr(library, '/');
    const char *base = slash ? slash + 1 : library;
    return mem_dup(base, strcspn(base, "."));
}

/* The shared object that libltdl would have opened for `path`. */
static char *object_of(const char *path)
{
    if (!text_ends_with(path, ".la"))
        return mem_dup_text(path);
    CLEANUP(mem_free) char *name = loader_name_of_file(path);
    const char *slash = strrchr(path, '/');
    int folder_len = slash ? (int)(slash - path) : 1;
    const char *folder = slash ? path : ".";
    char *built = mem_format("%.*s/.libs/%s.so", folder_len, folder, name);
    if (access(built, F_OK) == 0)
        return built;
    free(built);
    return mem_format("%.*s/%s.so", folder_len, folder, name);
}

/* libltdl says "file not found" whatever happened, and binds lazily, so that a missing symbol would
 * end the process in the middle of a call.  The dynamic linker, asked first, knows the reason and
 * binds at once. */
static int bind_now(const char *path, void **out, struct error *err)
{
    CLEANUP(mem_free) char *object = object_of(path);
    *out = dlopen(object, RTLD_NOW | RTLD_LOCAL);
    if (*out)
        return 0;
    const char *reason = dlerror();
    return error_set(err, PROVIDER_EIO, "cannot load: %s", reason ? reason : object);
}

static int open_file(const char *path, lt_dlhandle *out, struct error *err) REQUIRES(ltdl_lock)
{
    static bool started;
    if (!started && lt_dlinit() != 0)
        return error_set(err, PROVIDER_EIO, "libltdl: %s", lt_dlerror());
    started = true;
    void *bound = NULL;
    int code = bind_now(path, &bound, err);
    if (code != 0)
        return code;
    lt_dladvise advice;
    if (lt_dladvise_init(&advice) != 0)
        return error_set(err, PROVIDER_ENOMEM, "libltdl: %s", lt_dlerror());
    lt_dladvise_ext(&advice);
    lt_dladvise_local(&advice);
    lt_dlhandle handle = lt_dlopenadvise(path, advice);
    lt_dladvise_destroy(&advice);
    dlclose(bound);
    if (!handle)
        return error_set(err, PROVIDER_EIO, "cannot load '%s': %s", path, lt_dlerror());
    *out = handle;
    return 0;
}

/* NULL when no folder holds it. */
static char *find_in_path(const char *plugin_path, const char *name)
{
    for (const char *folder = plugin_path; folder && *folder;) {
        int len = (int)strcspn(folder, ":");
        for (size_t i = 0; len > 0 && i < 4; i++) {
            const char *suffix = i % 2 ? "so" : "la";
            char *path = i < 2 ? mem_format("%.*s/%s.%s", len, folder, name, suffix)
                               : mem_format("%.*s/%s/%s.%s", len, folder, name, name, suffix);
            if (access(path, R_OK) == 0)
                return path;
            free(path);
        }
        folder += len + (folder[len] == ':');
    }
    return NULL;
}

/* Looks at the symbol itself: it must be data, and as large as it says it is. */
static int find_info(lt_dlhandle handle, const struct provider_info **out, struct error *err)
{
    const void *symbol = lt_dlsym(handle, "miauflix_provider");
    if (!symbol)
        return error_set(err, PROVIDER_EINVAL, "it exports no 'miauflix_provider'");
    Dl_info where;
    const ElfW(Sym) *entry = NULL;
    void *found = NULL;
    if (dladdr1(symbol, &where, &found, RTLD_DL_SYMENT) != 0)
        entry = found;
    if (!entry)
        return error_set(err, PROVIDER_EINVAL, "its 'miauflix_provider' cannot be examined");
    if (ELF64_ST_TYPE(entry->st_info) != STT_OBJECT)
        return error_set(err, PROVIDER_EINVAL, "its 'miauflix_provider' is not a data symbol");
    const struct provider_info *info = symbol;
    if (entry->st_size < 2 * sizeof(uint32_t) ||
        (info->abi == PROVIDER_ABI && info->size > entry->st_size))
        return error_set(err, PROVIDER_EINVAL,
                         "its 'miauflix_provider' is smaller (%zu bytes) than it says",
                         (size_t)entry->st_size);
    *out = info;
    return 0;
}

int loader_open(const char *plugin_path, const char *name, const char *library, struct module **out,
                struct error *err)
{
    CLEANUP(mem_free)
    char *path = library ? mem_dup_text(library) : find_in_path(plugin_path, name);
    if (!path)
        return error_set(err, PROVIDER_ENOTFOUND, "there is no plugin '%s' in %s", name,
                         text_is_empty(plugin_path) ? "an empty plugin path" : plugin_path);
    CLEANUP(loader_close) struct module *module = mem_new(struct module);
    LOCK_SCOPE(&ltdl_lock);
    int code = open_file(path, &module->handle, err);
    if (code != 0)
        return code;
    if ((code = find_info(module->handle, &module->info, err)) != 0 ||
        (code = judge_info(module->info, name, err)) != 0) {
        error_prefix(err, "%s", path);
        return code;
    }
    CLEANUP(mem_free) char *claimed = loader_name_of_file(path);
    if (strcmp(claimed, name) != 0)
        return error_set(err, PROVIDER_EINVAL, "%s: the file must be called '%s' like the provider",
                         path, name);
    *out = steal(module);
    return 0;
}

void loader_close(struct module *module)
{
    if (!module)
        return;
#if !defined(__SANITIZE_ADDRESS__)
    /* Sanitizers name functions at the end, when a closed module is gone. */
    LOCK_SCOPE(&ltdl_lock);
    if (module->handle)
        lt_dlclose(module->handle);
#endif
    free(module);
}

const struct provider_info *loader_info(const struct module *module)
{
    return module->info;
}
