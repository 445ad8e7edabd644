dnl SPDX-License-Identifier: MIT
dnl The libraries the project stands on, found with pkg-config where they ship a .pc file and by hand where not.

dnl MIAUFLIX_PKG(VARIABLE, MODULE, DEBIAN-PACKAGE)
AC_DEFUN([MIAUFLIX_PKG],
  [PKG_CHECK_MODULES([$1], [$2], [], [AC_MSG_ERROR([$2 is missing: apt install $3])])])

dnl MIAUFLIX_LIB(VARIABLE, HEADER, LIBRARY, FUNCTION, DEBIAN-PACKAGE)
dnl A function may be a macro over a versioned symbol, so the check includes the header and links.
AC_DEFUN([MIAUFLIX_LIB],
  [AC_CACHE_CHECK([for $2 and -l$3], [miauflix_cv_lib_$1],
     [saved_LIBS=$LIBS
      LIBS="-l$3 $LIBS"
      AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <$2>]], [[void (*volatile f)(void) = (void (*)(void))$4; f();]])],
        [AS_VAR_SET([miauflix_cv_lib_$1], [yes])], [AS_VAR_SET([miauflix_cv_lib_$1], [no])])
      LIBS=$saved_LIBS])
   AS_VAR_IF([miauflix_cv_lib_$1], [yes], [AC_SUBST([$1][_LIBS], [-l$3])],
     [AC_MSG_ERROR([$2 or -l$3 is missing: apt install $5])])])

dnl The C++ compiler reads C++17.
AC_DEFUN([MIAUFLIX_CXX17],
  [AC_CACHE_CHECK([whether $CXX reads C++17], [miauflix_cv_cxx17],
     [AC_LANG_PUSH([C++])
      saved_CXXFLAGS=$CXXFLAGS
      CXXFLAGS="$CXXFLAGS -std=gnu++17"
      AC_COMPILE_IFELSE([AC_LANG_SOURCE([[#include <filesystem>
          #if __cplusplus < 201703L
          #error too old
          #endif
          bool f(const std::filesystem::path &p) { return p.empty(); }]])],
        [miauflix_cv_cxx17=yes], [miauflix_cv_cxx17=no])
      CXXFLAGS=$saved_CXXFLAGS
      AC_LANG_POP([C++])])
   AS_VAR_IF([miauflix_cv_cxx17], [yes], [],
     [AC_MSG_ERROR([a C++17 compiler is missing: apt install g++, or --disable-webtorrent])])])

dnl MIAUFLIX_PLUGIN(NAME, WHAT): --disable-NAME leaves a bundled plugin out.
AC_DEFUN([MIAUFLIX_PLUGIN],
  [AC_ARG_ENABLE([$1], [AS_HELP_STRING([--disable-$1], [leave out the plugin for $2])], [], [enable_$1=yes])
   AM_CONDITIONAL([PLUGIN_]m4_toupper([$1]), [test "x$enable_$1" = xyes])
   AS_VAR_IF([enable_$1], [yes], [miauflix_plugins="$miauflix_plugins $1"])])
