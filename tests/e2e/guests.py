#!/usr/bin/python3
"""Visitors who come, write, read and go, by hundreds: descriptors return, and memory does not grow with those who have gone.

SPDX-License-Identifier: GPL-3.0-or-later
GUESTS (visitors in a round), ROUNDS and SEED may be given in the environment.
"""
import asyncio
import os
import random
import sys

sys.dont_write_bytecode = True

from chat import Agent, Visitor
from house import FAST, House
from tap import Suite, equal, expect

GUESTS = int(os.environ.get('GUESTS', '200'))
ROUNDS = int(os.environ.get('ROUNDS', '4'))
SEED = int(os.environ.get('SEED', str(random.SystemRandom().randrange(1 << 32))))
AT_ONCE = 25
# What a guest may leave in memory for good, in bytes, beside what the allocator does not give back.
LEFT_BY_ONE = 128
SLACK_KIB = 1024
LONG_TEXT, N_LONG = 'ü' * 3900, 3500
suite = Suite()


async def visit(house, agent, rng, number):
    """One guest: comes, perhaps writes, perhaps is answered, and leaves in one of the ways that people do."""
    guest = Visitor(house, f'guest {number}').start()
    for i in range(rng.randrange(1, 4)):
        guest.say(f'{guest.name} says {i}')
    await guest.until_sent(60)
    if number % 5 == 0:
        await agent.answer(guest.conversation_id, f'welcome, {guest.name}')
        await guest.until(lambda: any(m['sender']['kind'] == 'agent' for m in guest.messages.values()), 60, 'being answered')
    if number % 3 == 0:
        await guest.history()
    if number % 4 == 1:
        guest.socket.cut()
    elif number % 4 == 2:
        # A second page load of the same person, which takes up where the first was.
        again = Visitor(house, f'{guest.name} again', token=guest.token, conversation=guest.conversation_id)
        again.conversation_id, again.epoch, again.since = guest.conversation_id, guest.epoch, guest.since
        again.start()
        again.say('and once more')
        await again.until_sent(60)
        await again.stop()
        guest.complaints += again.complaints
    await guest.stop()
    return guest.complaints


async def round_of(house, agent, rng, first):
    complaints = []
    for start in range(first, first + GUESTS, AT_ONCE):
        for told in await asyncio.gather(*(visit(house, agent, rng, n) for n in range(start, min(start + AT_ONCE, first + GUESTS)))):
            complaints += told
    equal(complaints, [], 'complaints')


async def fill_caches(house):
    """Makes the file larger than SQLite's three page caches (16 MiB each) and reads it: what they take later is not growth."""
    first = Visitor(house, 'long', window=10).start()
    for _ in range(N_LONG):
        first.say(LONG_TEXT)
    await first.until_sent(120)
    await first.stop()
    for _ in range(2):
        await asyncio.gather(first.history(), first.history())


async def settled(house, descriptors):
    end = asyncio.get_running_loop().time() + 20
    while house.n_descriptors() > descriptors + 2:
        expect(asyncio.get_running_loop().time() < end, f'{house.n_descriptors()} descriptors, {descriptors} before')
        await asyncio.sleep(0.05)


@suite.case(f'guests: {ROUNDS} times {GUESTS} come and go, and nothing of them stays but the rows', 60 + ROUNDS * GUESTS)
async def come_and_go(house):
    print(f'# SEED={SEED}')
    rng, memory = random.Random(SEED), []
    await fill_caches(house)
    agent = (await Agent(house).sign_in()).start()
    await agent.until(lambda: agent.epoch, 10)
    descriptors = house.n_descriptors()
    for number in range(ROUNDS + 1):
        await round_of(house, agent, rng, number * GUESTS)
        await settled(house, descriptors)
        memory.append(house.memory_kib())
    equal(agent.complaints, [], 'the agent\'s complaints')
    expect(len(await agent.list('all')) == (ROUNDS + 1) * GUESTS + 1, 'not every guest has a conversation')
    await agent.stop()
    # The first round fills caches and the allocator's pools.
    grown = memory[-1] - memory[0]
    allowed = SLACK_KIB + ROUNDS * GUESTS * LEFT_BY_ONE // 1024
    told = f'{descriptors} descriptors; KiB after each round: {" ".join(map(str, memory))}'
    if not is_sanitized(house):
        expect(grown <= allowed, f'{grown} KiB more, {allowed} allowed; {told}')
    return told


def is_sanitized(house):
    """The sanitizers keep what was freed for a while: leaks are theirs to find then."""
    with open(f'/proc/{house.process.pid}/maps', encoding='utf-8') as file:
        return 'libasan' in file.read()


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
