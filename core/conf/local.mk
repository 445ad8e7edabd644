# The configuration: one table, and those who read it.
libmiauflixd_a_SOURCES += \
	%D%/conf.c %D%/conf.h \
	%D%/conf_file.c %D%/conf_file.h \
	%D%/conf_held.h \
	%D%/conf_main.c \
	%D%/conf_orders.c \
	%D%/conf_print.c \
	%D%/conf_providers.c \
	%D%/conf_scan.c \
	%D%/conf_table.c %D%/conf_table.h \
	%D%/conf_value.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_conf
tests_unit_test_conf_SOURCES = tests/unit/test_conf.c tests/unit/test_conf_file.c \
	tests/unit/test_conf_print.c tests/unit/test_conf_providers.c tests/unit/test_conf_sources.c \
	tests/unit/conf_place.h
endif
