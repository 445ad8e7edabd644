/* SPDX-License-Identifier: MIT */
#include "store/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/pages.h"

/* Recovery fills the last log file up to its full length with zeros, and panics when the disk has
 * no room for that.  So log files are small, and what may be written ends while there is still room
 * for one and for a checkpoint: a full disk then never stands in the way of a restart. */
static const uint32_t log_file_bytes = 16u << 20;
static const uint64_t reserve_bytes = 32u << 20;

/* Berkeley DB complains once per page it cannot write. */
enum { MAX_COMPLAINTS_PER_S = 5 };

static const char *const table_names[STORE_N_TABLES] = {
    [STORE_META] = "meta",
    [STORE_RECORDS] = "records",
    [STORE_ITEMS] = "items",
    [STORE_CARDS] = "cards",
    [STORE_IDS] = "ids",
    [STORE_REDIRECTS] = "redirects",
    [STORE_CHANGES] = "changes",
    [STORE_FETCHES] = "fetches",
    [STORE_JOBS] = "jobs",
    [STORE_TOKENS] = "tokens",
    [STORE_STATE] = "state",
    [STORE_SEASON_RECORDS] = "season_records",
    [STORE_SEASONS] = "seasons",
    [STORE_AIRINGS] = "airings",
    [STORE_RECORD_HEADS] = "record_heads",
    [STORE_DUE] = "due",
    [STORE_LISTS] = "lists",
    [STORE_LIST_ITEMS] = "list_items",
    [STORE_ITEM_LISTS] = "item_lists",
    [STORE_TORRENTS] = "torrents",
    [STORE_RELEASES] = "releases",
    [STORE_ITEM_RELEASES] = "item_releases",
    [STORE_TORRENT_PARTS] = "torrent_parts",
    [STORE_SWARMS] = "swarms",
    [STORE_SWARMS_DUE] = "swarms_due",
};

const char *environment_table_name(enum store_table table)
{
    return table_names[table];
}

static int code_of(int db_code)
{
    switch (db_code) {
    case DB_NOTFOUND:
        return PROVIDER_ENOTFOUND;
    case DB_LOCK_DEADLOCK:
    case DB_LOCK_NOTGRANTED:
        return PROVIDER_EBUSY;
    case DB_KEYEXIST:
        return PROVIDER_ECONFLICT;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return PROVIDER_EFULL;
    case ENOMEM:
        return PROVIDER_ENOMEM;
    case EINVAL:
        return PROVIDER_EINVAL;
    default:
        return PROVIDER_EIO;
    }
}

int environment_fail(struct environment *environment, int db_code, struct error *err,
                     const char *fmt, ...)
{
    int code = code_of(db_code);
    if (db_code == DB_RUNRECOVERY)
        atomic_store(&environment->broken, true);
    /* A panic hides its reason, and a page that cannot leave the cache is only an "I/O error". */
    if (code == PROVIDER_EIO && atomic_load(&environment->disk_was_full))
        code = PROVIDER_EFULL;
    if (!err)
        return code;
    va_list args;
    va_start(args, fmt);
    error_vset(err, code, fmt, args);
    va_end(args);
    size_t used = strlen(err->text);
    snprintf(err->text + used, sizeof err->text - used, ": %s",
             code == PROVIDER_EFULL ? "the disk is full" : db_strerror(db_code));
    return code;
}

/* --- What Berkeley DB says on its own */

/* By the time a panic surfaces its reason is lost; the message still has it. */
static void hear_error(const DB_ENV *env, const char *prefix UNUSED, const char *message)
{
    struct environment *environment = env->app_private;
    if (strstr(message, "No space left") || strstr(message, "File too large") ||
        strstr(message, "quota exceeded"))
        atomic_store(&environment->disk_was_full, true);
    int64_t now_s = clock_steady_ms() / 1000;
    if (atomic_exchange(&environment->complaints_at_s, now_s) != now_s)
        atomic_store(&environment->n_complaints, 0);
    if (atomic_fetch_add(&environment->n_complaints, 1) < MAX_COMPLAINTS_PER_S)
        log_warning("store", "%s", message);
    else
        log_debug("store", "%s", message);
}

static void hear_message(const DB_ENV *env UNUSED, const char *message)
{
    log_debug("store", "%s", message);
}

static void hear_event(DB_ENV *env, u_int32_t event, void *info UNUSED)
{
    struct environment *environment = env->app_private;
    if (event == DB_EVENT_PANIC)
        atomic_store(&environment->broken, true);
}

/* --- The folder */

static int make_folder(const char *path, struct error *err)
{
    CLEANUP(mem_free) char *part = mem_dup_text(path);
    for (char *slash = part; slash;) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = '\0';
        if (mkdir(part, 0700) && errno != EEXIST)
            return error_errno(err, errno, "cannot make folder '%s'", part);
        if (slash)
            *slash = '/';
    }
    return 0;
}

int environment_lock(const char *path, int *out_fd, struct error *err)
{
    CLEANUP(mem_free) char *file = mem_format("%s/lock", path);
    CLEANUP(fd_close) int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_errno(err, errno, "cannot open '%s'", file);
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        if (errno == EWOULDBLOCK)
            return error_set(err, PROVIDER_ECONFLICT, "'%s' is in use by another process", path);
        return error_errno(err, errno, "cannot lock '%s'", file);
    }
    *out_fd = fd;
    fd = -1;
    return 0;
}

int environment_has_room(const struct environment *environment, bool in_reserve, struct error *err)
{
    uint64_t needed = in_reserve ? reserve_bytes / 2 : reserve_bytes;
    struct statvfs disk;
    if (statvfs(environment->path, &disk))
        return 0; /* a file system that cannot say is asked by writing */
    if ((uint64_t)disk.f_bavail * disk.f_frsize >= needed)
        return 0;
    return error_set(err, PROVIDER_EFULL, "less than %u MiB are left for '%s'",
                     (unsigned)(needed >> 20), environment->path);
}

/* --- Opening */

static int configure(struct environment *environment, DB_ENV *env)
{
    env->app_private = environment;
    env->set_errcall(env, hear_error);
    env->set_msgcall(env, hear_message);
    int failed = env->set_event_notify(env, hear_event);
    /* Of a reader and the writer that wait for each other, the reader has less to repeat. */
    failed = failed ? failed : env->set_lk_detect(env, DB_LOCK_MINWRITE);
    /* Both may grow that far; without the rest all of it would be there, and in memory, from the
     * start. */
    failed = failed ? failed : env->set_lk_max_locks(env, 100000);
    failed = failed ? failed : env->set_lk_max_objects(env, 100000);
    failed = failed ? failed : env->set_memory_init(env, DB_MEM_LOCK, 1000);
    failed = failed ? failed : env->set_memory_init(env, DB_MEM_LOCKOBJECT, 1000);
    failed = failed ? failed : env->set_lk_tablesize(env, 4001);
    failed = failed ? failed : env->set_tx_max(env, 200);
    failed = failed ? failed : env->set_lg_bsize(env, 1u << 20);
    failed = failed ? failed : env->set_lg_max(env, log_file_bytes);
    failed = failed ? failed : env->log_set_config(env, DB_LOG_AUTO_REMOVE, 1);
    uint64_t cache = environment->cache_bytes ? environment->cache_bytes : 32u << 20;
    return failed ? failed
                  : env->set_cachesize(env, (u_int32_t)(cache >> 30),
                                       (u_int32_t)(cache & 0x3fffffff), 1);
}

static int open_env(struct environment *environment, struct error *err)
{
    int failed = db_env_create(&environment->env, 0);
    if (failed)
        return environment_fail(environment, failed, err, "cannot start Berkeley DB");
    DB_ENV *env = environment->env;
    failed = configure(environment, env);
    if (failed)
        return environment_fail(environment, failed, err, "cannot set up Berkeley DB");
    u_int32_t flags = DB_CREATE | DB_PRIVATE | DB_THREAD | DB_INIT_TXN | DB_INIT_LOCK |
                      DB_INIT_LOG | DB_INIT_MPOOL |
                      (environment->recover_fatally ? DB_RECOVER_FATAL : DB_RECOVER);
    failed = env->open(env, environment->path, flags, 0600);
    if (failed)
        return environment_fail(environment, failed, err, "cannot open the store in '%s'",
                                environment->path);
    return 0;
}

static int open_table(struct environment *environment, DB_TXN *txn, enum store_table table,
                      struct error *err)
{
    DB *db;
    int failed = db_create(&db, environment->env, 0);
    if (failed)
        return environment_fail(environment, failed, err, "cannot open a table");
    environment->tables[table] = db;
    char file[32];
    snprintf(file, sizeof file, "%s.db", table_names[table]);
    failed = db->set_pagesize(db, ENVIRONMENT_PAGE_LEN);
    u_int32_t flags = DB_THREAD | (environment->read_only ? DB_RDONLY : DB_CREATE);
    failed = failed ? failed : db->open(db, txn, file, NULL, DB_BTREE, flags, 0600);
    if (failed == ENOENT && environment->read_only)
        return error_set(err, PROVIDER_ENOTSUP,
                         "the store in '%s' has no table '%s': opening it for writing migrates a "
                         "store of an older program",
                         environment->path, environment_table_name(table));
    if (failed)
        return environment_fail(environment, failed, err, "cannot open '%s/%s'", environment->path,
                                file);
    return 0;
}

static int open_tables(struct environment *environment, struct error *err)
{
    DB_TXN *txn;
    int failed = environment->env->txn_begin(environment->env, NULL, &txn, 0);
    if (failed)
        return environment_fail(environment, failed, err, "cannot open the tables");
    for (int table = 0; table < STORE_N_TABLES; table++) {
        int refused = open_table(environment, txn, (enum store_table)table, err);
        if (refused) {
            txn->abort(txn);
            return refused;
        }
    }
    failed = txn->commit(txn, 0);
    return failed ? environment_fail(environment, failed, err, "cannot open the tables") : 0;
}

static void close_handles(struct environment *environment)
{
    for (int table = 0; table < STORE_N_TABLES; table++)
        if (environment->tables[table])
            environment->tables[table]->close(environment->tables[table], DB_NOSYNC);
    memset(environment->tables, 0, sizeof environment->tables);
    if (environment->env)
        environment->env->close(environment->env, 0);
    environment->env = NULL;
    pages_release(environment->pages);
    environment->pages = NULL;
}

static int open_handles(struct environment *environment, struct error *err)
{
    int failed = pages_guard(environment->path, &environment->pages, err);
    failed = failed ? failed : open_env(environment, err);
    failed = failed ? failed : open_tables(environment, err);
    if (failed)
        close_handles(environment);
    return failed;
}

int environment_open(struct environment *environment, const struct store_options *options,
                     bool recover_fatally, struct error *err)
{
    *environment = (struct environment){
        .path = mem_dup_text(options->path),
        .sync_each_commit = options->sync_each_commit,
        .read_only = options->read_only,
        .recover_fatally = recover_fatally,
        .cache_bytes = options->cache_bytes,
        .lock_fd = -1,
    };
    pthread_rwlock_init(&environment->guard, NULL);
    int failed = options->read_only ? 0 : make_folder(options->path, err);
    failed = failed ? failed : environment_lock(options->path, &environment->lock_fd, err);
    failed = failed ? failed : open_handles(environment, err);
    environment->recover_fatally = false;
    if (failed)
        environment_close(environment);
    return failed;
}

void environment_close(struct environment *environment)
{
    close_handles(environment);
    if (environment->lock_fd >= 0)
        close(environment->lock_fd);
    environment->lock_fd = -1;
    pthread_rwlock_destroy(&environment->guard);
    free(environment->path);
    environment->path = NULL;
}

/* --- Using */

int environment_enter(struct environment *environment, struct error *err)
{
    if (!atomic_load(&environment->broken)) {
        pthread_rwlock_rdlock(&environment->guard);
        if (environment->env)
            return 0;
        pthread_rwlock_unlock(&environment->guard);
    }
    return error_set(err, atomic_load(&environment->disk_was_full) ? PROVIDER_EFULL : PROVIDER_EIO,
                     "the store is being recovered after a failed write");
}

void environment_leave(struct environment *environment)
{
    pthread_rwlock_unlock(&environment->guard);
}

int environment_reopen(struct environment *environment, struct error *err)
{
    /* Recovery needs room, too, and Berkeley DB keeps the memory of each try that panics. */
    int failed = environment_has_room(environment, false, err);
    if (failed)
        return failed;
    pthread_rwlock_wrlock(&environment->guard);
    close_handles(environment);
    atomic_store(&environment->broken, false);
    failed = open_handles(environment, err);
    if (failed)
        atomic_store(&environment->broken, true);
    else
        atomic_store(&environment->disk_was_full, false);
    pthread_rwlock_unlock(&environment->guard);
    return failed;
}

int environment_checkpoint(struct environment *environment, bool force, struct error *err)
{
    int failed = environment_enter(environment, err);
    if (failed)
        return failed;
    DB_ENV *env = environment->env;
    int db_code =
        force ? env->txn_checkpoint(env, 0, 0, DB_FORCE) : env->txn_checkpoint(env, 32768, 1, 0);
    if (db_code)
        failed = environment_fail(environment, db_code, err, "cannot write a checkpoint");
    environment_leave(environment);
    return failed;
}
