#!/usr/bin/python3
"""Daily life: the window is closed and comes back, the program starts with the desktop and is asked to end.

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh. The folder is the usual one, in a home of the test's own: only so is there one program.
"""
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import dbus
import dbusmock

import house
import wire
from screen import Atspi, Screen, wait
from talk import PICTURES, PROGRAM, Desktop, complaints, tell

PORTAL, PORTAL_PATH = 'org.freedesktop.portal.Desktop', '/org/freedesktop/portal/desktop'
SESSION, SESSION_PATH = 'org.gnome.SessionManager', '/org/gnome/SessionManager'
SUSPEND = 4
DEVICE, HANDLE = 'A' * 22, 'new-' + 'B' * 22


class Mock:
    """A service on the test's bus that only remembers."""

    def __init__(self, name, path, interface, methods):
        self.process = dbusmock.DBusTestCase.spawn_server(name, path, interface, False, stdout=subprocess.DEVNULL)
        self.object = dbus.Interface(dbus.SessionBus().get_object(name, path), 'org.freedesktop.DBus.Mock')
        for method, inward, outward, code in methods:
            self.object.AddMethod(interface, method, inward, outward, code)

    def calls(self, name):
        return [call[2] for call in self.object.GetCalls() if call[1] == name]

    def end(self):
        self.process.terminate()
        self.process.wait()


class Life:
    """One person's desktop."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='porch-daily.')
        self.log = open(os.path.join(self.folder, 'log'), 'wb')
        self.keeper, self.port = house.keep_port()
        self.config = os.path.join(self.folder, 'new', 'config')
        self.autostart = os.path.join(self.config, 'autostart', 'chat.porchlight.Porchlight.desktop')
        self.desktop = Desktop(self.folder)
        self.session = Mock(SESSION, SESSION_PATH, SESSION, [('Inhibit', 'susu', 'u', 'ret = 77'), ('Uninhibit', 'u', '', '')])
        self.process = self.screen = self.token = None
        data = os.path.join(os.environ['XDG_DATA_HOME'], 'porchlight')
        self.site = house.run_program('setup', '--data', data, '--business', 'Lantern & Wick', '--domain', 'localhost', '--name', 'Ines',
                                      '--email', 'ines@staff.example')['site_key']

    def command(self, *words):
        return [PROGRAM, '--listen', f'127.0.0.1:{self.port}', *words]

    def start(self, *words, **env):
        self.process = subprocess.Popen(self.command(*words), stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
                                        env={**os.environ, 'G_DEBUG': 'fatal-criticals', 'GSETTINGS_BACKEND': 'keyfile', **env})

    def start_again(self, *words):
        """A second start: it says so to the first, and ends."""
        done = subprocess.run(self.command(*words), timeout=20, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, check=False)
        assert done.returncode == 0, done.returncode

    def look(self):
        self.screen = Screen('porchlight', 'Porchlight')
        self.screen.wait(contains='Inbox')

    def answer(self, word):
        """A button of the dialog: what has a mnemonic is named twice."""
        Atspi.Action.do_action(self.screen.wait('push button', contains=word), 0)

    def close_window(self):
        self.screen.press('Close')
        wait(lambda: not self.has_window(), what='the window being gone')
        assert self.process.poll() is None, 'the program ended with its window'

    @staticmethod
    def state_of(action):
        actions = dbus.Interface(dbus.SessionBus().get_object('chat.porchlight.Porchlight', '/chat/porchlight/Porchlight'), 'org.gtk.Actions')
        return bool(actions.Describe(action)[2][0])

    @staticmethod
    def set_state(action, value):
        actions = dbus.Interface(dbus.SessionBus().get_object('chat.porchlight.Porchlight', '/chat/porchlight/Porchlight'), 'org.gtk.Actions')
        actions.SetState(action, dbus.Boolean(value, variant_level=1), dbus.Dictionary(signature='sv'))

    @staticmethod
    def has_window():
        done = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', 'Porchlight'], capture_output=True, text=True, check=False)
        return bool(done.stdout.strip())

    def is_serving(self):
        try:
            return asyncio.run(wire.request(self.port, 'GET', '/healthz')).status == 200
        except OSError:
            return False

    def picture(self, name):
        self.screen.shot(os.path.join(PICTURES, name + '.png'))

    def summaries(self):
        return [summary for _, summary, _, _ in self.desktop.notifications()]

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.session.end()
        self.desktop.end()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def read_log(self):
        with open(os.path.join(self.folder, 'log'), encoding='utf-8', errors='replace') as file:
            return file.read()


async def write(life, number, text, first=None):
    """A visitor's page: says @text and waits until it is kept; then @first (socket), which may stop the program."""
    origin = f'http://127.0.0.1:{life.port}'
    socket = await wire.Socket.connect(life.port, f'/livechat/ws/any/?{wire.query(site=life.site)}', {'Origin': origin})
    await socket.send({'type': 'hello', **({'token': life.token} if life.token else {})})
    welcome = await socket.wait_for('welcome')
    life.token = welcome.get('token') or life.token
    await socket.send({'type': 'message', 'id': f'{DEVICE}:{number}', 'conversation': HANDLE, 'message': text})
    await socket.wait_for('ack')
    return await first(socket) if first else None


def visitor_says(life, number, text, first=None):
    return asyncio.run(asyncio.wait_for(write(life, number, text, first), 30))


# ---- one day, step by step

def closes(life):
    life.start()
    life.look()
    life.close_window()
    told = wait(lambda: [s for s in life.summaries() if 'still on' in s], what='being told')
    assert len(told) == 1, told
    assert life.is_serving()


def count_wakings(pid):
    """How often any of its threads went to sleep, since they began."""
    n = 0
    for thread in os.listdir(f'/proc/{pid}/task'):
        with open(f'/proc/{pid}/task/{thread}/status', encoding='ascii') as file:
            n += next(int(line.split()[1]) for line in file if line.startswith('voluntary_ctxt_switches'))
    return n


def is_small(life):
    """With its window closed, for days: no memory for drawing, as no graphics card is used that would need it."""
    with open(f'/proc/{life.process.pid}/smaps_rollup', encoding='ascii') as file:
        pss = next(int(line.split()[1]) for line in file if line.startswith('Pss:')) / 1024
    print(f'# {pss:.1f} MB of PSS')
    assert pss <= 60, pss


def sleeps(life):
    """Nobody is there: ten seconds have room for one heartbeat and what it stirs, and for no timer."""
    time.sleep(3)
    before = count_wakings(life.process.pid)
    time.sleep(10)
    n = count_wakings(life.process.pid) - before
    print(f'# {n} wakings in 10 s')
    assert n <= 6, n


def writes_to_nobody(life):
    visitor_says(life, 1, 'Is anybody there?')
    wait(lambda: any('is waiting' in s for s in life.summaries()), what='the notification with the window closed')


def keeps_awake(life):
    calls = wait(lambda: life.session.calls('Inhibit'), what='the computer being kept awake')
    assert int(calls[0][3]) == SUSPEND, calls
    assert str(calls[0][0]) == 'chat.porchlight.Porchlight' and str(calls[0][2]), calls


def may_sleep(life):
    """The setting: off lets go of it at once, on takes it again."""
    life.set_state('keep-awake', False)
    wait(lambda: len(life.session.calls('Uninhibit')) == 1, what='the computer being let to sleep')
    assert int(life.session.calls('Uninhibit')[0][0]) == 77, life.session.calls('Uninhibit')
    life.set_state('keep-awake', True)
    wait(lambda: len(life.session.calls('Inhibit')) == 2, what='the computer being kept awake again')


def opens_from_notification(life):
    number, _, _, actions = next(n for n in life.desktop.notifications() if 'is waiting' in n[1])
    life.desktop.invoke(number, actions[actions.index('Open') - 1])
    life.look()
    life.screen.wait(contains='Is anybody there?')
    life.close_window()


def comes_back(life):
    life.start_again()
    life.look()
    assert len([s for s in life.summaries() if 'still on' in s]) == 1, 'it was said twice'


def asks_first(life):
    life.screen.focus()
    life.screen.key('ctrl+q')
    life.screen.wait(contains='1 conversation is open')
    life.answer('Cancel')
    life.screen.gone(contains='1 conversation is open')
    assert life.is_serving()


def closes_only_the_window(life):
    life.screen.focus()
    life.screen.key('ctrl+q')
    life.answer('Window Only')
    wait(lambda: not life.has_window(), what='the window being gone')
    assert life.is_serving()
    life.start_again()
    life.look()


def is_paused(life):
    """Stopped for a while, as by a lid: whoever was there is there, and what is said is heard at once."""
    async def first(socket):
        life.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(6)
        loop = asyncio.get_running_loop()
        life.process.send_signal(signal.SIGCONT)
        woke = loop.time()
        await socket.send({'type': 'message', 'id': f'{DEVICE}:3', 'conversation': HANDLE, 'message': 'Are you awake?'})
        await socket.wait_for('ack')
        return loop.time() - woke

    took = visitor_says(life, 2, 'Sleep well.', first)
    assert took < 5, took
    life.screen.wait(contains='Are you awake?')


def quits(life):
    async def first(socket):
        life.screen.focus()
        life.screen.key('ctrl+q')
        await asyncio.to_thread(life.answer, 'Quit')
        return await socket.wait_closed()

    code = visitor_says(life, 4, 'Good night.', first)
    assert code == 1001, code
    assert life.process.wait(10) == 0
    assert len(life.session.calls('Inhibit')) == len(life.session.calls('Uninhibit')) == 2, 'it is kept awake by who has gone'
    assert not life.is_serving()


def starts_at_login(life):
    """In a home that is so new that nothing has a configuration yet, ours neither."""
    life.start(XDG_CONFIG_HOME=life.config, GSETTINGS_BACKEND='memory')
    life.look()
    assert not os.path.exists(os.path.dirname(life.config)), 'somebody else made the folder: nothing is shown here'
    life.screen.key('ctrl+comma')
    node = life.screen.wait(contains='Start when I log in')
    life.screen.wait(contains='A computer that sleeps serves nobody')
    life.screen.click(node)
    wait(lambda: os.path.exists(life.autostart), what='the autostart entry')
    with open(life.autostart, encoding='utf-8') as file:
        entry = file.read()
    assert f'Exec="{os.path.realpath(PROGRAM)}" --background\n' in entry, entry
    if shutil.which('desktop-file-validate'):
        subprocess.run(['desktop-file-validate', life.autostart], check=True)
    wait(lambda: life.state_of('start-at-login'), what='the switch being on')
    life.screen.key('space')
    wait(lambda: not os.path.exists(life.autostart), what='the entry being gone')
    life.screen.key('Escape')
    life.process.terminate()
    assert life.process.wait(10) == 0


def starts_hidden(life):
    life.start('--background')
    wait(life.is_serving, what='it serving')
    life.start_again('--background')
    assert not life.has_window(), 'it was to start without one'
    visitor_says(life, 5, 'Early bird.')
    life.start_again()
    life.look()
    life.close_window()
    life.process.terminate()
    assert life.process.wait(10) == 0, 'SIGTERM without a window'
    assert len([s for s in life.summaries() if 'still on' in s]) == 1, 'it was said again, by another start'


def asks_portal(life):
    """In a sandbox the portal is asked: to run without a window, and to start at login."""
    portal = Mock(PORTAL, PORTAL_PATH, 'org.freedesktop.portal.Background', [('RequestBackground', 'sa{sv}', 'o', f'ret = "{PORTAL_PATH}/request/x"')])
    try:
        life.start(GTK_USE_PORTAL='1')
        life.look()
        life.close_window()
        options = wait(lambda: portal.calls('RequestBackground'), what='the portal being asked')[0][1]
        assert not options['autostart'] and list(options['commandline']) == ['porchlight', '--background'] and str(options['reason']), options
        life.process.terminate()
        assert life.process.wait(10) == 0
    finally:
        portal.end()


def quiet(life):
    bad = complaints(life.read_log())
    assert not bad, bad[:5]
    for secret in ('Is anybody there?', 'Good night.', life.token):
        assert secret not in life.read_log(), secret


DAY = [
    ('the window is closed: it goes on, and says so once', closes),
    ('with nobody there it sleeps', sleeps),
    ('... and is small', is_small),
    ('a visitor writes to the closed window: it rings', writes_to_nobody),
    ('the computer is kept awake meanwhile', keeps_awake),
    ('... unless one does not want that', may_sleep),
    ('Open in the notification brings the window back, at the conversation', opens_from_notification),
    ('so does starting it a second time; nothing is said twice', comes_back),
    ('quitting asks while a conversation is open', asks_first),
    ('... and offers to close the window only', closes_only_the_window),
    ('stopped for a while: everybody is back within 5 s', is_paused),
    ('quitting tells visitors, and ends with 0', quits),
    ('start at login: an entry that is valid, and goes again', starts_at_login),
    ('started at login: no window until one is asked for', starts_hidden),
    ('the Background portal is asked where there is one', asks_portal),
    ('nothing was said in anger, and nothing of what visitors said', quiet),
]


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(tell(DAY, Life))
