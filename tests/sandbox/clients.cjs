// SPDX-License-Identifier: MIT
// What the two clients ask of the sandbox, as TAP.
'use strict';
const assert = require('node:assert/strict');
const { MovieDb } = require('moviedb-promise');
const { TMDB } = require('tmdb-ts');

const base = process.argv[2];
const key = '0123456789abcdef0123456789abcdef';
const promise = new MovieDb(key, `${base}/3/`);
// tmdb-ts has the host built in, but takes a fetch of one's own.  Nothing leaves this machine: a URL
// of any other host is refused.
const real = globalThis.fetch;
globalThis.fetch = (url) => Promise.reject(new Error(`not for the sandbox: ${url}`));
const ts = new TMDB(key, {
  fetch: (url, options) => {
    const ours = String(url).replace('https://api.themoviedb.org/', `${base}/`);
    return ours.startsWith(`${base}/`) ? real(ours, options) : globalThis.fetch(ours);
  },
});

const cases = {
  async 'moviedb-promise reads a movie'() {
    const movie = await promise.movieInfo({ id: 45745, append_to_response: 'credits,images,videos' });
    assert.equal(movie.title, 'Sintel');
    assert.equal(movie.imdb_id, 'tt1727587');
    assert.equal(movie.credits.cast[0].name, 'Halina Reijn');
    assert.ok(movie.images.posters.length > 2);
    assert.equal(movie.videos.results.length, 1);
  },
  async 'moviedb-promise reads every part of a movie'() {
    const id = 19;
    assert.ok((await promise.movieCredits({ id })).cast.length >= 4);
    assert.ok((await promise.movieImages({ id })).posters.length >= 5);
    assert.ok((await promise.movieTranslations({ id })).translations.length >= 5);
    assert.equal((await promise.movieExternalIds({ id })).imdb_id, 'tt0017136');
    assert.ok((await promise.movieKeywords({ id })).keywords.length >= 3);
    assert.ok((await promise.movieReleaseDates({ id })).results.length >= 2);
    assert.ok((await promise.movieAlternativeTitles({ id })).titles);
    assert.ok((await promise.movieRecommendations({ id })).results.length > 5);
    assert.ok((await promise.movieSimilar({ id })).results.length > 5);
  },
  async 'moviedb-promise searches, discovers and finds'() {
    const found = await promise.searchMovie({ query: 'häxan' });
    assert.equal(found.results[0].id, 57283);
    const multi = await promise.searchMulti({ query: 'charade' });
    assert.equal(multi.results[0].media_type, 'movie');
    const western = await promise.discoverMovie({ with_genres: '37', sort_by: 'vote_average.desc' });
    assert.ok(western.results.every((row) => row.genre_ids.includes(37)));
    const byImdb = await promise.find({ id: 'tt0063350', external_source: 'imdb_id' });
    assert.equal(byImdb.movie_results[0].id, 10331);
  },
  async 'moviedb-promise reads the lists'() {
    for (const method of ['moviePopular', 'movieTopRated', 'movieNowPlaying', 'upcomingMovies']) {
      const page = await promise[method]({ page: 1 });
      assert.ok(Array.isArray(page.results), method);
      assert.equal(page.page, 1);
    }
    const week = await promise.trending({ media_type: 'movie', time_window: 'week' });
    assert.equal(week.results.length, 20);
    assert.equal((await promise.genreMovieList()).genres.length, 19);
    assert.ok((await promise.configuration()).images.secure_base_url.startsWith('https://'));
    assert.ok((await promise.languages()).length > 20);
    assert.ok((await promise.countries()).length > 20);
    assert.ok((await promise.changedMovies()).results);
  },
  async 'moviedb-promise sees a wrong id as 404'() {
    await assert.rejects(promise.movieInfo({ id: 999999999 }), (error) => error.response.status === 404);
  },
  async 'moviedb-promise sees a wrong key as 401'() {
    const wrong = new MovieDb('f'.repeat(32), `${base}/3/`);
    await assert.rejects(wrong.movieInfo({ id: 19 }), (error) => error.response.status === 401);
  },
  async 'tmdb-ts reads a movie with parts'() {
    const movie = await ts.movies.details(643, ['credits', 'images', 'translations', 'external_ids'], 'de-DE');
    assert.equal(movie.title, 'Panzerkreuzer Potemkin');
    assert.equal(movie.original_title, 'Броненосец Потёмкин');
    assert.ok(movie.translations.translations.some((one) => one.data.title === ''));
    assert.equal(movie.external_ids.imdb_id, 'tt0015648');
    assert.ok(movie.credits.crew.some((one) => one.job === 'Director'));
  },
  async 'tmdb-ts reads lists, changes and the configuration'() {
    assert.equal((await ts.movies.popular({ page: 2 })).page, 2);
    assert.ok((await ts.movies.upcoming()).dates.maximum);
    assert.ok((await ts.movies.latest()).id > 0);
    assert.ok((await ts.movies.changes(45745)).changes);
    assert.ok((await ts.changes.movies()).results.length > 0);
    assert.ok((await ts.configuration.getApiConfiguration()).images.poster_sizes.includes('w500'));
    assert.equal((await ts.genres.movies()).genres.length, 19);
    assert.equal((await ts.trending.trending('movie', 'day')).results.length, 20);
  },
  async 'tmdb-ts searches, discovers and finds'() {
    assert.equal((await ts.search.movies({ query: 'nosferatu' })).results[0].id, 653);
    assert.ok((await ts.discover.movie({ with_genres: '27' })).total_results > 5);
    assert.equal((await ts.find.byExternalId('tt0056923', { external_source: 'imdb_id' })).movie_results[0].id, 4808);
  },
  async 'moviedb-promise reads a show with seasons'() {
    const show = await promise.tvInfo({ id: 900001101, append_to_response: 'external_ids,season/0,season/1,season/9' });
    assert.equal(show.name, 'Lighthouse Nine');
    assert.equal(show.number_of_seasons, 2);
    assert.equal(show.external_ids.tvdb_id, 9020010);
    assert.equal(show['season/0'].name, 'Specials');
    assert.equal(show['season/1'].episodes.length, 5);
    assert.equal(show['season/9'], undefined);
  },
  async 'moviedb-promise reads every part of a show'() {
    const id = 900001101;
    assert.ok((await promise.tvCredits({ id })).cast.length >= 4);
    assert.ok((await promise.tvAggregateCredits({ id })).cast[0].roles.length >= 1);
    assert.ok((await promise.tvImages({ id })).posters.length >= 5);
    assert.ok((await promise.tvTranslations({ id })).translations.length >= 5);
    assert.equal((await promise.tvExternalIds({ id })).imdb_id, 'tt8900001101');
    assert.ok((await promise.tvKeywords({ id })).results.length >= 3);
    assert.ok((await promise.tvContentRatings({ id })).results.length >= 3);
    assert.ok((await promise.tvAlternativeTitles({ id })).results.length >= 2);
    assert.ok((await promise.tvRecommendations({ id })).results.length > 2);
    assert.ok((await promise.tvSimilar({ id })).results.length > 2);
    assert.equal((await promise.tvVideos({ id })).results.length, 1);
    assert.equal((await promise.episodeGroups({ id })).results.length, 0);
  },
  async 'moviedb-promise reads seasons and episodes'() {
    const season = await promise.seasonInfo({ id: 900001101, season_number: 2 });
    assert.equal(season.episodes[2].name, 'Foghorn');
    const at = { id: 900001106, season_number: 1, episode_number: 0 };
    assert.equal((await promise.episodeInfo(at)).name, 'Pilot: Dead Air');
    assert.ok('imdb_id' in (await promise.episodeExternalIds(at)));
    assert.ok((await promise.episodeCredits(at)).guest_stars);
    assert.ok((await promise.episodeImages(at)).stills);
  },
  async 'moviedb-promise reads the lists of shows'() {
    for (const method of ['tvPopular', 'tvTopRated', 'tvOnTheAir', 'tvAiringToday']) {
      const page = await promise[method]({ page: 1 });
      assert.ok(Array.isArray(page.results), method);
    }
    const week = await promise.trending({ media_type: 'tv', time_window: 'week' });
    assert.equal(week.results[0].media_type, 'tv');
    assert.equal((await promise.genreTvList()).genres.length, 16);
    assert.ok((await promise.changedTvs()).results);
    assert.equal((await promise.listInfo({ id: 9001 })).items[2].media_type, 'tv');
  },
  async 'moviedb-promise searches, discovers and finds shows'() {
    assert.equal((await promise.searchTv({ query: 'lighthouse nine' })).results[0].id, 900001101);
    assert.ok((await promise.discoverTv({ with_type: '2' })).total_results > 0);
    const byNumber = await promise.find({ id: 9020012, external_source: 'tvdb_id' });
    assert.equal(byNumber.tv_season_results[0].show_id, 900001101);
    assert.equal(byNumber.tv_episode_results[0].show_id, 900001115);
  },
  async 'tmdb-ts reads a show with parts'() {
    const show = await ts.tvShows.details(900001108, ['credits', 'images', 'translations', 'external_ids'], 'de-DE');
    assert.equal(show.name, 'Die Abendschule der Wolken');
    assert.equal(show.original_name, '雲の夜間学校');
    assert.ok(show.translations.translations.some((one) => one.data.name === ''));
  },
  async 'tmdb-ts reads seasons, episodes and lists of shows'() {
    const season = await ts.tvSeasons.details({ tvShowID: 900001102, seasonNumber: 4 });
    assert.equal(season.episodes.length, 4);
    const episode = await ts.tvEpisode.details({ tvShowID: 900001102, seasonNumber: 4, episodeNumber: 3 });
    assert.equal(episode.name, 'The Box');
    assert.equal((await ts.tvShows.popular({ page: 2 })).page, 2);
    assert.ok((await ts.tvShows.onTheAir()).results.length > 0);
    assert.ok((await ts.tvShows.latest()).id > 0);
    assert.ok((await ts.changes.tvShows()).results);
    assert.equal((await ts.genres.tvShows()).genres.length, 16);
    assert.equal((await ts.search.tvShows({ query: 'abendfähre' })).results[0].id, 900001104);
    assert.ok((await ts.discover.tvShow({ with_genres: '18' })).total_results > 5);
    assert.equal((await ts.find.byExternalId('tt8900001104', { external_source: 'imdb_id' })).tv_results[0].id, 900001104);
  },
  async 'tmdb-ts is told what was wrong'() {
    await assert.rejects(ts.movies.details(999999999), (error) => error.status_code === 34);
    await assert.rejects(ts.movies.popular({ page: 501 }), (error) => error.status_code === 22);
  },
};

(async () => {
  const names = Object.keys(cases);
  let failed = 0;
  console.log(`1..${names.length}`);
  for (const [i, name] of names.entries()) {
    try {
      await cases[name]();
      console.log(`ok ${i + 1} - ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${i + 1} - ${name}`);
      console.log(`# ${String(error.stack).replace(/\n/g, '\n# ')}`);
    }
  }
  process.exit(failed ? 1 : 0);
})();
