# SPDX-License-Identifier: MIT
# miauflixctl, the operator's tool.
bin_PROGRAMS += miauflixctl
miauflixctl_SOURCES = %D%/main.c %D%/ctl.h \
	%D%/arguments.c \
	%D%/backup.c \
	%D%/client.c \
	%D%/online.c \
	%D%/output.c \
	%D%/plugin.c \
	%D%/stopped.c %D%/stopped.h \
	%D%/token.c \
	%D%/work.c
miauflixctl_LDADD = libmiauflixd.a $(PARTS_LIBS)
