#!/usr/bin/python3
"""The main job as people do it: a visitor in a real Chromium, an agent at the real window, a real notification.

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh. Pictures are left in $PICTURES.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import urllib.request

sys.dont_write_bytecode = True

import dbus
import dbusmock

import house
from screen import PATIENCE, Atspi, Browser, Screen, wait

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, '..', '..'))
PROGRAM = os.environ.get('PORCHLIGHT', os.path.join(ROOT, '_build', 'src', 'app', 'porchlight'))
PICTURES = os.environ.get('PICTURES', os.path.join(ROOT, '_build', 'pictures'))
NOTIFICATIONS = 'org.freedesktop.Notifications'


class Desktop:
    """What stands around the program: a notification daemon that only remembers, and a browser that is only told addresses."""

    def __init__(self, folder, has_viewer=True):
        self.opened = os.path.join(folder, 'opened')
        self.daemon = dbusmock.DBusTestCase.spawn_server_template(
            'notification_daemon', {'capabilities': 'body actions icon-static'}, stdout=subprocess.DEVNULL)[0]
        self.mock = dbus.Interface(dbus.SessionBus().get_object(NOTIFICATIONS, '/org/freedesktop/Notifications'), 'org.freedesktop.DBus.Mock')
        self._add_browser(folder, ['x-scheme-handler/http', 'x-scheme-handler/https', 'text/html'] + ['x-scheme-handler/help'] * has_viewer)

    def _add_browser(self, folder, kinds):
        applications = os.path.join(os.environ['XDG_DATA_HOME'], 'applications')
        os.makedirs(applications, exist_ok=True)
        script = os.path.join(folder, 'remember')
        with open(script, 'w', encoding='utf-8') as file:
            file.write(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{self.opened}"\n')
        os.chmod(script, 0o755)
        with open(os.path.join(applications, 'remember.desktop'), 'w', encoding='utf-8') as file:
            file.write(f'[Desktop Entry]\nType=Application\nName=Remember\nExec={script} %u\nMimeType={";".join(kinds)};\n')
        with open(os.path.join(applications, 'mimeapps.list'), 'w', encoding='utf-8') as file:
            file.write('[Default Applications]\n' + ''.join(f'{kind}=remember.desktop\n' for kind in kinds))
        shutil.copy(os.path.join(applications, 'mimeapps.list'), os.path.join(os.environ['XDG_CONFIG_HOME'], 'mimeapps.list'))
        subprocess.run(['update-desktop-database', applications], stderr=subprocess.DEVNULL, check=False) if shutil.which('update-desktop-database') else None

    def addresses(self):
        if not os.path.exists(self.opened):
            return []
        with open(self.opened, encoding='utf-8') as file:
            return file.read().split()

    def notifications(self):
        """(id, summary, body, actions) of every Notify call."""
        calls = [call[2] for call in self.mock.GetCalls() if call[1] == 'Notify']
        return [(n, str(a[3]), str(a[4]), [str(x) for x in a[5]]) for n, a in enumerate(calls, 1)]

    def withdrawn(self):
        return [int(call[2][0]) for call in self.mock.GetCalls() if call[1] == 'CloseNotification']

    def invoke(self, number, action):
        self.mock.EmitSignal(NOTIFICATIONS, 'ActionInvoked', 'us', [dbus.UInt32(number), action])

    def end(self):
        self.daemon.terminate()
        self.daemon.wait()


class Talk:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='porch-talk.')
        self.data = os.path.join(self.folder, 'data')
        self.log = open(os.path.join(self.folder, 'log'), 'wb')
        self.keeper, self.port = house.keep_port()
        self.desktop = Desktop(self.folder)
        self.browser = Browser()
        self.process = self.screen = None

    def start(self, **env):
        self.process = subprocess.Popen([PROGRAM, '--data', self.data, '--listen', f'127.0.0.1:{self.port}'], stdout=self.log, stderr=self.log,
                                        stdin=subprocess.DEVNULL, env=dict(os.environ, G_DEBUG='fatal-criticals', PORCH_STALL_FATAL='1', **env))
        self.screen = Screen('porchlight', 'Porchlight')

    def address(self, path):
        return f'http://127.0.0.1:{self.port}{path}'

    def read_log(self):
        with open(os.path.join(self.folder, 'log'), encoding='utf-8', errors='replace') as file:
            return file.read()

    def end(self):
        self.browser.end()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.desktop.end()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def picture(self, name):
        self.screen.shot(os.path.join(PICTURES, name + '.png'))

    def health(self):
        with urllib.request.urlopen(self.address('/healthz'), timeout=5) as answer:
            return json.load(answer)


# ---- the story, step by step; each step stands on the one before

def first_run(talk):
    talk.start()
    screen = talk.screen
    screen.wait('text', 'Name of your business')
    talk.picture('first-run-1')
    screen.fill('Name of your business', 'Lantern & Wick')
    screen.fill('Address of your website', 'localhost')
    screen.press('Continue')
    screen.wait('heading', 'You')
    screen.wait('text', 'Your name')
    screen.fill('Your name', 'Ines')
    screen.press('Continue')
    screen.wait('heading', 'Hang the light on your website')
    snippet = screen.wait(contains='data-site=')
    assert f'127.0.0.1:{talk.port}/widget.js' in snippet.get_name() or 'widget.js' in Atspi.Text.get_text(snippet, 0, -1), snippet.get_name()
    talk.picture('first-run-3')


def copy_snippet(talk):
    screen = talk.screen
    button = wait(lambda: screen.find('push button', contains='Copy'), what='the copy button')
    Atspi.Action.do_action(button, 0)
    screen.wait('label', 'Copied')


def practice_page(talk):
    screen = talk.screen
    screen.press('Continue')
    screen.wait('heading', 'Try it')
    screen.press('Open the practice page')
    opened = wait(talk.desktop.addresses, what='an address being opened')
    assert opened == [talk.address('/try')], opened
    screen.press('Go to the inbox')
    screen.wait(contains='The light is on')
    screen.wait(contains='Nobody is waiting')
    talk.picture('inbox-empty')


def visitor_writes(talk):
    browser = talk.browser
    browser.open(url=talk.address('/try'))
    assert browser.label().startswith('Open chat'), browser.label()
    browser.launch()
    browser.sees(text='Who are we talking to?')
    browser.fill(label='Your name', text='Ann Lee')
    browser.fill(label='E-mail', text='ann@example.org')
    browser.click(name='Start the chat')
    browser.write(text='Do you have the brass lantern in stock?')
    browser.press(key='Enter')
    browser.own_until(count=1)
    browser.shot(path=os.path.join(PICTURES, 'widget-start.png'))


def window_shows(talk):
    talk.screen.wait(contains='Do you have the brass lantern')
    talk.screen.wait(contains='Ann Lee')


def notified(talk):
    found = wait(talk.desktop.notifications, what='a notification')
    assert len(found) == 1, found
    _, summary, body, actions = found[0]
    assert 'Ann Lee' in summary and 'waiting' in summary, summary
    assert body == 'Do you have the brass lantern in stock?', body
    words = actions[1::2]
    assert 'Open' in words and 'Take' in words, actions
    talk.take_action = actions[actions.index('Take') - 1]


def take(talk):
    talk.desktop.invoke(1, talk.take_action)
    talk.screen.wait('push button', 'Resolve')
    wait(lambda: 1 in talk.desktop.withdrawn(), what='the notification being withdrawn')
    talk.browser.sees(text='You are talking to Ines')
    talk.screen.focus()


def composer(talk):
    return talk.screen.wait('text', 'Reply') if talk.screen.find('text', 'Reply') else wait(
        lambda: next((n for n in [talk.screen.find('text')] if n), None), what='the composer')


def answer(talk):
    screen, browser = talk.screen, talk.browser
    field = composer(talk)
    wait(lambda: field.get_state_set().contains(Atspi.StateType.FOCUSED), what='the composer having the focus')
    screen.type('Yes, we have four. ')
    browser.sees(text='Ines is typing')
    screen.key('shift+Return')
    screen.type('Shall I keep one for you?')
    screen.key('Return')
    rows = wait(lambda: [r for r in browser.rows() if not r['own']] or None, what='the visitor seeing the answer')
    assert rows[0]['text'] == 'Yes, we have four. \nShall I keep one for you?', rows
    wait(lambda: Atspi.Text.get_text(field, 0, -1) == '', what='the composer being empty again')


def ticks(talk):
    talk.browser.own_until(count=1, state='read')
    talk.screen.wait(contains='Read')


def typing(talk):
    talk.browser.type(text='That would be')
    # It is shown for seconds only, and a look over the bus may take as long: the visitor types on until it is seen.
    wait(lambda: talk.screen.find(contains='is typing') or talk.browser.type(text='.'), what='the window showing that somebody types')
    talk.browser.type(text=' lovely, thank you <b>so</b> much')
    talk.browser.press(key='Enter')
    talk.screen.wait(contains='lovely, thank you <b>so</b> much')


def no_noise_in_view(talk):
    assert len(talk.desktop.notifications()) == 1, talk.desktop.notifications()


def note(talk):
    screen = talk.screen
    screen.key('ctrl+m')
    screen.type('Keep one under the counter.')
    talk.picture('note')
    screen.key('Return')
    screen.wait(contains='Keep one under the counter.')
    screen.key('ctrl+m')
    assert not any('counter' in row['text'] for row in talk.browser.rows())
    history = talk.browser.text(css='.log')
    assert 'counter' not in history, history


def pictures(talk):
    talk.picture('talk-light')
    talk.browser.shot(path=os.path.join(PICTURES, 'widget-talk.png'))


def killed(talk):
    """The program dies in the middle; what the visitor writes meanwhile is kept and comes once."""
    browser = talk.browser
    talk.process.kill()
    talk.process.wait()
    browser.sees(text='No connection')
    for n in range(3):
        browser.write(text=f'while you were gone {n}')
        browser.press(key='Enter')
    browser.own_until(count=5)
    browser.shot(path=os.path.join(PICTURES, 'widget-offline.png'))
    talk.start(ADW_DEBUG_COLOR_SCHEME='prefer-dark')
    browser.eval(code='window.dispatchEvent(new Event("online"))')
    talk.screen.wait(contains='while you were gone 2')
    own = [r['text'] for r in browser.own_until(count=5, state='') if 'gone' in r['text']]
    assert own == [f'while you were gone {n}' for n in range(3)], own
    wait(lambda: all(r['state'] in ('sent', 'received', 'read') for r in browser.rows() if r['own']), what='all of it being sent')


def dark(talk):
    row = talk.screen.wait('list item', contains='Ann Lee')
    talk.screen.focus()
    talk.screen.click(row)
    talk.screen.wait('push button', 'Resolve')
    talk.picture('talk-dark')


def second_tab(talk):
    browser = talk.browser
    browser.open(page='tab', visitor='visitor', url=talk.address('/try'))
    browser.launch(page='tab') if 'Open' in browser.label(page='tab') else None
    first = [r['text'] for r in browser.rows()]
    wait(lambda: [r['text'] for r in browser.rows(page='tab')] == first, what='the second tab showing the same')
    browser.write(page='tab', text='from the other tab')
    browser.press(page='tab', key='Enter')
    browser.own_until(count=6)
    texts = [[(r['own'], r['text']) for r in browser.rows(page=name)] for name in ('visitor', 'tab')]
    assert texts[0] == texts[1], texts
    browser.close(page='tab')


def reload_page(talk):
    before = [(r['own'], r['text']) for r in talk.browser.rows()]
    talk.browser.reload()
    if 'Open' in (talk.browser.label() or ''):
        talk.browser.launch()
    wait(lambda: [(r['own'], r['text']) for r in talk.browser.rows()] == before, what='the history coming back')


def resolve(talk):
    talk.screen.press('Resolve')
    talk.browser.sees(text='How was it?')
    talk.browser.shot(path=os.path.join(PICTURES, 'widget-rating.png'))
    talk.browser.check(name='Excellent')
    talk.browser.submit(css='.rating')
    talk.browser.sees(text='Thank you, that helps.')
    talk.screen.wait('push button', 'Reopen')
    wait(lambda: talk.screen.find(contains='5') is not None, what='the window showing the rating')


def quit_program(talk):
    talk.screen.focus()
    talk.screen.key('ctrl+q')
    status = talk.process.wait(PATIENCE)
    assert status == 0, status


def complaints(log):
    # The heading of libadwaita 1.7's message dialog, which it measures in widths that it cannot have.
    known = 'Trying to measure GtkLabel'
    return [line for line in log.splitlines() if ('CRITICAL' in line or 'WARNING' in line) and known not in line]


def quiet(talk):
    bad = complaints(talk.read_log())
    assert not bad, bad[:5]
    noise = talk.browser.noise()
    assert not noise, noise[:5]


STORY = [
    ('first run: three questions, and the line to paste', first_run),
    ('first run: the copy button says that it did', copy_snippet),
    ('first run: /try is opened in the browser, then the inbox', practice_page),
    ('a visitor opens the chat in Chromium and writes', visitor_writes),
    ('the window shows it', window_shows),
    ('a desktop notification came, with Open and Take', notified),
    ('Take in the notification takes it; the notification goes', take),
    ('the agent answers by keyboard, the visitor sees it', answer),
    ('ticks: the window and the widget say read', ticks),
    ('typing shows both ways; markup is only text', typing),
    ('no notification for what is in view', no_noise_in_view),
    ('a note is for the team alone', note),
    ('pictures of both', pictures),
    ('kill -9: what was written meanwhile comes, once and in order', killed),
    ('the same in the dark', dark),
    ('two tabs stay in step', second_tab),
    ('a reload brings the history back', reload_page),
    ('resolved: the visitor rates, the window shows it', resolve),
    ('Ctrl+Q ends it with status 0', quit_program),
    ('nothing was said in anger: no warning in log or console', quiet),
]


def tell(story, make=Talk):
    """Each step with what @make gives, until one fails; TAP."""
    os.makedirs(PICTURES, exist_ok=True)
    talk = make()
    failed = 0
    try:
        for number, (name, step) in enumerate(story, 1):
            try:
                step(talk)
                print(f'ok {number} - {name}', flush=True)
            except Exception as error:  # the story goes on as far as it can
                failed += 1
                print(f'not ok {number} - {name}\n# {type(error).__name__}: {str(error)[:1500]}'.replace('\n', '\n# ').replace('\n# #', '\n#'), flush=True)
                frames = [f for f in traceback.extract_tb(error.__traceback__) if HERE in f.filename]
                print('\n'.join(f'#   {os.path.basename(f.filename)}:{f.lineno}: {f.line}' for f in frames[-3:]))
                if talk.screen and talk.process.poll() is None:
                    talk.picture(f'failed-{number}')
                    print('# on the screen: ' + ' · '.join(talk.screen.names())[:1500].replace('\n', ' '))
                else:
                    print('# the program is gone: ' + talk.read_log()[-800:].replace('\n', '\n# '))
                for later in range(number + 1, len(story) + 1):
                    print(f'not ok {later} - {story[later - 1][0]} (not reached)')
                break
    finally:
        talk.end()
    print(f'1..{len(story)}')
    return 1 if failed else 0


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(tell(STORY))
