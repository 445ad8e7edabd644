# The host that drives a plugin's real module in tests.
if HAVE_CMOCKA
check_LIBRARIES += %D%/libfakehost.a
endif
%C%_libfakehost_a_SOURCES = %D%/fake_host.c %D%/fake_host.h %D%/fake_host_private.h %D%/fake_http.c %D%/fake_services.c
include tests/plugins/faults/local.mk
