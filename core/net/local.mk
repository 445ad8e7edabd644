libmiauflixd_a_SOURCES += \
	%D%/circuit.c %D%/circuit.h \
	%D%/engine.c %D%/engine.h \
	%D%/flight.c %D%/flight.h \
	%D%/flight_judge.c \
	%D%/flight_lead.c \
	%D%/fresh.c %D%/fresh.h \
	%D%/gate.c %D%/gate.h \
	%D%/guard.c %D%/guard.h \
	%D%/mirrors.c %D%/mirrors.h \
	%D%/net.c %D%/net.h \
	%D%/pace.c %D%/pace.h \
	%D%/response.c %D%/response.h \
	%D%/retry.c %D%/retry.h \
	%D%/target.c %D%/target.h \
	%D%/transfer.c %D%/transfer.h \
	%D%/upstream.c %D%/upstream.h

if HAVE_CMOCKA
NET_WORLD = tests/net_world.c tests/net_world.h tests/fake_upstream.c tests/fake_upstream.h
check_PROGRAMS += tests/unit/test_net_cache tests/unit/test_net_fetch tests/unit/test_net_flight \
	tests/unit/test_net_http2 tests/unit/test_net_parts tests/unit/test_net_tls
TLS_PEER = tests/tls_peer.c tests/tls_peer.h
tests_unit_test_net_cache_SOURCES = tests/unit/test_net_cache.c $(NET_WORLD)
tests_unit_test_net_fetch_SOURCES = tests/unit/test_net_fetch.c tests/unit/test_net_fetch_waits.c \
	tests/unit/test_net_fetch_ways.c tests/unit/net_fetch_test.h $(NET_WORLD)
tests_unit_test_net_flight_SOURCES = tests/unit/test_net_flight.c $(NET_WORLD)
tests_unit_test_net_tls_SOURCES = tests/unit/test_net_tls.c $(NET_WORLD) $(TLS_PEER)
tests_unit_test_net_http2_SOURCES = tests/unit/test_net_http2.c tests/net_world.h $(TLS_PEER)
endif
