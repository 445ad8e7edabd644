# SPDX-License-Identifier: MIT
EXTRA_DIST += %D%/media-document.md %D%/release-names.md %D%/plugins.md
EXTRA_DIST += %D%/architecture.md %D%/operating.md \
	%D%/decisions/0001-own-names-for-helpers.md \
	%D%/decisions/0002-what-the-provider-abi-carries.md \
	%D%/decisions/0003-one-table-for-the-configuration.md \
	%D%/decisions/0004-who-may-include-whom.md \
	%D%/decisions/0005-analysis-that-does-not-guess.md \
	%D%/decisions/0006-an-item-is-derived-and-its-bytes-are-ready.md \
	%D%/decisions/0007-one-change-row-per-item.md \
	%D%/decisions/0008-how-the-operators-tool-finds-the-daemon.md \
	%D%/decisions/0009-a-death-counts-only-when-a-plugin-crashed.md \
	%D%/decisions/0010-log-files-of-16-mib.md \
	%D%/decisions/0011-the-index-came-with-the-house.md \
	%D%/decisions/0012-title-and-year-are-no-identity.md \
	%D%/decisions/0013-a-day-s-changes-are-fetched-twice.md \
	%D%/decisions/0014-heads-of-records.md \
	%D%/decisions/0016-lists-live-among-the-items.md \
	%D%/decisions/0017-usual-json-is-read-by-a-quick-reader.md \
	%D%/decisions/0018-locks-are-a-record.md \
	%D%/decisions/0019-tickets-for-players.md \
	%D%/decisions/0020-popular-is-a-rank-first-and-a-measure-second.md \
	%D%/decisions/0021-a-torrent-file-is-judged-before-the-engine-sees-it.md \
	%D%/decisions/0022-a-page-is-written-twice.md \
	%D%/decisions/0023-a-reader-takes-its-generation-under-a-lock.md \
	%D%/decisions/0024-a-title-in-each-way-people-write-it.md \
	%D%/decisions/0025-what-providers-are-asked.md \
	%D%/decisions/0026-whole-is-what-a-fetch-that-succeeded-brought.md \
	%D%/decisions/0028-languages-are-the-catalogue-s.md \
	%D%/decisions/0030-magnets-are-asked-for-side-by-side.md \
	%D%/decisions/0015-what-is-popular-is-kept-and-made-ahead.md
dist_man_MANS += %D%/man/miauflixctl.1 %D%/man/miauflixd.8 %D%/man/miauflix.conf.5
EXTRA_DIST += %D%/providers/tmdb.md %D%/providers/webtorrent.md %D%/providers/yts.md
EXTRA_DIST += %D%/README.md %D%/api.md %D%/performance.md
