libmiauflixd_a_SOURCES += \
	%D%/bencode.c %D%/bencode.h \
	%D%/magnet.c %D%/magnet.h \
	%D%/magnet_build.c \
	%D%/magnet_hash.c \
	%D%/magnet_url.c %D%/magnet_url.h \
	%D%/metainfo.c %D%/metainfo.h \
	%D%/metainfo_files.c \
	%D%/metainfo_inside.h \
	%D%/metainfo_layers.c \
	%D%/metainfo_write.c \
	%D%/torrent_file.c %D%/torrent_file.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_magnet tests/unit/test_metainfo tests/unit/test_torrent_file
tests_unit_test_magnet_SOURCES = tests/unit/test_magnet.c tests/unit/test_magnet_parts.c \
	tests/unit/magnet_test.h
tests_unit_test_metainfo_SOURCES = tests/unit/test_metainfo.c tests/unit/test_metainfo_v2.c \
	tests/unit/metainfo_test.h
endif
