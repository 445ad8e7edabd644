/* SPDX-License-Identifier: MIT */
#include "provider/skeleton.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

enum { MAX_FILE_LEN = 64 << 10, MAX_NAME_LEN = 31 };

/* "@NAME@" stands for the name, "@ENV@" for it in capitals. */
static const char source[] =
    "/* SPDX-License-Identifier: MIT\n"
    " *\n"
    " * @NAME@: describe here what it asks, and which quirks upstream has.\n"
    " *\n"
    " * Upstream answers GET {base}/movies/ID with JSON, which is handed on as it is: it already "
    "has\n"
    " * the form of docs/media-document.md.  A real one rarely does; translate it here. */\n"
    "#include <miauflix/provider.h>\n"
    "\n"
    "#include <stdio.h>\n"
    "#include <string.h>\n"
    "\n"
    "static int fail(struct provider_call *call, int code, const char *fmt, ...)\n"
    "    PROVIDER_PRINTF(3, 4);\n"
    "static int fail(struct provider_call *call, int code, const char *fmt, ...)\n"
    "{\n"
    "    va_list args;\n"
    "    va_start(args, fmt);\n"
    "    call->host->vfail(call, code, fmt, args);\n"
    "    va_end(args);\n"
    "    return code;\n"
    "}\n"
    "\n"
    "/* What an HTTP status means to us; each failure says why. */\n"
    "static int judge_status(struct provider_call *call, const struct provider_response "
    "*response)\n"
    "{\n"
    "    if (response->status >= 200 && response->status < 300)\n"
    "        return PROVIDER_OK;\n"
    "    if (response->status == 404)\n"
    "        return fail(call, PROVIDER_ENOTFOUND, \"upstream does not know it\");\n"
    "    if (response->status == 401 || response->status == 403)\n"
    "        return fail(call, PROVIDER_EAUTH, \"upstream refuses our credentials\");\n"
    "    if (response->status == 429)\n"
    "        return fail(call, PROVIDER_EBUSY, \"upstream asks us to slow down\");\n"
    "    return fail(call, PROVIDER_EUPSTREAM, \"upstream answered %d\", (int)response->status);\n"
    "}\n"
    "\n"
    "/* A parked domain or a gateway answers with a page; the service answers JSON. */\n"
    "static int is_json(const struct provider_response *response)\n"
    "{\n"
    "    const char *type = response->header(response, \"Content-Type\");\n"
    "    return type != NULL && strstr(type, \"json\") != NULL;\n"
    "}\n"
    "\n"
    "static int @NAME@_fetch(struct provider *self, struct provider_call *call, uint32_t kind,\n"
    "                        const struct provider_id *id)\n"
    "{\n"
    "    struct provider_request request;\n"
    "    struct provider_document document;\n"
    "    const struct provider_response *response = NULL;\n"
    "    char url[256];\n"
    "    int code;\n"
    "\n"
    "    (void)self;\n"
    "    if (kind != PROVIDER_MOVIE || strcmp(id->space, \"tmdb\") != 0)\n"
    "        return fail(call, PROVIDER_ENOTSUP, \"only movies, by their TMDB id\");\n"
    "    snprintf(url, sizeof url, \"{base}/movies/%s\", id->value);\n"
    "    memset(&request, 0, sizeof request);\n"
    "    request.size = sizeof request;\n"
    "    request.url = url;\n"
    "    request.max_age_s = 3600;\n"
    "    request.genuine = is_json;\n"
    "    code = call->host->http(call, &request, &response);\n"
    "    if (code != PROVIDER_OK)\n"
    "        return fail(call, code, \"movie %s\", id->value);\n"
    "    code = judge_status(call, response);\n"
    "    if (code != PROVIDER_OK)\n"
    "        return code;\n"
    "    /* Real plugins parse here, with a library of their choice; see docs/plugins.md. */\n"
    "    if (response->body_len < 2 || strstr(response->body, \"\\\"title\\\":\\\"\") == NULL ||\n"
    "        response->body[response->body_len - 1] != '}')\n"
    "        return fail(call, PROVIDER_EPARSE, \"movie %s: not a movie\", id->value);\n"
    "    memset(&document, 0, sizeof document);\n"
    "    document.size = sizeof document;\n"
    "    document.kind = PROVIDER_MOVIE;\n"
    "    document.json = response->body;\n"
    "    document.json_len = (uint32_t)response->body_len;\n"
    "    return call->host->emit(call, &document);\n"
    "}\n"
    "\n"
    "static const struct provider_option options[] = {\n"
    "    { \"base_url\", \"@ENV@_BASE_URL\", \"https://@NAME@.example\", \"Where it asks\",\n"
    "      PROVIDER_MIRRORS },\n"
    "    { \"api_key\", \"@ENV@_API_KEY\", NULL, \"What upstream knows us by\", PROVIDER_SECRET "
    "},\n"
    "    { NULL, NULL, NULL, NULL, 0 },\n"
    "};\n"
    "\n"
    "/* In the order of the header: size, open, close, search, fetch, sync, resolve_magnet, "
    "extension.\n"
    " */\n"
    "static const struct provider_api api = {\n"
    "    sizeof api, NULL, NULL, NULL, @NAME@_fetch, NULL, NULL, NULL,\n"
    "};\n"
    "\n"
    "const struct provider_info miauflix_provider = {\n"
    "    PROVIDER_ABI,\n"
    "    sizeof(struct provider_info),\n"
    "    0, /* flags */\n"
    "    \"@NAME@\",\n"
    "    \"0.1\",\n"
    "    \"Movies from @NAME@\",\n"
    "    options,\n"
    "    &api,\n"
    "    1000, /* requests per 1000 seconds */\n"
    "    2,    /* at once */\n"
    "};\n";

static const char makefile[] =
    "# make            builds @NAME@.so against the installed <miauflix/provider.h>\n"
    "# make check      runs it against upstreams that misbehave\n"
    "# make install    puts it where the daemon looks\n"
    "CFLAGS ?= -O2 -g\n"
    "CPPFLAGS += $(shell pkg-config --cflags miauflix)\n"
    "PLUGIN_DIR = $(shell pkg-config --variable=plugindir miauflix)\n"
    "MIAUFLIXCTL ?= miauflixctl\n"
    "\n"
    "@NAME@.so: @NAME@.c\n"
    "\t$(CC) -std=c99 -pedantic -Wall -Wextra $(CPPFLAGS) $(CFLAGS) -fPIC -fvisibility=hidden "
    "-shared \\\n"
    "\t\t-Wl,-z,defs -Wl,-z,now $(LDFLAGS) -o $@ @NAME@.c $(LDLIBS)\n"
    "\n"
    "check: @NAME@.so\n"
    "\t$(MIAUFLIXCTL) plugin check ./@NAME@.so\n"
    "\n"
    "install: @NAME@.so\n"
    "\tinstall -d $(DESTDIR)$(PLUGIN_DIR)\n"
    "\tinstall -m 0755 @NAME@.so $(DESTDIR)$(PLUGIN_DIR)/\n"
    "\n"
    "clean:\n"
    "\trm -f @NAME@.so\n"
    "\n"
    ".PHONY: check install clean\n";

static const char configuration[] =
    "# Goes into providers.d/ of the daemon's configuration.\n"
    "enabled = true;\n"
    "base_url = \"https://@NAME@.example\";\n"
    "# api_key = \"...\";    # or @ENV@_API_KEY, or @ENV@_API_KEY_FILE\n";

static const char readme[] =
    "# @NAME@\n"
    "\n"
    "A provider for miauflixd.\n"
    "\n"
    "    make            # needs the miauflix header: pkg-config --cflags miauflix\n"
    "    make check      # runs it against upstreams that misbehave\n"
    "    make install    # then copy @NAME@.conf into providers.d/ and reload the daemon\n";

static bool fill(struct text *out, const char *from, const char *name, const char *capitals)
{
    for (const char *at; (at = strchr(from, '@')); from = at) {
        bool is_name = text_starts_with(at, "@NAME@");
        bool is_env = text_starts_with(at, "@ENV@");
        text_add(out, from, (size_t)(at - from));
        text_add_string(out, is_name ? name : is_env ? capitals : "@");
        at += is_name ? 6 : is_env ? 5 : 1;
    }
    return text_add_string(out, from) && !out->overflow;
}

static int write_file(const char *folder, const char *file, const char *content, const char *name,
                      struct error *err)
{
    char capitals[MAX_NAME_LEN + 1] = "";
    for (size_t i = 0; name[i] && i < MAX_NAME_LEN; i++)
        capitals[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 'a' + 'A') : name[i];
    CLEANUP(text_done) struct text filled = TEXT_INIT(MAX_FILE_LEN);
    if (!fill(&filled, content, name, capitals))
        return error_set(err, PROVIDER_ELIMIT, "'%s' is too large", file);
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, file);
    FILE *out = fopen(path, "wxe");
    if (!out)
        return error_errno(err, errno, "cannot write '%s'", path);
    bool written = fwrite(filled.bytes, 1, filled.len, out) == filled.len;
    int failed = errno;
    if (fclose(out) != 0 || !written)
        return error_errno(err, written ? errno : failed, "cannot write '%s'", path);
    return 0;
}

static bool is_name(const char *name)
{
    size_t len = strlen(name);
    return len >= 1 && len <= MAX_NAME_LEN && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

int skeleton_write(const char *parent, const char *name, struct error *err)
{
    if (!is_name(name))
        return error_set(err, PROVIDER_EINVAL,
                         "'%s': a provider's name is 1 to %d lower-case letters, digits and '_', "
                         "a letter first",
                         name, MAX_NAME_LEN);
    CLEANUP(mem_free) char *folder = mem_format("%s/%s", parent, name);
    if (mkdir(folder, 0777) != 0 && errno == EEXIST)
        return error_set(err, PROVIDER_ECONFLICT, "'%s' exists already", folder);
    if (access(folder, W_OK) != 0)
        return error_errno(err, errno, "cannot make '%s'", folder);
    CLEANUP(mem_free) char *source_name = mem_format("%s.c", name);
    CLEANUP(mem_free) char *conf_name = mem_format("%s.conf", name);
    int code = write_file(folder, source_name, source, name, err);
    if (code == 0)
        code = write_file(folder, "Makefile", makefile, name, err);
    if (code == 0)
        code = write_file(folder, conf_name, configuration, name, err);
    if (code == 0)
        code = write_file(folder, "README.md", readme, name, err);
    return code;
}
