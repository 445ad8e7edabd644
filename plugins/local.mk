# What the plugins share.  They see the public header and each other's common part, nothing of the core.
CPPFLAGS_PLUGIN = -D_GNU_SOURCE -I$(top_srcdir)/include -I$(top_srcdir)/plugins $(HARDEN_CPPFLAGS)
LIBS_PLUGIN_COMMON = %D%/common/libcommon.la

noinst_LTLIBRARIES += %D%/common/libcommon.la
%C%_common_libcommon_la_SOURCES = \
	%D%/common/day.c %D%/common/day.h \
	%D%/common/field.c %D%/common/field.h \
	%D%/common/host.c %D%/common/host.h \
	%D%/common/out.c %D%/common/out.h \
	core/base/quick.c core/base/quick.h
# base/quick is a file that both sides have.
%C%_common_libcommon_la_CPPFLAGS = $(CPPFLAGS_PLUGIN) -I$(top_srcdir)/core
%C%_common_libcommon_la_CFLAGS = $(CFLAGS_PLUGIN)
