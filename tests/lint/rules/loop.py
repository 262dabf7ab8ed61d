"""the loop is never blocked, nested or fed from the wrong context

SPDX-License-Identifier: GPL-3.0-or-later
"""
from tree import grep

# Threads of their own, which may wait: the desktop's notifications and sounds.
OWN_THREAD = ('src/ui/porch-bell.c',)
BELOW_UI = r'src/(?!ui/|app/).*\.[ch]$'
BLOCKING = (r'\b(soup_session_send|soup_session_send_and_read|g_file_get_contents|g_file_set_contents|g_file_load_contents|'
            r'g_spawn_sync|g_spawn_command_line_sync|g_subprocess_communicate|g_subprocess_wait|g_dbus_connection_call_sync|'
            r'sqlite3_step|g_usleep|sleep|usleep|secret_password_lookup_sync|secret_password_store_sync) \(')


def find(tree):
    for path in tree.match(BELOW_UI):
        for line, match in grep(tree.code(path), r'\bg_(idle|timeout)_add(_seconds|_full|_once)?\b'):
            yield path, line, f'{match[0]} runs on the default context; use porch_source_*'
    for path in tree.match(r'src/.*\.[ch]$'):
        for line, _ in grep(tree.code(path), r'\bg_main_context_iteration\b') if path not in OWN_THREAD else ():
            yield path, line, 'a nested main loop'
    for path in tree.match(r'src/(?!app/).*\.[ch]$'):
        for line, _ in grep(tree.code(path), r'\bg_main_loop_run\b') if path not in OWN_THREAD else ():
            yield path, line, 'only app/ runs a main loop'
    for path in tree.match(r'src/(ui|client|http|api|channel|model|wire)/.*\.[ch]$'):
        for line, match in grep(tree.code(path), BLOCKING) if path not in OWN_THREAD else ():
            yield path, line, f'{match[1]} blocks the loop'
