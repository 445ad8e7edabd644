miauflixinclude_HEADERS += %D%/miauflix/provider.h
