#!/usr/bin/python3
"""Backups of a server that goes on, sealed ones, and going back to one while people are connected (F16).

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import os
import pty
import random
import select
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys

sys.dont_write_bytecode = True

import house as houses
from chat import Agent, Visitor
from house import FAST, House
from strongbox import local
from tap import Suite, equal, expect

PASSPHRASE = 'canary-passphrase-9Kw2'
suite = Suite()


class Keeper(Visitor):
    """A page that offers its own messages again when the server's history is another one."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.said = {}

    def say(self, text):
        n = super().say(text)
        self.said[n] = text
        return n

    async def _take(self, frame):
        await super()._take(frame)
        if frame['type'] == 'reset':
            self.forget()

    def _welcome(self, welcome):
        is_other = self.epoch is not None and welcome['epoch'] != self.epoch
        super()._welcome(welcome)
        if is_other:
            self.forget()
            self.since = welcome['seq']

    def forget(self):
        """What was seen and acknowledged was another history."""
        self.acked, self.messages, self.order, self.sent = {}, {}, [], 0
        self.outbox = [[n, text] for n, text in sorted(self.said.items())][-100:]


def file(house, name, text):
    path = os.path.join(house.folder, name)
    with open(path, 'w', encoding='utf-8') as out:
        out.write(text + '\n')
    return path


async def command(house, *args, good=True):
    done = await asyncio.to_thread(subprocess.run, [houses.PROGRAM, *args, '--data', house.data], env=house.env, capture_output=True,
                                   text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    expect((done.returncode == 0) == good, f'{args}: {done.returncode} {done.stderr}')
    return done.stdout + done.stderr


def at_terminal(house, args, answers, **env):
    """(status, all that was shown) of a command at a terminal of its own, which is given the next of `answers` each time it asks."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([houses.PROGRAM, *args, '--data', house.data], env=dict(house.env, **env), stdin=theirs, stdout=theirs, stderr=theirs,
                          start_new_session=True) as process:
        os.close(theirs)
        shown, asked = b'', 0
        while select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            shown += piece
            if shown.count(b'Passphrase of ') > asked and shown.endswith(b': '):
                os.write(ours, answers[asked].encode() + b'\n')
                asked += 1
        os.close(ours)
        return process.wait(60), shown.decode()


async def listed(house):
    return (await local(house, 'GET', '/api/v1/backups')).json()


async def finished(house):
    """The job, when it is over; a server that starts again does not answer for a moment."""
    for _ in range(300):
        try:
            answer = await listed(house)
            if not answer['job']['is_running']:
                return answer
        except (ConnectionError, OSError, ValueError, AttributeError):
            pass
        await asyncio.sleep(0.05)
    raise AssertionError('it does not come to its end')


@suite.case('backup: now, among the backups: whole, verified, for the owner alone, and shown')
async def now(house):
    await command(house, 'backup')
    answer = await listed(house)
    one, = answer['items']
    equal((one['kind'], one['is_sealed'], answer['job']['code'], answer['job']['percent']), ('manual', False, '', 100), 'backup')
    folder = os.path.join(house.data, 'backups')
    path = os.path.join(folder, one['name'])
    equal(os.stat(path).st_size, one['bytes'], 'size')
    equal((stat.S_IMODE(os.stat(path).st_mode), stat.S_IMODE(os.stat(folder).st_mode)), (0o600, 0o700), 'modes')
    with sqlite3.connect(f'file:{path}?mode=ro', uri=True) as db:
        equal(db.execute('PRAGMA integrity_check').fetchall(), [('ok',)], 'check')
    db.close()


@suite.case('backup: sealed with the passphrase that is kept, which is nowhere but there')
async def sealed(house):
    await command(house, 'secret', 'set', 'backup-passphrase', '--file', file(house, 'passphrase', PASSPHRASE))
    await command(house, 'backup')
    one = (await listed(house))['items'][0]
    equal((one['is_sealed'], one['name'].endswith('.db.sealed')), (True, True), 'sealed')
    with open(os.path.join(house.data, 'backups', one['name']), 'rb') as data:
        content = data.read()
    expect(b'Lantern' not in content and b'SQLite' not in content, 'it can be read')
    for folder, _, names in os.walk(house.data):
        for name in names:
            if name == 'backup-passphrase':
                continue
            with open(os.path.join(folder, name), 'rb') as data:
                expect(PASSPHRASE.encode() not in data.read(), f'{name} has the passphrase')
    expect(PASSPHRASE not in house.log(), 'the log has the passphrase')


@suite.case('backup: the copy from before an update is sealed at the start, however often that is killed meanwhile', 240)
async def update(house):
    folder = os.path.join(house.data, 'backups')
    one = next(item for item in (await listed(house))['items'] if not item['is_sealed'])
    name = '20261101T080000000Z-update.db'
    for i in range(6):
        await house.stop()
        shutil.copy(os.path.join(folder, one['name']), os.path.join(folder, name))
        await house.start()
        await asyncio.sleep(0.15 * i)
        await house.kill()
        expect([n for n in (name, name + '.sealed') if os.path.exists(os.path.join(folder, n))], f'neither is left after {i}')
        await house.start()
    for _ in range(1200):
        if not os.path.exists(os.path.join(folder, name)):
            break
        await asyncio.sleep(0.05)
    left = [n for n in os.listdir(folder) if n.startswith('20261101')]
    equal(left, [name + '.sealed'], 'what is left')
    await command(house, 'restore', os.path.join(folder, left[0]), '--passphrase-file', os.path.join(house.folder, 'passphrase'))


@suite.case('restore: wrong, none, cut and changed are refused by name, and the server goes on')
async def refused(house):
    one = (await listed(house))['items'][0]
    path = os.path.join(house.data, 'backups', one['name'])
    with open(path, 'rb') as data:
        content = data.read()
    cut = os.path.join(house.folder, 'cut')
    changed = os.path.join(house.folder, 'changed')
    with open(cut, 'wb') as out:
        out.write(content[:-20])
    with open(changed, 'wb') as out:
        out.write(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    expect('another passphrase' in await command(house, 'restore', path, '--passphrase-file', file(house, 'wrong', 'wrong'), good=False), 'wrong')
    expect('cut' in await command(house, 'restore', cut, good=False), 'cut')
    expect('changed' in await command(house, 'restore', changed, good=False), 'changed')
    await command(house, 'secret', 'remove', 'backup-passphrase')
    expect('needs a passphrase' in await command(house, 'restore', path, good=False), 'none')
    equal((await house.request('GET', '/healthz')).status, 200, 'health')
    expect(not [n for n in os.listdir(house.data) if n.endswith('.new')], 'something is left')
    await command(house, 'restore', path, '--passphrase-file', os.path.join(house.folder, 'passphrase'))
    equal((await house.request('GET', '/healthz')).status, 200, 'health')


@suite.case('restore: at a terminal it is asked for, not shown, and asked again when it is wrong; or it is in the environment', 240)
async def asked(house):
    path = os.path.join(house.folder, 'sealed')
    await command(house, 'backup', path, '--passphrase-file', os.path.join(house.folder, 'passphrase'))

    async def at(*answers, **env):
        return await asyncio.to_thread(lambda: at_terminal(house, ('restore', path), answers, **env))

    status, shown = await at('wrong-one', PASSPHRASE)
    equal((status, shown.count('Passphrase of '), '"restored":true' in shown), (0, 2, True), shown)
    expect('wrong-one' not in shown and PASSPHRASE not in shown, 'it is shown')
    status, shown = await at('a', 'b', 'c')
    equal((status, shown.count('Passphrase of '), 'another passphrase' in shown), (1, 3, True), shown)
    await house.stop()
    status, shown = await at('wrong-one', PASSPHRASE)
    equal((status, shown.count('Passphrase of '), '"restored":true' in shown), (0, 2, True), shown)
    status, shown = await at('')
    equal((status, 'needs a passphrase' in shown), (1, True), shown)
    status, shown = await at(PORCHLIGHT_SECRET_BACKUP_PASSPHRASE=PASSPHRASE)
    equal((status, shown.count('Passphrase of ')), (0, 0), shown)
    await house.start()
    equal((await house.request('GET', '/healthz')).status, 200, 'health')


@suite.case('restore: everybody who is connected loads again and offers what it holds; nothing is lost or doubled (F16)', 120)
async def epoch(house):
    rng = random.Random(16)
    visitors = [Keeper(house, f'v{i}').start() for i in range(4)]
    agent = await Agent(house).sign_in()
    agent.start()
    for visitor in visitors:
        for i in range(5):
            visitor.say(f'{visitor.name} before {i}')
    for visitor in visitors:
        await visitor.until_sent()
    before = {v.name: [(m['id'], m['message']) for m in await v.history() if m['sender']['kind'] == 'visitor'] for v in visitors}
    await command(house, 'backup')
    name = (await listed(house))['items'][0]['name']
    for round in range(3):
        for visitor in visitors:
            for i in range(rng.randint(1, 4)):
                visitor.say(f'{visitor.name} after {round} {i}')
        for visitor in visitors:
            await visitor.until_sent()
        epochs = {v.epoch for v in visitors}
        resets = agent.resets
        equal((await local(house, 'POST', '/api/v1/backups/restore', {'name': name})).status, 200, 'restore')
        answer = await finished(house)
        equal(answer['job']['code'], '', 'job')
        for visitor in visitors:
            await visitor.until(lambda: visitor.epoch not in epochs and not visitor.outbox, 20, 'another epoch, everything offered')
        await agent.until(lambda: agent.resets > resets, 20, 'the agent\'s reset')
        for visitor in visitors:
            mine = [(m['id'], m['message']) for m in await visitor.history() if m['sender']['kind'] == 'visitor']
            equal(mine[:5], before[visitor.name], 'what the backup has')
            equal([text for _, text in mine], [text for _, text in sorted(visitor.said.items())], f'{visitor.name}, round {round}')
            equal(len({id for id, _ in mine}), len(mine), 'doubled')
    equal([c for v in visitors for c in v.complaints], [], 'complaints')
    for one in (*visitors, agent):
        await one.stop()
    expect(sum(n.startswith('porchlight.db.before-') for n in os.listdir(house.data)) >= 3, 'the file that was there is kept aside')


@suite.case('restore: from another machine only what is in the list, and only by an admin')
async def remote(house):
    token, _ = await house.sign_in()
    for body in ({'path': '/etc/passwd'}, {'name': '../porchlight.db'}, {}, {'name': 'x'}):
        equal((await house.request('POST', '/api/v1/backups/restore', body, token)).status, 400, body)
    equal((await house.request('POST', '/api/v1/backups', {'path': '/tmp/x'}, token)).status, 400, 'a path')
    answer = (await house.request('GET', '/api/v1/backups', token=token)).json()
    expect(answer['job']['path'] == '' and house.data not in str(answer), 'it tells where files are')


@suite.case('backup: kill -9 while one is made leaves none that is half', 120)
async def killed(house):
    for i in range(8):
        names = {one['name'] for one in (await listed(house))['items']}
        await local(house, 'POST', '/api/v1/backups', {})
        await asyncio.sleep(0.004 * i)
        house.was_ended = True
        house.process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(house.process.wait)
        await house.start()
        left = os.listdir(os.path.join(house.data, 'backups'))
        expect(not [n for n in left if '.part' in n], left)
        for name in set(left) - names:
            with sqlite3.connect(f'file:{os.path.join(house.data, "backups", name)}?mode=ro', uri=True) as db:
                equal(db.execute('PRAGMA quick_check').fetchall(), [('ok',)], name)
            db.close()


@suite.case('restore: without a server, also where the file can no longer be opened')
async def broken(house):
    name = (await listed(house))['items'][0]['name']
    await house.stop()
    with open(os.path.join(house.data, 'porchlight.db'), 'wb') as out:
        out.write(b'rubbish' * 1000)
    await command(house, 'restore', os.path.join(house.data, 'backups', name))
    await house.start()
    equal((await house.request('GET', '/healthz')).status, 200, 'health')


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
