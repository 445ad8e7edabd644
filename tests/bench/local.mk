# SPDX-License-Identifier: MIT
EXTRA_PROGRAMS += %D%/bench_store
BENCHES += %D%/bench_store
BENCHES += %D%/bench_media
EXTRA_PROGRAMS += %D%/bench_media
BENCHES += %D%/bench_http
EXTRA_PROGRAMS += %D%/bench_http
%C%_bench_http_SOURCES = %D%/bench_http.c $(HOUSE)
