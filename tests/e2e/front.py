#!/usr/bin/python3
"""Behind a reverse proxy, as README.md says to set it up: by which name it is called, and for whom it counts.

SPDX-License-Identifier: GPL-3.0-or-later

The proxy is a small one that does what Caddy and nginx do: it ends the visitor's connection, keeps Host, appends the
visitor's address to X-Forwarded-For, and passes everything else on, WebSockets too. Who the visitor is, a test says in
X-Test-From, since all of this happens on one computer.
"""
import asyncio
import contextlib
import glob
import os
import sys

sys.dont_write_bytecode = True

import wire
from chat import new_device, new_handle
from house import House, run_program
from tap import Suite, equal, expect

suite = Suite()
NAME = 'chat.lantern.example'
PUBLIC = f'https://{NAME}'
MANY = 5


class Front:
    """The server behind its proxy. Everything else is the house's."""

    def __init__(self):
        self.house = House()

    def __getattr__(self, name):
        return getattr(self.house, name)

    async def __aenter__(self):
        await self.house.__aenter__()
        self.server = await asyncio.start_server(self._accept, '127.0.0.1', 0)
        self.front = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error):
        self.server.close()
        await self.house.__aexit__(*error)

    async def set(self, key, value):
        return await asyncio.to_thread(run_program, 'setting', '--data', self.data, key, value, env=self.env)

    async def ask(self, path, come_from='203.0.113.7', host=NAME, verb='GET', body=None, **headers):
        """Through the proxy."""
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        return await wire.request(self.front, verb, path, body, headers={'Host': host, 'X-Test-From': come_from, **headers})

    async def open_socket(self, come_from='203.0.113.7', origin=PUBLIC):
        return await wire.Socket.connect(self.front, f'/livechat/ws/any/?{wire.query(site=self.site)}',
                                         {'Host': NAME, 'Origin': origin, 'X-Test-From': come_from})

    async def session(self):
        """What the window is told, by the Unix socket."""
        path, = glob.glob(os.path.join(self.env['XDG_RUNTIME_DIR'], 'porchlight', '*.sock'))
        reply = await wire.raw(None, b'GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\n\r\n', unix=path)
        return reply.json()

    async def _accept(self, reader, writer):
        try:
            lines = (await reader.readuntil(b'\r\n\r\n')).decode('latin-1').split('\r\n')[:-2]
            who, chain, head = '127.0.0.1', [], []
            for line in lines:
                name, _, value = line.partition(': ')
                if name.lower() == 'x-test-from':
                    who = value
                elif name.lower() == 'x-forwarded-for':
                    chain.append(value)
                else:
                    head.append(line)
            if who:
                head.append('X-Forwarded-For: ' + ', '.join([*chain, who]))
            far_reader, far_writer = await asyncio.open_connection('127.0.0.1', self.port)
            far_writer.write('\r\n'.join([*head, '', '']).encode('latin-1'))
            await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        except (ConnectionError, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    async def _carry(self, reader, writer):
        with contextlib.suppress(ConnectionError, OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.write_eof()


@suite.case('front: a name that nobody set is refused')
async def unknown_name(front):
    equal((await front.ask('/healthz')).status, 421, 'before it is set')
    equal((await front.session())['public_address'], None, 'before it is set')


@suite.case('front: once set, the running server is called by it, and tells the window')
async def public_name(front):
    answer = await front.set('public_address', f'HTTPS://{NAME.upper()}/')
    equal(answer, {'key': 'public_address', 'value': PUBLIC}, 'what is printed')
    for host in (NAME, NAME.upper(), f'{NAME}:443', f'{NAME}:{front.port}'):
        equal((await front.ask('/healthz', host=host)).status, 200, host)
    for host in (f'{NAME}.evil.example', f'x{NAME}', f'{NAME}:80', f'{NAME}.', 'evil.example'):
        equal((await front.ask('/healthz', host=host)).status, 421, host)
    for host in (f'127.0.0.1:{front.port}', f'localhost:{front.port}'):
        equal((await wire.request(front.port, 'GET', '/healthz', headers={'Host': host})).status, 200, host)
    session = await front.session()
    equal((session['public_address'], session['listening']), (PUBLIC, f'http://127.0.0.1:{front.port}'), 'session')


@suite.case('front: a visitor writes through it, and is answered')
async def visitor(front):
    await front.set('trusted_proxy', '127.0.0.1')
    equal((await front.ask('/widget.js')).status, 200, 'the loader')
    equal((await front.ask(f'/widget/app?site={front.site}')).status, 200, 'the frame')
    reply = await front.ask('/widget/session', verb='POST', body={'site': front.site}, Origin=PUBLIC)
    equal(reply.status, 200, 'a session')
    socket = await front.open_socket()
    await socket.send({'type': 'hello', 'lang': 'en'})
    await socket.wait_for('welcome')
    await socket.send({'type': 'message', 'id': new_device() + ':1', 'conversation': new_handle(), 'message': 'through the door'})
    conversation = (await socket.wait_for('ack'))['conversation']
    token, _ = await front.sign_in()
    answer = await front.ask(f'/api/v1/conversations/{conversation}/messages', verb='POST', Authorization=f'Bearer {token}',
                             body={'id': new_device() + ':1', 'text': 'come in'})
    equal(answer.status, 200, 'an answer')
    await socket.wait_for('message', where=lambda frame: frame['message'] == 'come in')
    await socket.close()


@suite.case('front: a trusted proxy that does not say for whom it asks: every window is told, until it does')
async def silent_proxy(front):
    token, _ = await front.sign_in()
    window = await wire.Socket.connect(front.port, '/api/v1/events', {'Authorization': f'Bearer {token}'})
    await window.wait_for('ready')
    # Whoever sits at the computer asks from the same address, and a proxy may look whether we are well.
    equal((await wire.request(front.port, 'GET', '/widget.js')).status, 200, 'from here')
    equal((await front.ask('/healthz', come_from='')).status, 200, 'health')
    equal((await front.session())['warning'], '', 'no reason to warn')
    equal((await front.ask('/widget.js', come_from='')).status, 200, 'silent')
    equal((await window.wait_for('warning'))['warning'], 'proxy_silent', 'the window')
    equal((await front.session())['warning'], 'proxy_silent', 'a window that comes now')
    equal((await wire.request(front.port, 'GET', '/widget.js')).status, 200, 'from here')
    equal((await front.session())['warning'], 'proxy_silent', 'who sits at the computer has not mended it')
    equal((await front.ask('/widget.js')).status, 200, 'mended')
    equal((await window.wait_for('warning'))['warning'], '', 'the window')
    equal((await front.ask('/widget.js', come_from='nonsense')).status, 200, 'no address')
    equal((await window.wait_for('warning'))['warning'], 'proxy_silent', 'no address')
    await front.set('trusted_proxy', '')
    equal((await window.wait_for('warning'))['warning'], '', 'nobody is trusted')
    await front.ask('/widget.js', come_from='')
    equal((await front.session())['warning'], '', 'nobody is trusted')
    await front.set('trusted_proxy', '127.0.0.1')
    await window.close()


@suite.case('front: a proxy that calls us by our own name serves the same pages')
async def own_name(front):
    host = f'127.0.0.1:{front.port}'
    reply = await front.ask('/widget/session', host=host, verb='POST', body={'site': front.site}, Origin=PUBLIC)
    equal(reply.status, 200, 'the public address for an origin')
    for origin in (f'http://{NAME}.evil.example', f'{PUBLIC}:8443', 'https://evil.example', 'null'):
        reply = await front.ask('/widget/session', host=host, verb='POST', body={'site': front.site}, Origin=origin)
        equal(reply.status, 403, origin)


@suite.case('front: the practice page is for who sits at the computer')
async def practice_page(front):
    equal((await front.ask('/try')).status, 404, 'through the proxy')
    equal((await front.ask('/try', host=f'127.0.0.1:{front.port}')).status, 404, 'through one that uses our name')
    equal((await front.ask('/try', host=f'127.0.0.1:{front.port}', come_from='127.0.0.1')).status, 404, 'forwarded from here')
    equal((await wire.request(front.port, 'GET', '/try', headers={'Host': NAME})).status, 404, 'by the public name')
    equal((await front.request('GET', '/try')).status, 200, 'at home')


@suite.case('front: requests count for whom the proxy names, from the moment the limit is set')
async def rates(front):
    await front.set('requests_per_peer_min', str(MANY))
    try:
        who = {'come_from': '198.51.100.1'}
        equal([(await front.ask('/healthz', **who)).status for _ in range(MANY)], [200] * MANY, 'within the limit')
        equal((await front.ask('/healthz', **who)).status, 429, 'above it')
        for claim in ('127.0.0.1', '198.51.100.99', '203.0.113.200, 127.0.0.1', ''):
            equal((await front.ask('/healthz', X_Forwarded_For=claim, **who)).status, 429, f'claiming {claim!r}')
        equal((await front.ask('/healthz', come_from='198.51.100.2')).status, 200, 'somebody else')
        equal([(await front.ask('/healthz', come_from=f'2001:db8:0:7::{i + 1:x}')).status for i in range(MANY + 1)],
              [200] * MANY + [429], 'a /64 is one')
        equal([(await front.request('GET', '/healthz')).status for _ in range(MANY + 3)], [200] * (MANY + 3), 'this computer')
        await front.set('trusted_proxy', '::1 10.0.0.1')
        equal((await front.ask('/healthz', **who)).status, 200, 'a proxy that is not trusted is believed nothing')
    finally:
        await front.set('trusted_proxy', '127.0.0.1')
        await front.set('requests_per_peer_min', '')
    equal([(await front.ask('/healthz', come_from='198.51.100.3')).status for _ in range(MANY + 3)], [200] * (MANY + 3), 'the usual limit')


@suite.case('front: so do sockets')
async def sockets(front):
    await front.set('sockets_per_peer', '2')
    try:
        mine = [await front.open_socket('198.51.100.4') for _ in range(2)]
        try:
            await front.open_socket('198.51.100.4')
        except wire.Refused as refused:
            expect(refused.reply.status in (429, 503), refused.reply.status)
        else:
            raise AssertionError('a third socket was opened')
        mine.append(await front.open_socket('198.51.100.5'))
        for socket in mine:
            await socket.close()
    finally:
        await front.set('sockets_per_peer', '')


BAD = (('public_address', 'chat.example.com/path'), ('public_address', 'ftp://chat.example.com'), ('public_address', 'https://a b'),
       ('public_address', 'https://chat.example.com\r\nX: y'), ('trusted_proxy', 'localhost'), ('trusted_proxy', 'unix'),
       ('trusted_proxy', '127.0.0.1/8'), ('trusted_proxy', '*'), ('requests_per_peer_min', '0'), ('requests_per_peer_min', '-1'),
       ('message_burst', '1.5'), ('business', 'Another'), ('epoch', 'x'), ('nothing', '1'))


@suite.case('front: what is no such setting, or no such value, is refused in words')
async def bad_settings(front):
    for key, value in BAD:
        try:
            answer = await front.set(key, value)
        except RuntimeError as error:
            expect('ended with 1' in str(error) and key in str(error), error)
        else:
            raise AssertionError(f'{key} is {answer}')
    equal((await front.session())['public_address'], PUBLIC, 'it stays')


@suite.case('front: nobody on the network sets anything')
async def from_outside(front):
    token, _ = await front.sign_in()
    for bearer in (None, token):
        reply = await front.request('PUT', '/api/v1/settings', {'key': 'public_address', 'value': 'https://evil.example'}, token=bearer)
        expect(reply.status in (401, 403, 404), reply.status)


@suite.case('front: it is kept through a restart, set while nobody serves, and taken back')
async def kept(front):
    await front.stop()
    answer = await front.set('public_address', 'http://door.lantern.example:8080')
    equal(answer['value'], 'http://door.lantern.example:8080', 'without a server')
    await front.house.start()
    equal((await front.ask('/healthz', host='door.lantern.example:8080')).status, 200, 'the new name')
    equal((await front.ask('/healthz')).status, 421, 'the old one')
    equal((await front.set('public_address', ''))['value'], None, 'taken back')
    equal((await front.ask('/healthz', host='door.lantern.example:8080')).status, 421, 'taken back')
    equal((await front.session())['public_address'], None, 'taken back')


if __name__ == '__main__':
    sys.exit(suite.run(Front))
