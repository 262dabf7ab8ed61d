#!/usr/bin/python3
"""The main job once more, from within Flatpak's sandbox: the story of e2e/talk.py, with the portals between.

SPDX-License-Identifier: GPL-3.0-or-later
To be run by flatpak/run, which builds and installs what this starts. The visitor's browser is outside.
"""
import json
import os
import shutil
import signal
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
# The test's own habits, which an installed program does not have.
UNSET = ('GSETTINGS_BACKEND', 'GSETTINGS_SCHEMA_DIR', 'PORCHLIGHT_LOCALE_DIR')
PORTALS = {
    'gtk.portal': ('gtk', 'FileChooser;org.freedesktop.impl.portal.AppChooser;org.freedesktop.impl.portal.Notification;org.freedesktop.impl.portal.Inhibit;'
                   'org.freedesktop.impl.portal.Access;org.freedesktop.impl.portal.Settings;org.freedesktop.impl.portal.Lockdown'),
    'test.portal': ('porchtest', 'Background'),
}


class Skip(Exception):
    """What cannot be tried yet, and why."""


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
    bad = [line for line in house.read_log().splitlines() if ('CRITICAL' in line or 'WARNING' in line) and known not in line]
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


def knows(house, word):
    return word in house.run('--help').stdout


def secret(house):
    if not knows(house, 'secret'):
        raise Skip('the program has no command for secrets yet')
    path = os.path.join(OWN, 'data', 'secret-value')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('canary-secret-3Kd')
    done = house.run('secret', 'set', 'gemini', '--file', path)
    assert done.returncode == 0, done.stderr
    os.remove(path)
    done = house.run('secret', 'list')
    assert 'gemini' in done.stdout, done.stdout + done.stderr


def background(house):
    if not knows(house, 'background'):
        raise Skip('the program does not ask to stay in the background yet')
    wait(lambda: any(method == 'EnableAutostart' for method, _ in house.portals.background_calls()), what='the request for the background')


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
    ('a secret is stored and read', secret),
    ('the background is asked for', background),
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


def main():
    os.makedirs(talk.PICTURES, exist_ok=True)
    house = Sandboxed()
    results = {'passed': 0, 'failed': 0, 'skipped': 0}
    try:
        for number, (name, step) in enumerate(STORY, 1):
            if results['failed']:
                print(f'not ok {number} - {name} (not reached)')
                results['failed'] += 1
                continue
            try:
                step(house)
                print(f'ok {number} - {name}', flush=True)
                results['passed'] += 1
            except Skip as reason:
                print(f'ok {number} - {name} # SKIP {reason}', flush=True)
                results['skipped'] += 1
            except Exception as error:  # every later step stands on this one
                print(f'not ok {number} - {name}', flush=True)
                tell(house, error)
                results['failed'] += 1
    finally:
        house.end()
    print(f'1..{len(STORY)}\n{results["passed"]} passed, {results["failed"]} failed ({results["skipped"]} skipped)')
    return 1 if results['failed'] else 0


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
