# SPDX-License-Identifier: MIT
# Samples are installed beside the documentation, so that an upgrade never touches what an operator wrote.
exampledir = $(docdir)/examples
dist_example_DATA = %D%/miauflix.conf %D%/nginx.conf %D%/Caddyfile
providerexampledir = $(exampledir)/providers.d
dist_providerexample_DATA = %D%/providers.d/tmdb.conf %D%/providers.d/webtorrent.conf %D%/providers.d/yts.conf

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = %D%/bash-completion/miauflixctl

systemunitdir = $(prefix)/lib/systemd/system
systemunit_DATA = %D%/miauflixd.service
EXTRA_DIST += %D%/miauflixd.service.in
CLEANFILES += %D%/miauflixd.service

%D%/miauflixd.service: $(srcdir)/%D%/miauflixd.service.in Makefile
	@$(MKDIR_P) %D%
	$(AM_V_GEN)sed -e 's|@bindir[@]|$(bindir)|g' -e 's|@sysconfdir[@]|$(sysconfdir)|g' \
	  '$(srcdir)/%D%/miauflixd.service.in' >$@.new && mv $@.new $@

# An operator finds a configuration to edit; one that is there already stays.
install-data-hook:
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/miauflix/providers.d'
	test -f '$(DESTDIR)$(sysconfdir)/miauflix/miauflix.conf' || \
	  $(INSTALL_DATA) '$(srcdir)/%D%/miauflix.conf' '$(DESTDIR)$(sysconfdir)/miauflix/miauflix.conf'

# What nobody changed goes, what somebody wrote stays.
uninstall-hook:
	-cmp -s '$(srcdir)/%D%/miauflix.conf' '$(DESTDIR)$(sysconfdir)/miauflix/miauflix.conf' && \
	  rm -f '$(DESTDIR)$(sysconfdir)/miauflix/miauflix.conf'
	-rmdir '$(DESTDIR)$(sysconfdir)/miauflix/providers.d' '$(DESTDIR)$(sysconfdir)/miauflix' 2>/dev/null
