/* SPDX-License-Identifier: MIT */
#include "bench_rival.h"

#include <sqlite3.h>
#include <string.h>

#include "base/clock.h"

struct bench_rival {
    sqlite3 *db;
    sqlite3_stmt *statements[BENCH_RIVAL_WAYS]; /* by way */
    double built_s;
};

static const char schema[] =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;"
    "CREATE TABLE items (id INTEGER PRIMARY KEY, popularity REAL);"
    "CREATE TABLE genres (genre INT, popularity REAL, item INT, year INT, rating INT, kind INT,"
    " PRIMARY KEY (genre, popularity DESC, item)) WITHOUT ROWID;"
    "CREATE VIRTUAL TABLE words USING fts5(title, content='', prefix='2 3', detail='none',"
    " tokenize='unicode61 remove_diacritics 2');"
    "CREATE VIRTUAL TABLE trigrams USING fts5(title, content='', tokenize='trigram');";

#define BEST_OF(table)                                                                             \
    "SELECT f.rowid FROM " table " f JOIN items ON items.id = f.rowid WHERE " table                \
    " MATCH ?1 ORDER BY popularity DESC LIMIT 20"

static const struct {
    const char *name, *sql;
} asks[BENCH_RIVAL_WAYS] = {
    [BENCH_RIVAL_WORDS] = { "FTS5, unicode61", BEST_OF("words") },
    [BENCH_RIVAL_WORDS_BY_TRIGRAMS] = { "FTS5, trigram", BEST_OF("trigrams") },
    [BENCH_RIVAL_WORDS_RANKED] = { "FTS5, unicode61, with a total, by bm25 and popularity",
                                   "SELECT f.rowid, count(*) OVER () FROM words f JOIN items ON "
                                   "items.id = f.rowid WHERE words MATCH ?1 ORDER BY bm25(words) "
                                   "- ln(1 + popularity) LIMIT 20" },
    [BENCH_RIVAL_PREFIX] = { "FTS5, unicode61, prefix='2 3'", BEST_OF("words") },
    [BENCH_RIVAL_TYPO] = { "FTS5, trigram, any of them, by rank",
                           "SELECT rowid FROM trigrams WHERE trigrams MATCH ?1 ORDER BY rank "
                           "LIMIT 20" },
    [BENCH_RIVAL_LIST] = { "SQLite, a covering index",
                           "SELECT item FROM genres WHERE genre = ?2 AND year >= ?3 AND rating >= "
                           "?4 AND kind = ?5 ORDER BY popularity DESC, item LIMIT 20 OFFSET ?6" },
};

const char *bench_rival_name(enum bench_rival_way way)
{
    return asks[way].name;
}

static void run(sqlite3 *db, const char *sql)
{
    char *text = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &text) != SQLITE_OK) {
        fprintf(stderr, "bench_index: SQLite: %s\n", text);
        exit(1);
    }
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "bench_index: SQLite: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    return statement;
}

static void finish(sqlite3_stmt *statement)
{
    while (sqlite3_step(statement) == SQLITE_ROW)
        (void)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
}

static void insert_titles(sqlite3 *db, const char *sql, const struct bench_row *rows, uint32_t n)
{
    sqlite3_stmt *statement = prepare(db, sql);
    for (uint32_t i = 0; i < n; i++) {
        sqlite3_bind_int64(statement, 1, rows[i].facts.id);
        sqlite3_bind_text(statement, 2, rows[i].title, -1, SQLITE_STATIC);
        finish(statement);
    }
    sqlite3_finalize(statement);
}

static void insert_facts(sqlite3 *db, const struct bench_row *rows, uint32_t n)
{
    sqlite3_stmt *item = prepare(db, "INSERT INTO items VALUES (?1, ?3)");
    sqlite3_stmt *genre = prepare(db, "INSERT INTO genres VALUES (?6, ?3, ?1, ?4, ?5, ?2)");
    for (uint32_t i = 0; i < n; i++) {
        const struct card_facts *facts = &rows[i].facts;
        sqlite3_stmt *both[] = { item, genre };
        for (size_t k = 0; k < ARRAY_LEN(both); k++) {
            sqlite3_bind_int64(both[k], 1, facts->id);
            sqlite3_bind_int64(both[k], 2, facts->kind);
            sqlite3_bind_double(both[k], 3, facts->popularity);
            sqlite3_bind_int(both[k], 4, facts->year);
            sqlite3_bind_int(both[k], 5, facts->rating_x1000);
        }
        finish(item);
        for (uint64_t bits = facts->genres; bits; bits &= bits - 1) {
            sqlite3_bind_int(genre, 6, __builtin_ctzll(bits));
            finish(genre);
        }
    }
    sqlite3_finalize(item);
    sqlite3_finalize(genre);
}

struct bench_rival *bench_rival_new(const struct bench_row *rows, uint32_t n)
{
    struct bench_rival *rival = mem_new(struct bench_rival);
    if (sqlite3_open(":memory:", &rival->db) != SQLITE_OK)
        exit(1);
    int64_t start_us = clock_steady_us();
    run(rival->db, schema);
    run(rival->db, "BEGIN");
    insert_facts(rival->db, rows, n);
    insert_titles(rival->db, "INSERT INTO words (rowid, title) VALUES (?1, ?2)", rows, n);
    insert_titles(rival->db, "INSERT INTO trigrams (rowid, title) VALUES (?1, ?2)", rows, n);
    run(rival->db, "COMMIT");
    run(rival->db, "INSERT INTO words (words) VALUES ('optimize')");
    run(rival->db, "INSERT INTO trigrams (trigrams) VALUES ('optimize')");
    run(rival->db, "ANALYZE");
    for (size_t i = 0; i < ARRAY_LEN(asks); i++)
        rival->statements[i] = prepare(rival->db, asks[i].sql);
    rival->built_s = (double)(clock_steady_us() - start_us) / 1e6;
    printf("SQLite %s: built in %.1f s\n", sqlite3_libversion(), rival->built_s);
    return rival;
}

void bench_rival_free(struct bench_rival *rival)
{
    if (!rival)
        return;
    for (size_t i = 0; i < ARRAY_LEN(asks); i++)
        sqlite3_finalize(rival->statements[i]);
    sqlite3_close(rival->db);
    free(rival);
}

double bench_rival_built_s(const struct bench_rival *rival)
{
    return rival->built_s;
}

/* As FTS5 wants it: words, the last one open or not, or the triples of letters. */
static void phrase(enum bench_rival_way way, const char *query, struct text *out)
{
    if (way != BENCH_RIVAL_TYPO) {
        text_add_string(out, query);
        if (way == BENCH_RIVAL_PREFIX)
            text_add_char(out, '*');
        return;
    }
    for (size_t i = 0; i + 3 <= strlen(query); i++)
        text_add_format(out, "%s\"%.3s\"", i ? " OR " : "", query + i);
}

void bench_rival_ask(struct bench_rival *rival, enum bench_rival_way way, const char *query,
                     const struct filter *filter, uint64_t skip)
{
    CLEANUP(text_done) struct text match = TEXT_INIT(4096);
    sqlite3_stmt *statement = rival->statements[way];
    if (way == BENCH_RIVAL_LIST) {
        sqlite3_bind_int(statement, 2, __builtin_ctzll(filter->genres_all));
        sqlite3_bind_int(statement, 3, filter->year_min);
        sqlite3_bind_int(statement, 4, filter->rating_min_x1000);
        sqlite3_bind_int64(statement, 5, filter->kind);
        sqlite3_bind_int64(statement, 6, (int64_t)skip);
    } else {
        phrase(way, query, &match);
        sqlite3_bind_text(statement, 1, text_string(&match), -1, SQLITE_TRANSIENT);
    }
    finish(statement);
}

/* --- Cards */

struct bench_rival_cards {
    sqlite3 *db;
    sqlite3_stmt *insert, *select;
};

struct bench_rival_cards *bench_rival_cards_new(unsigned cache_kib)
{
    struct bench_rival_cards *cards = mem_new(struct bench_rival_cards);
    CLEANUP(mem_free) char *cache = mem_format("PRAGMA cache_size=-%u", cache_kib);
    if (sqlite3_open("", &cards->db) != SQLITE_OK)
        exit(1);
    run(cards->db, cache);
    run(cards->db, "CREATE TABLE cards (id INTEGER PRIMARY KEY, card BLOB)");
    run(cards->db, "BEGIN");
    cards->insert = prepare(cards->db, "INSERT INTO cards VALUES (?1, ?2)");
    cards->select = prepare(cards->db, "SELECT card FROM cards WHERE id = ?1");
    return cards;
}

void bench_rival_cards_free(struct bench_rival_cards *cards)
{
    if (!cards)
        return;
    sqlite3_finalize(cards->insert);
    sqlite3_finalize(cards->select);
    sqlite3_close(cards->db);
    free(cards);
}

void bench_rival_cards_add(struct bench_rival_cards *cards, uint32_t id, const void *card,
                           size_t len)
{
    sqlite3_bind_int64(cards->insert, 1, id);
    sqlite3_bind_blob64(cards->insert, 2, card, len, SQLITE_STATIC);
    finish(cards->insert);
}

void bench_rival_cards_ready(struct bench_rival_cards *cards)
{
    run(cards->db, "COMMIT");
}

void bench_rival_cards_get(struct bench_rival_cards *cards, uint32_t id, struct text *out)
{
    text_clear(out);
    sqlite3_bind_int64(cards->select, 1, id);
    if (sqlite3_step(cards->select) == SQLITE_ROW)
        text_add(out, sqlite3_column_blob(cards->select, 0),
                 (size_t)sqlite3_column_bytes(cards->select, 0));
    sqlite3_reset(cards->select);
}
