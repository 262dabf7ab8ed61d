#!/usr/bin/python3
"""The main job once more, from within Flatpak's sandbox: the story of e2e/talk.py, with the portals between.

SPDX-License-Identifier: GPL-3.0-or-later
To be run by flatpak/run, which builds and installs what this starts. The visitor's browser is outside.
"""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
E2E = os.path.join(HERE, '..', 'e2e')
sys.path.insert(0, E2E)

import talk  # noqa: E402
from screen import Screen, wait  # noqa: E402

ID = 'chat.porchlight.Porchlight'
OWN = os.path.join(os.environ['HOME'], '.var', 'app', ID)
CANARY = 'canary-secret-3Kd9Wq'
# The test's own habits, which an installed program does not have.
UNSET = ('GSETTINGS_BACKEND', 'GSETTINGS_SCHEMA_DIR', 'PORCHLIGHT_LOCALE_DIR')
PORTALS = {
    'gtk.portal': ('gtk', 'FileChooser;org.freedesktop.impl.portal.AppChooser;org.freedesktop.impl.portal.Notification;org.freedesktop.impl.portal.Inhibit;'
                   'org.freedesktop.impl.portal.Access;org.freedesktop.impl.portal.Settings;org.freedesktop.impl.portal.Lockdown'),
    'test.portal': ('porchtest', 'Background'),
}


class Portals:
    """The real portals, with GTK's backend, the keyring's, and a stand-in for the background."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        for name, (backend, interfaces) in PORTALS.items():
            self._write(name, f'org.freedesktop.impl.portal.desktop.{backend}', f'org.freedesktop.impl.portal.{interfaces}')
        self._write('keyring.portal', 'org.freedesktop.secrets', 'org.freedesktop.impl.portal.Secret')
        subprocess.run(['gnome-keyring-daemon', '--unlock', '--components=secrets', '--daemonize'], input=b'x', stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)
        self.said = os.path.join(folder, 'background.log')
        self._start([sys.executable, os.path.join(HERE, 'background.py')], self.said)
        self._start(['/usr/libexec/xdg-desktop-portal-gtk'], os.path.join(folder, 'portal-gtk.log'))
        self._start(['/usr/libexec/xdg-desktop-portal', '-v'], os.path.join(folder, 'portal.log'))
        wait(lambda: self._has_owner('org.freedesktop.portal.Desktop'), 20, 'the portal being there')

    def _write(self, name, bus_name, interfaces):
        with open(os.path.join(self.folder, name), 'w', encoding='utf-8') as file:
            file.write(f'[portal]\nDBusName={bus_name}\nInterfaces={interfaces}\nUseIn=gnome\n')

    def _start(self, command, log):
        env = dict(os.environ, XDG_CURRENT_DESKTOP='GNOME', XDG_DESKTOP_PORTAL_DIR=self.folder)
        with open(log, 'wb') as file:
            self.processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=env))

    @staticmethod
    def _has_owner(name):
        return talk.dbus.SessionBus().name_has_owner(name)

    def background_calls(self):
        with open(self.said, encoding='utf-8') as file:
            return [json.loads(line) for line in file]

    def read_log(self):
        with open(os.path.join(self.folder, 'portal.log'), encoding='utf-8', errors='replace') as file:
            return file.read()

    def end(self):
        for process in self.processes:
            process.terminate()
            process.wait()


class Sandboxed(talk.Talk):
    """A Talk whose program is the installed Flatpak, with its own folder and name on the bus."""

    def __init__(self):
        super().__init__()
        self.portals = Portals(tempfile.mkdtemp(prefix='portals.', dir=self.folder))

    def run(self, *args, command='porchlight', **options):
        return subprocess.run(self.command(command, *args), capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False, **options)

    @staticmethod
    def command(command, *args, **env):
        return ['flatpak', '--user', 'run', '--die-with-parent', f'--command={command}', *(f'--unset-env={name}' for name in UNSET),
                *(f'--env={name}={value}' for name, value in env.items()), ID, *args]

    def start(self, **env):
        self.process = subprocess.Popen(self.command('porchlight', '--listen', f'127.0.0.1:{self.port}', G_DEBUG='fatal-criticals', **env),
                                        stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.screen = Screen('porchlight', 'Porchlight')

    def end(self):
        super().end()
        subprocess.run(['flatpak', '--user', 'kill', ID], stderr=subprocess.DEVNULL, check=False)
        self.portals.end()


def sees_little(house):
    """What the permissions keep out is out: no home, no session bus beyond the portals."""
    secret = os.path.join(os.environ['HOME'], 'letter.txt')
    with open(secret, 'w', encoding='utf-8') as file:
        file.write('private\n')
    done = house.run('-c', f'cat {secret}; test -w /app && echo writable', command='sh')
    assert 'private' not in done.stdout and 'writable' not in done.stdout, done.stdout
    done = house.run('call', '--session', '--dest', 'org.freedesktop.Notifications', '--object-path', '/org/freedesktop/Notifications',
                     '--method', 'org.freedesktop.Notifications.GetCapabilities', command='gdbus')
    assert done.returncode != 0, f'the daemon can be called past the portal: {done.stdout}'


def installed(house):
    """The exported files have our id, and the runtime's own check of the settings' schema passes."""
    exports = os.path.join(os.environ['FLATPAK_USER_DIR'], 'exports', 'share')
    for path in (f'applications/{ID}.desktop', f'dbus-1/services/{ID}.service', f'icons/hicolor/scalable/apps/{ID}.svg',
                 f'icons/hicolor/symbolic/apps/{ID}-symbolic.svg'):
        assert os.path.exists(os.path.join(exports, path)), path
    # Older builders give the metainfo its older name.
    names = [f'metainfo/{ID}.{kind}.xml' for kind in ('metainfo', 'appdata')]
    assert any(os.path.exists(os.path.join(exports, name)) for name in names), os.listdir(exports)
    done = house.run('list-keys', ID, command='gsettings')
    assert 'window-width' in done.stdout, done.stdout + done.stderr


def folder(house):
    assert os.path.exists(os.path.join(OWN, 'data', 'porchlight', 'porchlight.db')), os.listdir(OWN)


def take(house):
    """As talk.take; but a portal's notification goes with its action by the desktop's own doing."""
    house.desktop.invoke(1, house.take_action)
    house.screen.wait('push button', 'Resolve')
    house.browser.sees(text='You are talking to Ines')
    house.screen.focus()


def quiet(house):
    # GTK 4.18's blinking cursor, when a window loses the keyboard where nothing manages windows.
    known = 'did not receive a focus-out event'
    bad = [line for line in talk.complaints(house.read_log()) if known not in line]
    assert not bad, bad[:5]
    noise = house.browser.noise()
    assert not noise, noise[:5]


def resized(house):
    subprocess.run(['xdotool', 'windowsize', '--sync', house.screen.window_id, '1111', '666'], timeout=10, check=True)
    talk.quit_program(house)
    with open(os.path.join(OWN, 'config', 'glib-2.0', 'settings', 'keyfile'), encoding='utf-8') as file:
        text = file.read()
    found = dict(line.split('=') for line in text.splitlines() if '=' in line)
    assert abs(int(found['window-width']) - 1111) < 60 and abs(int(found['window-height']) - 666) < 60, text


def activated(house):
    """By the bus alone, as a launcher or a notification does it."""
    own = os.path.join(os.environ['HOME'], 'bus', 'services')
    shutil.copy(os.path.join(os.environ['FLATPAK_USER_DIR'], 'exports', 'share', 'dbus-1', 'services', f'{ID}.service'), own)
    bus = talk.dbus.SessionBus()
    talk.dbus.Interface(bus.get_object('org.freedesktop.DBus', '/org/freedesktop/DBus'), 'org.freedesktop.DBus').ReloadConfig()
    program = talk.dbus.Interface(bus.get_object(ID, '/' + ID.replace('.', '/')), 'org.freedesktop.Application')
    program.ActivateAction('next-waiting', [], {}, timeout=60)
    house.screen = Screen('porchlight', 'Porchlight')
    house.screen.wait(contains='Nobody is waiting')
    house.screen.focus()
    house.screen.key('ctrl+q')
    wait(lambda: not bus.name_has_owner(ID), 10, 'the program ending')


def find_text(text):
    """Files of the program's own folder in which it can be read as it is."""
    found = []
    for place, _, names in os.walk(OWN):
        for name in names:
            path = os.path.join(place, name)
            if os.path.isfile(path):
                with open(path, 'rb') as file:
                    if text.encode() in file.read():
                        found.append(os.path.relpath(path, OWN))
    return found


def portal_keys():
    """What the keyring outside keeps for the portal, to give to our sandbox alone."""
    keyring = talk.dbus.SessionBus().get_object('org.freedesktop.secrets', '/org/freedesktop/secrets')
    found = talk.dbus.Interface(keyring, 'org.freedesktop.Secret.Service').SearchItems({'app_id': ID})
    return [str(path) for paths in found for path in paths]


def command_secret(house, *args):
    done = house.run('secret', *args)
    assert done.returncode == 0, done.stderr
    assert CANARY not in done.stdout + done.stderr, 'it was said aloud'
    return json.loads(done.stdout)


def secret(house):
    """In a file that libsecret encrypts, with a key that the keyring outside gives through the portal."""
    path = os.path.join(OWN, 'data', 'value')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(CANARY + '\n')
    assert find_text(CANARY) == ['data/value'], 'what looks for it does not find it'
    command_secret(house, 'set', 'smtp-password', '--file', path)
    os.remove(path)
    listed = command_secret(house, 'list')
    assert (listed['place'], listed['trouble']) == ('keyring', ''), listed
    # The hint is what was read back.
    assert listed['items'] == [{'name': 'smtp-password', 'kind': 'keyring', 'hint': CANARY[-4:], 'trouble': ''}], listed
    assert 'data/keyrings/default.keyring' in list_files(), list_files()
    assert portal_keys(), 'the keyring outside has no key of ours'
    assert find_text(CANARY) == [], find_text(CANARY)
    assert CANARY not in house.read_log() + house.portals.read_log(), 'it is in a log'
    command_secret(house, 'remove', 'smtp-password')
    assert command_secret(house, 'list')['items'] == []


def backup(house):
    path = os.path.join(OWN, 'data', 'by-hand.porchlight')
    done = house.run('backup', path)
    assert done.returncode == 0, done.stdout + done.stderr
    with sqlite3.connect(f'file:{path}?mode=ro', uri=True) as copy:
        assert copy.execute('PRAGMA integrity_check').fetchone() == ('ok',)
        texts = [text for text, in copy.execute("SELECT text FROM message WHERE text LIKE 'while you were gone %' ORDER BY seq")]
    assert texts == [f'while you were gone {n}' for n in range(3)], texts
    assert house.health()['status'] == 'ok'
    os.remove(path)


def list_files():
    return [os.path.relpath(os.path.join(place, name), OWN) for place, _, names in os.walk(OWN) for name in names]


def autostart_calls(house):
    return [given for method, given in house.portals.background_calls() if method == 'EnableAutostart']


def has_window():
    done = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', 'Porchlight'], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip())


def close_window(house):
    house.screen.focus()
    house.screen.press('Close')
    wait(lambda: not has_window(), what='the window being gone')
    assert house.health()['status'] == 'ok' and house.process.poll() is None, 'the server ended with the window'


def background(house):
    """Closed, it asks to go on, and does; a second start has the window back."""
    before = len(autostart_calls(house))
    close_window(house)
    # The desktop is told of each request, also of one without a start at login.
    call = wait(lambda: autostart_calls(house)[before:], what='the request for the background')[0]
    assert call[0] == ID and not call[1], call
    wait(lambda: any('still on' in summary for _, summary, _, _ in house.desktop.notifications()), what='being told that it is still on')
    done = house.run()
    assert done.returncode == 0, done.stderr
    house.screen = Screen('porchlight', 'Porchlight')
    house.screen.wait(contains='Inbox')


def starts_at_login(house):
    """The switch asks the desktop for it, with a command that starts without a window, and takes it back."""
    screen = house.screen
    screen.focus()
    for is_on in (True, False):
        before = len(autostart_calls(house))
        if is_on:
            screen.key('ctrl+comma')
            screen.click(screen.wait(contains='Start when I log in'))
        else:
            screen.key('space')
        call = wait(lambda n=before: autostart_calls(house)[n:], what='the request to start at login')[0]
        assert call[1] == is_on, call
        assert call[2] == ['flatpak', 'run', '--command=porchlight', ID, '--background'], call
    screen.key('Escape')


STORY = [
    ('installed: exports, schema', installed),
    ('the sandbox keeps home and bus away', sees_little),
    ('first run in the window', talk.first_run),
    ('what it keeps is in its own folder', folder),
    ('the copy button', talk.copy_snippet),
    ('/try is opened in the browser outside, by the portal', talk.practice_page),
    ('a visitor in Chromium outside writes', talk.visitor_writes),
    ('the window shows it', talk.window_shows),
    ('a notification came through the portal, with Open and Take', talk.notified),
    ('Take in the notification takes it', take),
    ('the agent answers by keyboard, the visitor sees it', talk.answer),
    ('ticks', talk.ticks),
    ('typing shows both ways', talk.typing),
    ('no notification for what is in view', talk.no_noise_in_view),
    ('a picture', lambda house: house.picture('sandbox')),
    ('kill -9: what was written meanwhile comes, once and in order', talk.killed),
    ('in the dark', talk.dark),
    ('resolved and rated', talk.resolve),
    ('a secret is kept through the portal, and is nowhere in clear', secret),
    ('a copy by command beside the running program, and it is whole', backup),
    ('closed, it asks for the background and goes on; a second start shows it', background),
    ('start at login is asked for, and taken back', starts_at_login),
    ('Ctrl+Q ends it, and its size is remembered', resized),
    ('the bus starts it', activated),
    ('no warning in log or console', quiet),
]


def tell(house, error):
    print(f'# {type(error).__name__}: {str(error)[:1500]}'.replace('\n', '\n# '))
    frames = [f for f in traceback.extract_tb(error.__traceback__) if 'tests' in f.filename]
    print('\n'.join(f'#   {os.path.basename(f.filename)}:{f.lineno}: {f.line}' for f in frames[-3:]))
    if house.screen and house.process and house.process.poll() is None:
        house.picture('failed')
        print('# on the screen: ' + ' · '.join(house.screen.names())[:1500].replace('\n', ' '))
    print('# its log: ' + house.read_log()[-1500:].replace('\n', '\n# '), flush=True)


def run_story(make, story):
    os.makedirs(talk.PICTURES, exist_ok=True)
    house = make()
    results = {'passed': 0, 'failed': 0}
    try:
        for number, (name, step) in enumerate(story, 1):
            if results['failed']:
                print(f'not ok {number} - {name} (not reached)')
                results['failed'] += 1
                continue
            try:
                step(house)
                print(f'ok {number} - {name}', flush=True)
                results['passed'] += 1
            except Exception as error:  # every later step stands on this one
                print(f'not ok {number} - {name}', flush=True)
                tell(house, error)
                results['failed'] += 1
    finally:
        house.end()
    print(f'1..{len(story)}\n{results["passed"]} passed, {results["failed"]} failed')
    return 1 if results['failed'] else 0


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(run_story(Sandboxed, STORY))
