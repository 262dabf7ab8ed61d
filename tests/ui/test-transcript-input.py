#!/usr/bin/python3
"""The transcript by wheel, scrollbar, keys, mouse and a screen reader's eyes.

SPDX-License-Identifier: GPL-3.0-or-later
tests/xrun.sh /usr/bin/python3 tests/ui/test-transcript-input.py BUILD/tests/ui/demo-transcript
"""
import itertools
import os
import signal
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import drive  # noqa: E402
from drive import Atspi, touch, wait  # noqa: E402

DEMO = sys.argv[1]
tap = drive.Tap()


def rows(log):
    children = [log.get_child_at_index(i) for i in range(log.get_child_count())]
    return [c for c in children if c is not None and c.get_role_name() == 'list item' and c.get_name()]


def middle(accessible):
    box = accessible.get_extents(Atspi.CoordType.WINDOW)
    return box.x + box.width // 2, box.y + box.height // 2


def focused(log):
    return next((r for r in rows(log) if r.get_state_set().contains(Atspi.StateType.FOCUSED)), None)


def is_focused(log, text):
    return wait(lambda: (focused(log) is not None and text in focused(log).get_name()))


def test_many():
    demo = drive.Program(DEMO, '--scene', 'many', '-w', '900', '-h', '800', '--entry')
    try:
        app = drive.find_app('demo-transcript')
        demo.window('Transcript')
        log = wait(lambda: drive.find(app, 'log'))
        tap.check('a log with a name', log.get_name() == 'Conversation with Jonas Weidenfeld', log.get_name())
        first_rows = rows(log)
        last_name = first_rows[-1].get_name()
        tap.check('rows are list items with names', len(first_rows) > 5, '%d rows, last %r' % (len(first_rows), last_name))
        tap.check('a row is focusable', all(r.get_state_set().contains(Atspi.StateType.FOCUSABLE) for r in first_rows))

        wait(lambda: demo.still().get('end') == 1)
        first = demo.state['first']
        touch('mousemove', 450, 400)
        touch('click', '--repeat', 5, 4)
        wait(lambda: demo.state['end'] == 0)
        tap.check('wheel up leaves the end', demo.still()['first'] < first, demo.state)
        tap.check('the way back is shown', wait(lambda: drive.find(app, 'push button', 'Newest messages')) is not None
                  or drive.find(app, 'button', 'Newest messages') is not None)
        touch('click', '--repeat', 15, 5)
        tap.check('wheel down sticks to the end again', wait(lambda: demo.state['end'] == 1))

        # The scrollbar lies over the right edge.
        touch('mousemove', 889, 400)
        touch('mousemove', 890, 410)
        demo.still()
        touch('mousemove', 890, 710)
        demo.still()
        touch('mousedown', 1)
        for y in range(700, 300, -25):
            touch('mousemove', 890, y)
        wiggle = itertools.cycle([300, 304])
        # Motions that come at once are told as one, and a drag begins with its second.
        wait(lambda: touch('mousemove', 890, next(wiggle)) or 2000 < demo.state['first'] < 8000)
        tap.check('scrollbar drag', 2000 < demo.still()['first'] < 8000, demo.state)
        touch('mouseup', 1)
        first = demo.state['first']
        tap.check('nothing moves after the drag', demo.still()['first'] == first)

        # Keys: from the entry into the log by Shift+Tab.
        touch('mousemove', 450, 785, 'click', 1)
        touch('key', 'shift+Tab')
        if not wait(lambda: focused(log) is not None, 3):
            touch('key', 'shift+Tab')  # the way back was in between
        wait(lambda: focused(log) is not None)
        touch('key', 'End')
        tap.check('End', wait(lambda: demo.state['end'] == 1 and demo.state['last'] == 9999))
        touch('key', 'Home')
        tap.check('Home', wait(lambda: demo.state['first'] == 0 and demo.state['value'] == 0))
        touch('key', 'Next')
        touch('key', 'Next')
        tap.check('Page Down', wait(lambda: demo.state['value'] > 900), demo.state)
        touch('key', 'Prior')
        tap.check('Page Up', wait(lambda: 400 < demo.state['value'] < 750), demo.state)
        touch('key', 'Home')
        wait(lambda: demo.state['value'] == 0)
        for _ in range(15):
            touch('key', 'Down')
        wait(lambda: demo.state['first'] > 0)
        demo.still()
        row = wait(lambda: focused(log))
        tap.check('Down moves the focus and reveals', row is not None and demo.state['first'] > 0, row and row.get_name()[:60])
        touch('key', 'ctrl+c')
        copied = wait(drive.clipboard)
        tap.check('Ctrl+C copies the focused message', bool(copied) and copied in row.get_name(), repr(copied[:60]))

        # A message comes while somebody reads up there, and is counted.
        demo.process.send_signal(signal.SIGUSR1)
        tap.check('new messages are counted', wait(lambda: demo.state['unseen'] == 1), demo.state)
        touch('key', 'End')
        tap.check('the end forgets them', wait(lambda: demo.state['unseen'] == 0 and demo.state['last'] == 10000))
        demo.process.send_signal(signal.SIGUSR1)
        tap.check('the new message is the last of the log',
                  wait(lambda: demo.state['last'] == 10001 and rows(log)[-1].get_name() != last_name))
    finally:
        errors = demo.end()
    tap.check('nothing was complained about', errors.strip() == '', errors[-600:])


def test_inbox():
    demo = drive.Program(DEMO, '--scene', 'inbox', '-w', '480', '-h', '660', '--entry')
    try:
        app = drive.find_app('demo-transcript')
        demo.window('Transcript')
        log = wait(lambda: drive.find(app, 'log'))
        names = [r.get_name() for r in wait(lambda: rows(log))]
        tap.check('a row says author, time, text, state', 'You, 09:25: Picture. Read' in names, names)
        tap.check('who is typing is said', wait(lambda: any('is typing' in (a.get_name() or '') for a in drive.walk(app))))

        demo.still()
        row = next(r for r in rows(log) if 'Perfect' in r.get_name())
        _, y = middle(row)
        touch('mousemove', 90, y, 'click', '--repeat', 2, '--delay', 60, 1)
        tap.check('double click selects a word', wait(lambda: drive.clipboard('primary').strip().strip(',') == 'Perfect'),
                  repr(drive.clipboard('primary')))
        touch('mousemove', 70, y, 'mousedown', 1)
        touch('mousemove', 100, y)
        touch('mousemove', 190, y, 'mouseup', 1)
        touch('key', 'ctrl+c')
        part = wait(lambda: (lambda t: t if 5 < len(t) < 31 else '')(drive.clipboard()))
        tap.check('drag selects text, Ctrl+C copies it', bool(part) and part in row.get_name(), repr(part))

        touch('key', 'Home')
        wait(lambda: focused(log) is not None and 'Assistant' in focused(log).get_name())
        touch('key', 'Return')
        tap.check('Enter opens the link of the focused message',
                  wait(lambda: demo.words == ['LINK https://juniper.example/n54']), demo.words)
        box = next(r for r in rows(log) if 'Assistant' in r.get_name()).get_extents(Atspi.CoordType.WINDOW)
        for y in range(box.y, box.y + box.height, 6):
            touch('mousemove', 160, y, 'click', 1)
        tap.check('a click opens the link, and no other place does',
                  wait(lambda: len(demo.words) >= 2) and 2 <= len(demo.words) <= 5
                  and set(demo.words) == {'LINK https://juniper.example/n54'}, demo.words)
    finally:
        errors = demo.end()
    tap.check('nothing was complained about', errors.strip() == '', errors[-600:])


def test_trouble():
    demo = drive.Program(DEMO, '--scene', 'trouble', '-w', '752', '-h', '660', '--entry')
    try:
        app = drive.find_app('demo-transcript')
        demo.window('Transcript')
        log = wait(lambda: drive.find(app, 'log'))
        demo.still()
        last = rows(log)[-1]
        tap.check('a failed message says what to do', last.get_name() ==
                  'You, 09:41: I will bring it on paper. Not sent. Press Enter to try again, Delete to remove it.',
                  last.get_name())
        touch('mousemove', 376, 645, 'click', 1)
        touch('key', 'shift+Tab')
        tap.check('one Tab stop, at the newest', is_focused(log, 'on paper'))
        touch('key', 'Return')
        tap.check('Enter tries again', wait(lambda: demo.words == ['RETRY I will bring it on paper.']), demo.words)
        box = last.get_extents(Atspi.CoordType.WINDOW)
        touch('mousemove', box.x + box.width - 110, box.y + box.height - 8, 'click', 1)
        tap.check('a click on "Try again" does, too', wait(lambda: len(demo.words) == 2), demo.words)
        touch('mousemove', box.x + box.width - 50, box.y + 20, 'click', 1)
        touch('key', 'Up')
        tap.check('a click on the bubble does not', is_focused(log, 'bill-0311') and len(demo.words) == 2, demo.words)
        touch('key', 'Up', 'key', 'Delete', 'key', 'Down')
        tap.check('Delete leaves what only waits alone', is_focused(log, 'bill-0311') and len(demo.words) == 2, demo.words)
        touch('key', 'Delete')
        tap.check('Delete removes, and the next line has the focus',
                  wait(lambda: demo.words[2:] == ['REMOVE bill-0311.pdf']) and is_focused(log, 'on paper'), demo.words)
        demo.still()
        box = rows(log)[-1].get_extents(Atspi.CoordType.WINDOW)
        touch('mousemove', box.x + box.width - 50, box.y + box.height - 8, 'click', 1)
        tap.check('a click on "Remove" does, too, and the line before has the focus',
                  wait(lambda: demo.words[3:] == ['REMOVE I will bring it on paper.']) and is_focused(log, 'Noon is fine'),
                  demo.words)
    finally:
        errors = demo.end()
    tap.check('nothing was complained about', errors.strip() == '', errors[-600:])


os.environ['G_DEBUG'] = 'fatal-warnings'
os.environ.pop('GTK_A11Y', None)
test_many()
test_inbox()
test_trouble()
sys.exit(tap.done())
