#!/usr/bin/python3
"""The computer sleeps and wakes under load (F8): everybody is back within 5 s, nothing is lost, doubled or out of order.

SPDX-License-Identifier: GPL-3.0-or-later
Stopped and continued, as a lid does it to every program. NAPS (seconds each) and SEED may be given in the environment.
"""
import asyncio
import os
import random
import signal
import sys

sys.dont_write_bytecode = True

from crash import drain, load
from house import FAST, House
from promise import check_all
from tap import Suite, equal, expect

# The longest is longer than anybody's patience: all have hung up and try again when it wakes.
NAPS = [float(word) for word in os.environ.get('NAPS', '0.5 4 1 10 45').split()]
PATIENCE = 30
SEED = int(os.environ.get('SEED', str(random.SystemRandom().randrange(1 << 32))))
suite = Suite()


async def sleep(house, seconds):
    house.process.send_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        house.process.send_signal(signal.SIGCONT)


async def all_back(visitors, agents):
    """Each visitor is acknowledged again, and each window hears something new; how long that took."""
    start = asyncio.get_running_loop().time()
    acked, heard = [len(v.acked) for v in visitors], [len(a.events) for a in agents]
    for visitor, n in zip(visitors, acked):
        await visitor.until(lambda v=visitor, n=n: len(v.acked) > n, 10, 'being acknowledged again')
    for agent, n in zip(agents, heard):
        await agent.until(lambda a=agent, n=n: len(a.events) > n, 10, 'hearing again')
    return asyncio.get_running_loop().time() - start


@suite.case(f'sleep: {len(NAPS)} times under load: all back within 5 s, nothing lost, doubled or out of order (F8)', 120 + sum(NAPS) * 2)
async def naps(house):
    print(f'# SEED={SEED}')
    rng, took = random.Random(SEED), []
    async with load(house, rng, 4) as (visitors, agents, tasks):
        for nap in NAPS:
            await asyncio.sleep(rng.uniform(0.1, 0.5))
            lines = [v.reconnects for v in visitors]
            await sleep(house, nap)
            took.append(await all_back(visitors, agents))
            if nap < PATIENCE:
                # What was overslept is nobody's time: no deadline has passed, and everybody has the line that they had.
                equal([v.reconnects for v in visitors], lines, f'lines after {nap} s')
            elif nap > 41:
                expect(all(v.reconnects > n for v, n in zip(visitors, lines)), f'somebody did not notice {nap} s')
        await drain(visitors, agents, tasks)
        n = await check_all(visitors, agents)
    expect(max(took) <= 5, f'{max(took):.1f} s until all were back')
    return f'{n} messages, all back after at most {max(took):.1f} s'


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
