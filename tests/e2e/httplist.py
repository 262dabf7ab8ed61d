#!/usr/bin/python3
"""What strangers do to an HTTP server: odd requests, too much, too slow, and hanging up.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import re
import sys
import time

sys.dont_write_bytecode = True

import wire
from house import House
from tap import Suite, equal, expect

suite = Suite()
# What no answer may show: file names, functions, library names, addresses in memory.
LEAK = re.compile(rb'\.c:\d|src/|libsoup|sqlite|SQL|0x[0-9a-f]{6}|GLib|porch_|/tmp|Traceback', re.I)
USUAL = {'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer'}


def check_clean(reply):
    """What every answer owes (H6)."""
    for name, value in USUAL.items():
        equal(reply.header(name), value, name)
    expect(reply.header('cache-control'), 'no Cache-Control')
    expect(reply.header('server') is None, f'Server: {reply.header("server")}')
    expect(reply.status != 500, 'an inner error')
    expect(not LEAK.search(reply.body) or b'openapi' in reply.body, f'it tells too much: {reply.body[:300]!r}')


def check_problem(reply, status, code=None):
    check_clean(reply)
    equal(reply.status, status, 'status')
    expect(reply.header('content-type').startswith('application/problem+json'), reply.header('content-type'))
    problem = reply.json()
    equal(problem['status'], status, 'status in the problem')
    expect(problem['title'] and problem['code'], problem)
    if code:
        equal(problem['code'], code, 'code')


async def still_serves(house):
    start = time.monotonic()
    equal((await house.request('GET', '/healthz', timeout=5)).status, 200, 'health')
    return time.monotonic() - start


@suite.case('http: health says what it is')
async def health(house):
    reply = await house.request('GET', '/healthz')
    equal(reply.status, 200, 'status')
    check_clean(reply)
    equal((reply.json()['status'], reply.json()['database']), ('ok', 'ok'), 'health')
    expect(reply.json()['version'] and isinstance(reply.json()['sequence'], int), reply.json())


@suite.case('http: every page has the usual headers (H6)')
async def usual_headers(house):
    for path in ('/healthz', '/widget.js', f'/widget/app?site={house.site}', f'/widget/config?site={house.site}', '/try',
                 '/api/v1/openapi.json', '/nothing', '/api/v1/conversations', '/widget/conversations'):
        reply = await house.request('GET', path)
        check_clean(reply)
        if not path.startswith('/widget'):
            expect('no-store' in reply.header('cache-control'), f'{path}: {reply.header("cache-control")}')


UNKNOWN = [(f'http: {verb} {path} is {status}', verb, path, status) for verb, path, status in (
    ('GET', '/nothing', 404), ('GET', '/', 404), ('GET', '/api/v1', 404), ('GET', '/api/v2/session', 404), ('GET', '/healthz/', 404),
    ('GET', '/widget/../healthz', 404), ('GET', '/%68ealthz/..', 404), ('GET', '/etc/passwd', 404), ('GET', '/widget/%2e%2e/%2e%2e/etc/passwd', 404),
    ('DELETE', '/healthz', 405), ('POST', '/widget.js', 405), ('PUT', '/api/v1/session', 405), ('BREW', '/healthz', 405),
    ('TRACE', '/healthz', 405), ('GET', '/webhooks/unknown', 404), ('GET', '/healthz?x=1', 200))]


@suite.cases_of(UNKNOWN)
async def unknown(house, verb, path, status):
    reply = await house.request(verb, path)
    if status == 200:
        equal(reply.status, 200, 'status')
    elif verb in ('BREW', 'TRACE'):
        expect(reply.status in (400, 405, 501), reply.status)
        check_clean(reply)
    else:
        check_problem(reply, status)


# H1. None of these may be understood as a request: refused, and the line ends.
HEAD = 'POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n'
SMUGGLING = [
    ('CL with TE', HEAD + 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n'),
    ('TE with CL', HEAD + 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n'),
    ('TE chunked alone', HEAD + 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
    ('TE in odd spelling', HEAD + 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'),
    ('TE twice', HEAD + 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n'),
    ('two CL, the same', HEAD + 'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}'),
    ('two CL that differ', HEAD + 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} '),
    ('a list of CL', HEAD + 'Content-Length: 2, 2\r\n\r\n{}'),
    ('CL with a sign', HEAD + 'Content-Length: +2\r\n\r\n{}'),
    ('a negative CL', HEAD + 'Content-Length: -2\r\n\r\n{}'),
    ('CL in hex', HEAD + 'Content-Length: 0x2\r\n\r\n{}'),
    ('CL with a fraction', HEAD + 'Content-Length: 2.0\r\n\r\n{}'),
    ('CL of nothing', HEAD + 'Content-Length:\r\n\r\n{}'),
    ('CL with a space inside', HEAD + 'Content-Length: 1 2\r\n\r\n{}'),
    ('CL past 64 bits', HEAD + 'Content-Length: 18446744073709551618\r\n\r\n{}'),
    ('a bare LF', HEAD.replace('\r\n', '\n') + 'Content-Length: 2\n\n{}'),
    ('a bare LF in one line', HEAD + 'A: b\nContent-Length: 2\r\n\r\n{}'),
    ('a bare CR', HEAD + 'A: b\rContent-Length: 2\r\n\r\n{}'),
    ('a NUL in a value', HEAD + 'A: b\0c\r\nContent-Length: 2\r\n\r\n{}'),
    ('a folded line', HEAD + 'A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}'),
    ('a space before the colon', HEAD + 'Content-Length : 2\r\n\r\n{}'),
    ('a header without a colon', HEAD + 'nothing\r\nContent-Length: 2\r\n\r\n{}'),
    ('a header without a name', HEAD + ': b\r\nContent-Length: 2\r\n\r\n{}'),
    ('two Hosts', HEAD + 'Host: 127.0.0.1:{port}\r\nContent-Length: 2\r\n\r\n{}'),
    ('no Host', 'GET /healthz HTTP/1.1\r\nA: b\r\n\r\n'),
    ('HTTP/1.0', 'GET /healthz HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('HTTP/0.9', 'GET /healthz\r\n\r\n'),
    ('HTTP/2.0', 'GET /healthz HTTP/2.0\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('the HTTP/2 greeting', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    ('http in lower case', 'GET /healthz http/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('two spaces in the first line', 'GET  /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('a tab in the first line', 'GET\t/healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('a verb in other letters', 'G(T /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('a target without a slash', 'GET healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('a whole URL as target', 'GET http://127.0.0.1:{port}/healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('a target past ASCII', 'GET /h\u00e9 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('a NUL in the target', 'GET /h\0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('%00 in the target', 'GET /healthz%00 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('a broken escape in the target', 'GET /healthz%zz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + 'x' * 100 + '\r\n\r\n'),
    ('a header of 17 KiB', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nA: ' + 'b' * 17 * 1024 + '\r\n\r\n'),
    ('a target of 17 KiB', 'GET /' + 'b' * 17 * 1024 + ' HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n'),
    ('65 headers', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n' + 'A: b\r\n' * 64 + '\r\n'),
    ('Expect: 100-continue with CL past the limit', HEAD + 'Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n'),
]


@suite.cases_of([('smuggling: ' + name, text) for name, text in SMUGGLING])
async def smuggling(house, text):
    data = text.replace('{port}', str(house.port)).encode('latin-1')
    reader, writer = await asyncio.open_connection('127.0.0.1', house.port)
    try:
        writer.write(data)
        everything = await asyncio.wait_for(reader.read(), 15)
    except ConnectionError:
        everything = b''
    finally:
        await wire.hang_up(writer)
    expect(everything.count(b'HTTP/1.1 ') <= 1, f'more than one answer: {everything[:600]!r}')
    if everything:
        status, headers = wire.parse_head(everything.partition(b'\r\n\r\n')[0])
        if text.startswith('GET /healthz%00') or text.startswith('GET /healthz%zz'):
            expect(status in (400, 404), status)
        else:
            expect(400 <= status < 600 and status != 500, status)
        expect(not LEAK.search(everything), everything[:300])
    await still_serves(house)


@suite.case('http: a second request behind the first one is not answered')
async def pipelined(house):
    one = f'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\n\r\n'.encode()
    reader, writer = await asyncio.open_connection('127.0.0.1', house.port)
    writer.write(one + one)
    try:
        everything = await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        everything = b''
    await wire.hang_up(writer)
    expect(everything.count(b'HTTP/1.1 200') <= 1, 'two answers')


@suite.case('http: a body over its limit by length is refused before it is read')
async def oversized(house):
    for size in (5000, 10_000_000, 10_000_000_000):
        text = HEAD.replace('{port}', str(house.port)) + f'Content-Length: {size}\r\n\r\n'
        start = time.monotonic()
        reply = await wire.raw(house.port, text.encode())
        check_problem(reply, 413, 'too_large')
        expect(time.monotonic() - start < 2, 'it waited for the body')


@suite.case('http: a body in chunks is refused')
async def chunked(house):
    text = HEAD.replace('{port}', str(house.port)) + 'Transfer-Encoding: chunked\r\n\r\n'
    reply = await wire.raw(house.port, text.encode() + (b'1000\r\n' + b'x' * 4096 + b'\r\n') * 100)
    expect(reply is None or reply.status in (400, 411, 501), reply and reply.status)
    await still_serves(house)


BODIES = [('http: a body that is ' + what, body) for what, body in (
    ('not JSON', b'hello'), ('an array', b'[]'), ('empty', b''), ('not UTF-8', b'{"email":"\xff"}'), ('two documents', b'{}{}'),
    ('with duplicate keys', b'{"email":"a","email":"b","password":"c"}'), ('33 levels deep', b'{"email":' + b'[' * 33 + b']' * 33 + b'}'),
    ('with a wrong type', b'{"email":5,"password":"x"}'), ('with a NUL', b'{"email":"a\\u0000","password":"x"}'),
    ('with a lone surrogate', b'{"email":"\\ud800","password":"x"}'), ('2,000 levels deep', b'[' * 2000 + b']' * 2000))]


@suite.cases_of(BODIES)
async def bad_body(house, body):
    reply = await house.request('POST', '/api/v1/session', body, headers={'Content-Type': 'application/json'})
    check_problem(reply, 400 if body else reply.status)
    expect(reply.status in (400, 401), reply.status)


@suite.case('http: bad JSON to the widget\'s session is refused as well')
async def bad_widget_body(house):
    for body in (b'{', b'[]', b'{"site":5}', b'{"site":"x"', b'{"site":"\\u0000"}'):
        reply = await house.request('POST', '/widget/session', body, headers={'Origin': house.origin})
        check_problem(reply, 400)
    check_problem(await house.request('POST', '/widget/session', {'site': 'nobody'}, headers={'Origin': house.origin}), 404)


@suite.case('http: 200 half-open connections: health answers within 2 s, all are dropped in time (H2)', 60)
async def half_open(house):
    before = house.n_descriptors()
    lines = [b'', b'G', b'GET /healthz HTTP/1.1\r\n', b'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nA: b']
    opened = [await asyncio.open_connection('127.0.0.1', house.port) for _ in range(200)]
    for number, (_, writer) in enumerate(opened):
        writer.write(lines[number % len(lines)])
    ended = [asyncio.create_task(reader.read()) for reader, _ in opened]
    start, slowest = time.monotonic(), 0
    while not all(task.done() for task in ended):
        slowest = max(slowest, await still_serves(house))
        expect(time.monotonic() - start < 16, f'{sum(not t.done() for t in ended)} of 200 are still open after 16 s')
        await asyncio.sleep(0.25)
    took = time.monotonic() - start
    for _, writer in opened:
        await wire.hang_up(writer)
    expect(slowest <= 2, f'health took {slowest:.2f} s')
    await settle(house, before)
    return f'all dropped after {took:.1f} s, health at most {slowest * 1000:.0f} ms'


@suite.case('http: slow bodies end as well (H2)', 60)
async def slow_body(house):
    text = HEAD.replace('{port}', str(house.port)) + 'Content-Length: 100\r\n\r\n{'
    opened = [await asyncio.open_connection('127.0.0.1', house.port) for _ in range(20)]
    for _, writer in opened:
        writer.write(text.encode())
    start = time.monotonic()
    async def drip(reader, writer):
        try:
            while time.monotonic() - start < 50:
                try:
                    return await asyncio.wait_for(reader.read(), 5)
                except (TimeoutError, asyncio.TimeoutError):
                    writer.write(b' ')
        except ConnectionError:
            return b''
    await asyncio.gather(*(drip(*one) for one in opened))
    took = time.monotonic() - start
    for _, writer in opened:
        await wire.hang_up(writer)
    expect(took < 47, f'a dripping body was kept for {took:.0f} s')
    await still_serves(house)
    return f'{took:.1f} s'


async def settle(house, before, timeout=10):
    """The descriptors are back to @before, give or take ten."""
    end = time.monotonic() + timeout
    while house.n_descriptors() > before + 10:
        expect(time.monotonic() < end, f'{house.n_descriptors()} descriptors, {before} before')
        await asyncio.sleep(0.1)


@suite.case('http: 2,000 requests closed by the client: every descriptor returns (H2)', 120)
async def closed_early(house):
    one = f'GET /widget.js HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\n\r\n'.encode()
    await house.request('GET', '/widget.js')
    before = house.n_descriptors()

    async def visit(number):
        reader, writer = await asyncio.open_connection('127.0.0.1', house.port)
        writer.write(one)
        try:
            if number % 4 == 1:
                await reader.read(1)
            elif number % 4 == 2:
                await reader.read()
            elif number % 4 == 3:
                writer.transport.abort()
        except ConnectionError:
            pass
        await wire.hang_up(writer)
    for start in range(0, 2000, 20):
        await asyncio.gather(*(visit(number) for number in range(start, start + 20)))
    await settle(house, before)
    return f'{before} descriptors before, {house.n_descriptors()} after'


@suite.case('http: half a WebSocket handshake 200 times leaves nothing behind (H2)')
async def half_handshake(house):
    before = house.n_descriptors()
    text = (f'GET /livechat/ws/any/?site={house.site} HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nOrigin: {house.origin}\r\n'
            'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ' + 'A' * 22 + '==\r\n\r\n').encode()
    for number in range(200):
        _, writer = await asyncio.open_connection('127.0.0.1', house.port)
        writer.write(text[:len(text) - number % 40])
        writer.transport.abort()
    await settle(house, before)


@suite.cases_of([('http: a handshake with ' + name, change) for name, change in (
    ('an old version', {'Sec-WebSocket-Version': '8'}), ('no key', {'Sec-WebSocket-Key': ''}), ('a short key', {'Sec-WebSocket-Key': 'AAAA'}),
    ('another protocol', {'Upgrade': 'h2c'}), ('no upgrade', {'Connection': 'close'}))])
async def bad_handshake(house, change):
    headers = {'Origin': house.origin, **change}
    try:
        socket = await wire.Socket.connect(house.port, f'/livechat/ws/any/?site={house.site}', headers)
    except wire.Refused as refused:
        expect(refused.reply.status in (400, 404, 405, 426), refused.reply.status)
        check_clean(refused.reply)
        return
    await socket.close()
    raise AssertionError('it was accepted')


CURSORS = ('abc', '-1', '99999999999999999999999', '1.5', '%00', '1;DROP', '', ' 1', '0x10', '1e3', 'ü', 'a' * 3000)


@suite.case('http: bad cursors and limits are refused in words')
async def cursors(house):
    token, _ = await house.sign_in()
    socket = await house.visitor_socket()
    await socket.send({'type': 'hello', 'lang': 'en'})
    visitor = (await socket.wait_for('welcome'))['token']
    await socket.send({'type': 'message', 'id': 'AAAAAAAAAAAAAAAAAAAAAA:1', 'conversation': 'new-' + 'b' * 22, 'message': 'x'})
    conversation = (await socket.wait_for('ack'))['conversation']
    await socket.close()
    for bad in CURSORS:
        for path, who in ((f'/api/v1/conversations?filter=open&after=', token), ('/api/v1/conversations?filter=open&limit=', token),
                          (f'/api/v1/conversations/{conversation}/messages?before=', token),
                          (f'/widget/conversations/{conversation}/messages?after=', visitor),
                          (f'/widget/conversations/{conversation}/messages?limit=', visitor)):
            reply = await house.request('GET', path + wire.query(x=bad)[2:] if bad != '%00' else path + bad, token=who)
            expect(reply.status in (200, 400, 422) if bad in ('', 'a' * 3000) else reply.status in (400, 422),
                   f'{path}{bad[:30]}: {reply.status} {reply.body[:200]!r}')
            check_clean(reply)
    check_problem(await house.request('GET', '/api/v1/conversations?filter=everything', token=token), 400)
    for limit in ('0', '100000'):
        reply = await house.request('GET', f'/api/v1/conversations?filter=open&limit={limit}', token=token)
        expect(reply.status in (200, 400), reply.status)


@suite.case('http: a cursor of one list is no key to another')
async def foreign_cursor(house):
    token, _ = await house.sign_in()
    for i in range(3):
        socket = await house.visitor_socket()
        await socket.send({'type': 'hello', 'lang': 'en'})
        await socket.wait_for('welcome')
        await socket.send({'type': 'message', 'id': 'AAAAAAAAAAAAAAAAAAAAAA:1', 'conversation': 'new-' + str(i) * 22, 'message': 'x'})
        await socket.wait_for('ack')
        await socket.close()
    page = (await house.request('GET', '/api/v1/conversations?filter=open&limit=1', token=token)).json()
    expect(page['next'], 'no next')
    reply = await house.request('GET', '/api/v1/conversations?' + wire.query(filter='open', limit=1, after=page['next']), token=token)
    equal(reply.status, 200, 'its own list')
    expect(reply.json()['items'][0]['id'] != page['items'][0]['id'], 'the same row twice')


if __name__ == '__main__':
    sys.exit(suite.run(House))
