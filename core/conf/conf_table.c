/* SPDX-License-Identifier: MIT */
#include "conf_table.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "base/schedule.h"
#include "conf.h"

enum { KEY_LEN = 64 };

static bool is_ipv4(const char *value)
{
    struct in_addr address;
    return inet_pton(AF_INET, value, &address) == 1;
}

static bool is_origin(const char *value)
{
    if (strcmp(value, "*") == 0)
        return true;
    const char *host = strstr(value, "://");
    bool known = text_starts_with(value, "http://") || text_starts_with(value, "https://");
    return known && host[3] && !strpbrk(host + 3, "/?#@ \t\"\\");
}

/* The shape of BCP 47: "en", "pt-BR", "zh-Hant-TW". */
static bool is_language(const char *value)
{
    size_t part = 0;
    for (const char *at = value; *at; at++) {
        if (*at == '-' && part > 1)
            part = 0;
        else if (!isascii(*at) || !isalnum((unsigned char)*at) || ++part > 8)
            return false;
        if (at - value < 2 && !isalpha((unsigned char)*at))
            return false;
    }
    return part > 1;
}

static bool is_word(const char *value)
{
    return *value && !value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

/* The word for an operator's locks is no provider's. */
static bool is_provider(const char *value)
{
    return is_word(value) && !merge_is_local(value);
}

static bool is_schedule(const char *value)
{
    struct schedule ignored;
    return schedule_parse(value, &ignored);
}

/* "tmdb:28", "tmdb:top_rated". */
static bool is_list_source(const char *value)
{
    size_t provider = strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_");
    const char *name = value + provider + 1;
    return provider && provider < 32 && value[provider] == ':' && *name && strlen(name) < 128 &&
           !strpbrk(name, "/?#% ,\t\"\\");
}

static bool is_proxy(const char *value)
{
    static const char *const schemes[] = { "http://", "https://", "socks5://", "socks5h://" };
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
        if (text_starts_with(value, schemes[i]))
            return value[strlen(schemes[i])] != '\0';
    return false;
}

#define FIELD(name) .offset = offsetof(struct conf, name)
#define BOUNDS(low, high) .min = (low), .max = (high)
#define POINTS BOUNDS(0, 10000), .unit = "hundredths of a point"
#define KIB INT64_C(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

/* clang-format off */
const struct conf_row conf_table[] = {
    { "data_folder", CONF_TEXT, CONF_MUST_HAVE, FIELD(data_folder), .sample = "/var/lib/miauflix",
      .help = "Where the store and the state of the daemon live. On a local disk." },
    { "log_level", CONF_CHOICE, 0, FIELD(log_level), .fallback = "notice", .choices = "error warning notice debug",
      .help = "What is written to standard error; each level holds those before it." },

    { "http.address", CONF_TEXT, CONF_MUST_HAVE, FIELD(listen_address), .fallback = "127.0.0.1", .is_fine = is_ipv4,
      .wanted = "an IPv4 address",
      .help = "The address to listen on. Anything but loopback belongs behind a proxy that speaks TLS." },
    { "http.port", CONF_INTEGER, 0, FIELD(listen_port), .fallback = "8480", BOUNDS(0, 65535),
      .help = "The port to listen on; 0 takes any free one and says which." },
    { "http.threads", CONF_INTEGER, 0, FIELD(http_threads), .fallback = "512", BOUNDS(4, 4096),
      .help = "Connections served at once. An open connection owns its thread, also while idle." },
    { "http.max_body", CONF_SIZE, 0, FIELD(http_max_body), .fallback = "1 MiB", BOUNDS(1 * KIB, 64 * MIB),
      .help = "The largest request body that is read." },
    { "http.request_timeout_ms", CONF_INTEGER, 0, FIELD(http_request_timeout_ms), .fallback = "10000",
      BOUNDS(100, 600000), .unit = "milliseconds", .help = "How long a client may take to send a request." },
    { "http.cors_origins", CONF_LIST, 0, FIELD(cors_origins), .fallback = "", .sample = "https://app.example.org",
      .is_fine = is_origin, .wanted = "an origin such as https://app.example.org, or *",
      .help = "Web pages of these origins may use the API." },
    { "http.anonymous_read", CONF_BOOL, 0, FIELD(anonymous_read), .fallback = "false",
      .help = "Whether reading the catalogue needs no token." },

    { "limits.rate_per_minute", CONF_INTEGER, 0, FIELD(rate_per_minute), .fallback = "1200", BOUNDS(0, 100000000),
      .unit = "requests", .help = "Sustained requests per user, or per address of who has no token; 0: no limit." },
    { "limits.rate_burst", CONF_INTEGER, 0, FIELD(rate_burst), .fallback = "200", BOUNDS(1, 1000000),
      .unit = "requests", .help = "Requests at once after a pause." },
    { "limits.slow_queue", CONF_INTEGER, 0, FIELD(slow_queue_len), .fallback = "128", BOUNDS(1, 100000),
      .unit = "requests",
      .help = "Requests that may wait for an upstream, and magnets that may be asked for; who comes after that is told "
              "to come back later." },
    { "limits.slow_workers", CONF_INTEGER, 0, FIELD(slow_workers), .fallback = "16", BOUNDS(1, 256),
      .unit = "threads", .help = "Requests that are upstream at once." },
    { "limits.streams", CONF_INTEGER, 0, FIELD(max_streams), .fallback = "64", BOUNDS(1, 2048), .unit = "streams",
      .help = "Files of torrents that are sent at once, never more than half of http.threads." },

    { "store.durability", CONF_CHOICE, 0, FIELD(durability), .fallback = "sync", .choices = "sync batch",
      .help = "With sync, what was acknowledged survives a power failure; batch may lose its last second." },
    { "store.cache", CONF_SIZE, 0, FIELD(store_cache_bytes), .fallback = "16 MiB", BOUNDS(1 * MIB, 256 * GIB),
      .help = "Memory for pages of the database." },

    { "cache.folder", CONF_TEXT, 0, FIELD(cache_folder), .sample = "/var/cache/miauflix",
      .help = "Where upstream answers and pictures are kept; it may be emptied while the daemon is stopped. "
              "Unless set: the folder cache in data_folder." },
    { "cache.answers", CONF_SIZE, 0, FIELD(answer_cache_bytes), .fallback = "16 MiB", BOUNDS(0, 64 * GIB),
      .help = "Memory for ready answers." },
    { "cache.bodies", CONF_SIZE, 0, FIELD(body_cache_bytes), .fallback = "512 MiB", BOUNDS(0, 1024 * GIB),
      .help = "Disk for answers of upstreams." },
    { "cache.images", CONF_SIZE, 0, FIELD(image_cache_bytes), .fallback = "2 GiB", BOUNDS(0, 1024 * GIB),
      .help = "Disk for pictures." },
    { "cache.ttl_movies_s", CONF_INTEGER, 0, FIELD(ttl_movies_s), .fallback = "86400", .env = "CACHE_TTL_MOVIES",
      BOUNDS(1, 31536000), .unit = "seconds", .help = "How long a movie counts as fresh." },
    { "cache.ttl_tvshows_s", CONF_INTEGER, 0, FIELD(ttl_tvshows_s), .fallback = "21600", .env = "CACHE_TTL_TVSHOWS",
      BOUNDS(1, 31536000), .unit = "seconds", .help = "How long a TV show counts as fresh." },
    { "cache.ttl_search_s", CONF_INTEGER, 0, FIELD(ttl_search_s), .fallback = "600", .env = "CACHE_TTL_SEARCH",
      BOUNDS(1, 31536000), .unit = "seconds", .help = "How long the answers of providers to a search are remembered." },

    { "catalogue.languages", CONF_LIST, CONF_MUST_HAVE, FIELD(languages), .fallback = "en-US", .env = "TMDB_LANGUAGE",
      .is_fine = is_language, .wanted = "a language tag such as pt-BR",
      .help = "Languages of titles and texts when a request asks for none, best first; providers are asked for "
              "them, too." },
    { "catalogue.precedence", CONF_LIST, 0, FIELD(precedence), .fallback = "tmdb", .is_fine = is_provider,
      .wanted = "the name of a provider",
      .help = "Whose word counts when providers disagree, best first; those not named come last." },
    { "catalogue.precedence_of", CONF_ORDERS, 0, FIELD(precedence_of), .sample = "{ rating = [ \"tmdb\" ]; }",
      .is_fine = is_provider, .wanted = "the name of a provider",
      .help = "Orders of single fields that differ from precedence; in the environment as "
              "rating=trakt,tmdb overview=tmdb." },
    { "catalogue.scope", CONF_CHOICE, 0, FIELD(catalogue_scope), .fallback = "all", .choices = "all popular",
      .help = "Whether everything is taken in, or only what the lists of providers hold." },
    { "catalogue.lists", CONF_LIST, 0, FIELD(lists),
      .fallback = "tmdb:popular tmdb:top_rated tmdb:upcoming tmdb:now_playing tmdb:trending_day tmdb:trending_week "
                  "tmdb:popular_tvshows tmdb:top_rated_tvshows tmdb:on_the_air tmdb:airing_today",
      .is_fine = is_list_source, .wanted = "a provider and its name of a list, such as tmdb:28",
      .help = "Lists of providers that are shown here as well, and kept in step." },
    { "catalogue.min_votes", CONF_INTEGER, 0, FIELD(catalogue_min_votes), .fallback = "0", BOUNDS(0, 1000000),
      .unit = "votes", .help = "Lists leave out what has fewer." },

    { "ranking.exact", CONF_INTEGER, 0, FIELD(rank_exact), .fallback = "1400", POINTS,
      .help = "Points of a title that says exactly what is asked for." },
    { "ranking.prefix", CONF_INTEGER, 0, FIELD(rank_prefix), .fallback = "900", POINTS,
      .help = "Points of a title that begins with what is asked for." },
    { "ranking.words", CONF_INTEGER, 0, FIELD(rank_words), .fallback = "700", POINTS,
      .help = "Points of a title that has all the words, wherever they stand." },
    { "ranking.fuzzy", CONF_INTEGER, 0, FIELD(rank_fuzzy), .fallback = "400", POINTS,
      .help = "Points of a title that has them but for mistakes of typing." },
    { "ranking.main_title", CONF_INTEGER, 0, FIELD(rank_main_title), .fallback = "150", POINTS,
      .help = "Points for the title itself, rather than a translation or another name." },
    { "ranking.coverage", CONF_INTEGER, 0, FIELD(rank_coverage), .fallback = "500", POINTS,
      .help = "Points for a query that says the whole title; half of it for half of the title." },
    { "ranking.mistake", CONF_INTEGER, 0, FIELD(rank_mistake), .fallback = "150", POINTS,
      .help = "Points taken away for each mistake of typing." },
    { "ranking.popularity", CONF_INTEGER, 0, FIELD(rank_popularity), .fallback = "160", POINTS,
      .help = "Points for popularity, times the natural logarithm of one more than it." },
    { "ranking.votes", CONF_INTEGER, 0, FIELD(rank_votes), .fallback = "50", POINTS,
      .help = "Points for votes, times the natural logarithm of one more than there are." },
    { "ranking.year", CONF_INTEGER, 0, FIELD(rank_year), .fallback = "600", POINTS,
      .help = "Points for the year that the query names; fewer for a year close to it." },
    { "ranking.available", CONF_INTEGER, 0, FIELD(rank_available), .fallback = "50", POINTS,
      .help = "Points for a release that is available." },

    { "sync.scopes", CONF_LIST, 0, FIELD(sync_scopes), .fallback = "movies tvshows", .is_fine = is_word,
      .wanted = "a scope such as movies", .help = "What is kept in step." },
    { "sync.workers", CONF_INTEGER, 0, FIELD(sync_workers), .fallback = "16", BOUNDS(1, 256), .unit = "threads",
      .help = "Details fetched side by side." },
    { "sync.changes", CONF_TEXT, 0, FIELD(sync_changes), .fallback = "every 6 h", .is_fine = is_schedule,
      .wanted = "'every 6 h' (s, min, h, d), 'at 09:30' (UTC) or 'never'",
      .help = "When providers are asked what changed; never: only when somebody asks." },
    { "sync.lists", CONF_TEXT, 0, FIELD(sync_lists), .fallback = "every 12 h", .is_fine = is_schedule,
      .wanted = "'every 12 h' (s, min, h, d), 'at 06:00' (UTC) or 'never'",
      .help = "When the lists of catalogue.lists are read again." },
    { "sync.export", CONF_TEXT, 0, FIELD(sync_export), .fallback = "at 09:30", .is_fine = is_schedule,
      .wanted = "'every 1 d' (s, min, h, d), 'at 09:30' (UTC) or 'never'",
      .help = "When what we have is compared with a provider's list of everything, which finds what was deleted." },
    { "sync.refresh", CONF_TEXT, 0, FIELD(sync_refresh), .fallback = "every 15 min", .is_fine = is_schedule,
      .wanted = "'every 15 min' (s, min, h, d), 'at 03:00' (UTC) or 'never'",
      .help = "When what is popular, on a list, airing or about to expire is looked for and fetched anew." },
    { "sync.availability", CONF_TEXT, 0, FIELD(sync_availability), .fallback = "every 10 min", .is_fine = is_schedule,
      .wanted = "'every 10 min' (s, min, h, d), 'at 03:00' (UTC) or 'never'",
      .help = "When the swarms of releases that are due are looked at, if a provider can." },

    { "providers.folder", CONF_TEXT, 0, FIELD(providers_folder), .sample = "/etc/miauflix/providers.d",
      .help = "One file per provider. Unless set: providers.d beside this file." },
    { "providers.plugin_path", CONF_TEXT, 0, FIELD(plugin_path), .sample = "/usr/lib/miauflixd",
      .help = "Folders with plugins, ':' between them." },
    { "providers.search_timeout_ms", CONF_INTEGER, 0, FIELD(search_timeout_ms), .fallback = "4000",
      BOUNDS(50, 120000), .unit = "milliseconds", .help = "How long a search waits for providers." },
    { "providers.fetch_timeout_ms", CONF_INTEGER, 0, FIELD(fetch_timeout_ms), .fallback = "10000",
      BOUNDS(50, 300000), .unit = "milliseconds", .help = "How long a request waits for an item from its provider." },

    { "net.proxy", CONF_TEXT, CONF_SECRET, FIELD(proxy), .sample = "socks5h://127.0.0.1:9050", .is_fine = is_proxy,
      .wanted = "a URL beginning with http, https, socks5 or socks5h",
      .help = "Everything upstream goes through it. Unless set: none, whatever http_proxy says." },
    { "net.ca_file", CONF_TEXT, 0, FIELD(ca_file), .sample = "/etc/ssl/certs/ca-certificates.crt",
      .help = "Certificates to trust instead of the system's." },
};
/* clang-format on */
const size_t conf_table_len = ARRAY_LEN(conf_table);

const struct conf_row *conf_table_find(const char *key)
{
    for (size_t i = 0; i < conf_table_len; i++)
        if (strcmp(conf_table[i].key, key) == 0)
            return &conf_table[i];
    return NULL;
}

bool conf_table_is_group(const char *key)
{
    size_t len = strlen(key);
    for (size_t i = 0; i < conf_table_len; i++)
        if (strncmp(conf_table[i].key, key, len) == 0 && conf_table[i].key[len] == '.')
            return true;
    return false;
}

unsigned conf_table_distance(const char *a, const char *b, unsigned most)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len > KEY_LEN || b_len > KEY_LEN)
        return most + 1;
    unsigned row[KEY_LEN + 1];
    for (unsigned j = 0; j <= b_len; j++)
        row[j] = j;
    for (unsigned i = 1; i <= a_len; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b_len; j++) {
            unsigned changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = MIN(changed, MIN(row[j - 1], row[j]) + 1);
        }
    }
    return MIN(row[b_len], most + 1);
}

static const char *last_part(const char *key)
{
    const char *dot = strrchr(key, '.');
    return dot ? dot + 1 : key;
}

const char *conf_table_suggest(const char *key)
{
    const char *best = NULL;
    unsigned least = 3;
    for (size_t i = 0; i < conf_table_len; i++) {
        const char *known = conf_table[i].key;
        unsigned distance = conf_table_distance(key, known, 2);
        /* Right word, wrong group: behind a typing mistake, before nothing at all. */
        if (distance > 2 && strcmp(last_part(key), last_part(known)) == 0)
            distance = 2;
        if (distance < least) {
            least = distance;
            best = known;
        }
    }
    return best;
}

const char *conf_table_env(const struct conf_row *row, char out[CONF_ENV_LEN])
{
    snprintf(out, CONF_ENV_LEN, "MIAUFLIX_%s", row->key);
    for (char *at = out; *at; at++)
        *at = *at == '.' ? '_' : (char)toupper((unsigned char)*at);
    return out;
}
