bin_PROGRAMS += miauflixd
miauflixd_SOURCES = %D%/main.c
miauflixd_LDADD = libmiauflixd.a $(PARTS_LIBS)
