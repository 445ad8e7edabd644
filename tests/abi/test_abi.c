/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "../unit/provider_stage.h"
#include "base/mem.h"

int layout_now(void);
int layout_1(void);

static void the_layout_of_the_first_release_still_holds(void **state UNUSED)
{
    /* The numbers themselves are compared when layout.c is compiled, once for each header. */
    assert_true(layout_now() >= layout_1());
}

static void a_plugin_built_for_the_first_release_works(void **state UNUSED)
{
    struct stage stage;
    struct stage_sink sink = { 0 };
    struct error err = { 0 };
    stage_begin(&stage, "abi_1");
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    CLEANUP(mem_free) char *library = mem_format("%s/tests/abi/abi_1.la", build ? build : ".");
    stage.settings.library = library;
    stage_open(&stage);
    struct provider_status status;
    stage_status(&stage, &status);
    assert_string_equal(status.reason, "");
    assert_int_equal(status.can, PROVIDER_CAN_FETCH);
    assert_int_equal(stage_fetch(&stage, "603", 1000, &sink, &err), 0);
    assert_int_equal(sink.n_documents, 1);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_layout_of_the_first_release_still_holds),
        cmocka_unit_test(a_plugin_built_for_the_first_release_works),
    };
    return cmocka_run_group_tests_name("abi", tests, NULL, NULL);
}
