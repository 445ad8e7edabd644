/* SPDX-License-Identifier: MIT */
#include "conf.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "conf_held.h"

enum { SECRET_FILE_MAX = 4096 };

static int set_fallbacks(struct conf_held *held, struct error *err)
{
    for (size_t i = 0; i < conf_table_len; i++) {
        const struct conf_row *row = &conf_table[i];
        held->origins[i] = "default";
        if (row->fallback) {
            int rc = conf_set_text(held, row, row->fallback, "default", err);
            if (rc)
                return rc;
        }
    }
    return 0;
}

/* The first line of the file that NAME_FILE names. */
static int read_secret(const char *path, char out[SECRET_FILE_MAX], struct error *err)
{
    CLEANUP(file_close) FILE *file = fopen(path, "re");
    if (!file)
        return error_errno(err, errno, "cannot read '%s'", path);
    size_t len = fread(out, 1, SECRET_FILE_MAX - 1, file);
    if (ferror(file))
        return error_errno(err, errno, "cannot read '%s'", path);
    if (len == SECRET_FILE_MAX - 1)
        return error_set(err, PROVIDER_ELIMIT, "'%s' is larger than %d bytes", path,
                         SECRET_FILE_MAX - 2);
    out[len] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    return 0;
}

static int take_secret_file(struct conf_held *held, const struct conf_row *row, const char *name,
                            struct error *err)
{
    CLEANUP(mem_free) char *file_name = mem_format("%s_FILE", name);
    const char *path = getenv(file_name);
    if (text_is_empty(path))
        return 0;
    CLEANUP(mem_free) char *value = mem_alloc(SECRET_FILE_MAX);
    CLEANUP(mem_free) char *origin = mem_format("environment %s", file_name);
    if (read_secret(path, value, err) || conf_set_text(held, row, value, origin, err))
        return error_prefix(err, "%s", origin);
    return 0;
}

static int take_variable(struct conf_held *held, const struct conf_row *row, const char *name,
                         struct error *err)
{
    int rc = row->flags & CONF_SECRET ? take_secret_file(held, row, name, err) : 0;
    const char *value = getenv(name);
    if (rc || text_is_empty(value))
        return rc;
    CLEANUP(mem_free) char *origin = mem_format("environment %s", name);
    if (conf_set_text(held, row, value, origin, err))
        return error_prefix(err, "%s", origin);
    return 0;
}

/* The systematic name is looked at last: it is ours alone, so it wins. */
static int take_environment(struct conf_held *held, struct error *err)
{
    for (size_t i = 0; i < conf_table_len; i++) {
        const struct conf_row *row = &conf_table[i];
        char name[CONF_ENV_LEN];
        int rc = row->env ? take_variable(held, row, row->env, err) : 0;
        if (!rc)
            rc = take_variable(held, row, conf_table_env(row, name), err);
        if (rc)
            return rc;
    }
    return 0;
}

static int take_overrides(struct conf_held *held, const struct conf_override *overrides, size_t n,
                          struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        const struct conf_row *row = conf_table_find(overrides[i].key);
        if (!row) {
            const char *meant = conf_table_suggest(overrides[i].key);
            return error_set(err, PROVIDER_EINVAL, "%s: unknown key '%.60s'%s%s%s",
                             overrides[i].origin, overrides[i].key, meant ? "; did you mean '" : "",
                             meant ? meant : "", meant ? "'?" : "");
        }
        if (conf_set_text(held, row, overrides[i].value, overrides[i].origin, err))
            return error_prefix(err, "%s", overrides[i].origin);
    }
    return 0;
}

/* The folder of the running program when that is a build tree, else NULL. */
static char *build_folder(void)
{
    CLEANUP(mem_free) char *program = realpath("/proc/self/exe", NULL);
    char *slash = program ? strrchr(program, '/') : NULL;
    if (!slash)
        return NULL;
    *slash = '\0';
    CLEANUP(mem_free) char *mark = mem_format("%s/config.status", program);
    return access(mark, X_OK) == 0 ? steal(program) : NULL;
}

/* A program in its build tree finds the plugins built beside it. */
static char *default_plugin_path(void)
{
    CLEANUP(mem_free) char *build = build_folder();
    if (!build)
        return mem_dup_text(MIAUFLIX_PKGLIBDIR);
    CLEANUP(text_done) struct text path = TEXT_INIT(64 << 10);
    text_add_string(&path, build);
    CLEANUP(mem_free) char *pattern = mem_format("%s/plugins/*/", build);
    glob_t found = { 0 };
    if (glob(pattern, GLOB_MARK | GLOB_ONLYDIR, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            text_add_format(&path, ":%.*s", (int)strlen(found.gl_pathv[i]) - 1, found.gl_pathv[i]);
    globfree(&found);
    return text_take(&path);
}

/* Places that depend on the installation, on the configuration's own place, or on one another. */
static void find_places(struct conf_held *held, const char *file)
{
    struct conf *conf = &held->conf;
    if (!conf->data_folder)
        conf->data_folder = MIAUFLIX_LOCALSTATEDIR "/lib/miauflix";
    if (!conf->cache_folder)
        conf->cache_folder = conf_keep(held, mem_format("%s/cache", conf->data_folder));
    if (!conf->plugin_path)
        conf->plugin_path = conf_keep(held, default_plugin_path());
    if (conf->providers_folder)
        return;
    const char *slash = file ? strrchr(file, '/') : NULL;
    if (slash)
        conf->providers_folder =
            conf_keep(held, mem_format("%.*s/providers.d", (int)(slash - file), file));
    else
        conf->providers_folder = file ? "providers.d" : MIAUFLIX_SYSCONFDIR "/miauflix/providers.d";
}

/* A proxy's URL may carry a password; one without is better read in messages than masked. */
static void hide_secrets(const struct conf *conf)
{
    if (conf->proxy && strchr(conf->proxy, '@'))
        log_secret(conf->proxy);
}

static int load(struct conf_held *held, const char *file, const struct conf_override *overrides,
                size_t n, struct error *err)
{
    static const char installed[] = MIAUFLIX_SYSCONFDIR "/miauflix/miauflix.conf";
    if (!file && access(installed, F_OK) == 0)
        file = installed;
    int rc = set_fallbacks(held, err);
    if (!rc && file)
        rc = conf_read_main(held, file, err);
    if (!rc)
        rc = take_environment(held, err);
    if (!rc)
        rc = take_overrides(held, overrides, n, err);
    if (rc)
        return rc;
    bool named = held->conf.providers_folder != NULL;
    find_places(held, file);
    hide_secrets(&held->conf);
    rc = conf_read_providers(held, named, err);
    return rc ? rc : conf_orders_find_providers(held, err);
}

int conf_load_with(const char *file, const struct conf_override *overrides, size_t n,
                   struct conf **out, struct error *err)
{
    struct conf_held *held = mem_new(struct conf_held);
    held->origins = mem_alloc_array(conf_table_len, sizeof *held->origins);
    CLEANUP(conf_free) struct conf *conf = &held->conf;
    int rc = load(held, file, overrides, n, err);
    if (rc)
        return rc;
    *out = steal(conf);
    return 0;
}

int conf_load(const char *file, struct conf **out, struct error *err)
{
    return conf_load_with(file, NULL, 0, out, err);
}

void conf_weights(const struct conf *conf, struct rank_weights *out)
{
    static const double point = 100;
    *out = (struct rank_weights){
        .how = { [RANK_EXACT] = (double)conf->rank_exact / point,
                 [RANK_PREFIX] = (double)conf->rank_prefix / point,
                 [RANK_WORDS] = (double)conf->rank_words / point,
                 [RANK_FUZZY] = (double)conf->rank_fuzzy / point },
        .main_title = (double)conf->rank_main_title / point,
        .coverage = (double)conf->rank_coverage / point,
        .mistake = -(double)conf->rank_mistake / point,
        .popularity = (double)conf->rank_popularity / point,
        .votes = (double)conf->rank_votes / point,
        .year = (double)conf->rank_year / point,
        .available = (double)conf->rank_available / point,
    };
}
