#!/usr/bin/python3
"""Answers visitors from a terminal: what `make answer` runs where there is no display for the window.

usage: answer.py      DATA=DIR LISTEN=ADDR:PORT BUILD=DIR as for make run
SPDX-License-Identifier: GPL-3.0-or-later

A client of the agents' API like any other. Type a line to answer whoever is shown; /next goes to the next who waits,
/resolve marks it as done, /quit ends this.
"""
import asyncio
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import wire
from chat import new_device

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))


class Desk:
    def __init__(self, port, email, password):
        self.port, self.email, self.password = port, email, password
        self.token = self.open = None
        self.device, self.numbers = new_device(), {}

    async def call(self, verb, path, body=None):
        reply = await wire.request(self.port, verb, path, body, self.token)
        if reply.status >= 400:
            print(f'  ({reply.json().get("detail") or reply.json()["title"]})')
            return None
        return reply.json() if reply.body else {}

    async def sign_in(self):
        answer = await self.call('POST', '/api/v1/session', {'email': self.email, 'password': self.password})
        self.token = answer and answer['token']
        return bool(self.token)

    def show(self, message):
        who = {'visitor': message['sender_name'] or 'Visitor', 'agent': 'You'}.get(message['sender_kind'])
        if who and message['kind'] == 'text':
            print(f'  {who}: {message["text"]}')

    async def choose(self, conversation):
        """Takes it, and shows the last of what was said."""
        self.open = conversation
        page = await self.call('GET', f'/api/v1/conversations/{conversation["id"]}/messages?limit=10')
        name = conversation.get('contact_name') or f'Visitor {conversation["number"]}'
        print(f'\n--- {name} ---')
        for message in page['items'] if page else []:
            self.show(message)
        if conversation['assignee'] is None:
            await self.call('POST', f'/api/v1/conversations/{conversation["id"]}/take')

    async def next(self):
        page = await self.call('GET', '/api/v1/conversations?filter=waiting&limit=1')
        if page and page['items']:
            await self.choose(page['items'][0])
        else:
            print('Nobody is waiting. When somebody writes, it appears here.')

    async def answer(self, text):
        if self.open is None:
            print('There is nobody to answer yet.')
            return
        n = self.numbers[self.open['id']] = self.numbers.get(self.open['id'], 0) + 1
        path = f'/api/v1/conversations/{self.open["id"]}/messages'
        if not await self.call('POST', path, {'id': f'{self.device}:{n}', 'text': text}):
            self.numbers[self.open['id']] = n - 1

    async def resolve(self):
        if self.open:
            await self.call('POST', f'/api/v1/conversations/{self.open["id"]}/resolve')
            self.open = None
        await self.next()

    async def listen(self):
        """What visitors write, as it comes. Whoever writes first is shown when nobody else is."""
        socket = await wire.Socket.connect(self.port, '/api/v1/events', {'Authorization': f'Bearer {self.token}'})
        await socket.wait_for('ready')
        await self.next()
        while True:
            event = await socket.receive(80)
            if event['type'] == 'ping':
                await socket.send({'type': 'pong'})
            elif event['type'] == 'message.created' and event['actor']['kind'] == 'visitor':
                await self.hear(event['conversation'])

    async def hear(self, conversation):
        if self.open and self.open['id'] == conversation:
            page = await self.call('GET', f'/api/v1/conversations/{conversation}/messages?limit=1')
            for message in page['items'] if page else []:
                self.show(message)
        elif self.open is None:
            found = await self.call('GET', f'/api/v1/conversations/{conversation}')
            if found:
                await self.choose(found['conversation'])
        else:
            print('  (somebody else wrote: /next)')

    async def obey(self, line):
        """FALSE to end."""
        if line == '/quit':
            return False
        if line == '/next':
            await self.next()
        elif line == '/resolve':
            await self.resolve()
        elif line:
            await self.answer(line)
        return True

    async def read(self):
        while True:
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line or not await self.obey(line.strip()):
                return


async def main():
    data = os.environ.get('DATA') or os.path.join(ROOT, os.environ.get('BUILD', '_build'), 'demo')
    port = int((os.environ.get('LISTEN') or '127.0.0.1:8642').rsplit(':', 1)[1])
    try:
        with open(os.path.join(data, 'demo-password'), encoding='ascii') as file:
            password = file.read().strip()
        desk = Desk(port, 'ines@example.org', password)
        if not await desk.sign_in():
            return 1
    except (OSError, json.JSONDecodeError):
        print(f'There is no demonstration business running on port {port}: first, in another terminal, make run.', file=sys.stderr)
        return 1
    print('You are Ines. A line is an answer; /next, /resolve, /quit.')
    done, _ = await asyncio.wait({asyncio.create_task(desk.listen()), asyncio.create_task(desk.read())}, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        if task.exception():
            print('The server has gone.', file=sys.stderr)
            return 1
    return 0


if __name__ == '__main__':
    try:
        status = asyncio.run(main())
    except KeyboardInterrupt:
        status = 0
    sys.stdout.flush()
    os._exit(status)          # a thread still waits for the next line
