bin_PROGRAMS += miauflixd
miauflixd_SOURCES = %D%/main.c \
	%D%/daemon.c %D%/daemon.h \
	%D%/notify.c %D%/notify.h \
	%D%/provider_memory.c %D%/provider_memory.h
miauflixd_LDADD = libmiauflixd.a $(PARTS_LIBS)

libmiauflixd_a_SOURCES += \
	%D%/command_line.c %D%/command_line.h \
	%D%/control.c %D%/control.h \
	%D%/provider_setup.c %D%/provider_setup.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_command_line tests/unit/test_provider_setup
endif
