miauflixinclude_HEADERS += %D%/miauflix/provider.h

# What a plugin built out of tree asks: pkg-config --cflags miauflix.
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = %D%/miauflix.pc
