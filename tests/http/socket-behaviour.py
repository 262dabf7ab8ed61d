#!/usr/bin/env python3
# socket-behaviour.py DOOR-SERVER - what WebSockets of the door do, and what they do not put up with
# SPDX-License-Identifier: GPL-3.0-or-later
import random
import socket
import struct
import time

from door import LONG, Door, Socket, check, finish, frame, same, wait_until

BYE = struct.pack('>H', 1000) + b'bye'
# Whoever must answer a ping or a close has 35 and 3 of them.
TICK = 0.05


def handshakes(door):
    w = Socket(door)
    same('a handshake', (w.ok, w.answer.headers.get('sec-websocket-accept')), (True, 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='))
    same('no extension is answered', w.answer.headers.get('sec-websocket-extensions'), None)
    w.close()
    w = Socket(door, version=b'8')
    same('another version', (w.answer.status, w.answer.headers.get('sec-websocket-version'), w.answer.headers.get('upgrade')), (426, '13', None))
    for name, keywords, status in [
        ('a short key', {'key': b'abcd'}, 400), ('a key that is no base64', {'key': b'*' * 24}, 400), ('no version', {'version': b''}, 426),
        ('frames before the 101', {'after': frame(1, b'x')}, 400), ('a path without sockets', {'path': b'/nothing'}, 404),
        ('an origin', {'extra': b'Origin: https://shop.example\r\n'}, 101), ('two keys', {'extra': b'Sec-WebSocket-Key: a\r\n'}, 400),
    ]:
        w = Socket(door, **keywords)
        same(name, w.answer.status, status)
        w.close()
    same('a plain request', door.ask(b'GET /ws').status, 400)
    same('HEAD', door.ask(b'HEAD /ws').status, 400)
    w = Socket(door, path=b'/ws?greet')
    same('what was sent before the 101', (w.ok, w.text()), (True, b'hello'))
    w.close()
    w = Socket(door, path=b'/ws?greet&refuse')
    same('closed before the 101', (w.ok, w.text(), w.recv()), (True, b'hello', (8, struct.pack('>H', 4401) + b'who are you')))
    w.send(8, struct.pack('>H', 4401))
    same('... and the end', w.end(), 'eof')
    w.close()
    same('a late upgrade', Socket(door, path=b'/late/ws').ok, True)


def messages(door):
    w = Socket(door)
    w.send(1, 'grüße'.encode())
    same('echo', w.text(), 'grüße'.encode())
    w.send(1, b'')
    same('an empty text', w.text(), b'')
    euro = '€'.encode()
    w.send(1, b'a' + euro[:1], fin=False)
    w.send(9, b'hi')
    w.send(0, b'', fin=False)
    w.send(0, euro[1:] + b'z')
    same('fragments split inside a character, a ping between', sorted([w.recv(), w.recv()]), [(1, b'a' + euro + b'z'), (10, b'hi')])
    data = frame(1, b'slow')
    for i in range(len(data)):
        w.s.sendall(data[i:i + 1])
    same('byte by byte', w.text(), b'slow')
    w.s.sendall(b''.join(frame(1, b'%d' % i) for i in range(5000)))
    same('5,000 in one write', [w.text() for _ in range(5000)] == [b'%d' % i for i in range(5000)], True)
    large = ''.join(random.Random(1).choice('aä€😀') for _ in range(30000)).encode()[:65536].decode(errors='ignore').encode()
    large += b'x' * (65536 - len(large))
    w.send(1, large)
    same('64 KiB', w.text() == large, True)
    w.send(1, large[:65000], fin=False)
    w.send(0, large[65000:])
    same('64 KiB in two fragments', w.text() == large, True)
    w.send(1, b'x', fin=False)
    for _ in range(62):
        w.send(0, b'', fin=False)
    w.send(0, b'y')
    same('64 fragments', w.text(), b'xy')
    w.send(10, b'nobody asked')
    w.send(1, b'!silence')
    same('a pong that nobody asked for', w.text(), b'0')
    for _ in range(10):
        w.send(9, b'')
    same('ten pings', [w.recv() for _ in range(10)], [(10, b'')] * 10)
    w.send(8, BYE)
    same('closing handshake', w.end(), 1000)
    w.close()


def broken(door):
    for name, frames, want in [
        ('binary', [(2, b'x', {})], 1003),
        ('64 KiB and 1', [(1, b'x' * 65537, {})], 1009),
        ('64 KiB and 1 in two fragments', [(1, b'x' * 65536, {'fin': False}), (0, b'x', {})], 1009),
        ('a frame of 2^62', [(1, b'', {'huge': 1 << 62})], 1009),
        ('a frame of 2^63', [(1, b'', {'huge': 1 << 63})], 1002),
        ('65 fragments', [(1, b'x', {'fin': False})] + [(0, b'', {'fin': False})] * 63 + [(0, b'', {})], 1008),
        ('65 fragments and no end', [(1, b'x', {'fin': False})] + [(0, b'', {'fin': False})] * 64, 1008),
        ('bad UTF-8', [(1, b'a\xff', {})], 1007),
        ('UTF-8 cut short', [(1, b'a\xc3', {})], 1007),
        ('UTF-8 overlong', [(1, b'\xc0\xaf', {})], 1007),
        ('a surrogate', [(1, b'\xed\xa0\x80', {})], 1007),
        ('not masked', [(1, b'a', {'mask': False})], 1002),
        ('reserved bit 1 (compressed)', [(1, b'a', {'rsv': 4})], 1002),
        ('reserved bit 3', [(1, b'a', {'rsv': 1})], 1002),
        ('opcode 3', [(3, b'a', {})], 1002),
        ('opcode 11', [(11, b'a', {})], 1002),
        ('a ping of 126', [(9, b'x' * 126, {})], 1002),
        ('a ping of 64 KiB', [(9, b'x' * 65536, {})], 1002),
        ('a fragmented ping', [(9, b'x', {'fin': False})], 1002),
        ('a continuation first', [(0, b'x', {})], 1002),
        ('a message inside another', [(1, b'x', {'fin': False}), (1, b'y', {})], 1002),
        ('a length in the long form', [(1, b'x', {'form': 8})], 1002),
        ('a length in the middle form', [(1, b'x', {'form': 2})], 1002),
        ('close code 1005', [(8, struct.pack('>H', 1005), {})], 1002),
        ('close code 999', [(8, struct.pack('>H', 999), {})], 1002),
        ('a close of one byte', [(8, b'x', {})], 1002),
        ('a close that is no UTF-8', [(8, struct.pack('>H', 1000) + b'\xff', {})], 1007),
        ('an empty close', [(8, b'', {})], 1005),
        ('40 pings', [(9, b'', {})] * 40, 1008),
    ]:
        w = Socket(door)
        try:
            for opcode, data, keywords in frames:
                if 'huge' in keywords:
                    w.s.sendall(struct.pack('>BBQI', 0x81, 0xff, keywords['huge'], 0) + b'x')
                else:
                    w.send(opcode, data, **keywords)
        except OSError:
            pass
        got = w.end()
        check(name, got == want or (name == 'a close of one byte' and got == 1005) or (name == 'a close that is no UTF-8' and got == 1002), got)
        w.close()
    check('nothing of them is left', door.settle(), door.stats())


def endings(door):
    door.settle()
    seen = len(door.stats()['codes'])

    def told(n):
        return wait_until(lambda: (lambda c: c if len(c) >= n else None)(door.stats()['codes'][seen:]))

    w = Socket(door)
    w.send(1, b'!close 4404')
    same('closed by us', w.recv(), (8, struct.pack('>H', 4404) + b'bye'))
    w.send(8, struct.pack('>H', 4404))
    same('... and the end', w.end(), 'eof')
    w.close()
    w = Socket(door)
    w.send(1, b'!close 1001')
    start = time.monotonic()
    w.recv()
    check('closed by us, never answered', w.end() in ('eof', 'reset'))
    check('... after its time', time.monotonic() - start >= 3 * TICK)
    w.close()
    w = Socket(door)
    w.send(1, b'!close 4403')
    w.recv()
    w.send(1, b'x' * 60000)
    w.send(8, BYE)
    same('still talking when we have closed', w.end(), 'eof')
    w.close()
    w = Socket(door)
    w.send(1, b'last')
    w.s.shutdown(socket.SHUT_WR)
    same('half closed', (w.text(), w.end()), (b'last', 'eof'))
    w.close()
    w = Socket(door)
    w.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
    w.close()
    w = Socket(door)
    w.s.sendall(frame(1, b'x' * 1000)[:500])
    w.close()
    w = Socket(door)
    w.send(8, BYE)
    w.end()
    w.close()
    same('what was told of them', sorted(told(7)), [1000, 1001, 1006, 1006, 1006, 4403, 4404])


def slow_readers(door):
    w = Socket(door, receive_buffer=4096)
    w.send(1, b'!flood')
    # It does not read for a while: our queue overflows within the one dispatch that sends.
    check('a slow reader is told', wait_until(lambda: 4408 in door.stats()['codes'] or door.stats()['sockets'] == 1))
    w.s.settimeout(5)
    got = w.end()
    check('a slow reader hears 4408, or no more', got in (4408, 'eof', 'reset'), got)
    w.close()
    check('... and is gone', door.settle(), door.stats())
    check('... with 4408', 4408 in door.stats()['codes'], door.stats()['codes'])

    w = Socket(door)
    w.send(1, b'!flood')
    got = w.end()
    check('one that reads late still gets the close', got == 4408, got)
    w.close()


def never_reading(door):
    w = Socket(door, receive_buffer=4096)
    w.s.settimeout(1)
    before = door.rss_kib()
    sent = 0
    data = frame(1, b'x' * 60000)
    try:
        while sent < 64 << 20:
            w.s.sendall(data)
            sent += len(data)
    except OSError:
        pass
    check('one that writes and never reads is cut off', sent < 32 << 20 and door.settle(), (sent, door.stats()))
    check('... in bounds', door.rss_kib() - before < 16 << 10 or not door.stats()['plain'], door.rss_kib() - before)
    w.close()


def liveness(door):
    w = Socket(door)
    start = time.monotonic()
    pings = 0
    try:
        while True:
            pings += w.recv()[0] == 9
    except (EOFError, OSError):
        pass
    took = (time.monotonic() - start) / TICK
    check('silence: pings, then the end', 2 <= pings <= 3 and took >= 55, (pings, took))
    w.close()
    w = Socket(door)
    start = time.monotonic()
    while (time.monotonic() - start) / TICK < 150:
        opcode, data = w.recv()
        w.send(10, data)
    w.send(1, b'there')
    same('pongs keep it alive', w.text(), b'there')
    w.close()


def crowds(door):
    door.settle()
    before, memory = door.fds(), door.rss_kib()
    crowd = [Socket(door) for _ in range(300)]
    check('300 sockets', wait_until(lambda: door.stats()['sockets'] == 300))
    each = (door.rss_kib() - memory) / 300
    check('an idle socket is light', each < 2 or not door.stats()['plain'], each)
    crowd[0].send(1, b'!all ' + b'h' * 1000)
    same('one frame for all', all(w.text() == b'!all ' + b'h' * 1000 for w in crowd), True)
    for n, w in enumerate(crowd):
        if n % 3 == 0:
            w.s.sendall(frame(1, b'x' * 500)[:100])
        elif n % 3 == 1:
            w.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
        w.close()
    check('300 sockets dropped', door.settle(), door.stats())
    check('descriptors after dropped sockets', wait_until(lambda: door.fds() <= before), (before, door.fds()))
    # A flood of the smallest frames beside somebody who wants an answer.
    flood, calm = Socket(door), Socket(door)
    flood.s.sendall(frame(1, b'') * 20000)
    calm.send(1, b'me, too')
    same('a flood does not keep others waiting', calm.text(), b'me, too')
    same('... and is answered', [flood.recv() for _ in range(20000)] == [(1, b'')] * 20000, True)
    flood.close()
    calm.close()


def noise(door):
    dice = random.Random(7)
    for _ in range(200):
        w = Socket(door)
        good = b''.join(frame(dice.choice((0, 1, 1, 8, 9, 10)), b'x' * dice.choice((0, 1, 125, 126, 2000)), dice.random() < 0.7) for _ in range(4))
        bad = bytearray(good)
        for _ in range(dice.randrange(4)):
            bad[dice.randrange(len(bad))] = dice.randrange(256)
        try:
            w.s.sendall(bad)
            w.s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        w.s.settimeout(2)
        w.end()
        w.close()
    check('200 sockets of noise leave nothing', door.settle(), door.stats())


def stopping():
    door = Door(tick=LONG)
    polite, rude = [Socket(door) for _ in range(5)], [Socket(door) for _ in range(5)]
    half = door.connect()
    half.sendall(b'GET /healthz HTTP/1.1\r\n')
    late = door.connect()
    late.sendall(b'GET /never HTTP/1.1\r\n' + door.host + b'\r\n')
    wait_until(lambda: door.stats()['requests'] == 3)
    asked = door.connect()
    asked.sendall(b'POST /stop HTTP/1.1\r\n' + door.host + b'\r\n')
    for w in polite:
        same('told that we stop', w.recv(), (8, struct.pack('>H', 1001) + b'stopping'))
        w.send(8, struct.pack('>H', 1001))
    same('the end', door.process.wait(20), 0)
    for w in rude:
        same('cut when it does not answer', w.end(), 1001)
    log = [line for line in door.read_log().splitlines() if line]
    same('nothing in the log', log, [])
    for s in (half, late, asked):
        s.close()
    door.clean()


def run(tick, *parts):
    door = Door(tick=tick)
    try:
        for part in parts:
            part(door)
        if door.stats()['plain']:
            same('no dispatch held the loop', door.stats()['stalls'], 0)
        same('the server ends by itself', door.stop(), 0)
        same('nothing in the log', door.read_log(), '')
    finally:
        door.clean()


def main():
    run(LONG, handshakes, messages, broken, slow_readers, crowds, noise)
    run(TICK, endings, never_reading, liveness)
    stopping()
    finish()


main()
