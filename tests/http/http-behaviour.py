#!/usr/bin/env python3
# http-behaviour.py DOOR-SERVER - how the door answers requests, good and bad
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import socket
import subprocess
import time

from door import LONG, TICK, Answer, Door, check, finish, read_all, same, wait_until


def problem_of(answer):
    """The code of a whole RFC 9457 problem, or what is wrong with it."""
    try:
        problem = json.loads(answer.body)
        good = (answer.headers['content-type'] == 'application/problem+json' and problem['type'] == 'about:blank' and
                problem['status'] == answer.status and problem['title'] and f"{answer.status} {problem['title']}" in answer.head)
        return problem['code'] if good else answer.head + repr(problem)
    except (ValueError, KeyError) as error:
        return repr(error)


def answers(door):
    answer = door.ask(b'GET /healthz')
    same('a plain GET', (answer.status, answer.body), (200, b'{"status":"ok"}'))
    same('its headers', [answer.headers.get(name) for name in (
        'connection', 'x-content-type-options', 'referrer-policy', 'cache-control', 'server', 'content-length')],
        ['close', 'nosniff', 'no-referrer', 'no-store', None, '15'])
    answer = door.ask(b'HEAD /healthz')
    same('HEAD has the length and no body', (answer.status, answer.headers['content-length'], answer.body), (200, '15', b''))
    same('a body', door.ask(b'POST /body', b'Content-Length: 3\r\n', b'abc').body, b'{"length":3}')
    same('an empty answer', (lambda a: (a.status, a.body))(door.ask(b'POST /empty')), (204, b''))
    same('parameters, query, bearer',
         json.loads(door.ask(b'GET /items/a%20b/parts/%E2%82%AC?x=1&q=c+d%26', b'Authorization: Bearer tok-en\r\n').body),
         ['GET', 'a b', '€', 'c d&', 'tok-en', 0, 1, 1, '127.0.0.1'])
    home, public, forwarded = b'127.0.0.1:%d' % door.port, b'chat.example.com', b'X-Forwarded-For: '
    for name, host, more, want in (
            ('at home', home, b'', [0, 1, 1, '127.0.0.1']),
            ('by the public name', public, b'', [0, 1, 0, '127.0.0.1']),
            ('through the proxy', public, forwarded + b'203.0.113.7\r\n', [0, 0, 0, '203.0.113.7']),
            ('through one that keeps our name', home, forwarded + b'203.0.113.7\r\n', [0, 0, 0, '203.0.113.7']),
            ('through one that hides who it is', home, forwarded + b'unknown\r\n', [0, 1, 0, '127.0.0.1'])):
        same(name, json.loads(door.ask(b'GET /items/1', more, host=b'Host: %s\r\n' % host).body)[5:], want)
    same('a query twice is none', json.loads(door.ask(b'GET /items/1?q=1&q=2').body)[3], '-')
    same('no bearer', json.loads(door.ask(b'GET /items/1', b'Authorization: Basic abc\r\n').body)[4], '-')
    answer = door.ask(b'GET /failing')
    same('a problem of a handler', (answer.status, problem_of(answer), answer.headers['retry-after'],
                                    json.loads(answer.body)['retry_after_ms'], json.loads(answer.body)['detail']),
         (429, 'rate_limited', '2', 1500, 'slow "down"'))
    answer = door.ask(b'GET /forgotten')
    same('a forgotten answer', (answer.status, problem_of(answer)), (500, 'internal'))
    same('8 MiB', len(door.ask(b'GET /large').body), 8 << 20)
    same('an expectation', b'100 Continue' in door.raw(
        b'POST /body HTTP/1.1\r\n' + door.host + b'Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc')[0], True)
    answer = door.ask(b'GET /static', b'Range: bytes=0-1\r\n')
    same('Range is not heard', (answer.status, answer.body), (200, b'plain'))


def statics(door):
    answer = door.ask(b'GET /static')
    same('a static file', (answer.status, answer.body, answer.headers['etag'], answer.headers['vary'],
                           answer.headers['cache-control'], answer.headers.get('content-encoding')),
         (200, b'plain', '"abc"', 'Accept-Encoding', 'public, max-age=60', None))
    for accept, body in [('gzip', b'zipped'), ('br, gzip;q=0.5', b'zipped'), ('GZIP', b'zipped'), ('gzip;q=0', b'plain'),
                         ('identity', b'plain'), ('x-gzip', b'plain'), ('', b'plain')]:
        answer = door.ask(b'GET /static', b'Accept-Encoding: ' + accept.encode() + b'\r\n')
        same(f'for a client that accepts "{accept}"', (answer.body, answer.headers.get('content-encoding'), answer.headers['etag']),
             (body, 'gzip', '"abc-gzip"') if body == b'zipped' else (body, None, '"abc"'))
    for tags, accept, status in [('"abc"', b'', 304), ('W/"abc"', b'', 304), ('"x", "abc"', b'', 304), ('*', b'', 304), ('"abcd"', b'', 200),
                                 ('abc', b'', 200), ('"abc-gzip"', b'Accept-Encoding: gzip\r\n', 304), ('"abc"', b'Accept-Encoding: gzip\r\n', 200)]:
        answer = door.ask(b'GET /static', b'If-None-Match: ' + tags.encode() + b'\r\n' + accept)
        same(f'a client that has {tags}', (answer.status, answer.body == b''), (status, status == 304))
    answer = door.ask(b'GET /plain')
    same('a file that is asked for every time', (answer.headers['cache-control'], answer.headers.get('vary')), ('no-cache', None))


def origins(door):
    same('what a file varies by, beside what its handler says', door.ask(b'GET /static', b'Origin: https://shop.example\r\n').headers['vary'],
         'Origin, Accept-Encoding')
    answer = door.ask(b'OPTIONS /body', b'Origin: https://shop.example\r\n')
    same('OPTIONS', (answer.status, answer.headers['allow'], problem_of(answer)), (405, 'POST', 'unsupported'))


def refusals(door):
    host, line, post = door.host, b'GET /healthz HTTP/1.1\r\n', b'POST /body HTTP/1.1\r\n'
    second = b'GET /healthz HTTP/1.1\r\n' + host + b'\r\n'
    for name, data, status, code in [
        ('unknown path', b'GET /nothing HTTP/1.1\r\n' + host + b'\r\n', 404, 'not_found'),
        ('unknown verb for the path', b'DELETE /body HTTP/1.1\r\n' + host + b'\r\n', 405, 'unsupported'),
        ('unknown verb', b'BREW /body HTTP/1.1\r\n' + host + b'\r\n', 501, 'unsupported'),
        ('path that is no text', b'GET /items/%ff HTTP/1.1\r\n' + host + b'\r\n', 400, 'bad_message'),
        ('query that is no text', b'GET /items/1?q=%ff HTTP/1.1\r\n' + host + b'\r\n', 400, 'bad_message'),
        ('body over the limit by length', post + host + b'Content-Length: 65537\r\n\r\n' + b'x' * 65537, 413, 'too_large'),
        ('body where none is taken', line + host + b'Content-Length: 1\r\n\r\nx', 413, 'too_large'),
        ('length of 21 digits', post + host + b'Content-Length: 184467440737095516210\r\n\r\n', 413, 'too_large'),
        ('body by chunks', post + host + b'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', 501, 'unsupported'),
        ('length and chunks', post + host + b'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' + second, 400, 'bad_message'),
        ('chunks and length', post + host + b'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n' + second, 400, 'bad_message'),
        ('two lengths', post + host + b'Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello' + second, 400, 'bad_message'),
        ('odd length', post + host + b'Content-Length: +5\r\n\r\nhello' + second, 400, 'bad_message'),
        ('bare LF', line.replace(b'\r', b'') + host.replace(b'\r', b'') + b'\n', 400, 'bad_message'),
        ('two hosts', line + host + host + b'\r\n', 400, 'bad_message'),
        ('folded header', line + host + b'X: a\r\n b\r\n\r\n', 400, 'bad_message'),
        ('blank before the colon', line + host + b'X : a\r\n\r\n', 400, 'bad_message'),
        ('foreign host', line + b'Host: evil.example\r\n\r\n', 421, 'misdirected'),
        ('foreign host with our port', line + b'Host: evil.example:%d\r\n\r\n' % door.port, 421, 'misdirected'),
        ('our host with another port', line + b'Host: localhost:1\r\n\r\n', 421, 'misdirected'),
        ('65 headers', line + host + b'X: y\r\n' * 64 + b'\r\n', 431, 'too_large'),
        ('head over 16 KiB', line + host + b'X: ' + b'y' * 16384 + b'\r\n\r\n', 431, 'too_large'),
        ('endless head', b'x' * 300000, 431, 'too_large'),
        ('a TLS greeting', b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'bad_message'),
    ]:
        data, how = door.raw(data)
        answer = Answer(data)
        same(name, (answer.status, problem_of(answer), data.count(b'HTTP/1.1 '), how != 'timeout'), (status, code, 1, True))
        same(name + ': headers', [answer.headers.get(n) for n in ('x-content-type-options', 'referrer-policy', 'cache-control', 'server')],
             ['nosniff', 'no-referrer', 'no-store', None])
    same('Allow names the verbs', door.ask(b'PUT /items/1').headers['allow'], 'GET, HEAD, DELETE')
    same('body at the limit', door.ask(b'POST /body', b'Content-Length: 65536\r\n', b'x' * 65536).body, b'{"length":65536}')
    same('64 headers', door.status(line + host + b'X: y\r\n' * 63 + b'\r\n'), 200)
    same('a configured host', door.status(line + b'Host: chat.example.com\r\n\r\n'), 200)
    data, how = door.raw(second + second)
    same('one request per connection', (data.count(b'HTTP/1.1 200'), how != 'timeout'), (1, True))
    s = door.connect()
    for i in range(len(second)):
        s.sendall(second[i:i + 1])
    same('byte by byte', read_all(s)[0][9:12], b'200')
    s.close()


def unix_socket(door):
    same('the Unix socket asks for no host', door.status(b'GET /healthz HTTP/1.1\r\nHost: anything\r\n\r\n', unix=True), 200)
    same('its mode', os.stat(door.unix_path).st_mode & 0o777, 0o600)
    same('a local call', json.loads(door.ask(b'GET /items/1', unix=True).body)[5:], [1, 1, 0, 'unix'])
    same('a local call by a loopback name', json.loads(door.ask(b'GET /items/1', unix=True, host=b'Host: localhost\r\n').body)[5:], [1, 1, 1, 'unix'])
    same('who forwards to the Unix socket', door.ask(b'GET /items/1', b'X-Forwarded-For: 203.0.113.7\r\n', unix=True).status, 421)
    if os.geteuid() != 0:
        return
    pid = os.fork()
    if pid == 0:
        # Somebody else, who was let at the file by mistake.
        os.chmod(door.folder, 0o711)
        os.chmod(door.unix_path, 0o666)
        os.setuid(65534)
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(door.unix_path)
            s.sendall(b'GET /healthz HTTP/1.1\r\n' + door.host + b'\r\n')
            os._exit(0 if read_all(s)[0] == b'' else 1)
        except OSError:
            os._exit(0)
    same('another user on the Unix socket', os.waitpid(pid, 0)[1], 0)


def another_sandbox():
    """To a server in a PID namespace of its own our process has no number, as one command of a Flatpak to another."""
    wrapper = ('unshare', '--pid', '--fork', '--kill-child')
    if os.geteuid() != 0 or subprocess.run([*wrapper, 'true'], stderr=subprocess.DEVNULL, check=False).returncode:
        return
    door = Door(tick=LONG, wrapper=wrapper)
    same('our user from another PID namespace', door.status(b'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n', unix=True), 200)
    same('... to the end', door.stop(), 0)
    door.clean()


def late_answers(door):
    same('an answer that comes later', door.ask(b'GET /late?ms=40').body, b'{"late":true}')
    before = door.stats()['late']
    for n, (path, how) in enumerate((path, how) for path in (b'/late?ms=200', b'/late/ws?ms=200') for how in ('close', 'half', 'reset')):
        s = door.connect()
        s.sendall(b'GET ' + path + b' HTTP/1.1\r\n' + door.host + b'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n'
                  b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
        wait_until(lambda: door.stats()['asked'] == before + n + 1)
        if how == 'half':
            s.shutdown(socket.SHUT_WR)
        elif how == 'reset':
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
        if how != 'half':
            s.close()
    check('answers after the client has left', wait_until(lambda: door.stats()['late'] == before + 6))
    check('... leave nothing', door.settle(), door.stats())
    answer = door.ask(b'GET /never')
    same('a handler that never answers', (answer.status, problem_of(answer)), (503, 'busy'))
    same('... and then does', door.ask(b'GET /revive').body, b'{"revived":1}')


def slow_clients(door):
    idle = b''
    head = b'GET /healthz HTTP/1.1\r\n'
    body = b'POST /body HTTP/1.1\r\n' + door.host + b'Content-Length: 100\r\n\r\nabc'
    before = door.fds()
    for name, data, ticks in [('idle', idle, 10), ('slow head', head, 10), ('slow body', body, 30)]:
        start = time.monotonic()
        crowd = [door.connect() for _ in range(200)]
        for s in crowd:
            s.sendall(data)
        worst = 0

        def gone():
            nonlocal worst
            for s in crowd[:20]:
                try:
                    s.sendall(data and b'X')
                except OSError:
                    pass
            asked = time.monotonic()
            requests = door.stats()['requests']
            worst = max(worst, time.monotonic() - asked)
            return requests == 1

        check(f'200 x {name} are dropped', wait_until(gone), door.stats())
        took = (time.monotonic() - start) / TICK
        check(f'200 x {name}: not before their time', took >= ticks - 1, took)
        check(f'200 x {name}: others are answered meanwhile', worst < 2, worst)
        for s in crowd:
            s.close()
    check('descriptors after slow clients', wait_until(lambda: door.fds() <= before), (before, door.fds()))
    s = door.connect()
    s.sendall(b'GET /large HTTP/1.1\r\n' + door.host + b'\r\n')
    check('a client that does not read its answer is dropped', door.settle(), door.stats())
    s.close()


def closed_requests(door):
    before = door.fds()
    request = b'GET /healthz HTTP/1.1\r\n' + door.host + b'\r\n'
    for _ in range(2000):
        s = door.connect()
        s.sendall(request)
        if s.recv(4096)[9:12] != b'200':
            break
        s.close()
    door.settle()
    check('descriptors after 2,000 requests closed by the client', wait_until(lambda: door.fds() <= before), (before, door.fds()))
    memory = door.rss_kib()
    for _ in range(2000):
        s = door.connect()
        s.sendall(request)
        s.close()
    door.settle()
    check('descriptors after 2,000 clients that did not wait', wait_until(lambda: door.fds() <= before), (before, door.fds()))
    if door.stats()['plain']:  # a sanitizer keeps what was freed
        check('memory does not grow with closed requests', door.rss_kib() - memory < 1024, door.rss_kib() - memory)


def too_many():
    door = Door(requests_max=20, tick=LONG)
    crowd = [door.connect() for _ in range(20)]
    answer = wait_until(lambda: (lambda a: a if a.status == 503 else None)(door.ask(b'GET /healthz')))
    same('a connection too many', (answer.status, problem_of(answer), 'retry-after' in answer.headers), (503, 'busy', True))
    check('places are given back', wait_until(lambda: door.ask(b'GET /healthz').status == 200))
    for s in crowd:
        s.close()
    same('the end', door.stop(), 0)
    door.clean()


def out_of_descriptors():
    door = Door(files_max=40, tick=LONG)
    door.ask(b'GET /healthz')
    crowd = [door.connect() for _ in range(100)]
    wait_until(lambda: door.fds() >= 40)
    before, start = door.cpu_s(), time.monotonic()
    # Not to wait for anything: this is the time that is measured.
    time.sleep(8 * TICK)
    check('out of descriptors, the loop does not spin', door.cpu_s() - before < 0.5 * (time.monotonic() - start) + 0.02,
          door.cpu_s() - before)
    for s in crowd:
        s.close()
    same('... and serves again', wait_until(lambda: door.ask(b'GET /healthz').status == 200), True)
    same('... to the end', door.stop(), 0)
    door.clean()


def run(tick, *parts):
    door = Door(tick=tick)
    try:
        for part in parts:
            part(door)
        if door.stats()['plain']:
            same('no dispatch held the loop', door.stats()['stalls'], 0)
        same('the server ends by itself', door.stop(), 0)
        same('its socket file is gone', os.path.exists(door.unix_path), False)
        log = [line for line in door.read_log().splitlines() if line and 'was never answered' not in line]
        same('nothing in the log', log, [])
    finally:
        door.clean()


def main():
    run(LONG, answers, statics, origins, refusals, unix_socket, closed_requests)
    run(TICK, late_answers, slow_clients)
    another_sandbox()
    too_many()
    out_of_descriptors()
    finish()


main()
