"""A visitor and an agent who keep every rule of the wire: outbox, resume, again until it is acknowledged.

SPDX-License-Identifier: GPL-3.0-or-later

They stand for the widget and the window where a test needs many of them, and they complain about everything that the
promise forbids: an event twice, a rising number that falls, an acknowledgement that contradicts an earlier one.
"""
import asyncio
import base64
import os
import random

import wire
from tap import end

RETRY = {'rate_limited', 'storage', 'busy', 'gap', 'shutting_down'}


def new_device():
    return base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip('=')


def new_handle():
    return 'new-' + new_device()


class Side:
    """Somebody with a line to the server, which is opened again whenever it ends."""

    def __init__(self, house, name, port):
        self.house, self.name = house, name
        self.port = port or (lambda: house.port)
        self.token = self.epoch = self.since = None
        self.device = new_device()
        self.complaints = []
        self.socket = self.running = None
        self.reconnects = self.resets = 0

    def start(self):
        self.running = asyncio.create_task(self._live())
        return self

    async def stop(self):
        await end(self.running)
        if self.socket:
            await self.socket.close()

    async def until(self, done, timeout=30, what=''):
        """Waits until @done () holds; looks again whenever something came."""
        end = asyncio.get_running_loop().time() + timeout
        while not done():
            if self.running and self.running.done():
                self.running.result()
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(f'{self.name}: {what or "it"} did not happen within {timeout} s ({self._describe()})')
            await asyncio.sleep(0.01)

    async def _live(self):
        wait = 0.02
        while True:
            try:
                await self._session()
            except (wire.Closed, wire.Refused, ConnectionError, OSError, TimeoutError, asyncio.TimeoutError):
                pass
            finally:
                if self.socket:
                    self.socket.cut()
            self.reconnects += 1
            await asyncio.sleep(random.uniform(0, wait))
            wait = min(wait * 2, 0.4)

    async def _read_history(self, path):
        """All of a conversation by HTTP, oldest first, page by page from the newest."""
        items, before = [], None
        while True:
            reply = await self._get(f'{path}?{wire.query(before=before, limit=100)}')
            if reply.status != 200:
                raise AssertionError(f'history: {reply.status} {reply.body[:200]!r}')
            page = reply.json()
            items = page['items'] + items
            if not page['has_more']:
                return items
            before = items[0]['seq']


class Visitor(Side):
    """One page load of one visitor, with one conversation."""

    def __init__(self, house, name='', port=None, window=1, token=None, conversation=None):
        super().__init__(house, name, port)
        self.window, self.token, self.visitor_id = window, token, None
        self.conversation = conversation or new_handle()
        self.outbox = []          # [n, text], unacknowledged, in order
        self.n = 0
        self.acked = {}           # n -> seq
        self.messages = {}        # seq -> message as it came
        self.order = []           # seqs as they came live
        self.changed = asyncio.Event()
        self.paused_until = 0
        self.page = {'url': 'https://shop.example/', 'title': 'Shop', 'referrer': ''}
        self.browser = None

    # ---- what a person does

    def say(self, text):
        self.n += 1
        self.outbox.append([self.n, text])
        self.changed.set()
        return self.n

    async def until_sent(self, timeout=30):
        await self.until(lambda: not self.outbox, timeout, 'the outbox running empty')

    # ---- the line

    def _describe(self):
        return f'outbox {self.outbox[:3]}, {len(self.messages)} messages'

    async def _session(self):
        headers = {'Origin': self.house.origin, 'Host': self.house.host}
        if self.browser:
            headers['User-Agent'] = self.browser
        path = f'/livechat/ws/any/?site={self.house.site}'
        self.socket = await wire.Socket.connect(self.port(), path, headers, timeout=3)
        hello = {'type': 'hello', 'page': self.page, 'lang': 'en'}
        hello.update({k: v for k, v in (('token', self.token), ('epoch', self.epoch), ('since', self.since)) if v is not None})
        await self.socket.send(hello)
        welcome = await self.socket.receive(5)
        while welcome['type'] == 'ping':
            welcome = await self.socket.receive(5)
        if welcome['type'] != 'welcome':
            raise ConnectionError(f'no welcome: {welcome}')
        self._welcome(welcome)
        self.sent = 0             # how many of the outbox are on this line
        reader = asyncio.create_task(self._read())
        waiter = asyncio.create_task(asyncio.sleep(0))
        try:
            while not reader.done():
                pause = self.paused_until - asyncio.get_running_loop().time()
                if pause <= 0:
                    await self._send_more()
                self.changed.clear()
                waiter = asyncio.create_task(self.changed.wait())
                await asyncio.wait({reader, waiter}, timeout=pause if pause > 0 else None, return_when=asyncio.FIRST_COMPLETED)
                waiter.cancel()
            reader.result()
        finally:
            reader.cancel()
            waiter.cancel()
            await asyncio.gather(reader, waiter, return_exceptions=True)

    def _welcome(self, welcome):
        if self.token and self.visitor_id and welcome['visitor_id'] != self.visitor_id:
            self.complaints.append('the same token is another visitor now')
        self.visitor_id = welcome['visitor_id']
        self.token = welcome.get('token') or self.token
        self.epoch = welcome['epoch']
        if self.since is None:
            self.since = welcome['seq']
        for conversation in welcome['conversations']:
            if conversation.get('handle') == self.conversation:
                self.conversation_id = conversation['id']

    async def _send_more(self):
        while self.sent < min(self.window, len(self.outbox)):
            n, text = self.outbox[self.sent]
            self.sent += 1
            await self.socket.send({'type': 'message', 'id': f'{self.device}:{n}', 'conversation': self.conversation,
                                    'message': text})

    async def _read(self):
        while True:
            frame = await self.socket.receive(40)
            await self._take(frame)
            self.changed.set()

    async def _take(self, frame):
        kind = frame['type']
        if kind == 'ping':
            await self.socket.send({'type': 'pong'})
        elif kind == 'ack':
            self._take_ack(frame)
        elif kind == 'message':
            self._take_message(frame)
        elif kind == 'gap':
            self._rewind(20)
        elif kind == 'error':
            self._take_error(frame)
        elif kind == 'reset':
            self.resets += 1
            self.epoch, self.since = frame['epoch'], frame['seq']
        if kind in ('status', 'update', 'receipt') and frame.get('seq'):
            self.since = max(self.since, frame['seq'])

    def _take_ack(self, frame):
        device, _, number = frame['id'].rpartition(':')
        if device != self.device:
            self.complaints.append(f'an ack for another device: {frame}')
            return
        n = int(number)
        if self.acked.setdefault(n, frame['seq']) != frame['seq']:
            self.complaints.append(f'n {n} acknowledged as {self.acked[n]} and as {frame["seq"]}')
        before = len(self.outbox)
        self.outbox = [entry for entry in self.outbox if entry[0] != n]
        self.sent = max(0, self.sent - (before - len(self.outbox)))
        self.conversation_id = frame['conversation']

    def _take_message(self, frame):
        seq = frame['seq']
        if seq in self.messages:
            self.complaints.append(f'message {seq} came twice')
        if self.order and seq < self.order[-1]:
            self.complaints.append(f'message {seq} came after {self.order[-1]}')
        self.order.append(seq)
        self.messages[seq] = frame
        self.since = max(self.since, seq)

    def _take_error(self, frame):
        if frame['code'] in RETRY:
            self._rewind(frame.get('retry_after_ms', 50))
        else:
            self.complaints.append(f'a permanent error: {frame}')

    def _rewind(self, pause_ms):
        """From the head again, in a while: what is on its way behind the refused one is refused too."""
        self.sent = 0
        self.paused_until = max(self.paused_until, asyncio.get_running_loop().time() + pause_ms / 1000)

    async def history(self):
        return await self._read_history(f'/widget/conversations/{self.conversation_id}/messages')

    async def _get(self, path):
        return await self.house.request('GET', path, token=self.token)


class Agent(Side):
    """One window: the stream of events with resume, and answers that are sent until they are stored."""

    def __init__(self, house, port=None, email='ines@staff.example'):
        super().__init__(house, email, port)
        self.email, self.agent = email, None
        self.numbers = {}         # conversation -> last n
        self.events = []          # durable ones, as they came
        self.ephemeral = []
        self.seen = set()
        self.sent = []            # (conversation, id, seq, text)

    async def sign_in(self):
        self.token, self.agent = await self.house.sign_in(self.email)
        return self

    def _describe(self):
        return f'{len(self.events)} events'

    async def _session(self):
        path = '/api/v1/events'
        if self.epoch:
            path += '?' + wire.query(since=self.since, epoch=self.epoch)
        self.socket = await wire.Socket.connect(self.port(), path, {'Authorization': f'Bearer {self.token}', 'Host': self.house.host},
                                                timeout=3)
        ready = await self.socket.receive(5)
        if ready['type'] != 'ready':
            raise ConnectionError(f'no ready: {ready}')
        if self.epoch is None:
            self.since = ready['seq']
        self.epoch = ready['epoch']
        while True:
            await self._take(await self.socket.receive(70))

    async def _take(self, event):
        if event['type'] == 'ping':
            await self.socket.send({'type': 'pong'})
        elif event['type'] == 'reset':
            self.resets += 1
            self.epoch, self.since = event['epoch'], event['seq']
        elif 'seq' in event and event['type'] != 'ready':
            seq = event['seq']
            if seq in self.seen or seq <= self.since:
                self.complaints.append(f'event {seq} ({event["type"]}) came twice or late; since is {self.since}')
            self.seen.add(seq)
            self.since = max(self.since, seq)
            self.events.append(event)
        else:
            self.ephemeral.append(event)

    def message_seqs(self, conversation=None):
        return [e['seq'] for e in self.events
                if e['type'] == 'message.created' and conversation in (None, e.get('conversation'))]

    async def call(self, verb, path, body=None):
        """Until there is an answer that means something: what is a retry and what is not is the code's to say."""
        end = asyncio.get_running_loop().time() + 90
        while True:
            # Nobody has the server away for so long.
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(f'{verb} {path}: no answer that means anything')
            try:
                reply = await wire.request(self.port(), verb, path, body, self.token, {'Host': self.house.host}, timeout=3)
            except (ConnectionError, OSError, TimeoutError, asyncio.TimeoutError):
                await asyncio.sleep(0.05)
                continue
            if reply.status in (429, 503):
                await asyncio.sleep(0.05)
                continue
            return reply

    async def act(self, conversation, what, body=None):
        reply = await self.call('POST', f'/api/v1/conversations/{conversation}/{what}', body)
        if reply.status >= 300:
            raise AssertionError(f'{what}: {reply.status} {reply.body[:300]!r}')
        return reply.json() if reply.body else None

    async def answer(self, conversation, text, what='messages'):
        n = self.numbers[conversation] = self.numbers.get(conversation, 0) + 1
        message = await self.act(conversation, what, {'id': f'{self.device}:{n}', 'text': text})
        self.sent.append((conversation, f'{self.device}:{n}', message['seq'], text))
        return message

    async def history(self, conversation):
        return await self._read_history(f'/api/v1/conversations/{conversation}/messages')

    async def _get(self, path):
        return await self.call('GET', path)

    async def list(self, filter='open', limit=100):
        items, after = [], None
        while True:
            reply = await self._get(f'/api/v1/conversations?{wire.query(filter=filter, limit=limit, after=after)}')
            page = reply.json()
            items += page['items']
            after = page.get('next')
            if not after:
                return items
