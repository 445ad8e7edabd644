bin_PROGRAMS += miauflixd
miauflixd_SOURCES = %D%/main.c \
	%D%/daemon.c %D%/daemon.h \
	%D%/notify.c %D%/notify.h \
	%D%/provider_memory.c %D%/provider_memory.h
miauflixd_LDADD = libmiauflixd.a $(PARTS_LIBS)

# The configuration: one table, and those who read it.
libmiauflixd_a_SOURCES += \
	%D%/command_line.c %D%/command_line.h \
	%D%/conf.c %D%/conf.h \
	%D%/conf_file.c %D%/conf_file.h \
	%D%/conf_held.h \
	%D%/conf_main.c \
	%D%/conf_print.c \
	%D%/conf_providers.c \
	%D%/conf_scan.c \
	%D%/conf_table.c %D%/conf_table.h \
	%D%/conf_value.c \
	%D%/control.c %D%/control.h


if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_conf tests/unit/test_command_line
endif
