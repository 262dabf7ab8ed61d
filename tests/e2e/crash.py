#!/usr/bin/python3
"""kill -9 at random moments under load (F1): what was acknowledged is there, once and in order, for everybody.

SPDX-License-Identifier: GPL-3.0-or-later
CYCLES and SEED may be given in the environment.
"""
import asyncio
import contextlib
import os
import random
import sys
import time

sys.dont_write_bytecode = True

from chat import Agent, Visitor, end
from house import FAST, House
from promise import check_all
from tap import Suite, expect

CYCLES = int(os.environ.get('CYCLES', '25'))
SEED = int(os.environ.get('SEED', str(random.SystemRandom().randrange(1 << 32))))
suite = Suite()


async def write(visitor, rng):
    """Up to six ahead of what is acknowledged: the load never outruns the server for long."""
    while True:
        if len(visitor.outbox) < 6:
            visitor.say(f'{visitor.name} says {visitor.n + 1}')
        await asyncio.sleep(rng.uniform(0.001, 0.02))


async def reply(agent, visitors, rng):
    while True:
        visitor = rng.choice(visitors)
        if visitor.acked:
            await agent.answer(visitor.conversation_id, f'answer {len(agent.sent)}')
        await asyncio.sleep(rng.uniform(0.005, 0.04))


@contextlib.asynccontextmanager
async def load(house, rng, n_visitors, port=None):
    """Visitors who write and agents who answer; afterwards all have said everything and heard everything."""
    agents = [(await Agent(house, port).sign_in()).start() for _ in range(2)]
    for agent in agents:
        await agent.until(lambda: agent.epoch, 10)
    visitors = [Visitor(house, f'visitor {i}', port, window=1 if i % 2 else 4).start() for i in range(n_visitors)]
    for visitor in visitors:
        visitor.say(f'{visitor.name} says 1')
    for visitor in visitors:
        await visitor.until_sent(20)
    tasks = [asyncio.create_task(write(v, rng)) for v in visitors] + [asyncio.create_task(reply(agents[0], visitors, rng))]
    try:
        yield visitors, agents, tasks
    finally:
        await end(*tasks)
        for one in visitors + agents:
            await one.stop()


async def drain(visitors, agents, tasks):
    """Ends the writing (an answer on its way is brought to its end), and waits until everybody has everything."""
    await end(*tasks)
    failed = [task.exception() for task in tasks if not task.cancelled() and task.exception()]
    expect(not failed, f'the load ended early: {failed[:2]}')
    for visitor in visitors:
        await visitor.until_sent(60)
    await settle_answers(agents[0], visitors)
    wanted = max([m['seq'] for v in visitors for m in await v.history()])
    for agent in agents:
        await agent.until(lambda: agent.since >= wanted, 30, 'catching up')
    for visitor in visitors:
        last = (await visitor.history())[-1]['seq']
        await visitor.until(lambda: last in visitor.messages, 30, 'seeing the last message')


async def settle_answer(agent, conversation, n):
    """The text that is stored under @n, or another when there is none; which may just be being stored: then it is told so."""
    for last in (False, True):
        stored = [m for m in await agent.history(conversation) if m.get('client_id') == f'{agent.device}:{n}']
        agent.numbers[conversation] = n - 1
        try:
            await agent.answer(conversation, stored[0]['text'] if stored else 'again')
            return
        except AssertionError as refusal:
            if last or stored or 'id_conflict' not in str(refusal):
                raise


async def settle_answers(agent, visitors):
    """An answer that was cut off may be stored or not. It is offered again under its id, as a window would."""
    for visitor in visitors:
        conversation = visitor.conversation_id
        n = agent.numbers.get(conversation, 0)
        if n and not any(c == conversation and i == f'{agent.device}:{n}' for c, i, _, _ in agent.sent):
            await settle_answer(agent, conversation, n)


@suite.case(f'crash: {CYCLES} times kill -9 under load, nothing lost, doubled or out of order (F1)', 60 + CYCLES * 12)
async def kill_cycles(house):
    print(f'# SEED={SEED}')
    rng, restarts = random.Random(SEED), []
    async with load(house, rng, 8) as (visitors, agents, tasks):
        for cycle in range(CYCLES):
            # A third of the time after a short quiet: then the last batch is just being written to its place.
            if cycle % 3 == 2:
                await asyncio.sleep(rng.uniform(0.1, 0.3))
            await asyncio.sleep(rng.uniform(0.02, 0.5))
            await house.kill()
            await asyncio.sleep(rng.uniform(0, 0.1))
            start = time.monotonic()
            await house.start()
            restarts.append(time.monotonic() - start)
        await asyncio.sleep(0.3)
        await drain(visitors, agents, tasks)
        n = await check_all(visitors, agents)
        expect(sum(len(v.acked) for v in visitors) > CYCLES * 10, 'there was no load')
    expect(max(restarts) <= 2, f'a restart took {max(restarts):.2f} s')
    return (f'{n} messages in 8 conversations, {sum(v.reconnects for v in visitors)} reconnects, restart at most '
            f'{max(restarts) * 1000:.0f} ms')


@suite.case('crash: the file is whole afterwards')
async def whole(house):
    import sqlite3
    with sqlite3.connect(f'file:{house.data}/{house.database_name()}?mode=ro', uri=True) as db:
        rows = db.execute('PRAGMA integrity_check').fetchall()
    db.close()
    expect(rows == [('ok',)], rows[:5])


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
