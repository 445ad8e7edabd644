/* SPDX-License-Identifier: MIT
 *
 * The parts of an invented film that only its detail shows: credits, translations, releases and so
 * on, in real-life numbers.  Any thread. */
#pragma once

#include "chance.h"
#include "film.h"

void invent_parts(struct film *film, struct chance *chance);
