libmiauflixd_a_SOURCES += \
	%D%/arguments.c %D%/arguments.h \
	%D%/call.c %D%/call.h %D%/call_extension.c %D%/call_inside.h %D%/call_streams.c %D%/call_streams.h \
	%D%/check.c %D%/check.h %D%/check_upstream.c %D%/check_upstream.h \
	%D%/entry.c %D%/entry_use.c %D%/instance.h \
	%D%/host.c %D%/host_emit.c %D%/host_http.c %D%/host.h \
	%D%/judge.c %D%/judge.h \
	%D%/loader.c %D%/loader.h \
	%D%/marker.c %D%/marker.h \
	%D%/options.c %D%/options.h \
	%D%/pool.c %D%/pool.h \
	%D%/registry.c %D%/registry.h \
	%D%/settings.c %D%/settings.h \
	%D%/skeleton.c %D%/skeleton.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_call tests/unit/test_call_streams tests/unit/test_marker tests/unit/test_options tests/unit/test_registry
STAGE = tests/unit/provider_stage.c tests/unit/provider_stage.h
tests_unit_test_registry_SOURCES = tests/unit/test_registry.c $(STAGE)
tests_unit_test_call_SOURCES = tests/unit/test_call.c tests/threads.c tests/threads.h $(STAGE)
tests_unit_test_call_streams_SOURCES = tests/unit/test_call_streams.c $(STAGE)
tests_unit_test_marker_SOURCES = tests/unit/test_marker.c $(STAGE)
endif
