#!/usr/bin/python3
"""Backing up and going back as an owner does it: in the window, while a visitor in Chromium goes on talking (F16).

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh.
"""
import signal
import sys

sys.dont_write_bytecode = True

import talk as talks
from screen import wait
from talk import answer, copy_snippet, first_run, practice_page, quiet, take, visitor_writes, window_shows


def open_page(talk):
    talk.screen.focus()
    talk.screen.key('F10')
    talk.screen.press_menu('Backups and secrets', 2)
    talk.screen.wait(contains='Back up now')


def close_page(talk):
    talk.screen.key('Escape')
    talk.screen.gone(contains='Back up now')
    talk.screen.focus()


def notified(talk):
    _, _, _, actions = wait(talk.desktop.notifications, what='a notification')[0]
    talk.take_action = actions[actions.index('Take') - 1]


def back_up(talk):
    open_page(talk)
    talk.screen.press('Back up now')
    talk.screen.wait(contains='Last backup: Today')
    talk.screen.wait('push button', contains='Restore the backup of')
    talk.picture('keeping-backups')
    close_page(talk)


def talk_on(talk):
    """What the backup does not have: two of the visitor's, one of ours in between."""
    browser, screen = talk.browser, talk.screen
    browser.write(text='One more thing')
    browser.press(key='Enter')
    screen.wait(contains='One more thing')
    screen.click(talks.composer(talk))
    screen.type('Ask away.')
    screen.key('Return')
    browser.sees(text='Ask away.')
    browser.write(text='Do you gift-wrap?')
    browser.press(key='Enter')
    screen.wait(contains='Do you gift-wrap?')
    talk.before = sorted((r['own'], r['text']) for r in browser.rows() if r['text'])


def go_back(talk):
    screen = talk.screen
    open_page(talk)
    button = screen.wait('push button', contains='Restore the backup of')
    talks.Atspi.Action.do_action(button, 0)
    screen.wait(contains='Go back to this backup?')
    talk.picture('keeping-question')
    # A button with a mnemonic says its name twice at the floor.
    talks.Atspi.Action.do_action(screen.wait('push button', contains='Go back'), 0)
    wait(lambda: sum('.before-' in name for name in talks.os.listdir(talk.data)) == 1, 20, 'the other file being in its place')
    close_page(talk)


def all_there(talk):
    """Both sides offer what the backup did not have; it is there once, for both."""
    def rows():
        found = sorted((r['own'], r['text']) for r in talk.browser.rows() if r['text'])
        return found == talk.before
    try:
        wait(rows, 30, 'the visitor seeing everything once')
    except TimeoutError as late:
        raise AssertionError(f'{talk.browser.rows()}, not {talk.before}') from late
    for text in ('One more thing', 'Ask away.', 'Do you gift-wrap?'):
        talk.screen.wait(contains=text)
    wait(lambda: all(r['state'] in ('sent', 'received', 'read') for r in talk.browser.rows() if r['own']), what='all of it being sent')
    talk.picture('keeping-after')


def goes_on(talk):
    talk.browser.write(text='And it goes on')
    talk.browser.press(key='Enter')
    talk.screen.wait(contains='And it goes on')


def quit_talking(talk):
    talk.screen.focus()
    talk.screen.key('ctrl+q')
    talks.Atspi.Action.do_action(talk.screen.wait('push button', contains='Quit'), 0)
    status = talk.process.wait(8)
    assert status == 0, status


STORY = [
    ('a shop', first_run),
    ('its line to paste', copy_snippet),
    ('its inbox', practice_page),
    ('a visitor writes', visitor_writes),
    ('the window shows it', window_shows),
    ('a notification', notified),
    ('Take', take),
    ('an answer', answer),
    ('backed up in the window, and shown as the last backup', back_up),
    ('the talk goes on', talk_on),
    ('going back asks first, and the file that was there is kept', go_back),
    ('window and widget offer what they hold: everything is there once (F16)', all_there),
    ('and it goes on', goes_on),
    ('Ctrl+Q asks, for the conversation is open, and ends it with status 0', quit_talking),
    ('no warning in log or console', quiet),
]

if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(talks.tell(STORY))
