#!/usr/bin/python3
"""The folder cannot be opened: a window says why and what was not changed, `serve` says the same, and each way on is gone (F5, F6).

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh. Pictures are left in $PICTURES.
"""
import asyncio
import errno
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import house as houses
from bad import Bad
from house import FAST, PROGRAM, House
from screen import PATIENCE, Screen, box_of, wait
from strongbox import start_keyring, stop_keyring
from tap import Skip, Suite, equal, expect

PICTURES = os.environ.get('PICTURES', os.path.join(houses.ROOT, '_build', 'pictures'))
TITLES = {
    'damaged': 'The file with your conversations is damaged',
    'newer': 'This was made by a newer Porchlight',
    'denied': 'Porchlight may not write in its folder',
    'read-only': 'The disk cannot be written to',
    'full': 'The disk is full',
    'file': 'Something else is where the folder should be',
}
N_MESSAGES = 40
suite = Suite()


class Closed:
    """A folder with a business and some messages, and a window that is opened on it."""

    def __init__(self):
        self.house = House(FAST)
        self.window = None

    async def __aenter__(self):
        await self.house.__aenter__()
        house = self.house
        reply = (await house.request('POST', '/widget/session', {'site': house.site}, headers={'Origin': house.origin})).json()
        for n in range(1, N_MESSAGES + 1):
            await house.request('POST', '/widget/conversations/new-' + 'a' * 22 + '/messages', {
                'id': 'd' * 22 + f':{n}', 'message': f'These are words number {n}, kept before anything went wrong. ' * 3}, token=reply['token'],
                headers={'Origin': house.origin})
        await house.stop()
        self.good = os.path.join(house.folder, 'good.db')
        shutil.copy(self.file, self.good)
        return self

    async def __aexit__(self, *error):
        self.end()
        await self.house.__aexit__(*error)

    async def revive(self):
        """Nobody serves it between two cases."""

    @property
    def file(self):
        return os.path.join(self.house.data, 'porchlight.db')

    def begin(self):
        """As it was, and nobody has it open."""
        self.end()
        for name in os.listdir(self.house.data):
            path = os.path.join(self.house.data, name)
            if os.path.isdir(path):
                shutil.rmtree(path)
            else:
                os.chmod(path, 0o600)
                os.remove(path)
        os.chmod(self.house.data, 0o700)
        shutil.copy(self.good, self.file)

    def damage(self):
        """Cuts into the pages of the messages; what is left is most of them."""
        with sqlite3.connect(self.file) as db:
            page = db.execute("SELECT max(pageno) FROM dbstat WHERE name = 'message' AND pagetype = 'leaf'").fetchone()[0]
        db.close()
        with open(self.file, 'r+b') as file:
            file.seek((page - 1) * 4096)
            file.write(b'\xff' * 4096)
        # Somebody did not come to the end: so the file is looked at.
        with open(os.path.join(self.house.data, 'porchlight.running'), 'wb'):
            pass

    def open(self, data=None, **env):
        self.window = subprocess.Popen([*self.house.wrapper, PROGRAM, '--data', data or self.house.data, '--listen', '127.0.0.1:0'], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=open(self.house.log_path, 'ab'), env=dict(self.house.env, **env))
        return Screen('porchlight', 'Porchlight')

    def end(self):
        if self.window and self.window.poll() is None:
            self.window.kill()
        if self.window:
            self.window.wait()
        self.window = None

    def serve(self, data=None):
        """(status, what it said) of a server that does not start."""
        done = subprocess.run([*self.house.wrapper, PROGRAM, 'serve', '--data', data or self.house.data, '--listen', '127.0.0.1:0'], env=self.house.env,
                              capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
        return done.returncode, done.stderr


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def check_words(closed, kind, data=None):
    """Window and terminal say the same, both buttons that lead on are there, and nothing was touched."""
    screen = closed.open(data)
    screen.wait(name=TITLES[kind])
    for role, name in (('push button', 'Try again'), ('push button', 'Open the folder'), ('push button', 'Quit')):
        expect(screen.find(role, name), f'no {name}: {screen.names()}')
    expect(screen.find(contains='What was not changed') or screen.find(name='What was not changed'), screen.names())
    expect(bool(screen.find('push button', 'Save what can be read…')) == (kind == 'damaged'), screen.names())
    expect(bool(screen.find('push button', 'Go back to a copy…')) == (kind == 'damaged'), screen.names())
    Screen.shot(os.path.join(PICTURES, f'closed-{kind}.png'))
    status, words = closed.serve(data)
    equal(status, 1, 'exit status')
    expect(TITLES[kind] in words and words.startswith('porchlight: '), words)
    return screen


def quit_by_key(closed):
    Screen.key('ctrl+q')
    equal(wait(lambda: closed.window.poll() is not None and closed.window.returncode + 1000, what='the end'), 1001, 'exit status')


def set_status(closed, status):
    """As another window of the same person, through the Unix socket."""
    sockets = os.path.join(closed.house.env['XDG_RUNTIME_DIR'], 'porchlight')
    # Those that others left behind are older.
    path = max((os.path.join(sockets, name) for name in os.listdir(sockets) if name.endswith('.sock')), key=os.path.getmtime)
    body = json.dumps({'status': status})
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(path)
        line.sendall(f'PUT /api/v1/status HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}'.encode())
        while line.recv(4096):
            pass


def slides_away(screen, words):
    """The strip is no higher than nothing; what it said stays in it until it says something else."""
    def is_gone():
        node = screen.find(contains=words)
        strip = node and node.get_parent()
        while strip and strip.get_role_name() != 'status bar':
            strip = strip.get_parent()
        return node is None or box_of(strip.get_parent()).height == 0
    wait(is_gone, PATIENCE, f'"{words}" sliding away')


def choose_copy(screen, path):
    screen.press('Go back to a copy…')
    screen.choose('Go Back to a Copy', 'Go Back', path)


def answer(closed, text):
    """Types into the question that stands over the window (None: Escape), and waits until it is gone. Not by AT-SPI: GTK 4.8 fails when it is asked about
    a part of a window that goes just then."""
    def count():
        found = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(closed.window.pid)], capture_output=True, text=True, timeout=PATIENCE,
                               check=False).stdout.split()
        return len(found)
    n = count()
    if text is None:
        Screen.key('Escape')
    else:
        Screen.type(text)
        Screen.key('Return')
    wait(lambda: count() < n, PATIENCE, 'the end of the question')


def seal(closed, passphrase):
    """A sealed copy of the good file, made by the program."""
    folder = closed.house.folder
    paths = [os.path.join(folder, name) for name in ('passphrase', 'sealed.db')]
    with open(paths[0], 'w', encoding='utf-8') as file:
        file.write(passphrase + '\n')
    subprocess.run([PROGRAM, 'backup', paths[1], '--passphrase-file', paths[0], '--data', closed.house.data], env=closed.house.env, check=True, timeout=60,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    expect(not read(paths[1]).startswith(b'SQLite'), 'it is not sealed')
    return paths[1]


def count_messages(closed):
    with sqlite3.connect(closed.file) as db:
        n = db.execute('SELECT count(*) FROM message').fetchone()[0]
    db.close()
    return n


async def in_thread(func, *args):
    return await asyncio.to_thread(func, *args)


@suite.case('closed: a damaged file: said in window and terminal, and not a byte of it changed', 120)
async def damaged(closed):
    closed.begin()
    closed.damage()
    before = read(closed.file)
    await in_thread(check_words, closed, 'damaged')
    equal(read(closed.file) == before, True, 'the same bytes')
    await in_thread(quit_by_key, closed)


@suite.case('closed: what can be read is saved, told in numbers, and Porchlight starts with it', 180)
async def salvage(closed):
    closed.begin()
    closed.damage()
    before = read(closed.file)
    screen = await in_thread(closed.open)
    await in_thread(screen.press, 'Save what can be read…')
    await in_thread(screen.wait, None, 'Save what can be read?')
    Screen.key('Escape')
    await in_thread(screen.gone, None, 'Save what can be read?')
    equal(read(closed.file) == before, True, 'the same bytes after Cancel')
    await in_thread(screen.press, 'Save what can be read…')
    # A button with a mnemonic is named twice; it is the one that Return presses.
    await in_thread(screen.wait, None, 'Save what can be read?')
    Screen.key('Return')
    await in_thread(screen.wait, None, 'What could be read is saved')
    told = await in_thread(screen.find, None, None, 'saved, ')
    expect(told, screen.names())
    await in_thread(Screen.shot, os.path.join(PICTURES, 'closed-saved.png'))
    aside = min((name for name in os.listdir(closed.house.data) if '.damaged-' in name), key=len)
    equal(read(os.path.join(closed.house.data, aside)) == before, True, f'the same bytes in {aside}')
    await in_thread(screen.press, 'Start Porchlight')
    await in_thread(screen.wait, None, 'Inbox')
    with sqlite3.connect(closed.file) as db:
        n = db.execute('SELECT count(*) FROM message').fetchone()[0]
    db.close()
    expect(0 < n < N_MESSAGES + 1, n)
    return f'{n} of {N_MESSAGES} messages'


@suite.case('closed: back to a copy: another file is refused in words, the copy opens', 180)
async def restore(closed):
    closed.begin()
    closed.damage()
    before = read(closed.file)
    wrong = os.path.join(closed.house.folder, 'wrong.db')
    with open(wrong, 'wb') as file:
        file.write(b'nothing of the kind' * 500)
    screen = await in_thread(closed.open)
    for path in (wrong, closed.good):
        await in_thread(choose_copy, screen, path)
        if path == wrong:
            await in_thread(screen.wait, None, None, 'is no copy')
            equal(read(closed.file) == before, True, 'the same bytes')
            screen.focus()
    await in_thread(screen.wait, None, 'Inbox')
    equal(count_messages(closed) >= N_MESSAGES, True, 'all messages')


@suite.case('closed: back to a sealed copy: asks for its passphrase, again when it is wrong, and Cancel changes nothing', 240)
async def restore_sealed(closed):
    closed.begin()
    copy = await in_thread(seal, closed, 'canary-passphrase-4Tq')
    closed.damage()
    before = read(closed.file)
    screen = await in_thread(closed.open)
    asked, again = 'This copy opens with a passphrase only', 'Another passphrase opens this copy'
    await in_thread(choose_copy, screen, copy)
    await in_thread(screen.wait, None, asked)
    await in_thread(Screen.shot, os.path.join(PICTURES, 'closed-passphrase.png'))
    await in_thread(answer, closed, None)
    await in_thread(screen.wait, None, TITLES['damaged'])
    expect(not await in_thread(screen.find, None, None, 'is no copy'), 'it says that it is no copy')
    await in_thread(choose_copy, screen, copy)
    for words, passphrase in ((asked, 'canary-passphrase-9Xx'), (again, 'canary'), (again, None)):
        await in_thread(screen.wait, None, words)
        if passphrase is None:
            await in_thread(Screen.shot, os.path.join(PICTURES, 'closed-passphrase-wrong.png'))
        # The field has the focus, and Return is Go back.
        await in_thread(answer, closed, passphrase)
    equal(read(closed.file) == before, True, 'the same bytes after wrong ones and Cancel')
    equal([name for name in os.listdir(closed.house.data) if '.before-' in name or name.endswith('.new')], [], 'what is left')
    await in_thread(choose_copy, screen, copy)
    await in_thread(screen.wait, None, asked)
    await in_thread(answer, closed, 'canary-passphrase-4Tq')
    await in_thread(screen.wait, None, 'Inbox')
    equal(count_messages(closed) >= N_MESSAGES, True, 'all messages')
    aside, = [name for name in os.listdir(closed.house.data) if '.before-' in name]
    equal(read(os.path.join(closed.house.data, aside)) == before, True, 'the same bytes aside')


@suite.case('closed: back to a sealed copy: the passphrase that is kept is tried before anybody is asked', 120)
async def restore_kept(closed):
    closed.begin()
    copy = await in_thread(seal, closed, 'canary-passphrase-4Tq')
    closed.damage()
    screen = await in_thread(lambda: closed.open(PORCHLIGHT_SECRET_BACKUP_PASSPHRASE='canary-passphrase-4Tq'))
    await in_thread(choose_copy, screen, copy)
    await in_thread(screen.wait, None, 'Inbox')
    equal(count_messages(closed) >= N_MESSAGES, True, 'all messages')


@suite.case('closed: a newer file is left alone', 120)
async def newer(closed):
    closed.begin()
    with open(closed.file, 'r+b') as file:
        file.seek(60)
        file.write((4711).to_bytes(4, 'big'))
    before = read(closed.file)
    await in_thread(check_words, closed, 'newer')
    equal(read(closed.file) == before, True, 'the same bytes')


@suite.case('closed: a folder without the right to write: said, and with the right it opens', 180)
async def denied(closed):
    closed.begin()
    house = closed.house
    if os.geteuid() == 0:
        # Who is root may write everywhere.
        if not shutil.which('setpriv'):
            raise Skip('no setpriv')
        nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
        if subprocess.run([*nobody, 'test', '-x', PROGRAM], check=False).returncode != 0:
            raise Skip('the build folder is closed to everybody else')
        home = tempfile.mkdtemp(prefix='porch-home.')
        shutil.rmtree(os.path.join(house.env['XDG_RUNTIME_DIR'], 'porchlight'), ignore_errors=True)
        for path in (house.folder, home, house.env['XDG_RUNTIME_DIR'], house.data, closed.file):
            os.chown(path, 65534, 65534)
        os.chmod(os.environ['HOME'], 0o711)
        for name in ('run', '.config', '.cache', '.local'):
            subprocess.run(['chmod', '-R', 'a+rX', os.path.join(os.environ['HOME'], name)], check=False)
        house.wrapper = [*nobody, 'env', f'HOME={home}', f'XDG_DATA_HOME={home}', f'XDG_CACHE_HOME={home}',
                         f'XDG_CONFIG_HOME={home}']
    os.chmod(house.data, 0o500)
    try:
        # The bus lets only its own user in, so without a screen.
        status, words = await in_thread(closed.serve)
        equal(status, 1, 'exit status')
        expect(TITLES['denied'] in words, words)
        os.chmod(house.data, 0o700)
        await house.start()
        await house.stop()
    finally:
        house.wrapper = []
        shutil.rmtree(os.path.join(house.env['XDG_RUNTIME_DIR'], 'porchlight'), ignore_errors=True)


@suite.case('closed: a file where the folder should be; out of the way, Try again goes on', 180)
async def no_folder(closed):
    closed.begin()
    path = os.path.join(closed.house.folder, 'taken')
    with open(path, 'wb') as file:
        file.write(b'mine')
    screen = await in_thread(check_words, closed, 'file', path)
    equal(read(path), b'mine', 'that file')
    os.remove(path)
    await in_thread(screen.press, 'Try again')
    # A new folder: the first steps.
    await in_thread(wait, lambda: os.path.exists(os.path.join(path, 'porchlight.db')), PATIENCE, 'a new folder')


@suite.case('closed: on a disk without room; with room Try again goes on', 180)
async def full(closed):
    closed.begin()
    house = closed.house
    if os.geteuid() or not shutil.which('nsenter'):
        raise Skip('only root mounts')
    script = 'mount -t tmpfs -o size=64k,mode=700 small "$1" && echo ready && exec cat'
    small = os.path.join(house.folder, 'small')
    os.mkdir(small)
    with subprocess.Popen(['unshare', '-m', '--propagation', 'private', 'sh', '-c', script, 'sh', small], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as holder:
        try:
            if holder.stdout.readline() != 'ready\n':
                raise Skip('no file system of our own')
            house.wrapper = ['nsenter', f'--target={holder.pid}', '--mount', '--root', '--wd']
            screen = await in_thread(check_words, closed, 'full', small)
            await in_thread(lambda: subprocess.run([*house.wrapper, 'mount', '-o', 'remount,size=8m', small], check=True, timeout=20))
            await in_thread(screen.press, 'Try again')
            await in_thread(wait, lambda: os.path.exists(f'/proc/{holder.pid}/root{small}/porchlight.db'), PATIENCE, 'a file')
        finally:
            closed.end()
            house.wrapper = []
            holder.send_signal(signal.SIGKILL)


@suite.case('closed: on a disk that is mounted read-only', 120)
async def read_only(closed):
    closed.begin()
    house = closed.house
    if os.geteuid() or not shutil.which('nsenter'):
        raise Skip('only root mounts')
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && echo ready && exec cat'
    with subprocess.Popen(['unshare', '-m', '--propagation', 'private', 'sh', '-c', script, 'sh', house.data], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as holder:
        try:
            if holder.stdout.readline() != 'ready\n':
                raise Skip('no mount of our own')
            house.wrapper = ['nsenter', f'--target={holder.pid}', '--mount', '--root', '--wd']
            await in_thread(check_words, closed, 'read-only')
        finally:
            closed.end()
            house.wrapper = []
            holder.send_signal(signal.SIGKILL)


@suite.case('open: while it runs the disk is locked, then the folder goes: the banner says so, and goes when all is well', 120)
async def banner(closed):
    closed.begin()
    bad = Bad(closed.house)
    try:
        screen = await in_thread(closed.open)
        await in_thread(screen.wait, None, 'Inbox')
        # Nobody writes: what makes it try is the status.
        bad.fail(errno.EROFS)
        await in_thread(set_status, closed, 'busy')
        await in_thread(screen.wait, None, None, 'The disk takes nothing more.')
        await in_thread(Screen.shot, os.path.join(PICTURES, 'open-read-only.png'))
        bad.heal()
        await in_thread(set_status, closed, 'busy')
        await in_thread(slides_away, screen, 'The disk takes nothing more.')
        os.rename(closed.house.data, closed.house.data + '.away')
        await in_thread(screen.wait, None, None, 'is not in its place any more')
        await in_thread(Screen.shot, os.path.join(PICTURES, 'open-gone.png'))
        os.rename(closed.house.data + '.away', closed.house.data)
        await in_thread(slides_away, screen, 'is not in its place any more')
    finally:
        closed.end()
        closed.house.wrapper = []


def run_command(closed, *args):
    subprocess.run([PROGRAM, *args, '--data', closed.house.data], env=closed.house.env, check=True, timeout=60, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)


@suite.case('open: a keyring that is not there: the banner says so and leads to it; it comes, and the banner goes', 120)
async def keyring(closed):
    closed.begin()
    house = closed.house
    secret = os.path.join(house.folder, 'secret')
    with open(secret, 'w', encoding='utf-8') as file:
        file.write('canary-passphrase-7Wd\n')
    await start_keyring(house)
    try:
        await in_thread(run_command, closed, 'secret', 'set', 'backup-passphrase', '--file', secret)
        await stop_keyring(house)
        words = 'The keyring cannot be reached. What needs'
        for scheme in ('prefer-light', 'prefer-dark'):
            for width in (400, 1280):
                closed.end()
                screen = await in_thread(lambda s=scheme: closed.open(ADW_DEBUG_COLOR_SCHEME=s))
                await in_thread(screen.wait, None, None, words)
                subprocess.run(['xdotool', 'windowsize', '--sync', screen.window_id, str(width), '800'], timeout=PATIENCE, check=False)
                time.sleep(0.5)
                await in_thread(Screen.shot, os.path.join(PICTURES, f'open-keyring-{scheme}-{width}.png'))
        await in_thread(screen.press, 'See why')
        await in_thread(screen.wait, None, 'The keyring cannot be reached')
        await start_keyring(house)
        await in_thread(screen.press, 'Try again')
        await in_thread(screen.wait, None, 'Secrets are in the keyring')
        Screen.key('Escape')
        await in_thread(slides_away, screen, words)
    finally:
        closed.end()
        await stop_keyring(house)


@suite.case('open: no backup can be made: the banner says so and leads to where one is made; then it goes', 180)
async def no_backup(closed):
    closed.begin()
    backups = os.path.join(closed.house.data, 'backups')
    with open(backups, 'wb') as file:
        file.write(b'no folder')
    screen = await in_thread(closed.open)
    words = 'Today’s backup could not be made.'
    # The first one is due after a minute.
    await in_thread(lambda: screen.wait(contains=words, timeout=60 + PATIENCE))
    await in_thread(screen.press, 'See why')
    await in_thread(screen.wait, None, 'The last try did not make a backup')
    os.remove(backups)
    await in_thread(screen.press, 'Back up now')
    await in_thread(screen.wait, None, None, 'Last backup: ')
    Screen.key('Escape')
    await in_thread(slides_away, screen, words)


@suite.case('open: the copy from before an update cannot be sealed: the banner says so and leads to why; it can, and the banner goes', 120)
async def unsealed(closed):
    closed.begin()
    house = closed.house
    secret = os.path.join(house.folder, 'secret')
    with open(secret, 'w', encoding='utf-8') as file:
        file.write('canary-passphrase-7Wd\n')
    copy = os.path.join(house.data, 'backups', '20261101T080000000Z-update.db')
    # What is in the way of the sealed one.
    os.makedirs(os.path.join(copy + '.sealed', 'here'))
    shutil.copy(closed.good, copy)
    await in_thread(run_command, closed, 'secret', 'set', 'backup-passphrase', '--file', secret)
    words = 'The copy from before the update could not be locked'
    screen = await in_thread(closed.open)
    await in_thread(screen.wait, None, None, words)
    await in_thread(Screen.shot, os.path.join(PICTURES, 'open-unsealed.png'))
    await in_thread(screen.press, 'See why')
    await in_thread(screen.wait, None, 'The copy from before the update is not locked yet')
    await in_thread(Screen.shot, os.path.join(PICTURES, 'open-unsealed-why.png'))
    os.removedirs(os.path.join(copy + '.sealed', 'here'))
    await in_thread(screen.press, 'Back up now')
    await in_thread(wait, lambda: not os.path.exists(copy) and os.path.isfile(copy + '.sealed'), PATIENCE, 'the sealed copy in its place')
    await in_thread(screen.gone, None, 'The copy from before the update is not locked yet')
    Screen.key('Escape')
    await in_thread(slides_away, screen, words)


@suite.case('closed: by keyboard alone, and in the dark and narrow', 120)
async def looks(closed):
    closed.begin()
    closed.damage()
    # The first button has the focus: Return asks.
    closed.end()
    screen = await in_thread(closed.open)
    await in_thread(screen.wait, None, TITLES['damaged'])
    Screen.key('Return')
    await in_thread(screen.wait, None, 'Save what can be read?')
    Screen.key('Escape')
    closed.end()
    for scheme in ('prefer-light', 'prefer-dark'):
        for width in (400, 1280):
            screen = await in_thread(lambda s=scheme: closed.open(ADW_DEBUG_COLOR_SCHEME=s))
            await in_thread(screen.wait, None, TITLES['damaged'])
            subprocess.run(['xdotool', 'windowsize', '--sync', screen.window_id, str(width), '800'], timeout=PATIENCE, check=False)
            time.sleep(0.5)
            await in_thread(Screen.shot, os.path.join(PICTURES, f'closed-{scheme}-{width}.png'))
            closed.end()


if __name__ == '__main__':
    sys.exit(suite.run(Closed, healthy=False))
