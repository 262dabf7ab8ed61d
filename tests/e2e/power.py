#!/usr/bin/python3
"""The power goes under load (F2): a disk that forgets what was not synced loses nothing that was acknowledged.

SPDX-License-Identifier: GPL-3.0-or-later
CYCLES and SEED may be given in the environment. forgetful-disk.c says what such a disk is; every second cut also tears.
"""
import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True

from crash import drain, load
from disk import Disk
from house import FAST, House
from promise import check_all
from tap import Suite, equal, expect

CYCLES = int(os.environ.get('CYCLES', '20'))
SEED = int(os.environ.get('SEED', str(random.SystemRandom().randrange(1 << 32))))
SHIM = os.environ.get('FORGETFUL_DISK', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '_build', 'tests', 'e2e', 'forgetful-disk.so'))
suite = Suite()


class Forgetful:
    """The folder of a house, on a disk that forgets."""

    def __init__(self, house, **env):
        self.house = house
        self.log = os.path.join(house.folder, 'disk.log')
        words = {'LD_PRELOAD': SHIM, 'DISK_FOLDER': house.data, 'DISK_LOG': self.log, 'ASAN_OPTIONS': 'verify_asan_link_order=0', **env}
        house.wrapper = ['env'] + [f'{name}={value}' for name, value in words.items()]
        self.begin()

    def begin(self):
        if os.path.exists(self.log):
            os.remove(self.log)
        self.disk = Disk(self.house.data)

    async def cut(self, rng, is_torn):
        """The power goes; what is left is in the folder. How often it was synced, and how many of the last things it had not kept."""
        await self.house.kill()
        await asyncio.to_thread(self.disk.read, self.log)
        n_pending = self.disk.n_pending()
        n_torn = self.disk.tear(rng) if is_torn else 0
        await asyncio.to_thread(self.disk.write)
        return self.disk.syncs, n_pending, n_torn


def what_is_lost(house, visitors):
    """The file read by itself, in a copy: whole, and with all that was acknowledged, once and in order."""
    copy = os.path.join(house.folder, 'copy')
    shutil.copytree(house.data, copy)
    problems = []
    db = sqlite3.connect(os.path.join(copy, house.database_name()))
    try:
        rows = db.execute('PRAGMA integrity_check').fetchall() + db.execute('PRAGMA foreign_key_check').fetchall()
        if rows != [('ok',)]:
            problems.append(f'the file is damaged: {rows[:3]}')
        for visitor in visitors:
            rows = db.execute('SELECT n, seq FROM message WHERE device = ? ORDER BY seq', (visitor.device,)).fetchall()
            if [n for n, _ in rows] != list(range(1, len(rows) + 1)):
                problems.append(f'{visitor.name}: not one after the other')
            stored = dict(rows)
            problems += [f'{visitor.name}: {n} was acknowledged as {seq}, kept is {stored.get(n)}'
                         for n, seq in visitor.acked.items() if stored.get(n) != seq]
    finally:
        db.close()
        shutil.rmtree(copy)
    return problems


@suite.case(f'power: {CYCLES} cuts under load, half of them torn, nothing acknowledged is lost (F2)', 90 + CYCLES * 15)
async def cuts(house):
    print(f'# SEED={SEED}')
    rng, synced, pending, torn = random.Random(SEED), 0, 0, 0
    await house.stop()
    forgetful = Forgetful(house)
    await house.start()
    async with load(house, rng, 4) as (visitors, agents, tasks):
        for cycle in range(CYCLES):
            # Some while it has a rest: then the log is being copied into the file.
            if cycle % 5 == 4:
                await asyncio.sleep(rng.uniform(0.1, 0.3))
            await asyncio.sleep(rng.uniform(0.02, 0.7))
            more = await forgetful.cut(rng, cycle % 2 == 1)
            synced, pending, torn = synced + more[0], pending + more[1], torn + more[2]
            problems = await asyncio.to_thread(what_is_lost, house, visitors)
            expect(not problems, f'after cut {cycle + 1}:\n' + '\n'.join(problems[:20]))
            forgetful.begin()
            await house.start()
        await asyncio.sleep(0.3)
        await drain(visitors, agents, tasks)
        n = await check_all(visitors, agents)
        expect(sum(len(v.acked) for v in visitors) > CYCLES * 10, 'there was no load')
    expect(synced >= CYCLES // 2, f'{synced} syncs: is the disk in between?')
    expect(pending and (torn or CYCLES < 4), f'the disk had nothing to forget: {pending} pending, {torn} torn')
    return f'{n} messages, {pending} writes and names forgotten, {torn} torn'


@suite.case('power: a disk that lies about its syncs is found out, so the test can fail', 60)
async def lies(house):
    await house.stop()
    forgetful = Forgetful(house, DISK_LIES='1')
    await house.start()
    async with load(house, random.Random(SEED), 2) as (visitors, _, _):
        await visitors[0].until(lambda: len(visitors[0].acked) > 5)
        await house.kill()
        acked = sum(len(v.acked) for v in visitors)
    forgetful.disk.read(forgetful.log)
    equal(forgetful.disk.syncs, 0, 'syncs')
    forgetful.disk.write()
    lost = sum('was acknowledged' in problem for problem in what_is_lost(house, visitors))
    expect(lost >= 6, f'{lost} of {acked} are missing')
    house.wrapper = []
    await house.start()
    return f'{lost} of {acked} acknowledged messages were missed'


# What is written, what is kept of it: (name, script, {name: content}).
RULES = (
    ('what was not synced is gone', 'put("a", "old"); sync("a"); names(); put("a", "newer")', {'a': 'old'}),
    ('a file without a synced name is gone', 'put("a", "x"); sync("a")', {}),
    ('a name that was not synced is the old one', 'put("a", "1"); put("b", "2"); sync("a"); sync("b"); names(); rename("b", "a")', {'a': '1', 'b': '2'}),
    ('and with its folder synced the new one', 'put("a", "1"); put("b", "2"); sync("a"); sync("b"); rename("b", "a"); names()', {'a': '2'}),
    ('what was removed comes back', 'put("a", "1"); sync("a"); names(); unlink("a")', {'a': '1'}),
    ('a second name', 'put("a", "1"); sync("a"); link("a", "b"); names()', {'a': '1', 'b': '1'}),
    ('what was made shorter is as long as it was', 'put("a", "123456"); sync("a"); names(); cut("a", 2)', {'a': '123456'}),
)
PRELUDE = '''import os
def path(name):
    return os.path.join(folder, name)
def put(name, text):
    fd = os.open(path(name), os.O_RDWR | os.O_CREAT)
    os.pwrite(fd, text.encode(), 0)
    os.close(fd)
def sync(name):
    fd = os.open(path(name), os.O_RDWR)
    os.fsync(fd)
    os.close(fd)
def names():
    sync_folder = os.open(folder, os.O_RDONLY)
    os.fsync(sync_folder)
    os.close(sync_folder)
def rename(old, new):
    os.rename(path(old), path(new))
def link(old, new):
    os.link(path(old), path(new))
def unlink(name):
    os.unlink(path(name))
def cut(name, size):
    fd = os.open(path(name), os.O_RDWR)
    os.ftruncate(fd, size)
'''


@suite.cases_of((('disk: ' + name, *more) for name, *more in RULES), 20)
async def rules(house, script, wanted):
    folder, log = os.path.join(house.folder, 'disk'), os.path.join(house.folder, 'rules.log')
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    disk = Disk(folder)
    # Whole paths, as the program uses them.
    lines = [f'folder = {folder!r}', PRELUDE, script]
    env = dict(os.environ, LD_PRELOAD=SHIM, DISK_FOLDER=folder, DISK_LOG=log)
    done = await asyncio.to_thread(subprocess.run, ['/usr/bin/python3', '-c', '\n'.join(lines)], env=env, capture_output=True, text=True, timeout=20)
    equal(done.returncode, 0, done.stderr)
    disk.read(log).write()
    os.remove(log)
    equal({name: open(os.path.join(folder, name), encoding='ascii').read() for name in os.listdir(folder)}, wanted, 'kept')


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
