# SPDX-License-Identifier: MIT
EXTRA_DIST += \
	%D%/packages %D%/common.sh %D%/analyzer.h %D%/lint \
	%D%/check-analyzer %D%/check-banned %D%/check-complexity %D%/check-cppcheck %D%/check-format \
	%D%/check-headers %D%/check-layers %D%/check-length %D%/check-places %D%/check-shell \
	%D%/check-thread-safety %D%/check-tidy

.PHONY: lint format bench soak fuzz coverage check-threads check-programs

lint:
	@BUILDDIR='$(abs_top_builddir)' $(SHELL) '$(top_srcdir)/tools/lint'

format:
	cd '$(top_srcdir)' && find api core include plugins tests tools -name '*.[ch]' -o -name '*.cc' -o -name '*.hpp' | xargs clang-format -i

check-programs: $(check_PROGRAMS) $(check_LTLIBRARIES) $(check_LIBRARIES)

# For a build with --enable-sanitizers=thread: the C tests, which bring their threads; the scripts drive whole programs
# and say nothing more about races.
check-threads: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(check_PROGRAMS)'

# Each room registers its measurements in BENCHES: programs or scripts that print what they measured and fail when a
# promise of the project is not kept.  BENCHES=tests/bench/bench_index runs that one alone, BENCH_ONLY="two words" its cases of
# such a name; BENCH_NEEDS are what scripts among them need.  All of it as one table comes last.
bench: all check-programs $(BENCHES) $(BENCH_NEEDS)
	@{ for bench in $(BENCHES); do \
	  echo "== $$bench"; \
	  program="$$bench"; test -f "$$program" || program='$(srcdir)/'"$$bench"; \
	  $(AM_TESTS_ENVIRONMENT) "$$program" || echo "failed: $$bench"; \
	done; } 2>&1 | tee bench.log
	@LC_ALL=C $(AWK) -f '$(srcdir)/tests/bench/table.awk' bench.log

# As bench: what runs for long (SOAKS), and the fuzzers (FUZZERS), $(FUZZ_SECONDS) each.
soak: all check-programs $(SOAKS)
	@failed=0; for soak in $(SOAKS); do \
	  echo "== $$soak"; \
	  program="$$soak"; test -f "$$program" || program='$(srcdir)/'"$$soak"; \
	  MIAUFLIX_SOAK=1 $(AM_TESTS_ENVIRONMENT) "$$program" || failed=1; \
	done; exit $$failed

FUZZ_SECONDS = 30
fuzz: all $(FUZZERS)
	@failed=0; for fuzzer in $(FUZZERS); do \
	  echo "== $$fuzzer"; \
	  corpus='$(srcdir)/tests/data/fuzz/'`basename $$fuzzer | sed 's/^fuzz_//'`; found=fuzz-found/`basename $$fuzzer`; $(MKDIR_P) $$found; \
	  ./$$fuzzer -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=$$found/ $$found `test -d $$corpus && echo $$corpus` \
	    || failed=1; \
	done; exit $$failed

coverage:
if COVERAGE
	-$(MAKE) $(AM_MAKEFLAGS) check
	lcov --quiet --capture --directory . --base-directory '$(abs_top_srcdir)' --output-file coverage.all
	lcov --quiet --remove coverage.all '/usr/*' '*/tests/*' --output-file coverage.info
	rm -f coverage.all
	genhtml --quiet --output-directory coverage coverage.info
	@lcov --summary coverage.info 2>&1 | grep -E 'lines|functions'
	@echo "See coverage/index.html"
else
	@echo "coverage needs a build of its own: ./configure --enable-coverage (and apt install lcov)" >&2; exit 1
endif

clean-local:
	rm -rf coverage coverage.info fuzz-build fuzz-found
