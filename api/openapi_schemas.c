/* SPDX-License-Identifier: MIT */
#include "openapi_schemas.h"

#include "base/cleanup.h"

#define REF(name) "{\"$ref\":\"#/components/schemas/" name "\"}"
#define LIST_OF(item) "{\"type\":\"array\",\"items\":" item "}"
#define TEXT "{\"type\":\"string\"}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define INTEGER "{\"type\":\"integer\"}"
#define INTEGER_OR_NULL "{\"type\":[\"integer\",\"null\"]}"
#define NUMBER "{\"type\":\"number\"}"
#define BOOLEAN "{\"type\":\"boolean\"}"
#define BOOLEAN_OR_NULL "{\"type\":[\"boolean\",\"null\"]}"
#define NUMBER_OR_NULL "{\"type\":[\"number\",\"null\"]}"
#define OBJECT "{\"type\":\"object\"}"
#define TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TIME_OR_NULL "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"
#define DATE "{\"type\":\"string\",\"format\":\"date\"}"

#define CARD_MEMBERS                                                                               \
    "\"kind\":" TEXT ",\"id\":" INTEGER ",\"ids\":" OBJECT ",\"title\":" TEXT                      \
    ",\"original_title\":" TEXT ",\"year\":" INTEGER ",\"release_date\":" DATE                     \
    ",\"genres\":" LIST_OF(TEXT) ",\"rating\":" NUMBER ",\"votes\":" INTEGER                       \
                                 ",\"popularity\":" NUMBER ",\"runtime\":" INTEGER                 \
                                 ",\"overview\":" TEXT ",\"poster\":" TEXT ",\"backdrop\":" TEXT   \
                                 ",\"qualities\":" LIST_OF(TEXT) ",\"available\":" BOOLEAN         \
                                                                 ",\"languages\":" OBJECT

/* clang-format off */
#define ITEM_MEMBERS \
    CARD_MEMBERS ",\"tagline\":" TEXT ",\"status\":" TEXT ",\"original_language\":" TEXT \
    ",\"spoken_languages\":" LIST_OF(TEXT) ",\"countries\":" LIST_OF(TEXT) \
    ",\"companies\":" LIST_OF(OBJECT) ",\"collection\":" OBJECT ",\"certification\":" OBJECT \
    ",\"budget\":" INTEGER ",\"revenue\":" INTEGER ",\"homepage\":" TEXT \
    ",\"cast\":" LIST_OF(OBJECT) ",\"crew\":" LIST_OF(OBJECT) ",\"images\":" OBJECT \
    ",\"videos\":" LIST_OF(OBJECT) ",\"keywords\":" LIST_OF(TEXT) \
    ",\"status_raw\":" TEXT ",\"in_production\":" BOOLEAN ",\"ratings\":" OBJECT \
    ",\"releases\":" LIST_OF(REF("Release")) ",\"translations\":" OBJECT ",\"provenance\":" OBJECT

#define SHOW_MEMBERS \
    ",\"first_air_date\":" TEXT ",\"last_air_date\":" TEXT ",\"next_episode\":" OBJECT \
    ",\"last_episode\":" OBJECT ",\"networks\":" LIST_OF(OBJECT) \
    ",\"created_by\":" LIST_OF(OBJECT) ",\"number_of_seasons\":" INTEGER \
    ",\"number_of_episodes\":" INTEGER ",\"type\":" TEXT ",\"seasons\":" LIST_OF(OBJECT)
/* clang-format on */

/* clang-format off */
#define EPISODE_MEMBERS \
    "\"kind\":" TEXT ",\"season_number\":" INTEGER ",\"episode_number\":" INTEGER ",\"name\":" TEXT \
    ",\"overview\":" TEXT ",\"air_date\":" DATE ",\"runtime\":" INTEGER ",\"still\":" TEXT \
    ",\"rating\":" NUMBER ",\"votes\":" INTEGER ",\"type\":" TEXT ",\"ids\":" OBJECT \
    ",\"production_code\":" TEXT ",\"crew\":" LIST_OF(OBJECT) ",\"guest_stars\":" LIST_OF(OBJECT) \
    ",\"languages\":" OBJECT ",\"show\":" REF("Card")

#define SEASON_MEMBERS \
    "\"kind\":" TEXT ",\"show\":" INTEGER ",\"season_number\":" INTEGER ",\"name\":" TEXT \
    ",\"overview\":" TEXT ",\"air_date\":" DATE ",\"poster\":" TEXT ",\"episode_count\":" INTEGER \
    ",\"rating\":" NUMBER ",\"ids\":" OBJECT ",\"cast\":" LIST_OF(OBJECT) ",\"crew\":" LIST_OF(OBJECT) \
    ",\"images\":" OBJECT ",\"videos\":" LIST_OF(OBJECT) ",\"languages\":" OBJECT
/* clang-format on */

/* clang-format off */
#define SWARM \
    "{\"type\":[\"object\",\"null\"],\"properties\":{\"seeds\":" INTEGER ",\"peers\":" INTEGER \
    ",\"at\":" TIME "}}"

#define RELEASE_MEMBERS \
    "\"infohash\":" TEXT ",\"item\":" INTEGER ",\"name\":" TEXT ",\"provider\":" LIST_OF(TEXT) \
    ",\"season\":" INTEGER ",\"episodes\":" LIST_OF(INTEGER) ",\"quality\":" TEXT \
    ",\"source\":" TEXT ",\"codec\":" TEXT ",\"bit_depth\":" INTEGER ",\"audio\":" TEXT \
    ",\"hdr\":" TEXT ",\"languages\":" LIST_OF(TEXT) ",\"edition\":" TEXT \
    ",\"repack\":" BOOLEAN ",\"proper\":" BOOLEAN ",\"3d\":" BOOLEAN \
    ",\"hardcoded_subtitles\":" BOOLEAN ",\"size\":" INTEGER ",\"uploaded_at\":" TIME \
    ",\"trackers\":" LIST_OF(TEXT) ",\"magnet\":" TEXT \
    ",\"availability\":{\"type\":\"object\",\"properties\":{\"claimed\":" SWARM \
    ",\"verified\":" SWARM ",\"state\":{\"type\":\"string\"," \
    "\"enum\":[\"alive\",\"unknown\",\"dead\"]},\"trend_7d\":{\"type\":[\"integer\",\"null\"]}" \
    ",\"check\":" OBJECT ",\"history\":" LIST_OF(OBJECT) "}}" \
    ",\"gone\":" BOOLEAN \
    ",\"marks\":" LIST_OF("{\"type\":\"string\",\"enum\":[\"poor_source\",\"too_small\",\"too_large\"]}") \
    ",\"score\":" NUMBER ",\"explain\":" OBJECT
/* clang-format on */

#define PAGE_OF(item, more)                                                                        \
    "{\"type\":\"object\",\"required\":[\"page\",\"limit\",\"total\",\"total_pages\",\"results\"]" \
    ","                                                                                            \
    "\"properties\":{\"page\":" INTEGER ",\"limit\":" INTEGER ",\"total\":" INTEGER                \
    ",\"total_pages\":" INTEGER ",\"results\":" LIST_OF(item) more "}}"

#define LAST                                                                                       \
    ",\"last_success_at\":" TIME_OR_NULL ",\"last_failure_at\":" TIME_OR_NULL                      \
    ",\"last_error\":" TEXT_OR_NULL

#define BUDGET                                                                                     \
    "{\"type\":\"object\",\"properties\":{\"used_hour\":" INTEGER ",\"used_day\":" INTEGER         \
    ",\"limit_hour\":" INTEGER_OR_NULL ",\"limit_day\":" INTEGER_OR_NULL                           \
    ",\"rate_per_s\":{\"type\":[\"number\",\"null\"]}}}"

#define COUNTS                                                                                     \
    ",\"cache_hits\":" INTEGER ",\"revalidated\":" INTEGER ",\"stale_served\":" INTEGER            \
    ",\"coalesced\":" INTEGER ",\"retries\":" INTEGER ",\"throttled\":" INTEGER                    \
    ",\"bytes_in\":" INTEGER ",\"in_flight\":" INTEGER ",\"waiting\":" INTEGER

#define UPSTREAM                                                                                   \
    "{\"type\":\"object\",\"properties\":{\"mirror\":" TEXT_OR_NULL                                \
    ",\"circuit\":{\"type\":\"string\",\"enum\":[\"closed\",\"open\",\"half_open\"]}"              \
    ",\"circuit_until\":" TIME_OR_NULL ",\"backoff_until\":" TIME_OR_NULL                          \
    ",\"budget\":" BUDGET COUNTS ",\"requests\":" INTEGER ",\"failures\":" INTEGER LAST "}}"

/* clang-format off */
#define TORRENT_HEAD \
    "\"type\":\"object\",\"required\":[\"infohash\",\"name\",\"state\",\"added_at\"],\"properties\":{" \
    "\"state\":{\"enum\":[\"idle\",\"open\",\"streaming\"]}," \
    "\"infohash\":" TEXT ",\"infohash_v2\":" TEXT ",\"name\":" TEXT ",\"size\":" INTEGER \
    ",\"private\":" BOOLEAN ",\"piece_length\":" INTEGER ",\"pieces\":" INTEGER \
    ",\"comment\":" TEXT ",\"created_by\":" TEXT ",\"created_at\":" TIME \
    ",\"provider\":" TEXT ",\"added_at\":" TIME
/* clang-format on */

/* clang-format off */
#define TORRENT_FILE \
    "\"type\":\"object\",\"required\":[\"index\",\"path\",\"size\",\"kind\",\"mime\"," \
    "\"stream\"]," \
    "\"properties\":{\"index\":" INTEGER ",\"path\":" TEXT ",\"size\":" INTEGER \
    ",\"kind\":{\"type\":\"string\",\"enum\":[\"other\",\"video\",\"audio\",\"subtitle\"," \
    "\"image\"," \
    "\"text\",\"archive\"]},\"role\":{\"enum\":[\"main\",\"episode\",\"extra\",\"sample\",null]}," \
    "\"season\":" INTEGER ",\"episode\":" INTEGER ",\"last_episode\":" INTEGER \
    ",\"air_date\":" TEXT ",\"language\":" TEXT ",\"mime\":" TEXT \
    ",\"danger\":{\"enum\":[\"archive\",\"executable\"]},\"media_error\":" TEXT \
    ",\"media\":" REF("Media") ",\"stream\":" TEXT
/* clang-format on */

const struct openapi_schema openapi_schemas[] = {
    { "Any", OBJECT },
    { "Empty", "{\"type\":\"object\",\"additionalProperties\":false}" },
    { "Problem", "{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"detail\","
                 "\"code\"],"
                 "\"properties\":{\"type\":" TEXT ",\"title\":" TEXT ",\"status\":" INTEGER
                 ",\"detail\":" TEXT ",\"code\":" TEXT
                 ",\"errors\":" LIST_OF("{\"type\":\"object\",\"properties\":{\"field\":" TEXT
                                        ",\"detail\":" TEXT "}}") "}}" },
    { "Card", "{\"type\":\"object\",\"required\":[\"kind\",\"id\",\"ids\",\"title\"],"
              "\"properties\":{" CARD_MEMBERS "}}" },
    { "CardPage", PAGE_OF(REF("Card"), ",\"facets\":" OBJECT) },
    { "Movie", "{\"type\":\"object\",\"required\":[\"kind\",\"id\",\"ids\",\"title\"],"
               "\"properties\":{" ITEM_MEMBERS "}}" },
    { "TvShow", "{\"type\":\"object\",\"required\":[\"kind\",\"id\",\"ids\",\"title\"],"
                "\"properties\":{" ITEM_MEMBERS SHOW_MEMBERS "}}" },
    { "Episode",
      "{\"type\":\"object\",\"required\":[\"kind\",\"season_number\",\"episode_number\"],"
      "\"properties\":{" EPISODE_MEMBERS "}}" },
    { "EpisodePage", PAGE_OF(REF("Episode"), "") },
    { "Season", "{\"type\":\"object\",\"required\":[\"kind\",\"show\",\"season_number\"],"
                "\"properties\":{" SEASON_MEMBERS ",\"episodes\":" LIST_OF(REF("Episode")) "}}" },
    { "SeasonPage", PAGE_OF("{\"type\":\"object\",\"properties\":{" SEASON_MEMBERS "}}", "") },
    { "Result",
      "{\"allOf\":[" REF("Card") ",{\"type\":\"object\",\"properties\":{\"score\":" NUMBER
                                 ",\"match\":{\"type\":\"object\",\"properties\":{\"field\":" TEXT
                                 ",\"how\":{\"type\":\"string\","
                                 "\"enum\":[\"exact\",\"prefix\",\"words\",\"fuzzy\",\"id\"]},"
                                 "\"text\":" TEXT "}}"
                                 ",\"found_by\":" LIST_OF(TEXT) "}}]}" },
    { "Source", "{\"type\":\"object\",\"required\":[\"provider\",\"status\"],\"properties\":{"
                "\"provider\":" TEXT ",\"status\":{\"type\":\"string\",\"enum\":[\"ok\","
                "\"cached\",\"stale\",\"timeout\","
                "\"rate_limited\",\"circuit_open\",\"error\",\"unsupported\"]},\"ms\":" INTEGER
                ",\"count\":" INTEGER ",\"age_s\":" INTEGER ",\"retry_after_s\":" INTEGER
                ",\"detail\":" TEXT_OR_NULL "}}" },
    { "SearchPage", PAGE_OF(REF("Result"), ",\"facets\":" OBJECT ",\"complete\":" BOOLEAN
                                           ",\"sources\":" LIST_OF(REF("Source"))) },
    { "Release", "{\"type\":\"object\",\"required\":[\"infohash\",\"item\",\"name\",\"magnet\","
                 "\"availability\",\"score\"],\"properties\":{" RELEASE_MEMBERS "}}" },
    { "ReleasePage", PAGE_OF(REF("Release"), "") },
    { "ItemReleasePage",
      PAGE_OF(REF("Release"), ",\"complete\":" BOOLEAN ",\"sources\":" LIST_OF(REF("Source"))) },
    { "SyncRequest",
      "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"mode\":{"
      "\"type\":\"string\",\"enum\":[\"incremental\",\"full\"]},\"providers\":{"
      "\"type\":\"array\","
      "\"minItems\":1,\"maxItems\":32,\"items\":" TEXT "}}}" },
    { "ListItem",
      "{\"type\":\"object\",\"required\":[\"kind\",\"id\",\"position\"],\"properties\":"
      "{" CARD_MEMBERS ",\"position\":" INTEGER ",\"added_at\":" TIME ",\"note\":" TEXT "}}" },
    { "ListItemPage", PAGE_OF(REF("ListItem"), ",\"facets\":" OBJECT) },
    { "List",
      "{\"type\":\"object\",\"required\":[\"id\",\"name\",\"kind\",\"visibility\",\"item_count\"],"
      "\"properties\":{\"id\":" INTEGER ",\"name\":" TEXT ",\"description\":" TEXT
      ",\"author\":" TEXT ",\"language\":" TEXT ",\"poster\":" TEXT
      ",\"kind\":{\"type\":\"string\",\"enum\":[\"manual\",\"smart\",\"synced\"]}"
      ",\"visibility\":{\"type\":\"string\",\"enum\":[\"private\",\"shared\",\"public\"]}"
      ",\"owner\":" TEXT_OR_NULL
      ",\"source\":{\"type\":\"object\",\"properties\":{\"provider\":" TEXT ",\"id\":" TEXT
      ",\"state\":{\"type\":\"string\",\"enum\":[\"ok\",\"waiting\",\"missing\",\"gone\"]}"
      ",\"checked_at\":" TIME ",\"missing_since\":" TIME "}},\"item_count\":" INTEGER
      ",\"revision\":" INTEGER ",\"created_at\":" TIME ",\"updated_at\":" TIME "}}" },
    { "ListPage", PAGE_OF(REF("List"), "") },
    { "Job", "{\"type\":\"object\",\"required\":[\"id\",\"kind\",\"state\"],\"properties\":{"
             "\"id\":" INTEGER ",\"kind\":" TEXT ",\"scope\":" TEXT
             ",\"mode\":{\"type\":\"string\",\"enum\":[\"incremental\",\"full\"]}"
             ",\"providers\":" LIST_OF(
                 TEXT) ",\"state\":{\"type\":\"string\",\"enum\":[\"queued\","
                       "\"running\",\"done\",\"failed\",\"canceled\",\"interrupted\"]},"
                       "\"phase\":" TEXT_OR_NULL ",\"done\":" INTEGER ",\"total\":" INTEGER_OR_NULL
                       ",\"rate_per_s\":" NUMBER ",\"errors\":" INTEGER ",\"last_errors\":" LIST_OF(
                           TEXT) ",\"started_at\":" TIME_OR_NULL ",\"finished_at\":" TIME_OR_NULL
                                 ",\"detail\":" TEXT_OR_NULL "}}" },
    { "JobPage", PAGE_OF(REF("Job"), "") },
    { "TorrentRequest",
      "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"magnet\"],"
      "\"properties\":{\"magnet\":" TEXT "}}" },
    { "TorrentFile", "{" TORRENT_FILE "}}" },
    { "TorrentFileState",
      "{" TORRENT_FILE ",\"infohash\":" TEXT ",\"player\":" TEXT
      ",\"state\":{\"enum\":[\"idle\",\"buffering\",\"ready\"]},\"ready\":" BOOLEAN_OR_NULL
      ",\"eta_s\":" NUMBER_OR_NULL ",\"have\":" INTEGER_OR_NULL ",\"rate\":" INTEGER_OR_NULL
      ",\"peers\":" INTEGER_OR_NULL ",\"seeds\":" INTEGER_OR_NULL ",\"readers\":" INTEGER
      ",\"buffered\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"object\","
      "\"properties\":{\"first\":" INTEGER ",\"last\":" INTEGER "}}}}}" },
    { "PrepareRequest",
      "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"file\":" INTEGER
      ",\"season\":" INTEGER ",\"episode\":" INTEGER "}}" },
    { "Media", "{\"type\":\"object\",\"required\":[\"container\",\"tracks\"],\"properties\":{"
               "\"container\":" TEXT ",\"duration_s\":" NUMBER ",\"bit_rate\":" INTEGER
               ",\"tracks\":" LIST_OF(
                   "{\"type\":\"object\",\"required\":[\"kind\"],\"properties\":{"
                   "\"kind\":" TEXT ",\"codec\":" TEXT ",\"language\":" TEXT ",\"title\":" TEXT
                   ",\"default\":" BOOLEAN ",\"forced\":" BOOLEAN ",\"width\":" INTEGER
                   ",\"height\":" INTEGER ",\"frame_rate\":" NUMBER ",\"bit_depth\":" INTEGER
                   ",\"channels\":" INTEGER ",\"sample_rate\":" INTEGER "}}") "}}" },
    { "Torrent", "{" TORRENT_HEAD
                 ",\"trackers\":" LIST_OF(TEXT) ",\"best\":" INTEGER_OR_NULL
                                                ",\"files\":" LIST_OF(REF("TorrentFile")) "}}" },
    { "TorrentPage", PAGE_OF("{" TORRENT_HEAD ",\"n_files\":" INTEGER "}}", "") },
    { "Provider", "{\"type\":\"object\",\"required\":[\"name\",\"state\"],\"properties\":{"
                  "\"name\":" TEXT ",\"version\":" TEXT_OR_NULL ",\"summary\":" TEXT_OR_NULL
                  ",\"state\":{\"type\":\"string\","
                  "\"enum\":[\"active\",\"degraded\",\"disabled\",\"quarantined\"]},"
                  "\"reason\":" TEXT_OR_NULL ",\"file\":" TEXT_OR_NULL ",\"can\":" LIST_OF(
                      TEXT) ",\"calls\":" INTEGER ",\"failures\":" INTEGER ",\"documents\":" INTEGER
                            ",\"refused\":" INTEGER ",\"timeouts\":" INTEGER ",\"deaths\":" INTEGER
                            ",\"running\":" INTEGER LAST ",\"upstream\":" UPSTREAM "}}" },
    { "Providers",
      "{\"type\":\"object\",\"properties\":{\"results\":" LIST_OF(REF("Provider")) "}}" },
    { "ProviderChange",
      "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"enabled\"],"
      "\"properties\":{\"enabled\":" BOOLEAN "}}" },
    { "Health", "{\"type\":\"object\",\"properties\":{\"status\":{\"type\":\"string\","
                "\"enum\":[\"ok\",\"stopping\"]}}}" },
    { "Status",
      "{\"type\":\"object\",\"properties\":{\"name\":" TEXT ",\"version\":" TEXT
      ",\"started_at\":" TIME ",\"uptime_s\":" INTEGER ",\"store\":" OBJECT ",\"index\":" OBJECT
      ",\"cache\":" OBJECT ",\"queue\":" OBJECT ",\"http\":" OBJECT ",\"providers\":" OBJECT "}}" },
    { "Changes", "{\"type\":\"object\",\"properties\":{\"since\":" INTEGER ",\"next\":" INTEGER
                 ",\"more\":" BOOLEAN ",\"results\":" LIST_OF(
                     "{\"type\":\"object\",\"properties\":{\"revision\":" INTEGER ",\"id\":" INTEGER
                     ",\"kind\":" TEXT ",\"what\":" TEXT ",\"at\":" TIME ",\"merged_into\":" INTEGER
                     "}}") "}}" },
    { "Token",
      "{\"type\":\"object\",\"properties\":{\"id\":" INTEGER ",\"label\":" TEXT
      ",\"scopes\":" LIST_OF(TEXT) ",\"created_at\":" TIME ",\"expires_at\":" TIME_OR_NULL "}}" },
    { "Tokens", "{\"type\":\"object\",\"properties\":{\"results\":" LIST_OF(REF("Token")) "}}" },
    { "BackupRequest",
      "{\"type\":\"object\",\"required\":[\"folder\"],\"additionalProperties\":false,"
      "\"properties\":{\"folder\":{\"type\":\"string\"}}}" },
    { "TokenRequest", "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                      "\"label\":" TEXT ",\"scopes\":" LIST_OF(TEXT) ",\"expires_at\":" TIME "}}" },
    { "NewToken", "{\"allOf\":[" REF("Token") ",{\"type\":\"object\",\"required\":[\"token\"],"
                                              "\"properties\":{\"token\":" TEXT "}}]}" },
    { "Locks",
      "{\"type\":\"object\",\"required\":[\"locks\"],\"properties\":{\"locks\":" OBJECT "}}" },
    { "LocksChange", "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                     "\"locks\":" OBJECT ",\"keep\":" LIST_OF(TEXT) "}}" },
    { "Me", "{\"type\":\"object\",\"properties\":{\"user\":" TEXT ",\"token\":" REF("Token") "}}" },
};

const size_t openapi_n_schemas = ARRAY_LEN(openapi_schemas);
