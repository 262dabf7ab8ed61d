#!/usr/bin/python3
"""The end and the beginning: SIGTERM under load (F10), a second server on the same folder (F13), backups, bad folders.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import os
import random
import resource
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True

import house as houses
import wire
from chat import Agent, Visitor
from crash import drain, load
from house import FAST, PROGRAM, House
from promise import check_all
from tap import Suite, equal, expect

suite = Suite()


@suite.case('stop: SIGTERM under load ends within 3 s, tells everybody, loses nothing, ten times (F10)', 180)
async def sigterm(house):
    rng, slowest = random.Random(10), 0
    async with load(house, rng, 6) as (visitors, agents, tasks):
        for _ in range(10):
            await asyncio.sleep(rng.uniform(0.2, 0.5))
            took, status = await house.stop()
            slowest = max(slowest, took)
            equal(status, 0, 'exit status')
            expect(took <= 3, f'it took {took:.1f} s')
            await house.start()
        await asyncio.sleep(0.3)
        await drain(visitors, agents, tasks)
        n = await check_all(visitors, agents)
    return f'{n} messages, at most {slowest * 1000:.0f} ms to stop'


@suite.case('stop: a socket hears shutting_down and is closed with 1001 (F10)')
async def told(house):
    agent = await Agent(house).sign_in()
    visitor = await house.visitor_socket()
    await visitor.send({'type': 'hello', 'lang': 'en'})
    await visitor.wait_for('welcome')
    events = await wire.Socket.connect(house.port, '/api/v1/events', {'Authorization': f'Bearer {agent.token}'})
    await events.wait_for('ready')
    stopping = asyncio.create_task(house.stop())
    error = await visitor.wait_for('error', timeout=5)
    equal((error['code'], error['retry']), ('shutting_down', True), 'error')
    equal(await visitor.wait_closed(5), 1001, 'the visitor\'s close code')
    equal(await events.wait_closed(5), 1001, 'the agent\'s close code')
    took, status = await stopping
    expect(took <= 3 and status == 0, f'{took:.1f} s, status {status}')
    await house.start()


@suite.case('stop: idle sockets, slow ones and half-open requests do not hold it up')
async def held_up(house):
    sockets = [await house.visitor_socket() for _ in range(20)]
    lines = [await asyncio.open_connection('127.0.0.1', house.port) for _ in range(20)]
    for _, writer in lines:
        writer.write(b'GET /healthz HTTP/1.1\r\n')
    took, status = await house.stop()
    expect(took <= 3 and status == 0, f'{took:.1f} s, status {status}')
    for socket in sockets:
        socket.cut()
    for _, writer in lines:
        await wire.hang_up(writer)
    await house.start()


@suite.case('stop: the same port and folder serve again at once after kill -9')
async def again(house):
    port = house.port
    socket = await house.visitor_socket()
    await house.kill()
    await house.start()
    equal(house.port, port, 'port')
    socket.cut()


@suite.case('stop: a crash leaves no core, and none is handed to a collector')
async def no_core(house):
    await house.stop()
    house.wrapper = ['prlimit', '--core=unlimited']
    await house.start()
    # What core(5) has for it: at 1 nothing is written, and no program that collects them is started.
    equal(resource.prlimit(house.process.pid, resource.RLIMIT_CORE)[0], 1, 'bytes that a core may have')
    await house.stop()
    house.wrapper = []
    await house.start()


def serve(house, *more):
    return subprocess.run([PROGRAM, 'serve', '--data', house.data, '--listen', '127.0.0.1:0', *more], env=house.env, capture_output=True,
                          text=True, timeout=20, stdin=subprocess.DEVNULL)


@suite.case('two: a second serve on the folder is refused in words, the first goes on (F13)')
async def second_serve(house):
    start = time.monotonic()
    done = await asyncio.to_thread(serve, house)
    expect(done.returncode not in (0, None) and done.returncode > 0, f'status {done.returncode}')
    expect(time.monotonic() - start < 5, 'it took its time')
    expect('Another program is using this folder.' in done.stderr and 'CRITICAL' not in done.stderr, done.stderr)
    equal(done.stdout, '', 'stdout')
    equal((await house.request('GET', '/healthz')).status, 200, 'the first')


@suite.case('two: a port that is taken is said in words')
async def port_taken(house):
    other = House()
    try:
        os.makedirs(other.data)
        done = await asyncio.to_thread(
            subprocess.run, [PROGRAM, 'serve', '--data', other.data, '--listen', f'127.0.0.1:{house.port}'], env=other.env, capture_output=True,
            text=True, timeout=20, stdin=subprocess.DEVNULL)
        expect(done.returncode > 0 and str(house.port) in done.stderr, f'{done.returncode}: {done.stderr}')
    finally:
        shutil.rmtree(other.folder)


@suite.case('two: two windows of one agent hear the same and may both answer (F13)')
async def two_windows(house):
    visitor = Visitor(house, 'guest').start()
    visitor.say('hello')
    await visitor.until_sent()
    windows = [(await Agent(house).sign_in()).start() for _ in range(2)]
    for window in windows:
        await window.until(lambda: window.epoch, 10)
    for i in range(10):
        await asyncio.gather(*(w.answer(visitor.conversation_id, f'{n} says {i}') for n, w in enumerate(windows)))
    last = (await visitor.history())[-1]['seq']
    for window in windows:
        await window.until(lambda: window.since >= last, 10, 'hearing everything')
    equal(windows[0].message_seqs(), windows[1].message_seqs(), 'what both heard')
    equal(sum(m['sender']['kind'] == 'agent' and m['kind'] == 'text' for m in await visitor.history()), 20, 'answers')
    equal(windows[0].complaints + windows[1].complaints, [], 'complaints')
    for one in (visitor, *windows):
        await one.stop()


@suite.case('backup: made while the server runs and people write, restored it has everything up to then', 90)
async def backup(house):
    copy = os.path.join(house.folder, 'copy.db')
    async with load(house, random.Random(3), 4) as (visitors, agents, tasks):
        await asyncio.sleep(0.3)
        acked = {v.name: dict(v.acked) for v in visitors}
        await asyncio.to_thread(houses.run_program, 'backup', '--data', house.data, copy, env=house.env)
        await asyncio.sleep(0.2)
        await drain(visitors, agents, tasks)
        await check_all(visitors, agents)
    other = House()
    try:
        os.makedirs(other.data)
        await asyncio.to_thread(houses.run_program, 'restore', '--data', other.data, copy, env=other.env)
        other.site = house.site
        await other.start()
        for visitor in visitors:
            visitor.house = other
            stored = {m['id']: m['seq'] for m in await visitor.history() if m.get('id')}
            for n, seq in acked[visitor.name].items():
                equal(stored.get(f'{visitor.device}:{n}'), seq, f'{visitor.name} {n}')
        expect((await other.request('GET', '/healthz')).status == 200, 'health')
        await other.stop()
    finally:
        await other.__aexit__(None, None, None)


@suite.case('backup: what is printed is JSON whatever the file is called, with a server and without', 60)
async def backup_names(house):
    names = ('plain.db', 'a "quoted" one.db', 'back\\slash.db', 'two\nlines.db', 'tab\tand \x01.db', 'Käse ☕.db')
    for who in ('server', 'nobody'):
        for name in names:
            path = os.path.join(house.folder, who + ' ' + name)
            answer = await asyncio.to_thread(houses.run_program, 'backup', '--data', house.data, path, env=house.env)
            equal(answer, {'path': path, 'bytes': os.stat(path).st_size}, f'{who}: {name!r}')
        if who == 'server':
            await house.stop()
    raw = os.fsencode(os.path.join(house.folder, 'raw-')) + b'\xff.db'
    done = await asyncio.to_thread(subprocess.run, [PROGRAM, 'backup', '--data', house.data, raw], env=house.env, capture_output=True, text=True,
                                   timeout=20, stdin=subprocess.DEVNULL)
    expect(done.returncode == 1 and 'UTF-8' in done.stderr and not os.path.exists(raw), done.stderr)
    await house.start()


@suite.case('backup: a file that is none is refused before anything is touched')
async def bad_backup(house):
    path = os.path.join(house.folder, 'none.db')
    with open(path, 'wb') as file:
        file.write(b'SQLite format 3\0' + os.urandom(5000))
    other = House()
    try:
        os.makedirs(other.data)
        done = await asyncio.to_thread(subprocess.run, [PROGRAM, 'restore', '--data', other.data, path], env=other.env, capture_output=True, text=True,
                                       timeout=20, stdin=subprocess.DEVNULL)
        expect(done.returncode > 0 and done.stderr.strip(), f'{done.returncode} {done.stderr}')
        expect('porchlight.db' not in os.listdir(other.data), 'it left something')
    finally:
        shutil.rmtree(other.folder, ignore_errors=True)


@suite.case('check: says that the file is well, beside the running server')
async def check(house):
    done = await asyncio.to_thread(subprocess.run, [PROGRAM, 'check', '--data', house.data], env=house.env, capture_output=True, text=True, timeout=60,
                                   stdin=subprocess.DEVNULL)
    equal(done.returncode, 0, done.stderr)


@suite.case('words: --version and --help say what they should, an unknown word is an error')
async def words(house):
    for args, status, word in ((['--version'], 0, '0.'), (['--help'], 0, 'serve'), (['serve', '--help'], 0, 'listen'), (['dance'], 1, 'dance'),
                               (['serve', '--listen', 'nonsense', '--data', '/nonexistent/x'], 1, ''),
                               (['serve', '--data', house.folder + '/x', '--listen', '0.0.0.0:0'], 1, '')):
        done = await asyncio.to_thread(subprocess.run, [PROGRAM, *args], env=house.env, capture_output=True, text=True, timeout=20,
                                       stdin=subprocess.DEVNULL)
        expect(bool(done.returncode) == bool(status) and done.returncode >= 0, f'{args}: {done.returncode} {done.stderr}')
        expect(word in done.stdout + done.stderr, f'{args}: {done.stdout} {done.stderr}')


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
