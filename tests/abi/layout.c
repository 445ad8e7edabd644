/* SPDX-License-Identifier: MIT
 *
 * The layout of ABI 1 on LP64, number by number, held against the public header and against the
 * frozen copy of its first release: a plugin that was built once goes on working.  A struct that
 * begins with `size` may have grown at its end, so its size is a lower bound. */
#include LAYOUT_HEADER

#if defined(__LP64__)
#define SIZE(type, bytes) _Static_assert(sizeof(type) >= (bytes), #type " has shrunk")
#define FIELD(type, name, offset, bytes)                                                           \
    _Static_assert(offsetof(type, name) == (offset) && sizeof(((type *)0)->name) == (bytes),       \
                   #type "." #name " has moved")

SIZE(struct provider_document, 24);
FIELD(struct provider_document, size, 0, 4);
FIELD(struct provider_document, kind, 4, 4);
FIELD(struct provider_document, flags, 8, 4);
FIELD(struct provider_document, json_len, 12, 4);
FIELD(struct provider_document, json, 16, 8);

SIZE(struct provider_id, 16);
FIELD(struct provider_id, space, 0, 8);
FIELD(struct provider_id, value, 8, 8);

SIZE(struct provider_query, 56);
FIELD(struct provider_query, size, 0, 4);
FIELD(struct provider_query, kind, 4, 4);
FIELD(struct provider_query, text, 8, 8);
FIELD(struct provider_query, ids, 16, 8);
FIELD(struct provider_query, n_ids, 24, 4);
FIELD(struct provider_query, year, 28, 4);
FIELD(struct provider_query, season, 32, 4);
FIELD(struct provider_query, episode, 36, 4);
FIELD(struct provider_query, language, 40, 8);
FIELD(struct provider_query, page, 48, 4);
FIELD(struct provider_query, limit, 52, 4);

SIZE(struct provider_request, 64);
FIELD(struct provider_request, size, 0, 4);
FIELD(struct provider_request, flags, 4, 4);
FIELD(struct provider_request, method, 8, 8);
FIELD(struct provider_request, url, 16, 8);
FIELD(struct provider_request, headers, 24, 8);
FIELD(struct provider_request, body, 32, 8);
FIELD(struct provider_request, body_len, 40, 8);
FIELD(struct provider_request, max_age_s, 48, 4);
FIELD(struct provider_request, max_body, 52, 4);
FIELD(struct provider_request, genuine, 56, 8);

SIZE(struct provider_response, 40);
FIELD(struct provider_response, size, 0, 4);
FIELD(struct provider_response, status, 4, 4);
FIELD(struct provider_response, body, 8, 8);
FIELD(struct provider_response, body_len, 16, 8);
FIELD(struct provider_response, age_s, 24, 4);
FIELD(struct provider_response, stale, 28, 4);
FIELD(struct provider_response, header, 32, 8);

SIZE(struct provider_host, 88);
FIELD(struct provider_host, size, 0, 4);
FIELD(struct provider_host, vlog, 8, 8);
FIELD(struct provider_host, option, 16, 8);
FIELD(struct provider_host, remaining_ms, 24, 8);
FIELD(struct provider_host, http, 32, 8);
FIELD(struct provider_host, emit, 40, 8);
FIELD(struct provider_host, checkpoint, 48, 8);
FIELD(struct provider_host, progress, 56, 8);
FIELD(struct provider_host, state_get, 64, 8);
FIELD(struct provider_host, state_put, 72, 8);
FIELD(struct provider_host, vfail, 80, 8);

SIZE(struct provider_call, 8);
FIELD(struct provider_call, host, 0, 8);

SIZE(struct provider_api, 64);
FIELD(struct provider_api, size, 0, 4);
FIELD(struct provider_api, open, 8, 8);
FIELD(struct provider_api, close, 16, 8);
FIELD(struct provider_api, search, 24, 8);
FIELD(struct provider_api, fetch, 32, 8);
FIELD(struct provider_api, sync, 40, 8);
FIELD(struct provider_api, resolve_magnet, 48, 8);
FIELD(struct provider_api, extension, 56, 8);

SIZE(struct provider_option, 40);
FIELD(struct provider_option, name, 0, 8);
FIELD(struct provider_option, env, 8, 8);
FIELD(struct provider_option, fallback, 16, 8);
FIELD(struct provider_option, help, 24, 8);
FIELD(struct provider_option, flags, 32, 4);

SIZE(struct provider_info, 64);
FIELD(struct provider_info, abi, 0, 4);
FIELD(struct provider_info, size, 4, 4);
FIELD(struct provider_info, flags, 8, 4);
FIELD(struct provider_info, name, 16, 8);
FIELD(struct provider_info, version, 24, 8);
FIELD(struct provider_info, summary, 32, 8);
FIELD(struct provider_info, options, 40, 8);
FIELD(struct provider_info, api, 48, 8);
FIELD(struct provider_info, rate_per_1000s, 56, 4);
FIELD(struct provider_info, max_parallel, 60, 4);

SIZE(struct provider_images, 16);
FIELD(struct provider_images, size, 0, 4);
FIELD(struct provider_images, locate, 8, 8);

/* These have no size of their own and never change. */
_Static_assert(sizeof(struct provider_id) == 16, "struct provider_id has grown");
_Static_assert(sizeof(struct provider_option) == 40, "struct provider_option has grown");
#endif

_Static_assert(PROVIDER_ABI == 1, "another ABI needs another frozen header");
_Static_assert(PROVIDER_OK == 0, "PROVIDER_OK has moved");
_Static_assert(PROVIDER_EINVAL == -1, "PROVIDER_EINVAL has moved");
_Static_assert(PROVIDER_ENOTFOUND == -2, "PROVIDER_ENOTFOUND has moved");
_Static_assert(PROVIDER_ENOTSUP == -3, "PROVIDER_ENOTSUP has moved");
_Static_assert(PROVIDER_EAUTH == -4, "PROVIDER_EAUTH has moved");
_Static_assert(PROVIDER_EBUSY == -5, "PROVIDER_EBUSY has moved");
_Static_assert(PROVIDER_EUPSTREAM == -6, "PROVIDER_EUPSTREAM has moved");
_Static_assert(PROVIDER_EPARSE == -7, "PROVIDER_EPARSE has moved");
_Static_assert(PROVIDER_ETIME == -8, "PROVIDER_ETIME has moved");
_Static_assert(PROVIDER_ECANCEL == -9, "PROVIDER_ECANCEL has moved");
_Static_assert(PROVIDER_EREFUSED == -10, "PROVIDER_EREFUSED has moved");
_Static_assert(PROVIDER_ENOMEM == -11, "PROVIDER_ENOMEM has moved");
_Static_assert(PROVIDER_EIO == -12, "PROVIDER_EIO has moved");
_Static_assert(PROVIDER_EFULL == -13, "PROVIDER_EFULL has moved");
_Static_assert(PROVIDER_ELIMIT == -14, "PROVIDER_ELIMIT has moved");
_Static_assert(PROVIDER_ECONFLICT == -15, "PROVIDER_ECONFLICT has moved");
_Static_assert(PROVIDER_EDENIED == -16, "PROVIDER_EDENIED has moved");
_Static_assert(PROVIDER_MOVIE == 1, "PROVIDER_MOVIE has moved");
_Static_assert(PROVIDER_TVSHOW == 2, "PROVIDER_TVSHOW has moved");
_Static_assert(PROVIDER_SEASON == 3, "PROVIDER_SEASON has moved");
_Static_assert(PROVIDER_LIST == 4, "PROVIDER_LIST has moved");
_Static_assert(PROVIDER_RELEASE == 5, "PROVIDER_RELEASE has moved");
_Static_assert(PROVIDER_TORRENT == 6, "PROVIDER_TORRENT has moved");
_Static_assert(PROVIDER_TITLE == 7, "PROVIDER_TITLE has moved");
_Static_assert(PROVIDER_PARTIAL == 1, "PROVIDER_PARTIAL has moved");
_Static_assert(PROVIDER_CHANGED == 2, "PROVIDER_CHANGED has moved");
_Static_assert(PROVIDER_GONE == 4, "PROVIDER_GONE has moved");
_Static_assert(PROVIDER_REQUIRED == 1, "PROVIDER_REQUIRED has moved");
_Static_assert(PROVIDER_SECRET == 2, "PROVIDER_SECRET has moved");
_Static_assert(PROVIDER_MIRRORS == 8, "PROVIDER_MIRRORS has moved");
_Static_assert(PROVIDER_SERIAL == 1, "PROVIDER_SERIAL has moved");

int LAYOUT_NAME(void);
int LAYOUT_NAME(void)
{
    return (int)sizeof(struct provider_info);
}
