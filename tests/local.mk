# Tests speak TAP: a C test is a cmocka program, a script prints its own lines.
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	MIAUFLIX_SRCDIR='$(abs_top_srcdir)'; export MIAUFLIX_SRCDIR; \
	MIAUFLIX_BUILDDIR='$(abs_top_builddir)'; export MIAUFLIX_BUILDDIR; \
	TSAN_OPTIONS='suppressions=$(abs_top_srcdir)/tests/thread.suppressions second_deadlock_stack=1'; export TSAN_OPTIONS;
# C tests are cmocka programs; scripts speak for themselves.
LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/tap
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
TEST_EXTENSIONS = .sh

EXTRA_DIST += %D%/tap %D%/parts.h %D%/shell.h %D%/test.h %D%/thread.suppressions
