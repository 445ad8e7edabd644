/* SPDX-License-Identifier: MIT
 *
 * Loads plugins through libltdl and judges their descriptions before any of their operations runs.
 * libltdl is not thread-safe; a lock here is the only way to it, and no other part of the program
 * may use it.  Any thread. */
#pragma once

#include "base/error.h"

struct module;

/* `library` NULL: NAME.la or NAME.so in one of the folders of `plugin_path`, or in a folder NAME in
 * one of them.  The error says what the dynamic linker really disliked, or what is wrong with the
 * description. */
int loader_open(const char *plugin_path, const char *name, const char *library, struct module **out,
                struct error *err);
void loader_close(struct module *module);
DEFINE_CLEANUP(struct module *, loader_close);

const struct provider_info *loader_info(const struct module *module);

/* For a file given by hand: the provider name that its file name claims; free() it. */
char *loader_name_of_file(const char *library);
