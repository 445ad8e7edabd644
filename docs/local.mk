# SPDX-License-Identifier: MIT
EXTRA_DIST += %D%/media-document.md
dist_man_MANS += %D%/man/miauflixd.8 %D%/man/miauflix.conf.5
EXTRA_DIST += %D%/architecture.md %D%/operating.md
