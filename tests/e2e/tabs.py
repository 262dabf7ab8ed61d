#!/usr/bin/python3
"""Two tabs of one visitor in a real Chromium, on a line that is cut and beside a server that is killed (F1, F9, F13).

SPDX-License-Identifier: GPL-3.0-or-later
The agent answers over the API all the while. In the end both tabs, the visitor's history and the agent's say the same.
"""
import asyncio
import os
import random
import subprocess
import sys

sys.dont_write_bytecode = True

from chat import Agent, end
from house import FAST, House
from screen import Browser, wait

CUTS = int(os.environ.get('CUTS', '20'))
SEED = int(os.environ.get('SEED', str(random.SystemRandom().randrange(1 << 32))))


class Line:
    """The proxy as a program of its own: the browser's side of this test does not run on a loop."""

    def __init__(self, port):
        self.process = subprocess.Popen(['/usr/bin/python3', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'cut_proxy.py'), str(port)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def obey(self, *words):
        self.process.stdin.write(' '.join(str(w) for w in words) + '\n')
        self.process.stdin.flush()
        self.process.stdout.readline()

    def end(self):
        self.process.kill()
        self.process.wait()


async def reply(house, agent, said):
    """An answer now and then, to whoever is there."""
    while not (items := await agent.list('all', 5)):
        await asyncio.sleep(0.1)
    conversation = items[0]['id']
    while True:
        await agent.answer(conversation, f'answer {len(said)}')
        said.append(f'answer {len(said)}')
        await asyncio.sleep(0.4)


def write(browser, page, text, said):
    browser.write(page=page, text=text)
    browser.press(page=page, key='Enter')
    said.append(text)


def begin(browser, address):
    browser.open(page='one', visitor='ann', url=address)
    browser.launch(page='one')
    # Whoever is alone in the shop is asked for the words at once; otherwise first for the name.
    browser.fill(page='one', label='Your name', text='Ann Lee')
    browser.fill(page='one', label='E-mail', text='ann@example.org')
    browser.click(page='one', name='Start the chat')
    write(browser, 'one', 'one 0', [])
    browser.own_until(page='one', count=1)
    browser.open(page='two', visitor='ann', url=address)
    if 'Open' in browser.label(page='two'):
        browser.launch(page='two')
    browser.own_until(page='two', count=1)


async def trouble(house, line, browser, rng, written):
    """Everything that can happen to a line, with words written meanwhile in both tabs."""
    loop = asyncio.to_thread
    for cut in range(CUTS):
        for page in ('one', 'two'):
            await loop(write, browser, page, f'{page} {cut + 1}', written[page])
        word = ('drop', 'halve', 'kill', 'delay', 'silence', 'refuse')[cut % 6]
        if word == 'kill':
            await house.kill()
            await asyncio.sleep(rng.uniform(0, 0.3))
            await house.start()
        else:
            line.obey(word, rng.randrange(50, 400))
            await loop(write, browser, 'one', f'one {cut + 1}, cut', written['one'])
            await asyncio.sleep(rng.uniform(0.1, 1.0))
            line.obey('pass')
        await asyncio.sleep(rng.uniform(0.1, 0.5))


def rows_of(browser, page):
    """What a tab says; None while something of it is still on its way."""
    rows = browser.rows(page=page)
    return None if any(r['state'] in ('sending', 'waiting', 'failed') for r in rows) else [(r['own'], r['text']) for r in rows]


async def story(house, browser, line, check):
    address = f'http://[::1]:{house.port}/try'
    rng = random.Random(SEED)
    agent = await Agent(house).sign_in()
    agent.start()
    await agent.until(lambda: agent.epoch, 10)
    await asyncio.to_thread(begin, browser, address)
    answers, written = [], {'one': ['one 0'], 'two': []}
    answering = asyncio.create_task(reply(house, agent, answers))
    await trouble(house, line, browser, rng, written)
    await end(answering)
    if answering.done() and not answering.cancelled() and answering.exception():
        raise answering.exception()

    # The page is looked at again, as when somebody comes back to it: it tries at once.
    def both():
        for page in ('one', 'two'):
            browser.eval(page=page, code='window.dispatchEvent(new Event("online"))')
        one, two = rows_of(browser, 'one'), rows_of(browser, 'two')
        return one and one == two and one
    try:
        rows = await asyncio.to_thread(wait, both, 60, 'both tabs saying the same with nothing on its way')
    except TimeoutError:
        one, two = browser.rows(page='one'), browser.rows(page='two')
        raise AssertionError(f'tabs differ: {[r for r in one if r not in two][:5]} / {[r for r in two if r not in one][:5]}; '
                             f'on its way: {[r for r in one + two if r["state"] in ("sending", "waiting", "failed")][:5]}') from None
    check(rows, written, answers)
    (conversation,) = await agent.list('all', 5)
    history = await agent.history(conversation['id'])
    texts = [(m['sender_kind'] == 'visitor', m['text']) for m in history if m['kind'] == 'text']
    assert texts == rows, f'the agent\'s history differs: {[t for t in texts if t not in rows][:5]} {[r for r in rows if r not in texts][:5]}'
    await agent.until(lambda: agent.since >= history[-1]['seq'], 20, 'the agent hearing the last')
    assert agent.message_seqs(conversation['id']) == [m['seq'] for m in history], 'what the agent heard live differs from the history'
    assert not agent.complaints, agent.complaints[:3]
    await agent.stop()
    return f'{len(rows)} messages, {CUTS} troubles'


def check(rows, written, answers):
    own = [text for is_own, text in rows if is_own]
    for page in ('one', 'two'):
        got = [text for text in own if text.startswith(page)]
        assert got == written[page], f'tab {page}: {len(got)} instead of {len(written[page])}; missing {[w for w in written[page] if w not in got][:5]}'
    others = [text for is_own, text in rows if not is_own]
    assert len(set(others)) == len(others), 'an answer twice'
    assert others[:len(answers)] == answers, 'answers lost or out of order'


async def main():
    print(f'# SEED={SEED}')
    browser, line, status = Browser(), None, 0
    async with House(FAST) as house:
        try:
            line = Line(house.port)
            note = await asyncio.wait_for(story(house, browser, line, check), 240)
            print(f'ok 1 - tabs: two of them through {CUTS} cuts and kills, nothing lost, doubled or out of order\n# {note}')
            noise = [n for n in browser.noise() if 'Failed to fetch' not in n]
            status |= bool(noise)
            print(f'{"not ok" if noise else "ok"} 2 - tabs: no error in their consoles {noise[:3] or ""}')
        except Exception as error:
            status = 1
            print(f'not ok 1 - tabs: two of them through {CUTS} cuts and kills\n# {type(error).__name__}: {str(error)[:1500]}')
            print('not ok 2 - tabs: no error in their consoles (not reached)')
        finally:
            browser.end()
            if line:
                line.end()
    print('1..2')
    return status


if __name__ == '__main__':
    sys.exit(asyncio.run(main()))
