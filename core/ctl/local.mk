# SPDX-License-Identifier: MIT
# miauflixctl, the operator's tool: all but its main() as a library, for its tests.
noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = %D%/ctl.h \
	%D%/arguments.c %D%/arguments.h \
	%D%/backup.c \
	%D%/client.c \
	%D%/commands.c \
	%D%/follow.c %D%/follow.h \
	%D%/human.c %D%/human.h \
	%D%/output.c \
	%D%/plugin.c \
	%D%/providers.c \
	%D%/search.c \
	%D%/status.c \
	%D%/stopped.c %D%/stopped.h \
	%D%/table.c %D%/table.h \
	%D%/token.c \
	%D%/work.c
bin_PROGRAMS += miauflixctl
miauflixctl_SOURCES = %D%/main.c
miauflixctl_LDADD = libctl.a libmiauflixd.a $(PARTS_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_ctl_arguments tests/unit/test_ctl_output
endif
tests_unit_test_ctl_arguments_LDADD = libctl.a $(LDADD)
tests_unit_test_ctl_output_LDADD = libctl.a $(LDADD)
