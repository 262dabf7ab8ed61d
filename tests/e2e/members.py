#!/usr/bin/python3
"""Every member of every frame and answer that a visitor gets, against the list of what may be there (W6).

SPDX-License-Identifier: GPL-3.0-or-later

An unknown member is a failure: whoever adds one has to say here that a stranger may see it.
"""
import asyncio
import gzip
import json
import sys
import time

sys.dont_write_bytecode = True

import wire
from chat import Agent, new_device, new_handle
from house import DOMAIN, FAST, House
from tap import Suite, equal, expect

suite = Suite()
AGENT = {'name', 'is_in', 'avatar'}
CONVERSATION = {'id', 'handle', 'state', 'department', 'agent', 'last_n', 'unread', 'seq', 'rating_asked', 'received', 'read', 'preview',
                'is_preview_mine', 'at'}
MESSAGE = {'conversation', 'handle', 'seq', 'message_id', 'id', 'kind', 'code', 'sender', 'message', 'files', 'at', 'edited_at'}
ALLOWED = {
    'welcome': {'type', 'visitor_id', 'token', 'epoch', 'seq', 'heartbeat_s', 'conversations', 'profile', 'light'},
    'welcome.conversations': CONVERSATION, 'welcome.conversations.agent': AGENT, 'welcome.profile': {'name', 'email'},
    'system': {'type', 'message'},
    'ack': {'type', 'id', 'conversation', 'handle', 'message_id', 'seq', 'at'},
    'message': {'type'} | MESSAGE, 'message.sender': {'kind', 'name', 'avatar'},
    'typing': {'type', 'conversation', 'is_typing', 'name'},
    'receipt': {'type', 'conversation', 'received', 'read'},
    'update': {'type', 'conversation', 'seq', 'message_id', 'message', 'edited_at', 'deleted'},
    'status': {'type', 'conversation', 'seq', 'state', 'agent', 'queue_position', 'wait_s', 'rating_asked'}, 'status.agent': AGENT,
    'presence': {'type', 'light'},
    'reset': {'type', 'reason', 'epoch', 'seq'},
    'gap': {'type', 'conversation', 'device', 'expected'},
    'error': {'type', 'code', 'message', 're', 'conversation', 'retry', 'retry_after_ms'},
    'ping': {'type'}, 'pong': {'type'},
    'POST session': {'token', 'visitor_id', 'profile', 'conversations', 'epoch', 'seq'},
    'POST session.conversations': CONVERSATION, 'POST session.conversations.agent': AGENT, 'POST session.profile': {'name', 'email', 'phone'},
    'GET conversations': {'items'}, 'GET conversations.items': CONVERSATION, 'GET conversations.items.agent': AGENT,
    'GET messages': {'items', 'has_more', 'seq'}, 'GET messages.items': MESSAGE, 'GET messages.items.sender': {'kind', 'name', 'avatar'},
    'problem': {'type', 'title', 'status', 'code', 'detail', 'retry_after_ms'},
    'GET config': {'site', 'business', 'greeting', 'colour', 'light', 'prechat', 'departments', 'lang', 'strings',
                   'sound', 'limits', 'heartbeat_s'},
    'GET config.limits': {'message', 'comment', 'name', 'email'},
    'GET config.prechat': {'name', 'email', 'message'}, 'GET config.departments': {'slug', 'name'},
}
# Words of the page, by names of their own.
FREE = {'GET config.strings'}
KINDS = {'visitor', 'agent', 'assistant', 'system'}


def check(value, name, seen):
    """Complains about the first member that is not on the list."""
    if isinstance(value, list):
        for item in value:
            check(item, name, seen)
    elif isinstance(value, dict) and name not in FREE:
        allowed = ALLOWED.get(name)
        expect(allowed is not None, f'{name} is not on the list: {value}')
        extra = set(value) - allowed
        expect(not extra, f'{name}: {sorted(extra)} may not be there: {value}')
        seen.add(name)
        for key, inner in value.items():
            check(inner, f'{name}.{key}', seen)


class Watched:
    """A visitor's socket of which every frame is checked."""

    def __init__(self, socket, seen):
        self.socket, self.seen, self.texts = socket, seen, []

    async def receive(self, *types, timeout=5, where=None):
        end = time.monotonic() + timeout
        while True:
            frame = await self.socket.receive(max(0.01, end - time.monotonic()))
            check(frame, frame['type'], self.seen)
            self.texts.append(json.dumps(frame))
            if frame['type'] in types and (where is None or where(frame)):
                return frame

    async def drain(self, seconds=0.4):
        try:
            while True:
                await self.receive('nothing', timeout=seconds)
        except (TimeoutError, asyncio.TimeoutError):
            pass


@suite.case('members: a whole conversation, every frame and every answer', 90)
async def whole(house):
    seen = set()
    agent = (await Agent(house).sign_in()).start()
    await agent.until(lambda: agent.epoch, 5)
    raw = await house.visitor_socket()
    socket = Watched(raw, seen)
    await raw.send({'type': 'hello', 'lang': 'en', 'page': {'url': f'https://{DOMAIN}/', 'title': 'Shop', 'referrer': ''}})
    welcome = await socket.receive('welcome')
    device, handle = new_device(), new_handle()
    frame = {'type': 'message', 'id': device + ':1', 'conversation': handle, 'message': 'first words'}
    await raw.send(frame)
    conversation = (await socket.receive('ack'))['conversation']
    await raw.send({**frame, 'id': device + ':5'})
    await socket.receive('gap')
    await raw.send({**frame, 'message': 'other words'})
    await socket.receive('error')
    await raw.send({'type': 'nonsense'})
    await socket.receive('error')
    await raw.send({'type': 'ping'})
    await socket.receive('pong')

    await agent.act(conversation, 'take')
    await agent.act(conversation, 'typing', {'is_typing': True})
    await socket.receive('typing')
    await agent.answer(conversation, 'secret-note-canary', 'notes')
    answer = await agent.answer(conversation, 'how can I help?')
    await socket.receive('message', where=lambda f: f['seq'] == answer['seq'])
    await agent.act(conversation, 'read', {'seq': answer['seq']})
    await socket.receive('receipt')
    await raw.send({'type': 'received', 'conversation': conversation, 'seq': answer['seq']})
    await raw.send({'type': 'read', 'conversation': conversation, 'seq': answer['seq']})
    await agent.answer(conversation, 'secret-note-canary two', 'notes')
    await check_rest(house, welcome['token'], conversation, socket, seen)
    await agent.act(conversation, 'resolve')
    await socket.receive('status', where=lambda f: f['state'] == 'resolved')
    await raw.send({'type': 'rating', 'conversation': conversation, 'score': 5, 'comment': 'thanks'})
    await socket.drain()
    await check_rest(house, welcome['token'], conversation, socket, seen)
    await raw.close()

    raw = await house.visitor_socket()
    again = Watched(raw, seen)
    await raw.send({'type': 'hello', 'token': welcome['token'], 'epoch': welcome['epoch'], 'since': welcome['seq'], 'lang': 'en'})
    await again.receive('welcome')
    await again.drain()
    other = Watched(await house.visitor_socket(), seen)
    await other.socket.send({'type': 'hello', 'token': welcome['token'], 'epoch': 'another', 'since': 1, 'lang': 'en'})
    await other.receive('reset')
    await agent.stop()

    everything = '\n'.join(socket.texts + again.texts + other.texts)
    me = agent.agent
    for secret in ('secret-note-canary', 'staff.example', me['id'], '"note"', 'password', agent.token):
        expect(secret not in everything, f'a visitor was told "{secret}"')
    missing = {'welcome', 'system', 'ack', 'message', 'message.sender', 'typing', 'receipt', 'status', 'reset', 'gap', 'error', 'pong',
               'POST session', 'GET conversations.items', 'GET messages.items', 'problem', 'GET config'} - seen
    expect(not missing, f'never seen, so never checked: {sorted(missing)}')
    return f'{len(seen)} kinds of objects'


async def check_rest(house, token, conversation, socket, seen):
    """The REST twins; what they say is looked through for canaries together with the frames."""
    for verb, path, body, name, who in (
            ('POST', '/widget/session', {'site': house.site, 'token': token, 'profile': {'name': 'Ann', 'email': 'ann@example.org'}}, 'POST session', None),
            ('GET', '/widget/conversations', None, 'GET conversations', token),
            ('GET', f'/widget/conversations/{conversation}/messages?limit=50', None, 'GET messages', token),
            ('POST', f'/widget/conversations/{conversation}/messages', {'id': new_device() + ':1', 'message': 'by REST'}, 'ack', token),
            ('POST', f'/widget/conversations/{conversation}/messages', {'id': new_device() + ':4', 'message': 'x'}, 'gap', token),
            ('GET', f'/widget/conversations/{new_device()}/messages', None, 'problem', token),
            ('GET', f'/widget/config?site={house.site}&lang=en', None, 'GET config', None)):
        reply = await house.request(verb, path, body, token=who, headers={'Origin': house.origin})
        value = reply.json()
        check(value, 'problem' if reply.status >= 400 and name != 'gap' else name, seen)
        socket.texts.append(reply.body.decode())
        for message in value.get('items', []) if name == 'GET messages' else []:
            expect(message['kind'] != 'note', 'a note in a visitor\'s history')
            expect(message['sender']['kind'] in KINDS, message['sender'])


@suite.case('members: a visitor hears nothing of another visitor')
async def apart(house):
    agent = (await Agent(house).sign_in()).start()
    listener = Watched(await house.visitor_socket(), set())
    await listener.socket.send({'type': 'hello', 'lang': 'en'})
    await listener.receive('welcome')
    await listener.drain(0.2)
    start = len(listener.texts)
    raw = await house.visitor_socket()
    await raw.send({'type': 'hello', 'lang': 'en'})
    await raw.wait_for('welcome')
    await raw.send({'type': 'message', 'id': new_device() + ':1', 'conversation': new_handle(), 'message': 'canary-other'})
    conversation = (await raw.wait_for('ack'))['conversation']
    await agent.act(conversation, 'take')
    await agent.answer(conversation, 'canary-answer')
    await agent.act(conversation, 'typing', {'is_typing': True})
    await agent.act(conversation, 'resolve')
    await raw.wait_for('status', where=lambda f: f['state'] == 'resolved')
    await listener.drain()
    heard = listener.texts[start:]
    expect(not any('canary' in text or conversation in text for text in heard), heard)
    await raw.close()
    await listener.socket.close()
    await agent.stop()


@suite.case('members: the widget\'s pages name nobody and nothing inside')
async def pages(house):
    for path in ('/widget.js', f'/widget/app?site={house.site}', '/try', f'/widget/config?site={house.site}'):
        reply = await house.request('GET', path)
        equal(reply.status, 200, path)
        for secret in ('staff.example', 'password', '/api/v1', house.data, 'localhost:', '.c:'):
            expect(secret.encode() not in reply.body, f'{path} tells "{secret}"')


@suite.case('words: settings come with the widget\'s words in the page\'s language, and packed for whoever takes it')
async def words(house):
    async def ask(language, **headers):
        return await house.request('GET', f'/widget/config?site={house.site}&lang={language}', headers=headers)

    german = (await ask('de')).json()['strings']
    equal(german['launch'], 'Chat öffnen', 'a word')
    expect(german['unread_one'] != german['unread_other'] and '{n}' in german['unread_other'], 'the plural')
    for kind in ('de-AT', 'DE', 'de-Latn-CH'):
        equal((await ask(kind)).json().get('strings'), german, kind)
    for other in ('en', 'en-GB', 'tlh', '', '-', '..%2Fde', 'de' * 40, '%00'):
        expect('strings' not in (await ask(other)).json(), f'words for "{other}"')
    plain, packed = await ask('de'), await ask('de', **{'Accept-Encoding': 'br, gzip'})
    equal(packed.header('Content-Encoding'), 'gzip', 'the encoding')
    equal(gzip.decompress(packed.body), plain.body, 'what was packed')
    expect('Accept-Encoding' in plain.header('Vary') and 'Origin' in plain.header('Vary'), 'a cache is not told')
    equal((await ask('de', **{'Accept-Encoding': 'gzip;q=0'})).header('Content-Encoding'), None, 'the encoding')


@suite.case('members: a page that is not on the list gets no agent\'s event either')
async def agent_path(house):
    socket = await house.visitor_socket()
    await socket.send({'type': 'hello', 'lang': 'en'})
    token = (await socket.wait_for('welcome'))['token']
    try:
        await wire.Socket.connect(house.port, '/api/v1/events', {'Authorization': f'Bearer {token}'})
    except wire.Refused as refused:
        equal(refused.reply.status, 401, 'status')
    else:
        raise AssertionError('a visitor\'s token opened the agents\' socket')
    await socket.close()


if __name__ == '__main__':
    sys.exit(suite.run(lambda: House(FAST)))
