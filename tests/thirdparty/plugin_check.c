/* SPDX-License-Identifier: MIT
 *
 * The conformance check as a program of its own, for scripts: plugin_check FILE.  Exit status 0
 * when nothing speaks against the plugin. */
#include "provider/check.h"

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: plugin_check FILE\n");
        return 2;
    }
    struct error err = { 0 };
    const struct check_options options = { .library = argv[1] };
    int n_against = check_plugin(&options, stdout, &err);
    if (n_against < 0)
        fprintf(stderr, "plugin_check: %s\n", err.text);
    return n_against == 0 ? 0 : 1;
}
