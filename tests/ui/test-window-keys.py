#!/usr/bin/python3
"""The window by keyboard alone, and as a screen reader has it: one conversation from waiting to done.

SPDX-License-Identifier: GPL-3.0-or-later
tests/xrun.sh /usr/bin/python3 tests/ui/test-window-keys.py BUILD/tests/ui/demo-window
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import drive  # noqa: E402
from drive import Atspi, touch, wait  # noqa: E402

DEMO = sys.argv[1]
# What names reach a screen reader when nobody gave one, and marks for the eye that it would read out.
TYPE_NAMES = ('Gtk', 'Adw', 'Porch')
MARKS = '\u2068\u2069'
tap = drive.Tap()


def has(accessible, state):
    return accessible.get_state_set().contains(state)


def key(*keys):
    touch('key', '--clearmodifiers', *keys)


def focused(app):
    return next((n for n in drive.walk(app) if has(n, Atspi.StateType.FOCUSED)), None)


def is_focused(app, name, role=None):
    def look():
        node = focused(app)
        return node is not None and name in node.get_name() and role in (None, node.get_role_name())
    return wait(look, 10)


def where(app):
    node = focused(app)
    return node and (node.get_role_name(), node.get_name())


def lines(app):
    log = drive.find(app, 'log')
    return [n.get_name() for n in drive.walk(log) if n.get_role_name() == 'list item'] if log else []


def rows(app):
    found = drive.find(app, 'list', 'Conversations')
    return [n.get_name() for n in drive.walk(found) if n.get_role_name() == 'list item'] if found else []


def check_names(app):
    """Roles and names of all that can have the focus. A scrolled area is passed through, and has no name of its own."""
    nameless, marked = [], []
    for node in drive.walk(app):
        name = node.get_name() or ''
        if any(mark in name for mark in MARKS):
            marked.append((node.get_role_name(), name))
        if has(node, Atspi.StateType.FOCUSABLE) and node.get_role_name() != 'scroll pane' and (
                not name.strip() or name.startswith(TYPE_NAMES)):
            nameless.append((node.get_role_name(), name))
    tap.check('whatever can have the focus has a name', not nameless, nameless)
    tap.check('no name has marks that are for the eye', not marked, marked)


def check_landmarks(app):
    tap.check('the talk is a log', wait(lambda: drive.find(app, 'log', 'Conversation with Jonas Weidenfeld')) is not None)
    # The words are the status's content: newer GTK gives a status no name of its own.
    typing = wait(lambda: drive.find(app, 'label', 'Jonas is typing'))
    tap.check('who types is told as a status', typing is not None and typing.get_parent().get_role_name() in ('status bar', 'status'))
    row = next((r for r in rows(app) if r.startswith('Amara')), '')
    tap.check('a row tells who, unread, state and words', row.startswith(
        'Amara Okonkwo, 3 unread messages, Missed · 7 min, Hello? I am outside'), row)


def walk_panes(app):
    seen = []
    for _ in range(4):
        seen.append(where(app))
        key('F6')
        wait(lambda: where(app) != seen[-1], 5)
    tap.check('F6 goes round four panes and comes back', len(set(seen)) == 4 and is_focused(app, 'Write to'), (seen, where(app)))
    key('shift+F6')
    tap.check('Shift+F6 goes the other way', wait(lambda: where(app) == seen[3], 5), (seen, where(app)))
    key('F6')
    is_focused(app, 'Write to')


def answer_one(app):
    """Ctrl+J takes who has waited longest, Enter answers, Ctrl+M notes, Ctrl+D is done with it."""
    key('ctrl+j')
    tap.check('Ctrl+J opens who has waited longest', is_focused(app, 'Write to Amara Okonkwo', 'text'), where(app))
    tap.check('and takes it', wait(lambda: drive.find(app, 'push button', 'Resolve') is not None))
    touch('type', '--delay', 12, 'I open the door.')
    key('Return')
    tap.check('Enter answers', wait(lambda: any('I open the door.' in line for line in lines(app))), lines(app))
    tap.check('the focus stays where one writes', is_focused(app, 'Write to Amara Okonkwo', 'text'), where(app))
    key('ctrl+m')
    is_focused(app, 'Write a note for the team', 'text')
    touch('type', '--delay', 12, 'She waited at the back.')
    key('Return')
    tap.check('Ctrl+M writes a note', wait(lambda: any(line.startswith('Note for the team') and 'at the back' in line for line in lines(app))),
              lines(app))
    key('ctrl+d')
    tap.check('Ctrl+D is done with it', wait(lambda: not any(r.startswith('Amara') for r in rows(app))), rows(app))


def walk_list(app):
    key('alt+Down')
    first = wait(lambda: (focused(app) is not None and focused(app).get_name().startswith('Write to') and where(app)), 5)
    key('alt+Down')
    tap.check('Alt+Down goes on to the next', wait(lambda: where(app) != first, 5), (first, where(app)))
    key('shift+F6')
    opened = drive.find(app, 'log').get_name().removeprefix('Conversation with ')
    tap.check('back to the list, on the row of what is open', is_focused(app, opened, 'list item'), (opened, where(app)))
    before = where(app)
    key('Down')
    tap.check('an arrow walks through it', wait(lambda: where(app) != before, 5), (before, where(app)))
    name = where(app)[1].split(',')[0]
    key('Return')
    tap.check('Enter opens and one can write', is_focused(app, 'Write', 'text'), (name, where(app)))


def main():
    demo = drive.Program(DEMO, '--state', 'full')
    app = drive.find_app('demo-window')
    try:
        demo.window('Porchlight')
        tap.check('the talk is open', wait(lambda: len(lines(app)) > 5), lines(app))
        is_focused(app, 'Write to', 'text')
        check_names(app)
        check_landmarks(app)
        walk_panes(app)
        answer_one(app)
        walk_list(app)
    finally:
        said = demo.end()
    bad = [line for line in said.splitlines() if 'CRITICAL' in line or 'WARNING' in line]
    tap.check('no warning', not bad, bad)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
