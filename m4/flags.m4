dnl SPDX-License-Identifier: MIT
dnl AX_COMPILER_FLAGS_MIAUFLIX: language level, warnings and hardening, each probed on its own.

AC_DEFUN([MIAUFLIX_CFLAG],
  [AS_VAR_PUSHDEF([cache], [miauflix_cv_cflag_$2])
   AC_CACHE_CHECK([whether $CC accepts $2], [cache],
     [saved_CFLAGS=$CFLAGS
      CFLAGS="$CFLAGS -Werror $2"
      AC_COMPILE_IFELSE([AC_LANG_PROGRAM()], [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
      CFLAGS=$saved_CFLAGS])
   AS_VAR_IF([cache], [yes], [$1="$$1 $2"])
   AS_VAR_POPDEF([cache])])

AC_DEFUN([AX_COMPILER_FLAGS_MIAUFLIX],
  [AC_ARG_ENABLE([werror],
     [AS_HELP_STRING([--enable-werror], [treat warnings as errors])], [], [enable_werror=no])
   m4_foreach_w([flag], [-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
       -Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef -Wconversion
       -Wimplicit-fallthrough -Wdouble-promotion -Wlogical-op -Wduplicated-cond -Wduplicated-branches
       -Wnull-dereference],
     [MIAUFLIX_CFLAG([WARN_CFLAGS], flag)])
   # Sanitizers put red zones into frames.
   AS_VAR_IF([enable_sanitizers], [no], [MIAUFLIX_CFLAG([WARN_CFLAGS], [-Wframe-larger-than=8192])])
   AS_VAR_IF([enable_werror], [yes], [WARN_CFLAGS="$WARN_CFLAGS -Werror" WARN_CXXFLAGS=-Werror])
   m4_foreach_w([flag], [-fstack-protector-strong -fstack-clash-protection],
     [MIAUFLIX_CFLAG([HARDEN_CFLAGS], flag)])
   AS_CASE(["$CPPFLAGS $CFLAGS"], [*_FORTIFY_SOURCE*], [],
     [AS_VAR_IF([enable_sanitizers], [no], [HARDEN_CPPFLAGS="-D_FORTIFY_SOURCE=2"])])
   AC_SUBST([WARN_CFLAGS])
   AC_SUBST([WARN_CXXFLAGS])
   AC_SUBST([HARDEN_CFLAGS])
   AC_SUBST([HARDEN_CPPFLAGS])])

dnl --enable-sanitizers[=LIST]: gcc for address,undefined (the default LIST), thread separately.  Instrumented code
dnl hides the ranges of numbers from the compiler, so its guess at what snprintf() may cut off is wrong there.
AC_DEFUN([MIAUFLIX_SANITIZERS],
  [AC_ARG_ENABLE([sanitizers],
     [AS_HELP_STRING([--enable-sanitizers@<:@=LIST@:>@], [build with sanitizers: address,undefined or thread])],
     [], [enable_sanitizers=no])
   AS_CASE([$enable_sanitizers],
     [no], [miauflix_sanitizers=],
     [yes], [miauflix_sanitizers=address,undefined],
     [miauflix_sanitizers=$enable_sanitizers])
   AS_IF([test -n "$miauflix_sanitizers"],
     [SANITIZE_CFLAGS="-fsanitize=$miauflix_sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-format-truncation"
      HARDEN_CPPFLAGS=])
   AC_SUBST([SANITIZE_CFLAGS])
   AM_CONDITIONAL([SANITIZE], [test -n "$miauflix_sanitizers"])
   AM_CONDITIONAL([SANITIZE_THREAD], [test "x$miauflix_sanitizers" = xthread])])

dnl --enable-coverage: gcc's own instrumentation, for `make coverage`.
AC_DEFUN([MIAUFLIX_COVERAGE],
  [AC_ARG_ENABLE([coverage],
     [AS_HELP_STRING([--enable-coverage], [instrument for make coverage])], [], [enable_coverage=no])
   AS_VAR_IF([enable_coverage], [yes], [SANITIZE_CFLAGS="$SANITIZE_CFLAGS --coverage -O0"])
   AM_CONDITIONAL([COVERAGE], [test "x$enable_coverage" = xyes])])
