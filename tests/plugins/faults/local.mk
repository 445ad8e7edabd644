# Plugins with one thing wrong each, and fault_good, for the tests of core/provider.
if HAVE_CMOCKA
check_LTLIBRARIES += \
	%D%/fault_after_error.la \
	%D%/fault_bad_name.la \
	%D%/fault_crash_fetch.la \
	%D%/fault_crash_open.la \
	%D%/fault_does_nothing.la \
	%D%/fault_emit_open.la \
	%D%/fault_exit_fetch.la \
	%D%/fault_foreign_thread.la \
	%D%/fault_good.la \
	%D%/fault_hang.la \
	%D%/fault_hang_close.la \
	%D%/fault_hang_open.la \
	%D%/fault_host_key.la \
	%D%/fault_ignores_refusal.la \
	%D%/fault_killed_fetch.la \
	%D%/fault_leaks.la \
	%D%/fault_long_info.la \
	%D%/fault_needs_key.la \
	%D%/fault_no_symbol.la \
	%D%/fault_no_vtable.la \
	%D%/fault_overflow_fetch.la \
	%D%/fault_refuse_open.la \
	%D%/fault_rubbish.la \
	%D%/fault_segv_fetch.la \
	%D%/fault_serial.la \
	%D%/fault_short_info.la \
	%D%/fault_short_vtable.la \
	%D%/fault_files.la \
	%D%/fault_stream.la \
	%D%/fault_symbol_is_code.la \
	%D%/fault_twice_option.la \
	%D%/fault_unresolved.la \
	%D%/fault_wrong_abi.la \
	%D%/fault_wrong_name.la \
	%D%/script_a.la \
	%D%/script_b.la
endif
noinst_HEADERS += %D%/fault.h %D%/script.h %D%/stream.h
CFLAGS_FAULT = $(CFLAGS_PLUGIN)
# Nowhere: the rpath only makes libtool build the shared object.
LDFLAGS_FAULT = -module -avoid-version -shared -rpath /nowhere $(SANITIZE_CFLAGS)
%C%_fault_after_error_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_after_error_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_bad_name_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_bad_name_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_crash_fetch_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_crash_fetch_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_crash_open_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_crash_open_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_does_nothing_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_does_nothing_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_emit_open_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_emit_open_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_exit_fetch_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_exit_fetch_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_foreign_thread_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_foreign_thread_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_good_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_good_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_hang_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_hang_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_hang_close_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_hang_close_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_hang_open_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_hang_open_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_ignores_refusal_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_ignores_refusal_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_killed_fetch_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_killed_fetch_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_leaks_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_leaks_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_long_info_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_long_info_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_needs_key_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_needs_key_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_no_symbol_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_no_symbol_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_no_vtable_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_no_vtable_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_overflow_fetch_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_overflow_fetch_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_refuse_open_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_refuse_open_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_rubbish_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_rubbish_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_segv_fetch_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_segv_fetch_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_serial_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_serial_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_short_info_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_short_info_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_short_vtable_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_short_vtable_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_files_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_files_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_stream_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_stream_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_symbol_is_code_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_symbol_is_code_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_twice_option_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_twice_option_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_unresolved_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_unresolved_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_wrong_abi_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_wrong_abi_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_wrong_name_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_wrong_name_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_fault_host_key_la_CFLAGS = $(CFLAGS_FAULT)
%C%_fault_host_key_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_script_a_la_CFLAGS = $(CFLAGS_FAULT)
%C%_script_a_la_LDFLAGS = $(LDFLAGS_FAULT)
%C%_script_b_la_CFLAGS = $(CFLAGS_FAULT)
%C%_script_b_la_LDFLAGS = $(LDFLAGS_FAULT)
