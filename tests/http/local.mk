# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += tests/http/test_server
tests_http_test_server_SOURCES = %D%/test_server.c %D%/raw.c %D%/raw.h
endif
