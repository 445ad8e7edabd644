/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "emit.h"
#include "filter.h"
#include "tmdb.h"

enum { LIST_MAX_AGE = 21600, DAY_MS = 24 * 3600 * 1000 };

/* TMDB's popular list has no end and its order drifts between calls; this one stands still, so
 * that a test can say what is on which page. */
static void answer_list(struct tmdb_call *call, bool of_shows, bool typed)
{
    const struct tmdb_listing listing = { .of_shows = of_shows,
                                          .typed = typed,
                                          .max_age = LIST_MAX_AGE };
    tmdb_answer_listing(call, &listing);
}

static void answer_popular(struct tmdb_call *call)
{
    answer_list(call, false, false);
}

static void answer_popular_shows(struct tmdb_call *call)
{
    answer_list(call, true, false);
}

static void answer_best(struct tmdb_call *call, bool of_shows)
{
    struct filter filter;
    bool known;
    struct tmdb_listing listing = { .filter = &filter,
                                    .of_shows = of_shows,
                                    .max_age = LIST_MAX_AGE };

    filter_read(&filter, call->request, of_shows);
    filter.count_from = of_shows ? 10 : 50;
    listing.order = filter_order("vote_average.desc", &known);
    tmdb_answer_listing(call, &listing);
}

static void answer_top_rated(struct tmdb_call *call)
{
    answer_best(call, false);
}

static void answer_top_rated_shows(struct tmdb_call *call)
{
    answer_best(call, true);
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
    const struct tmdb_listing listing = { .filter = &filter, .dates = dates, .max_age = max_age };

    filter_read(&filter, call->request, false);
    filter.date_from = filter_date(minimum);
    filter.date_until = filter_date(maximum);
    tmdb_answer_listing(call, &listing);
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

/* Shows of which an episode airs within so many days, today among them. */
static void answer_airing(struct tmdb_call *call, int64_t days)
{
    char date[CLOCK_TEXT_LEN];
    struct filter filter;
    const struct tmdb_listing listing = { .filter = &filter,
                                          .of_shows = true,
                                          .max_age = LIST_MAX_AGE };

    filter_read(&filter, call->request, true);
    filter.air_from = filter_date(clock_format_date(clock_wall_ms(), date));
    filter.air_until = filter_date(clock_format_date(clock_wall_ms() + days * DAY_MS, date));
    tmdb_answer_listing(call, &listing);
}

static void answer_on_the_air(struct tmdb_call *call)
{
    answer_airing(call, 7);
}

static void answer_airing_today(struct tmdb_call *call)
{
    answer_airing(call, 0);
}

static void answer_trending(struct tmdb_call *call)
{
    answer_list(call, false, true);
}

static void answer_trending_shows(struct tmdb_call *call)
{
    answer_list(call, true, true);
}

static void answer_trending_all(struct tmdb_call *call)
{
    tmdb_answer_mixed(call, NULL, NULL, LIST_MAX_AGE);
}

/* There are no persons here: empty pages. */
static void answer_nothing(struct tmdb_call *call)
{
    const struct tmdb_page page = { .max_age = LIST_MAX_AGE };
    tmdb_page(call, &page);
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
        { "/3/tv/popular", answer_popular_shows },
        { "/3/tv/top_rated", answer_top_rated_shows },
        { "/3/tv/on_the_air", answer_on_the_air },
        { "/3/tv/airing_today", answer_airing_today },
        { "/3/trending/all/day", answer_trending_all },
        { "/3/trending/all/week", answer_trending_all },
        { "/3/trending/movie/day", answer_trending },
        { "/3/trending/movie/week", answer_trending },
        { "/3/trending/tv/day", answer_trending_shows },
        { "/3/trending/tv/week", answer_trending_shows },
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
