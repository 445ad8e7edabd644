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
endif
