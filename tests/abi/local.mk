# The public header against its frozen first release, and a plugin built from that.
noinst_HEADERS += %D%/provider-1.h
if HAVE_CMOCKA
check_LTLIBRARIES += %D%/abi_1.la %D%/liblayout_now.la %D%/liblayout_1.la
check_PROGRAMS += %D%/test_abi
endif
%C%_abi_1_la_CFLAGS = $(CFLAGS_PLUGIN) -std=c99 -pedantic
%C%_abi_1_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_liblayout_now_la_SOURCES = %D%/layout.c
%C%_liblayout_now_la_CFLAGS = $(AM_CFLAGS) -DLAYOUT_HEADER='<miauflix/provider.h>' -DLAYOUT_NAME=layout_now
%C%_liblayout_1_la_SOURCES = %D%/layout.c
%C%_liblayout_1_la_CFLAGS = $(AM_CFLAGS) -DLAYOUT_HEADER='"provider-1.h"' -DLAYOUT_NAME=layout_1
%C%_test_abi_SOURCES = %D%/test_abi.c $(STAGE)
%C%_test_abi_LDADD = %D%/liblayout_now.la %D%/liblayout_1.la $(LDADD)
