/* SPDX-License-Identifier: MIT */
#include <miauflix/provider.h>

/* The name of the description, but a function. */
PROVIDER_EXPORT int miauflix_provider_code(void) __asm__("miauflix_provider");
int miauflix_provider_code(void)
{
    return 1;
}
