EXTRA_PROGRAMS += %D%/bench_store
BENCHES += %D%/bench_store
BENCHES += %D%/bench_media
EXTRA_PROGRAMS += %D%/bench_media
