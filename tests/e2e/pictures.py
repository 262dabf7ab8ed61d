#!/usr/bin/python3
"""A made-up shop on a busy morning, photographed: window and widget, light and dark, wide, narrow and on a phone.

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh with SCREEN=2560x1440. Pictures are left in $PICTURES; the best ones are the README's.
"""
import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True

import house as houses
from chat import Agent, Visitor
from house import FAST, PROGRAM, House
from screen import PATIENCE, Browser, Screen, wait

PICTURES = os.environ.get('PICTURES', os.path.join(houses.ROOT, '_build', 'pictures'))
FRAME = 4                 # what the window draws around itself where nothing composites

# Name, e-mail, page, minutes since it began, what is said: v the visitor, a the agent, n a note, r resolve and rate.
PEOPLE = [
    ('Piet de Vries', 'piet@example.nl', 'Repairs', 74, [
        ('v', 'Is the repair of my lamp finished?'), ('a', 'It is, and it burns again. You can fetch it until six.'),
        ('v', 'I come at five. Thank you'), ('r', 5)]),
    ('Jonas Weber', 'jonas@example.org', 'Brass lantern', 22, [
        ('v', 'Good morning. I ordered two of the brass lanterns last week, number 4471.'),
        ('v', 'One of them came without its glass. Can you send just the glass?'),
        ('a', 'Good morning Jonas, I am sorry about that. Let me look it up.'),
        ('n', 'Third one from that box. The others go back to the maker.'),
        ('a', 'We have four here. One goes out today, and you have it by Friday. There is nothing to pay.'),
        ('v', 'That is quick, thank you. Shall I send the broken pieces back?'),
        ('a', 'No need. Do keep the packing until the new glass has come: https://lantern.example/care')]),
    ('Amina Haddad', 'amina@example.com', 'Shipping', 16, [
        ('v', 'Hello, do you ship to Tunis?'), ('a', 'We do, on Tuesdays. It takes about nine days.'),
        ('v', 'Perfect, then I take the small one in green')]),
    ('Freya Nilsson', 'freya@example.se', 'Oils and wicks', 7, [('v', 'Which oil do I need for the porch lantern?')]),
    ('Liam Walsh', 'liam@example.ie', 'Basket', 3, [('v', 'Hi, the voucher WINTER does not work at the till')]),
    ('王芳', 'fang@example.com', 'Brass lantern', 1, [('v', '你好,这款灯笼有现货吗?')]),
]
FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'


async def enter(house, name, email, page):
    """A visitor whom the shop knows by name."""
    reply = await house.request('POST', '/widget/session', {'site': house.site, 'profile': {'name': name, 'email': email}},
                                headers={'Origin': house.origin})
    visitor = Visitor(house, name, token=reply.json()['token'])
    visitor.page = {'url': f'https://lantern.example/{page.lower().replace(" ", "-")}', 'title': page, 'referrer': ''}
    visitor.browser = FIREFOX
    return visitor.start()


async def rate(visitor, score):
    await visitor.socket.send({'type': 'rating', 'conversation': visitor.conversation_id, 'score': score, 'comment': ''})


async def talk(house, agent, lines, visitor):
    for kind, what in lines:
        if kind == 'v':
            visitor.say(what)
            await visitor.until_sent()
        elif kind == 'a':
            await agent.answer(visitor.conversation_id, what)
        elif kind == 'n':
            await agent.answer(visitor.conversation_id, what, 'notes')
        else:
            await agent.act(visitor.conversation_id, 'resolve')
            await rate(visitor, what)
        await asyncio.sleep(0.05)


async def fill(house):
    """The morning so far."""
    agent = await Agent(house).sign_in()
    there = []
    for name, email, page, _, lines in PEOPLE:
        visitor = await enter(house, name, email, page)
        await talk(house, agent, lines, visitor)
        there.append(visitor)
    mine = there[1]
    await mine.socket.send({'type': 'read', 'conversation': mine.conversation_id, 'seq': mine.since})
    await asyncio.sleep(0.3)
    for visitor in there:
        await visitor.stop()
    await house.stop()
    with sqlite3.connect(os.path.join(house.data, house.database_name())) as db:
        for visitor, (_, _, _, minutes, _) in zip(there, PEOPLE):
            set_back(db, visitor.conversation_id, minutes * 60_000_000)
    db.close()


def set_back(db, conversation, us):
    """Puts what was said in a second where a person would have said it: from so long ago, a good minute apart."""
    (pk, began), = db.execute('SELECT pk, created_at FROM conversation WHERE id = ?', (conversation,))
    at = [began - us]
    for n, (seq,) in enumerate(db.execute('SELECT seq FROM message WHERE conversation_pk = ? ORDER BY seq', (pk,)).fetchall()):
        at.append(began - us + n * 80_000_000)
        db.execute('UPDATE message SET created_at = ? WHERE seq = ?', (at[-1], seq))
    db.execute('UPDATE conversation SET created_at = ?, last_at = ?, waiting_since = CASE WHEN waiting_since > 0 THEN ? ELSE 0 END, '
               'first_response_at = CASE WHEN first_response_at > 0 THEN ? ELSE 0 END WHERE pk = ?',
               (at[0], at[-1], at[0], at[0] + 100_000_000, pk))


class Studio:
    def __init__(self, house):
        self.house = house
        self.taken = []
        os.makedirs(PICTURES, exist_ok=True)

    def open(self, scheme):
        with open(self.house.log_path, 'ab') as log:
            self.process = subprocess.Popen([PROGRAM, '--data', self.house.data, '--listen', f'127.0.0.1:{self.house.port}'],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=dict(self.house.env, ADW_DEBUG_COLOR_SCHEME=scheme))
        self.screen = Screen('porchlight', 'Porchlight')
        # Off every row: what is under the pointer looks chosen.
        subprocess.run(['xdotool', 'mousemove', '2559', '1439'], check=True)

    def close(self):
        ended = self.process.poll()
        assert ended is None, f'the window had ended with {ended}:\n{self.house.log()[-2000:]}'
        self.process.terminate()
        self.process.wait(PATIENCE)

    def size(self, width, height):
        subprocess.run(['xdotool', 'windowsize', self.screen.window_id, str(width), str(height)], check=True)
        wait(lambda: self.is_sized(width, height), what=f'the window being {width}x{height}')

    def is_sized(self, width, height):
        said = subprocess.run(['xdotool', 'getwindowgeometry', '--shell', self.screen.window_id], capture_output=True, text=True, check=True).stdout
        return f'WIDTH={width}\n' in said and f'HEIGHT={height}\n' in said

    def window(self, name, width, height):
        self.size(width, height)
        path = os.path.join(PICTURES, name + '.png')
        last = None
        for _ in range(40):       # until two in a row are the same: nothing is being laid out any more
            subprocess.run(['import', '-window', 'root', path], check=True, timeout=30)
            subprocess.run(['mogrify', '-crop', f'{width - 2 * FRAME}x{height - 2 * FRAME}+{FRAME}+{FRAME}', '+repage', path], check=True, timeout=30)
            seen = subprocess.run(['identify', '-format', '%#', path], capture_output=True, text=True, check=True).stdout
            if seen == last:
                break
            last = seen
        self.keep(path)

    def keep(self, path):
        self.taken.append(path)


def pictures_of_window(studio):
    for scheme, name in (('prefer-light', 'light'), ('prefer-dark', 'dark')):
        studio.open(scheme)
        screen = studio.screen
        studio.size(1280, 800)
        row = screen.wait('list item', contains='Jonas Weber')
        screen.click(row)
        screen.wait(contains='One of them came without its glass')
        subprocess.run(['xdotool', 'mousemove', '2559', '1439'], check=True)
        studio.window(f'window-{name}', 1280, 800)
        studio.window(f'window-wide-{name}', 2560, 1440)
        studio.window(f'window-narrow-{name}', 400, 760)
        studio.close()


def pictures_of_widget(studio):
    browser = Browser()
    try:
        for dark, name in ((False, 'light'), (True, 'dark')):
            for size, (width, height) in (('', (1000, 760)), ('-phone', (390, 780))):
                page = f'{name}{size}'
                browser.open(page=page, url=studio.house.origin + '/try', dark=dark, width=width, height=height)
                browser.eval(page=page, code='localStorage.clear()')
                browser.launch(page=page)
                browser.sees(page=page, text='Who are we talking to?')
                path = os.path.join(PICTURES, f'widget-form-{page}.png')
                browser.shot(page=page, path=path)
                studio.keep(path)
                browser.fill(page=page, label='Your name', text='Ann Lee')
                browser.fill(page=page, label='E-mail', text='ann@example.org')
                browser.click(page=page, name='Start the chat')
                browser.write(page=page, text='Hello. Do you still have the brass lantern in the window?')
                browser.press(page=page, key='Enter')
                browser.own_until(page=page, count=1)
                asyncio.run(answer(studio.house))
                browser.sees(page=page, text='Shall I put one aside')
                browser.write(page=page, text='Yes please, I come by this afternoon')
                browser.press(page=page, key='Enter')
                browser.own_until(page=page, count=2, state='')
                wait(lambda: all(r['state'] in ('sent', 'received', 'read') for r in browser.rows(page=page) if r['own']), what='being sent')
                path = os.path.join(PICTURES, f'widget-{page}.png')
                browser.shot(page=page, path=path)
                studio.keep(path)
                browser.close(page=page)
    finally:
        browser.end()


async def answer(house):
    """Whoever waits last gets an answer from Ines."""
    agent = await Agent(house).sign_in()
    newest = (await agent.list('all', 10))[0]
    await agent.act(newest['id'], 'take')
    await agent.answer(newest['id'], 'Good morning Ann. We do, three of them. Shall I put one aside for you?')
    await agent.act(newest['id'], 'read', {'seq': newest['last_message']})


def check(path):
    """A picture of something: not cut off, not one flat colour."""
    said = subprocess.run(['identify', '-format', '%w %h %k', path], capture_output=True, text=True, check=True).stdout.split()
    assert int(said[2]) > 60, f'{os.path.basename(path)}: only {said[2]} colours'


async def prepare():
    house = await House(FAST).__aenter__()
    await fill(house)
    return house


def main():
    house = asyncio.run(prepare())
    studio = Studio(house)
    failed = number = 0
    try:
        for name, take in (('pictures: the window, light and dark, at three widths', lambda: pictures_of_window(studio)),
                           ('pictures: the widget, light and dark, on a page and on a phone', lambda: widget_with_window(studio))):
            number += 1
            try:
                take()
                print(f'ok {number} - {name}', flush=True)
            except Exception as error:
                failed += 1
                told = f'{type(error).__name__}: {str(error)[:600]}\n{house.log()[-1500:]}'.replace('\n', '\n# ')
                print(f'not ok {number} - {name}\n# {told}', flush=True)
                if getattr(studio, 'process', None) and studio.process.poll() is None:
                    studio.process.kill()
                    studio.process.wait()
        number += 1
        for path in studio.taken:
            check(path)
        print(f'ok {number} - pictures: {len(studio.taken)} of them, none of them flat')
    finally:
        if house.process and house.process.poll() is None:
            house.process.kill()
            house.process.wait()
        shutil.rmtree(house.folder, ignore_errors=True)
    print(f'1..{number}')
    return 1 if failed else 0


def widget_with_window(studio):
    """The light is on only when somebody is in."""
    studio.open('prefer-light')
    studio.screen.wait('list item', contains='Jonas Weber')
    pictures_of_widget(studio)
    studio.close()


if __name__ == '__main__':
    sys.exit(main())
