/* SPDX-License-Identifier: MIT */
#include "media/rank.h"

#include <math.h>

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

/* A release a year off is common: festival, country. */
static double judge_year(int distance)
{
    if (distance == RANK_YEAR_NOT_ASKED)
        return 0;
    if (distance == RANK_YEAR_UNKNOWN || distance > 5)
        return -0.5;
    return distance <= 1 ? 1.0 - distance * 0.2 : 0.5 - distance * 0.1;
}

void rank_score(const struct rank_input *input, const struct rank_weights *weights,
                struct rank_result *out)
{
    double coverage =
        input->n_title_words ? (double)input->n_query_words / input->n_title_words : 0;
    *out =
        (struct rank_result){ .addends = {
                                  [RANK_MATCH] =
                                      input->how < RANK_ID ? weights->how[input->how] : 1000,
                                  [RANK_FIELD] = input->main_title ? weights->main_title : 0,
                                  [RANK_COVERAGE] = weights->coverage * MIN(coverage, 1.0),
                                  [RANK_MISTAKES] = weights->mistake * input->distance,
                                  [RANK_POPULARITY] =
                                      weights->popularity * log1p(fmax(input->popularity, 0)),
                                  [RANK_VOTES] = weights->votes * log1p(MAX(input->votes, 0)),
                                  [RANK_YEAR] = weights->year * judge_year(input->year_distance),
                                  [RANK_AVAILABILITY] = input->available ? weights->available : 0,
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
