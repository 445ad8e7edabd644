EXTRA_DIST += %D%/media-document.md
