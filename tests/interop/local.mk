# Clients and a browser that nobody here wrote; each test is skipped where its program is missing.
EXTRA_DIST += %D%/lib.sh %D%/browser.html %D%/webtorrent.mjs
dist_check_SCRIPTS += %D%/aria2.sh %D%/browser.sh %D%/qbittorrent.sh %D%/transmission.sh %D%/webtorrent.sh
