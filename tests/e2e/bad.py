#!/usr/bin/python3
"""Bad days of a server that runs: its disk is locked, its folder goes, its file is another one (F5); the clock jumps (F7).

SPDX-License-Identifier: GPL-3.0-or-later
SEED may be given in the environment. What fails is forgetful-disk.c's, where a test cannot do it to a real disk.
"""
import asyncio
import errno
import json
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys

sys.dont_write_bytecode = True

from crash import drain, load
from full import count_refusals
from house import FAST, PROGRAM, ROOT, House
from power import SHIM
from promise import check_all
from tap import Suite, equal, expect

SEED = int(os.environ.get('SEED', str(random.SystemRandom().randrange(1 << 32))))
CLOCK = os.environ.get('OTHER_CLOCK', os.path.join(ROOT, '_build', 'tests', 'e2e', 'other-clock.so'))
DAY = 24 * 60 * 60
suite = Suite()


class Bad:
    """A house whose disk says an errno of the test's, when it is asked to."""

    def __init__(self, house):
        self.house = house
        self.fault = os.path.join(house.folder, 'fault')
        words = {'LD_PRELOAD': SHIM, 'DISK_FOLDER': house.data, 'DISK_LOG': '/dev/null', 'DISK_FAULT': self.fault, 'ASAN_OPTIONS': 'verify_asan_link_order=0'}
        house.wrapper = ['env'] + [f'{name}={value}' for name, value in words.items()]

    def fail(self, number):
        with open(self.fault + '.new', 'w', encoding='ascii') as file:
            file.write(str(number))
        os.rename(self.fault + '.new', self.fault)

    def heal(self):
        os.remove(self.fault)


async def until_word(house, word, timeout=20):
    """/healthz says it, by itself: nobody has to write for that."""
    end = asyncio.get_running_loop().time() + timeout
    while True:
        reply = await house.request('GET', '/healthz')
        said = reply.json()
        if said['database'] == word:
            equal((reply.status, said['status']), (200, 'ok') if word == 'ok' else (503, 'trouble'), 'status')
            return
        expect(asyncio.get_running_loop().time() < end, f'/healthz says {said} and not {word}')
        await asyncio.sleep(0.05)


async def told(agents, word):
    """The windows hear it on the line that they have."""
    for agent in agents:
        await agent.until(lambda a=agent: any(e['type'] == 'trouble' and e['trouble'] == word for e in a.ephemeral), 10, f'being told {word}')


async def until_refused(visitors, seconds=15):
    counts = [v.n_storage for v in visitors]
    end = asyncio.get_running_loop().time() + seconds
    while [v.n_storage for v in visitors] == counts:
        expect(asyncio.get_running_loop().time() < end, 'nobody was told that nothing can be kept')
        await asyncio.sleep(0.01)


async def live_on(visitors):
    counts = [len(v.acked) for v in visitors]
    for visitor, count in zip(visitors, counts):
        await visitor.until(lambda v=visitor, n=count: len(v.acked) > n, 20, 'being acknowledged again')


async def restart(house, with_disk=True):
    """A server on a good folder, and what it is started by."""
    if house.is_alive():
        await house.stop()
    house.wrapper = []
    bad = Bad(house) if with_disk else None
    await house.start()
    return bad


LOCKED = (
    ('the disk is made read-only', errno.EROFS, 'read_only'),
    ('the right to write is taken', errno.EACCES, 'read_only'),
    ('the quota is used up', errno.EDQUOT, 'full'),
)


@suite.cases_of((('bad: ' + name + ': refused in words, on again by itself (F5)', *more) for name, *more in LOCKED), 120)
async def locked(house, number, word):
    bad = await restart(house)
    rng = random.Random(SEED)
    async with load(house, rng, 3) as (visitors, agents, tasks):
        count_refusals(visitors)
        await asyncio.sleep(0.2)
        bad.fail(number)
        await until_refused(visitors)
        await until_word(house, word)
        await told(agents, word)
        expect(await visitors[0].history(), 'no history meanwhile')
        bad.heal()
        await live_on(visitors)
        await until_word(house, 'ok')
        await told(agents, None)
        await drain(visitors, agents, tasks)
        return f'{await check_all(visitors, agents)} messages, {sum(v.n_storage for v in visitors)} refusals'


@suite.case('bad: room again while nobody writes: /healthz finds out by itself', 60)
async def heals_alone(house):
    bad = await restart(house)
    async with load(house, random.Random(SEED), 1) as (visitors, agents, tasks):
        count_refusals(visitors)
        bad.fail(errno.ENOSPC)
        await until_refused(visitors)
        for task in tasks:
            task.cancel()
    await until_word(house, 'full')
    bad.heal()
    await until_word(house, 'ok')


@suite.case('bad: the folder is moved away and comes back: nothing acknowledged meanwhile, nothing lost (F5)', 120)
async def moved(house):
    await restart(house)
    away = house.data + '.away'
    async with load(house, random.Random(SEED), 3) as (visitors, agents, tasks):
        count_refusals(visitors)
        await asyncio.sleep(0.2)
        os.rename(house.data, away)
        await until_refused(visitors)
        await until_word(house, 'gone')
        await told(agents, 'gone')
        acked = [len(v.acked) for v in visitors]
        await asyncio.sleep(0.3)
        equal([len(v.acked) for v in visitors], acked, 'acknowledged into nowhere')
        expect(not os.path.exists(house.data), 'something was made where the folder was')
        os.rename(away, house.data)
        await live_on(visitors)
        await until_word(house, 'ok')
        await drain(visitors, agents, tasks)
        return f'{await check_all(visitors, agents)} messages'


async def go_under(house, take):
    """What @take does to the folder is found out while nobody writes, and nothing is acknowledged from then on."""
    await restart(house)
    async with load(house, random.Random(SEED), 2) as (visitors, agents, tasks):
        count_refusals(visitors)
        for task in tasks:
            task.cancel()
        for visitor in visitors:
            await visitor.until_sent()
        await asyncio.to_thread(take)
        await told(agents, 'gone')
        await until_word(house, 'gone')
        acked = [len(v.acked) for v in visitors]
        for visitor in visitors:
            visitor.say('into nowhere')
        await until_refused(visitors)
        equal([len(v.acked) for v in visitors], acked, 'acknowledged into nowhere')
        expect(house.is_alive(), 'the server has gone too')
    took, status = await house.stop()
    equal(status, 0, 'exit status')
    return took


@suite.case('bad: the folder is deleted under it: said, never a server that only remembers (F5)', 90)
async def deleted(house):
    copy = house.data + '.copy'
    await asyncio.to_thread(shutil.copytree, house.data, copy, ignore=shutil.ignore_patterns('*-shm', '*-wal', '*.running'))
    await go_under(house, lambda: shutil.rmtree(house.data))
    expect(not os.path.exists(os.path.join(house.data, 'porchlight.db')), 'a new file was begun unasked')
    shutil.rmtree(house.data, ignore_errors=True)
    os.rename(copy, house.data)


@suite.case('bad: another file takes its place: said, and not a byte of the other is touched (F5)', 90)
async def replaced(house):
    other = os.path.join(house.folder, 'other.db')

    def take():
        with sqlite3.connect(f'file:{house.data}/porchlight.db?mode=ro', uri=True) as db, sqlite3.connect(other) as copy:
            db.backup(copy)
        db.close()
        copy.close()
        for name in ('porchlight.db', 'porchlight.db-wal', 'porchlight.db-shm'):
            os.remove(os.path.join(house.data, name))
        shutil.copy(other, os.path.join(house.data, 'porchlight.db'))
        # And as if somebody worked with it already.
        with open(os.path.join(house.data, 'porchlight.db-wal'), 'wb') as log:
            log.write(b'theirs')
    await go_under(house, take)
    with open(other, 'rb') as one, open(os.path.join(house.data, 'porchlight.db'), 'rb') as two:
        equal(one.read() == two.read(), True, 'the same bytes')
    with open(os.path.join(house.data, 'porchlight.db-wal'), 'rb') as log:
        equal(log.read(), b'theirs', 'the other\'s log')
    os.remove(os.path.join(house.data, 'porchlight.db-wal'))


@suite.case('bad: its log is deleted under it: said (F5)', 90)
async def log_deleted(house):
    await go_under(house, lambda: os.remove(os.path.join(house.data, 'porchlight.db-wal')))
    await restart(house)
    await until_word(house, 'ok')


def run(house, *args):
    """(status, stdout, stderr) of a command of the terminal."""
    done = subprocess.run([PROGRAM, *args, '--data', house.data], env=house.env, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


@suite.case('repair: a damaged file by the terminal: said, saved and told in numbers (F6)', 120)
async def repair(house):
    await restart(house, False)
    async with load(house, random.Random(SEED), 3) as (visitors, agents, tasks):
        for visitor in visitors:
            await visitor.until(lambda v=visitor: len(v.acked) > 30)
        await drain(visitors, agents, tasks)
    path = os.path.join(house.data, house.database_name())
    # A whole file is left as it is.
    equal(await asyncio.to_thread(run, house, 'check', '--repair'), (0, '{"ok":true}\n', ''), 'a whole file')
    await house.stop()
    with sqlite3.connect(path) as db:
        before = db.execute('SELECT count(*) FROM message').fetchone()[0]
        pages = [row[0] for row in db.execute("SELECT pageno FROM dbstat WHERE name = 'message' AND pagetype = 'leaf' ORDER BY pageno")]
    db.close()
    with open(path, 'r+b') as file:
        file.seek((pages[len(pages) // 2] - 1) * 4096)
        file.write(os.urandom(4096))
    status, out, err = await asyncio.to_thread(run, house, 'check')
    equal((status, out), (1, '{"ok":false}\n'), err)
    equal(len(os.listdir(house.data)), len([name for name in os.listdir(house.data) if '.damaged-' not in name]), 'nothing is moved by looking')
    with open(path, 'rb') as file:
        damaged = file.read()
    status, out, err = await asyncio.to_thread(run, house, 'check', '--repair')
    equal(status, 0, err)
    told = json.loads(out)
    messages = next(table for table in told['tables'] if table['name'] == 'message')
    equal(messages['kept'] + messages['lost'], before, 'kept and lost')
    expect(messages['lost'] > 0 and not messages['torn'], messages)
    with open(told['aside'], 'rb') as file:
        equal(file.read() == damaged, True, 'the same bytes aside')
    await house.start()
    # Another epoch: everybody loads anew, is who they were, and goes on.
    async with load(house, random.Random(SEED), 1) as (newcomers, agents, tasks):
        for visitor in visitors:
            expect(len(await visitor.history()) > 0, 'no history')
        await drain(newcomers, agents, tasks)
    os.remove(told['aside'])
    return f'{messages["kept"]} of {before} messages kept'


def cpu_seconds(house):
    with open(f'/proc/{house.process.pid}/stat', encoding='ascii') as file:
        words = file.read().rsplit(')', 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf('SC_CLK_TCK')


# A day, a year, ten years; both ways, and back to where it was. Summer time is none for UTC.
JUMPS = (1, -1, 365, -365, 3650, -3650, -365, 365)


@suite.case('clock: set by a day, a year, ten years, forwards and back under load: order, limits, sessions and states hold (F7)', 180)
async def clock(house):
    offset = os.path.join(house.folder, 'offset')
    ahead = 0

    def set_clock(days):
        with open(offset, 'r+b', buffering=0) as file:
            file.write(struct.pack('=q', days * DAY))

    with open(offset, 'wb') as file:
        file.write(bytes(8))
    await restart(house, False)
    await house.stop()
    house.wrapper = ['env', f'LD_PRELOAD={CLOCK}', f'CLOCK_OFFSET={offset}', 'ASAN_OPTIONS=verify_asan_link_order=0']
    await house.start()
    async with load(house, random.Random(SEED), 3) as (visitors, agents, tasks):
        for jump in JUMPS:
            await asyncio.sleep(0.2)
            ahead += jump
            set_clock(ahead)
            await live_on(visitors)
            # Who comes back is still who they were.
            visitors[0].socket.cut()
            agents[0].socket.cut()
            await live_on(visitors)
        await drain(visitors, agents, tasks)
        n = await check_all(visitors, agents)
        for agent in agents:
            closed = [e['type'] for e in agent.events if e['type'] in ('conversation.resolved', 'conversation.closed', 'conversation.missed')]
            equal(closed, [], 'what time alone changed')
            await agent.history(visitors[0].conversation_id)
        before = cpu_seconds(house)
        await asyncio.sleep(2)
        used = cpu_seconds(house) - before
        expect(used < 0.5, f'{used:.2f} s of CPU in two seconds in which nothing happened')
    house.wrapper = []
    return f'{n} messages, {used * 1000:.0f} ms of CPU in two quiet seconds'


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
