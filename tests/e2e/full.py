#!/usr/bin/python3
"""The disk is full under load (F3): nothing is acknowledged that is not kept, reading goes on, and so does all of it with room.

SPDX-License-Identifier: GPL-3.0-or-later
CYCLES and SEED may be given in the environment.
"""
import asyncio
import os
import random
import resource
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True

from crash import drain, load
from house import FAST, House
from promise import check_all
from tap import Skip, Suite, equal, expect

CYCLES = int(os.environ.get('CYCLES', '6'))
SEED = int(os.environ.get('SEED', str(random.SystemRandom().randrange(1 << 32))))
suite = Suite()


def limit_files(house, n_bytes):
    """Nothing of the server's may be written behind @n_bytes of a file; None: anywhere."""
    resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY if n_bytes is None else n_bytes, resource.RLIM_INFINITY))


async def until_refused(visitors, house):
    """The disk is full when somebody is told so; then the server says it too, and what only reads goes on."""
    refused = [v.n_storage for v in visitors]
    end = asyncio.get_running_loop().time() + 30
    while [v.n_storage for v in visitors] == refused:
        expect(asyncio.get_running_loop().time() < end, 'nobody was told that the disk is full')
        await asyncio.sleep(0.01)
    health = await house.request('GET', '/healthz')
    # A small piece may just have fitted in between, but what is said is one of the two.
    expect((health.status, health.json()['status']) in ((503, 'trouble'), (200, 'ok')), f'{health.status} {health.body!r}')
    expect(await visitors[0].history(), 'no history while the disk is full')
    return health.status


def count_refusals(visitors):
    """Counts what each is told about the disk, beside what it does about it."""
    for visitor in visitors:
        visitor.n_storage = 0

        def note(frame, visitor=visitor, take=visitor._take_error):
            visitor.n_storage += frame['code'] == 'storage'
            if frame['code'] == 'storage' and not frame['retry']:
                visitor.complaints.append(f'storage is not to be tried again: {frame}')
            take(frame)
        visitor._take_error = note


async def live_on(visitors):
    """Everybody gets on again, with the same server."""
    counts = [len(v.acked) for v in visitors]
    for visitor, count in zip(visitors, counts):
        await visitor.until(lambda v=visitor, n=count: len(v.acked) > n, 20, 'being acknowledged again')


@suite.case(f'full: {CYCLES} times nothing can be written, refused in words, nothing lost, on again by itself (F3)', 90 + CYCLES * 25)
async def size_limit(house):
    print(f'# SEED={SEED}')
    rng, told = random.Random(SEED), 0
    async with load(house, rng, 4) as (visitors, agents, tasks):
        count_refusals(visitors)
        for cycle in range(CYCLES):
            await asyncio.sleep(rng.uniform(0.05, 0.3))
            # Whatever is written next is behind it: the log begins anew only when the file has taken it.
            limit_files(house, rng.randrange(1 << 14, 1 << 17))
            told += await until_refused(visitors, house) == 503
            if cycle % 3 == 2:
                # The worst of both: killed while it is full, and there is room when it starts.
                await house.kill()
                await house.start()
            else:
                limit_files(house, None)
            await live_on(visitors)
        await drain(visitors, agents, tasks)
        n = await check_all(visitors, agents)
    equal((await house.request('GET', '/healthz')).status, 200, 'health afterwards')
    expect(told, 'health never said 503')
    return f'{n} messages, {sum(v.n_storage for v in visitors)} refusals'


class Small:
    """A house whose data are on a file system of 4 MiB, which only the server (and /proc) sees."""

    def __init__(self):
        self.house = House(FAST)

    async def __aenter__(self):
        await self.house.__aenter__()
        house = self.house
        await house.stop()
        saved = os.path.join(house.folder, 'saved')
        shutil.move(house.data, saved)
        os.mkdir(house.data, 0o700)
        script = 'mount -t tmpfs -o size=4m,mode=700 small "$1" && cp -a "$2/." "$1/" && echo ready && exec cat'
        self.holder = subprocess.Popen(['unshare', '-m', '--propagation', 'private', 'sh', '-c', script, 'sh', house.data, saved],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != 'ready\n':
            reason = self.holder.stderr.read().strip().splitlines()
            await self.__aexit__()
            raise Skip(f'no file system of our own: {reason[0] if reason else "no unshare"}')
        self.inside = f'/proc/{self.holder.pid}/root{house.data}'
        house.wrapper = ['nsenter', f'--target={self.holder.pid}', '--mount', '--root', '--wd']
        await house.start()
        return self

    async def __aexit__(self, *error):
        await self.house.__aexit__(*error or (None, None, None))
        self.holder.kill()
        self.holder.wait()

    def fill(self):
        """Takes all the room that is left."""
        with open(os.path.join(self.inside, 'filler'), 'ab', buffering=0) as file:
            for size in (65536, 4096):
                try:
                    while file.write(bytes(size)) == size:
                        pass
                except OSError:
                    pass

    def empty(self):
        os.remove(os.path.join(self.inside, 'filler'))


@suite.case('full: a file system without room, and with room again (F3)', 180)
async def no_room(_):
    rng = random.Random(SEED)
    if os.geteuid() or not shutil.which('nsenter'):
        raise Skip('only root mounts')
    async with Small() as small:
        house = small.house
        async with load(house, rng, 4) as (visitors, agents, tasks):
            count_refusals(visitors)
            for cycle in range(3):
                small.fill()
                await until_refused(visitors, house)
                if cycle == 1:
                    # It must start on a full disk too: to read what is there.
                    await house.kill()
                    await house.start()
                    expect(await visitors[0].history(), 'no history after a start on a full disk')
                small.empty()
                await live_on(visitors)
            await drain(visitors, agents, tasks)
            n = await check_all(visitors, agents)
        expect(house.is_alive() and not house.bad_lines(), house.log()[-2000:])
        return f'{n} messages, {sum(v.n_storage for v in visitors)} refusals'


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
