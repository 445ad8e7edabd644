/* SPDX-License-Identifier: MIT */
#include "media/rank.h"

#include <math.h>
#include <string.h>

#include "base/cleanup.h"

/* Balanced so that among equally good matches fame decides, and that fame never lifts a mistyped or
 * partial match above an exact title that anybody has heard of. */
const struct rank_weights rank_default_weights = {
    .how = { [RANK_EXACT] = 14, [RANK_PREFIX] = 9, [RANK_WORDS] = 7, [RANK_FUZZY] = 4 },
    .main_title = 1.5,
    .coverage = 5,
    .mistake = -1.5,
    .popularity = 1.6,
    .votes = 0.5,
    .year = 6,
    .available = 0.5,
};

bool rank_same_weights(const struct rank_weights *a, const struct rank_weights *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* A release a year off is common: festival, country. */
static double judge_year(int distance)
{
    if (distance == RANK_YEAR_NOT_ASKED)
        return 0;
    if (distance == RANK_YEAR_UNKNOWN || distance > 5)
        return -0.5;
    return distance <= 1 ? 1.0 - distance * 0.2 : 0.5 - distance * 0.1;
}

/* In steps that sums keep exactly, so that a score is the same however it is put together. */
static double in_steps(double addend)
{
    return rint(addend * 4096) / 4096;
}

static double judge_popularity(double popularity, const struct rank_weights *weights)
{
    return in_steps(weights->popularity * log1p(fmax(popularity, 0)));
}

static double judge_votes(int32_t votes, const struct rank_weights *weights)
{
    return in_steps(weights->votes * log1p(MAX(votes, 0)));
}

static double judge_available(bool available, const struct rank_weights *weights)
{
    return available ? in_steps(weights->available) : 0;
}

double rank_fame(double popularity, int32_t votes, bool available,
                 const struct rank_weights *weights)
{
    return judge_popularity(popularity, weights) + judge_votes(votes, weights) +
           judge_available(available, weights);
}

static double judge_coverage(const struct rank_input *input, const struct rank_weights *weights)
{
    double coverage =
        input->n_title_words ? (double)input->n_query_words / input->n_title_words : 0;
    return in_steps(weights->coverage * MIN(coverage, 1.0));
}

static double judge_how(enum rank_how how, const struct rank_weights *weights)
{
    return how < RANK_ID ? in_steps(weights->how[how]) : 1000;
}

double rank_match(const struct rank_input *input, const struct rank_weights *weights)
{
    return judge_how(input->how, weights) +
           (input->main_title ? in_steps(weights->main_title) : 0) +
           judge_coverage(input, weights) + in_steps(weights->mistake * input->distance) +
           in_steps(weights->year * judge_year(input->year_distance));
}

void rank_score(const struct rank_input *input, const struct rank_weights *weights,
                struct rank_result *out)
{
    *out =
        (struct rank_result){ .addends = {
                                  [RANK_MATCH] = judge_how(input->how, weights),
                                  [RANK_FIELD] =
                                      input->main_title ? in_steps(weights->main_title) : 0,
                                  [RANK_COVERAGE] = judge_coverage(input, weights),
                                  [RANK_MISTAKES] = in_steps(weights->mistake * input->distance),
                                  [RANK_POPULARITY] = judge_popularity(input->popularity, weights),
                                  [RANK_VOTES] = judge_votes(input->votes, weights),
                                  [RANK_YEAR] =
                                      in_steps(weights->year * judge_year(input->year_distance)),
                                  [RANK_AVAILABILITY] = judge_available(input->available, weights),
                              } };
    for (unsigned i = 0; i < RANK_N_ADDENDS; i++)
        out->score += out->addends[i];
    out->score = fmax(out->score, 0);
}

const char *rank_addend_name(unsigned addend)
{
    static const char *const names[] = {
        [RANK_MATCH] = "match",
        [RANK_FIELD] = "field",
        [RANK_COVERAGE] = "coverage",
        [RANK_MISTAKES] = "mistakes",
        [RANK_POPULARITY] = "popularity",
        [RANK_VOTES] = "votes",
        [RANK_YEAR] = "year",
        [RANK_AVAILABILITY] = "availability",
    };
    return addend < ARRAY_LEN(names) ? names[addend] : NULL;
}
