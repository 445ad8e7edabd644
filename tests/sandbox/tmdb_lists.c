/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "emit.h"
#include "filter.h"
#include "tmdb.h"

enum { PER_PAGE = 20, LIST_MAX_AGE = 21600 };
enum { DAY_MS = 24 * 3600 * 1000 };

/* TMDB's popular list has no end and its order drifts between calls; this one stands still, so
 * that a test can say what is on which page. */
static void answer_list(struct tmdb_call *call, struct filter *filter, const char *sort_by,
                        const char *media_type, const char *const *dates, int max_age)
{
    int64_t ids[PER_PAGE];
    int64_t total;
    bool known;

    catalog_order order = filter_order(sort_by, &known);
    size_t n = catalog_list(call->catalog, filter ? filter_passes : NULL, filter, order,
                            (size_t)(call->page - 1) * PER_PAGE, PER_PAGE, ids, &total);
    tmdb_page(call, ids, n, total, media_type, dates, max_age);
}

static void answer_popular(struct tmdb_call *call)
{
    answer_list(call, NULL, NULL, NULL, NULL, LIST_MAX_AGE);
}

static void answer_top_rated(struct tmdb_call *call)
{
    struct filter filter;
    filter_read(&filter, call->request);
    filter.count_from = 50;
    answer_list(call, &filter, "vote_average.desc", NULL, NULL, LIST_MAX_AGE);
}

static int32_t number_of(const char *date)
{
    char digits[9];
    int64_t number = 0;

    snprintf(digits, sizeof(digits), "%.4s%.2s%.2s", date, date + 5, date + 8);
    text_to_int(digits, 0, 99999999, &number);
    return (int32_t)number;
}

/* The films of the sandbox are old or dated at random, so the windows are wider than TMDB's weeks.
 */
static void answer_window(struct tmdb_call *call, int64_t from_days, int64_t until_days,
                          int max_age)
{
    char minimum[CLOCK_TEXT_LEN], maximum[CLOCK_TEXT_LEN];
    const char *const dates[] = {
        clock_format_date(clock_wall_ms() + from_days * DAY_MS, minimum),
        clock_format_date(clock_wall_ms() + until_days * DAY_MS, maximum),
    };
    struct filter filter;

    filter_read(&filter, call->request);
    filter.date_from = number_of(minimum);
    filter.date_until = number_of(maximum);
    answer_list(call, &filter, NULL, NULL, dates, max_age);
}

static void answer_now_playing(struct tmdb_call *call)
{
    answer_window(call, -400, 0, LIST_MAX_AGE);
}

/* Upcoming comes without Cache-Control. */
static void answer_upcoming(struct tmdb_call *call)
{
    answer_window(call, -7, 800, -1);
}

static void answer_trending(struct tmdb_call *call)
{
    answer_list(call, NULL, NULL, "movie", NULL, LIST_MAX_AGE);
}

/* There are no TV shows and no persons here yet: empty pages. */
static void answer_nothing(struct tmdb_call *call)
{
    tmdb_page(call, NULL, 0, 0, NULL, NULL, LIST_MAX_AGE);
}

bool tmdb_lists(struct tmdb_call *call)
{
    static const struct {
        const char *path;
        void (*answer)(struct tmdb_call *call);
    } routes[] = {
        { "/3/movie/popular", answer_popular },
        { "/3/movie/top_rated", answer_top_rated },
        { "/3/movie/now_playing", answer_now_playing },
        { "/3/movie/upcoming", answer_upcoming },
        { "/3/trending/all/day", answer_trending },
        { "/3/trending/all/week", answer_trending },
        { "/3/trending/movie/day", answer_trending },
        { "/3/trending/movie/week", answer_trending },
        { "/3/trending/tv/day", answer_nothing },
        { "/3/trending/tv/week", answer_nothing },
        { "/3/trending/person/day", answer_nothing },
        { "/3/trending/person/week", answer_nothing },
    };

    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (strcmp(routes[i].path, call->request->path) == 0) {
            routes[i].answer(call);
            return true;
        }
    }
    return false;
}
