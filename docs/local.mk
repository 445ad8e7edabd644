# SPDX-License-Identifier: MIT
EXTRA_DIST += %D%/media-document.md %D%/plugins.md
EXTRA_DIST += %D%/architecture.md %D%/operating.md \
	%D%/decisions/0001-own-names-for-helpers.md \
	%D%/decisions/0002-what-the-provider-abi-carries.md \
	%D%/decisions/0003-one-table-for-the-configuration.md \
	%D%/decisions/0004-who-may-include-whom.md \
	%D%/decisions/0005-analysis-that-does-not-guess.md
dist_man_MANS += %D%/man/miauflixd.8 %D%/man/miauflix.conf.5
EXTRA_DIST += %D%/providers/tmdb.md
EXTRA_DIST += %D%/api.md
