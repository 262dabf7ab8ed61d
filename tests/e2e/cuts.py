#!/usr/bin/python3
"""The line is cut at random by a proxy that drops, delays and halves (F9): nothing lost, doubled or out of order.

SPDX-License-Identifier: GPL-3.0-or-later
CUTS and SEED may be given in the environment.
"""
import asyncio
import os
import random
import sys
import time

sys.dont_write_bytecode = True

import wire
from chat import Agent, Visitor
from crash import drain, load
from cut_proxy import Proxy
from house import FAST, House
from promise import check_all
from tap import Suite, equal, expect

CUTS = int(os.environ.get('CUTS', '20'))
SEED = int(os.environ.get('SEED', str(random.SystemRandom().randrange(1 << 32))))
suite = Suite()


@suite.case(f'cuts: the line cut {CUTS} times at random under load (F9)', 90 + CUTS * 6)
async def random_cuts(house):
    print(f'# SEED={SEED}')
    rng, back = random.Random(SEED), []
    async with Proxy(lambda: house.port) as proxy:
        async with load(house, rng, 6, lambda: proxy.port) as (visitors, agents, tasks):
            for cut in range(CUTS):
                await asyncio.sleep(rng.uniform(0.05, 0.4))
                word = ('drop', 'halve', 'delay', 'silence', 'refuse')[cut % 5]
                proxy.obey(word, rng.randrange(20, 300))
                await asyncio.sleep(rng.uniform(0.05, 0.6))
                proxy.obey('pass')
                start = time.monotonic()
                n = len(visitors[0].acked)
                await visitors[0].until(lambda: len(visitors[0].acked) > n, 10, 'being live again')
                back.append(time.monotonic() - start)
            await drain(visitors, agents, tasks)
            total = await check_all(visitors, agents)
            expect(sum(v.reconnects for v in visitors) >= CUTS, 'nobody was cut off')
    expect(max(back) <= 10, f'{max(back):.1f} s until live again')
    return f'{total} messages, {sum(v.reconnects for v in visitors)} reconnects, live again after at most {max(back):.1f} s'


@suite.case('cuts: after an ack is lost on the way the message is not stored twice')
async def lost_ack(house):
    async with Proxy(lambda: house.port) as proxy:
        visitor = Visitor(house, 'lost ack', lambda: proxy.port).start()
        visitor.say('one')
        await visitor.until_sent()
        for i in range(5):
            proxy.down = False          # the frame arrives, its ack does not
            visitor.say(f'unheard {i}')
            await asyncio.sleep(0.15)
            proxy.was_lossy = True
            proxy.obey('pass')
            await visitor.until_sent()
        history = await visitor.history()
        equal([m['message'] for m in history if m['sender']['kind'] == 'visitor'], ['one'] + [f'unheard {i}' for i in range(5)], 'the history')
        equal(visitor.complaints, [], 'complaints')
        await visitor.stop()


@suite.case('cuts: two tabs of one visitor stay in step through cuts (F13)')
async def two_tabs(house):
    async with Proxy(lambda: house.port) as proxy:
        first = Visitor(house, 'first tab', lambda: proxy.port, window=4).start()
        first.say('first 1')
        await first.until_sent()
        second = Visitor(house, 'second tab', lambda: proxy.port, window=4, token=first.token, conversation=first.conversation_id)
        # The second tab loads: it takes up where the first is, with the history by HTTP.
        second.conversation_id, second.epoch, second.since = first.conversation_id, first.epoch, first.since
        second.start()
        for i in range(30):
            first.say(f'first {i + 2}')
            second.say(f'second {i + 1}')
            if i % 10 == 5:
                proxy.obey('drop')
            await asyncio.sleep(0.02)
        await first.until_sent()
        await second.until_sent()
        history = await first.history()
        last = history[-1]['seq']
        for tab in (first, second):
            await tab.until(lambda: last in tab.messages, 10, 'seeing the last')
            equal(tab.complaints, [], tab.name)
        equal(first.visitor_id, second.visitor_id, 'the visitor')
        seqs = [m['seq'] for m in history]
        equal(sorted(first.messages), seqs, 'the first tab')
        equal(sorted(second.messages), seqs[seqs.index(second.order[0]):], 'the second tab')
        texts = [m['message'] for m in history if m['sender']['kind'] == 'visitor']
        for name, count in (('first', 31), ('second', 30)):
            equal([t for t in texts if t.startswith(name)], [f'{name} {i + 1}' for i in range(count)], name)
        await first.stop()
        await second.stop()


@suite.case('cuts: somebody who was away for 500 messages gets them in order, once, and then what is new')
async def long_away(house):
    first = Visitor(house, 'writer', window=4).start()
    first.say('first')
    await first.until_sent()
    away = Visitor(house, 'away', token=first.token, conversation=first.conversation_id)
    away.epoch, away.since = first.epoch, first.since
    for i in range(500):
        first.say(f'while away {i}')
    await first.until_sent(60)
    away.start()
    await away.until(lambda: len(away.messages) >= 500, 20, 'catching up')
    first.say('and live')
    await away.until(lambda: any(m['message'] == 'and live' for m in away.messages.values()), 10, 'being live')
    equal(away.complaints, [], 'complaints')
    equal([away.messages[s]['message'] for s in away.order if s in away.messages and 'while' in away.messages[s]['message']],
          [f'while away {i}' for i in range(500)], 'what was missed')
    await first.stop()
    await away.stop()


@suite.case('cuts: who was away for 300 long messages and reads slowly gets them all on one line', 120)
async def slowly(house):
    text = '😀' * 4000
    first = Visitor(house, 'writer', window=4).start()
    first.say('first')
    await first.until_sent()
    agent = await Agent(house).sign_in()
    since = first.since
    for _ in range(300):
        first.say(text)
    await first.until_sent(90)
    visitor = await house.visitor_socket(receive_buffer=65536)
    await visitor.send({'type': 'hello', 'token': first.token, 'epoch': first.epoch, 'since': since, 'lang': 'en'})
    headers = {'Authorization': f'Bearer {agent.token}'}
    path = '/api/v1/events?' + wire.query(since=since, epoch=first.epoch)
    window = await wire.Socket.connect(house.port, path, headers, receive_buffer=65536)
    seqs = [m['seq'] for m in await first.history()]
    for name, socket, kind in (('visitor', visitor, 'message'), ('window', window, 'message.created')):
        seen = []
        # Pings are answered, as everybody does; else it takes what comes a little at a time.
        while not seen or seen[-1] < seqs[-1]:
            seen.append((await socket.wait_for(kind, timeout=30))['seq'])
            await asyncio.sleep(0.002)
        equal(seen, [seq for seq in seqs if seq > since], name)
        await socket.close()
    await first.stop()


@suite.case('cuts: another epoch, or a seq of the future, gets reset and not silence')
async def reset(house):
    first = Visitor(house, 'first').start()
    first.say('x')
    await first.until_sent()
    await first.stop()
    for epoch, since in (('another', 1), (first.epoch, first.since + 1_000_000)):
        socket = await house.visitor_socket()
        await socket.send({'type': 'hello', 'token': first.token, 'epoch': epoch, 'since': since, 'lang': 'en'})
        frame = await socket.wait_for('reset')
        equal(frame['epoch'], first.epoch, 'epoch')
        expect(frame['reason'] and frame['seq'] >= first.since, frame)
        await socket.close()


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
