#!/usr/bin/python3
"""What a visitor's socket gets for bad frames: an error that names the problem, and the socket goes on.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import sys

sys.dont_write_bytecode = True

import wire
from chat import Visitor, new_device, new_handle
from house import House
from tap import Suite, equal, expect

suite = Suite()
DEEP = 100_000


async def enter(house, **hello):
    socket = await house.visitor_socket()
    await socket.send({'type': 'hello', 'lang': 'en', **hello})
    return socket, await socket.wait_for('welcome')


async def still_works(house, socket):
    """The very socket that misbehaved sends a message and gets its ack."""
    device = new_device()
    await socket.send({'type': 'message', 'id': f'{device}:1', 'conversation': new_handle(), 'message': 'still here'})
    return await socket.wait_for('ack')


def message(**more):
    frame = {'type': 'message', 'id': new_device() + ':1', 'conversation': new_handle(), 'message': 'x'}
    frame.update(more)
    return {k: v for k, v in frame.items() if v is not ...}


def nested(levels, opener='[', closer=']'):
    return '{"type":"message","message":' + opener * levels + closer * levels + '}'


ERRORS = [
    # name, frame as text or JSON, code
    ('frames: not JSON', 'hello there', 'bad_message'),
    ('frames: an empty frame', '', 'bad_message'),
    ('frames: an array', '[]', 'bad_message'),
    ('frames: half an object', '{"type":"message"', 'bad_message'),
    ('frames: two documents in one', '{"type":"ping"}{"type":"ping"}', 'bad_message'),
    ('frames: bytes after the end', '{"type":"ping"} x', 'bad_message'),
    ('frames: duplicate keys', '{"type":"message","type":"ping"}', 'bad_message'),
    ('frames: 33 levels deep', nested(33), 'bad_message'),
    ('frames: 33 levels of objects', '{"a":' * 33 + '1' + '}' * 33, 'bad_message'),
    ('frames: a NUL in a text', '{"type":"message","id":"a:1","conversation":"b","message":"a\\u0000b"}', 'bad_message'),
    ('frames: a lone high surrogate', '{"type":"message","message":"\\ud800"}', 'bad_message'),
    ('frames: a lone low surrogate', '{"type":"message","message":"\\udc00x"}', 'bad_message'),
    ('frames: a 23-digit number', '{"type":"read","conversation":"a","seq":12345678901234567890123}', 'bad_message'),
    ('frames: a number that is not finite', '{"type":"read","conversation":"a","seq":1e999}', 'bad_message'),
    ('frames: a number with a fraction', '{"type":"read","conversation":"a","seq":1.5}', 'bad_message'),
    ('frames: a negative seq', '{"type":"read","conversation":"a","seq":-1}', ('bad_message', 'not_found')),
    ('frames: no type', '{"message":"x"}', 'bad_message'),
    ('frames: a type of the wrong kind', '{"type":7}', 'bad_message'),
    ('frames: an unknown type', {'type': 'launch'}, 'unsupported'),
    ('frames: message without a conversation', message(conversation=...), 'bad_message'),
    ('frames: message without a text', message(message=...), 'bad_message'),
    ('frames: message with a number for text', message(message=5), 'bad_message'),
    ('frames: message with null for text', message(message=None), 'bad_message'),
    ('frames: message with an object for text', message(message={'a': 1}), 'bad_message'),
    ('frames: message with a list for id', message(id=['a:1']), 'bad_message'),
    ('frames: an id without a number', message(id='abc'), 'bad_message'),
    ('frames: an id with number 0', message(id=new_device() + ':0'), 'bad_message'),
    ('frames: an id with a negative number', message(id=new_device() + ':-1'), 'bad_message'),
    ('frames: an id with too large a number', message(id=new_device() + ':99999999999999999999'), 'bad_message'),
    ('frames: an id of 5,000 letters', message(id='a' * 5000 + ':1'), 'bad_message'),
    ('frames: a handle with other letters', message(conversation='new-<script>'), ('bad_message', 'not_found')),
    ('frames: a conversation that is not there', message(conversation=new_device()), 'not_found'),
    ('frames: an empty message', message(message=''), 'empty'),
    ('frames: a message of spaces', message(message=' \n\t \u00a0'), 'empty'),
    ('frames: a message of 5,000 characters', message(message='ü' * 5000), 'too_long'),
    ('frames: typing without saying which', {'type': 'typing', 'is_typing': True}, 'bad_message'),
    ('frames: a rating of 6', {'type': 'rating', 'conversation': new_device(), 'score': 6}, ('bad_message', 'not_found')),
]


@suite.cases_of(ERRORS)
async def error_and_on(house, frame, code):
    socket, _ = await enter(house)
    await socket.send(frame)
    error = await socket.wait_for('error')
    codes = (code,) if isinstance(code, str) else code
    expect(error['code'] in codes, f'{error} instead of {codes}')
    expect(error['message'], 'an error without a message')
    equal(error['retry'], False, 'retry')
    await still_works(house, socket)
    await socket.close()


@suite.case('frames: an error names the frame it is about')
async def error_names(house):
    socket, _ = await enter(house)
    frame = message(message='')
    await socket.send(frame)
    error = await socket.wait_for('error')
    equal(error.get('re'), frame['id'], 're')
    await socket.close()


@suite.case('frames: a message of 4,000 characters is taken')
async def longest(house):
    socket, _ = await enter(house)
    await socket.send(message(message='ü' * 4000))
    await socket.wait_for('ack')
    await socket.close()


@suite.case('frames: 32 levels deep is not too deep')
async def deep_enough(house):
    socket, _ = await enter(house)
    await socket.send({'type': 'ping', 'extra': eval('[' * 30 + ']' * 30)})
    await socket.wait_for('pong')
    await socket.close()


@suite.case('frames: not UTF-8 closes with 1007')
async def not_utf8(house):
    socket, _ = await enter(house)
    await socket.send_frame(wire.TEXT, b'{"type":"ping","x":"\xff\xfe"}')
    equal(await socket.wait_closed(), 1007, 'close code')


@suite.case('frames: UTF-8 that ends inside a character closes with 1007')
async def half_utf8(house):
    socket, _ = await enter(house)
    await socket.send_frame(wire.TEXT, b'"\xe2\x82')
    equal(await socket.wait_closed(), 1007, 'close code')


@suite.case('frames: a binary frame closes with 1003')
async def binary(house):
    socket, _ = await enter(house)
    await socket.send_frame(wire.BINARY, b'\0\1\2')
    equal(await socket.wait_closed(), 1003, 'close code')


@suite.case('frames: 65 KiB closes with 1009')
async def too_large(house):
    socket, _ = await enter(house)
    await socket.send({'type': 'ping', 'x': 'a' * 65 * 1024})
    equal(await socket.wait_closed(), 1009, 'close code')


@suite.case('frames: a frame that is said to be 8 EiB closes at once')
async def said_too_large(house):
    socket, _ = await enter(house)
    socket.writer.write(b'\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0' + b'{' * 100)
    expect(await socket.wait_closed() in (1009, 1002), 'another close code')


@suite.case('frames: 65 fragments close, 64 do not')
async def fragments(house):
    for n, fine in ((64, True), (65, False)):
        socket, _ = await enter(house)
        text = b'{"type":"ping"' + b' ' * (n - 2) + b'}'
        for i in range(n):
            piece = text[i:i + 1] if i < n - 1 else text[i:]
            await socket.send_frame(wire.TEXT if i == 0 else 0, piece, fin=i == n - 1)
        if fine:
            await socket.wait_for('pong')
            await socket.close()
        else:
            expect(await socket.wait_closed() in (1008, 1009), 'another close code')


@suite.case('frames: fragments that add up to 65 KiB close with 1009')
async def large_in_pieces(house):
    socket, _ = await enter(house)
    try:
        for i in range(5):
            await socket.send_frame(wire.TEXT if i == 0 else 0, b'[' + b' ' * 13 * 1024, fin=False)
    except ConnectionError:
        pass
    equal(await socket.wait_closed(), 1009, 'close code')


@suite.case('frames: 100,000 levels deep close or fail, and nothing falls over')
async def very_deep(house):
    for levels, fits in ((30_000, True), (DEEP, False)):
        socket, _ = await enter(house)
        await socket.send(nested(levels))
        if fits:
            equal((await socket.wait_for('error'))['code'], 'bad_message', 'code')
            await still_works(house, socket)
            await socket.close()
        else:
            equal(await socket.wait_closed(), 1009, 'close code')


@suite.cases_of([
    ('frames: an unmasked frame closes with 1002', dict(opcode=wire.TEXT, payload=b'{}', masked=False)),
    ('frames: a reserved bit closes with 1002', dict(opcode=wire.TEXT, payload=b'{}', rsv=4)),
    ('frames: an unknown opcode closes with 1002', dict(opcode=5, payload=b'')),
    ('frames: a continuation of nothing closes with 1002', dict(opcode=0, payload=b'x')),
    ('frames: a ping of 126 bytes closes with 1002', dict(opcode=wire.PING, payload=b'x' * 126)),
    ('frames: a ping in pieces closes with 1002', dict(opcode=wire.PING, payload=b'x', fin=False)),
])
async def protocol_errors(house, frame):
    socket, _ = await enter(house)
    await socket.send_frame(**frame)
    equal(await socket.wait_closed(), 1002, 'close code')


@suite.case('frames: a flood is limited with retry_after_ms, the connection stays, nothing is lost or doubled', 90)
async def flood(house):
    visitor = Visitor(house, 'flood', window=20).start()
    for i in range(12):
        visitor.say(f'flood {i}')
    limited = []
    take = visitor._take_error

    def note(frame):
        limited.append(frame)
        take(frame)
    visitor._take_error = note
    await visitor.until_sent(60)
    expect(limited, 'nothing was limited')
    for frame in limited:
        equal((frame['code'], frame['retry']), ('rate_limited', True), 'error')
        expect(frame['retry_after_ms'] > 0, 'no retry_after_ms')
    equal(visitor.reconnects, 0, 'reconnects')
    texts = [m['message'] for m in await visitor.history() if m['sender']['kind'] == 'visitor']
    equal(texts, [f'flood {i}' for i in range(12)], 'the history')
    equal(visitor.complaints, [], 'complaints')
    await visitor.stop()


@suite.case('frames: a number left out gets gap, and nothing is stored')
async def gap(house):
    socket, _ = await enter(house)
    device, handle = new_device(), new_handle()
    await socket.send(message(id=device + ':1', conversation=handle, message='one'))
    ack = await socket.wait_for('ack')
    await socket.send(message(id=device + ':3', conversation=handle, message='three'))
    answer = await socket.wait_for('gap')
    equal((answer['device'], answer['expected']), (device, 2), 'gap')
    expect(answer['conversation'] in (handle, ack['conversation']), 'a gap in another conversation')
    await socket.send(message(id=device + ':2', conversation=handle, message='two'))
    equal((await socket.wait_for('ack'))['conversation'], ack['conversation'], 'conversation')
    await socket.close()


@suite.case('frames: a first number of 2 in a new conversation gets gap, and no conversation is made')
async def gap_at_start(house):
    socket, welcome = await enter(house)
    await socket.send(message(id=new_device() + ':2'))
    equal((await socket.wait_for('gap'))['expected'], 1, 'expected')
    reply = await house.request('GET', '/widget/conversations', token=welcome['token'])
    equal(reply.json()['items'], [], 'conversations')
    await socket.close()


@suite.case('frames: the same id again is acknowledged with the stored seq')
async def again(house):
    socket, _ = await enter(house)
    frame = message()
    await socket.send(frame)
    first = await socket.wait_for('ack')
    await socket.send(frame)
    second = await socket.wait_for('ack')
    equal((second['seq'], second['message_id'], second['conversation']),
          (first['seq'], first['message_id'], first['conversation']), 'the second ack')
    await socket.close()


@suite.case('frames: the same id with another content gets id_conflict')
async def conflict(house):
    socket, _ = await enter(house)
    frame = message(message='one')
    await socket.send(frame)
    await socket.wait_for('ack')
    await socket.send({**frame, 'message': 'two'})
    error = await socket.wait_for('error')
    equal((error['code'], error['retry'], error['re']), ('id_conflict', False, frame['id']), 'error')
    await socket.close()


@suite.case('frames: a second hello is refused or repeated, never another visitor')
async def second_hello(house):
    socket, welcome = await enter(house)
    await socket.send({'type': 'hello', 'lang': 'en'})
    answer = await socket.wait_for('welcome', 'error')
    expect(answer['type'] == 'error' or answer['visitor_id'] == welcome['visitor_id'], answer)
    await socket.close()


@suite.case('frames: 200 bad sockets at once leave the server answering')
async def many_bad(house):
    async def one(i):
        socket, _ = await enter(house)
        await socket.send('{' * (i + 1))
        await socket.receive()
        socket.cut()
    for start in range(0, 200, 50):
        await asyncio.gather(*(one(i) for i in range(start, start + 50)))
    equal((await house.request('GET', '/healthz', timeout=2)).status, 200, 'health')


if __name__ == '__main__':
    sys.exit(suite.run(House))
