# A plugin as a stranger writes it.  Here it is built from the tree for the unit tests; installcheck builds it from the
# installed header alone, in two languages.
if HAVE_CMOCKA
check_LTLIBRARIES += %D%/archive.la
check_PROGRAMS += tests/unit/test_check tests/unit/test_skeleton
endif
%C%_archive_la_CFLAGS = $(CFLAGS_PLUGIN) -std=c99 -pedantic
%C%_archive_la_LDFLAGS = $(LDFLAGS_FAULT)
noinst_PROGRAMS += %D%/plugin_check
dist_check_SCRIPTS += %D%/example.sh
EXTRA_DIST += %D%/installcheck.sh %D%/answers/answers %D%/answers/catalogue.ndjson

installcheck-local: %D%/plugin_check$(EXEEXT)
	CC='$(CC)' CXX='$(CXX)' $(SHELL) $(srcdir)/%D%/installcheck.sh '$(srcdir)' '$(DESTDIR)$(bindir)' \
		'$(DESTDIR)$(includedir)' '$(DESTDIR)$(pkgconfigdir)' '$(builddir)/%D%/plugin_check'
