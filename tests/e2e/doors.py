#!/usr/bin/python3
"""Who is let in: Host, Origin, tokens; and what a database or a log tells whoever reads it.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import os
import re
import sqlite3
import sys

sys.dont_write_bytecode = True

import wire
from chat import new_device, new_handle
from house import DOMAIN, PASSWORD, House, run_program
from tap import Suite, equal, expect

suite = Suite()
OWN = f'https://{DOMAIN}'


async def enter(house, **hello):
    socket = await house.visitor_socket()
    await socket.send({'type': 'hello', 'lang': 'en', **hello})
    return socket, await socket.wait_for('welcome')


# ---- H3: Host

HOSTS = [(f'host: {host or "none"} is refused', host) for host in (
    'evil.example', 'evil.example:{port}', '127.0.0.1.evil.example', '127.0.0.1:1', 'localhost:1', '127.0.0.1:{port}.evil.example',
    'localhost.:{port}', '2130706433:{port}', '0.0.0.0:{port}', '127.1:{port}', '[::ffff:127.0.0.1]:{port}', '127.0.0.1:{port}@evil.example',
    DOMAIN, '')]


@suite.cases_of(HOSTS)
async def foreign_host(house, host):
    host = host.replace('{port}', str(house.port))
    for path in ('/healthz', '/api/v1/session', '/widget/config?site=' + house.site):
        reply = await wire.raw(house.port, f'GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n'.encode())
        expect(reply.status in (400, 421), f'{path}: {reply.status}')


@suite.case('host: a foreign one cannot open a socket either')
async def foreign_host_socket(house):
    try:
        await wire.Socket.connect(house.port, f'/livechat/ws/any/?site={house.site}',
                                  {'Origin': 'http://evil.example', 'Host': f'evil.example:{house.port}'})
    except wire.Refused as refused:
        expect(refused.reply.status in (400, 421), refused.reply.status)
        return
    raise AssertionError('it was let in')


@suite.case('host: the loopback names with our port are ours')
async def own_hosts(house):
    for host in (f'127.0.0.1:{house.port}', f'localhost:{house.port}', f'[::1]:{house.port}', f'LOCALHOST:{house.port}'):
        reply = await wire.raw(house.port, f'GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n'.encode())
        equal(reply.status, 200, host)


# ---- W2, W3: Origin

EVIL = (f'https://{DOMAIN}.evil.example', f'https://evil{DOMAIN}', 'null', f'http://{DOMAIN}', f'https://{DOMAIN}:8443', 'https://xn--shp-6na.example',
        f'https://{DOMAIN}.', f'https://sub.{DOMAIN}', 'https://evil.example', f'https://{DOMAIN}@evil.example', f'{DOMAIN}', 'file://', f'https://{DOMAIN}/')


@suite.cases_of([(f'origin: {origin} gets no CORS and no socket', origin) for origin in EVIL])
async def evil_origin(house, origin):
    for verb, path, body in (('GET', f'/widget/config?site={house.site}', None), ('POST', '/widget/session', {'site': house.site}),
                             ('OPTIONS', '/widget/session', None)):
        reply = await house.request(verb, path, body, headers={'Origin': origin, 'Access-Control-Request-Method': 'POST'})
        allowed = reply.header('access-control-allow-origin')
        expect(allowed is None, f'{verb} {path}: Access-Control-Allow-Origin: {allowed}')
        expect(reply.header('access-control-allow-credentials') is None, 'credentials')
        if verb == 'POST':
            expect(reply.status in (403, 404), f'a session for {origin}: {reply.status}')
    try:
        socket = await house.visitor_socket(origin=origin)
    except wire.Refused as refused:
        expect(refused.reply.status in (403, 404), refused.reply.status)
        return
    await socket.close()
    raise AssertionError('a socket was opened')


@suite.case('origin: a listed one is echoed alone, with Vary')
async def own_origin(house):
    for origin in (OWN, f'https://www.{DOMAIN}'):
        reply = await house.request('POST', '/widget/session', {'site': house.site}, headers={'Origin': origin})
        equal(reply.status, 200, 'session')
        reply = await house.request('GET', f'/widget/config?site={house.site}', headers={'Origin': origin})
        equal(reply.header('access-control-allow-origin'), origin, 'echo')
        expect('origin' in (reply.header('vary') or '').lower(), reply.header('vary'))
        expect(reply.header('access-control-allow-credentials') is None, 'credentials')
        socket = await house.visitor_socket(origin=origin)
        await socket.close()


async def is_let_in(house, origin):
    """By CORS, by a session and by a socket alike; else by none of them."""
    config = await house.request('GET', f'/widget/config?site={house.site}', headers={'Origin': origin})
    session = await house.request('POST', '/widget/session', {'site': house.site}, headers={'Origin': origin})
    try:
        await (await house.visitor_socket(origin=origin)).close()
        has_socket = True
    except wire.Refused:
        has_socket = False
    found = {config.header('access-control-allow-origin') == origin, session.status == 200, has_socket}
    equal(len(found), 1, f'{origin}: one door says this, another that')
    return found.pop()


async def update_site(house, token, **wishes):
    site = (await house.request('GET', '/api/v1/sites', token=token)).json()['items'][0]['id']
    return await house.request('PUT', '/api/v1/sites', {'site': site, **wishes}, token=token)


@suite.case('origin: a website that moves is let in at once, and nobody from where it was')
async def moved(house):
    token, _ = await house.sign_in()
    new = 'https://lamps.example'
    events = await wire.Socket.connect(house.port, '/api/v1/events', {'Authorization': f'Bearer {token}'})
    ready = await events.wait_for('ready')
    expect(await is_let_in(house, OWN) and not await is_let_in(house, new), 'before')
    equal((await update_site(house, token, domains='lamps.example', name='Lamps')).status, 200, 'moving')
    told = await events.wait_for('site.updated')
    equal((told['data']['domains'], told['data']['name'], told['actor']['kind'], told['seq'] > 0), (['lamps.example'], 'Lamps', 'agent', True), 'told')
    expect(await is_let_in(house, new) and not await is_let_in(house, OWN), 'after')
    policy = (await house.request('GET', f'/widget/app?site={house.site}')).header('content-security-policy')
    expect(new in policy and DOMAIN not in policy, policy)
    equal((await house.request('GET', f'/widget/config?site={house.site}')).json()['business'], 'Lamps', 'what visitors see')
    equal((await update_site(house, token, domains='lamps.example *.evil.example')).status, 400, 'a wildcard')
    expect(not await is_let_in(house, 'https://www.evil.example'), 'the wildcard')
    # By the terminal, and back; the running server follows as well.
    shown = await asyncio.to_thread(run_program, 'site', '--data', house.data, '--domain', DOMAIN, '--domain', 'http://localhost:3000',
                                    '--name', 'Lantern & Wick', env=house.env)
    equal((shown['domains'], shown['name']), ([DOMAIN, 'http://localhost:3000'], 'Lantern & Wick'), 'by the terminal')
    equal((await events.wait_for('site.updated'))['data']['domains'], shown['domains'], 'told')
    equal(await asyncio.to_thread(run_program, 'site', '--data', house.data, env=house.env), {'items': [shown]}, 'shown')
    expect(await is_let_in(house, OWN) and await is_let_in(house, 'http://localhost:3000') and not await is_let_in(house, new), 'back')
    await update_site(house, token, domains=DOMAIN)
    await events.close()
    # Who was away hears of it by the log, with the site as it is now.
    late = await wire.Socket.connect(house.port, f'/api/v1/events?since={ready["seq"]}&epoch={ready["epoch"]}', {'Authorization': f'Bearer {token}'})
    equal((await late.wait_for('site.updated'))['data']['domains'], [DOMAIN], 'by the log')
    await late.close()


@suite.case('origin: sockets of the pages that it left are closed for good, and no others')
async def left_behind(house):
    token, _ = await house.sign_in()
    await update_site(house, token, domains=f'{DOMAIN} stays.example')
    gone = [await house.visitor_socket(origin=origin) for origin in (OWN, f'https://www.{DOMAIN}')]
    # One has greeted, with a conversation; the other has not said anything yet.
    await gone[0].send({'type': 'hello', 'page': {'url': f'{OWN}/'}, 'lang': 'en'})
    await gone[0].wait_for('welcome')
    # Another address of the site, the chat's own frame, and what is no page of anybody's.
    staying = [await house.visitor_socket(origin=origin) for origin in ('https://stays.example', f'http://127.0.0.1:{house.port}', '')]
    await update_site(house, token, name='Lantern & Wick')
    for socket in gone + staying:
        await socket.send({'type': 'ping'})
        await socket.wait_for('pong')
    await update_site(house, token, domains='stays.example')
    for socket in gone:
        equal(await socket.wait_closed(5), 4404, 'close code')
    for socket in staying:
        await socket.send({'type': 'ping'})
        await socket.wait_for('pong')
        await socket.close()
    await update_site(house, token, domains=DOMAIN)


@suite.case('origin: only an admin moves the website')
async def who_moves(house):
    for role in ('agent', 'supervisor'):
        await house.add_agent(role, f'{role}-moves@staff.example', role)
        token, _ = await house.sign_in(f'{role}-moves@staff.example')
        equal((await update_site(house, token, domains='evil.example')).status, 403, role)
    expect(not await is_let_in(house, 'https://evil.example'), 'it was moved')


@suite.case('origin: the agents\' API answers no foreign page')
async def api_origin(house):
    token, _ = await house.sign_in()
    for origin in (OWN, 'https://evil.example', 'null'):
        reply = await house.request('GET', '/api/v1/conversations', token=token, headers={'Origin': origin})
        expect(reply.header('access-control-allow-origin') is None, f'{origin} is let in')
        preflight = await house.request('OPTIONS', '/api/v1/conversations', headers={'Origin': origin, 'Access-Control-Request-Method': 'GET'})
        expect(preflight.header('access-control-allow-origin') is None, f'{origin} is let in')
        try:
            socket = await wire.Socket.connect(house.port, '/api/v1/events', {'Authorization': f'Bearer {token}', 'Origin': origin})
        except wire.Refused as refused:
            expect(refused.reply.status in (401, 403), refused.reply.status)
        else:
            await socket.close()
            raise AssertionError(f'{origin} opened the agents\' socket')


@suite.case('origin: the chat may be framed by the site alone')
async def framing(house):
    reply = await house.request('GET', f'/widget/app?site={house.site}')
    policy = reply.header('content-security-policy') or ''
    for wanted in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
                   'frame-ancestors', OWN):
        expect(wanted in policy, f'{wanted} is not in: {policy}')
    expect('unsafe' not in policy and '*' not in policy, policy)


# ---- tokens

@suite.case('tokens: no cookie anywhere, and none in an address')
async def no_cookies(house):
    for path in ('/healthz', f'/widget/app?site={house.site}', f'/widget/config?site={house.site}', '/try', '/widget.js'):
        reply = await house.request('GET', path)
        expect(reply.header('set-cookie') is None, path)
    token, _ = await house.sign_in()
    reply = await house.request('GET', '/api/v1/conversations?' + wire.query(token=token, access_token=token))
    equal(reply.status, 401, 'a token in the address')
    for path in (f'/api/v1/events?token={token}', f'/api/v1/events?access_token={token}', '/api/v1/events'):
        try:
            await wire.Socket.connect(house.port, path)
        except wire.Refused as refused:
            equal(refused.reply.status, 401, path)
        else:
            raise AssertionError(f'{path} let us in')


BAD_TOKENS = ('', 'x', 'a' * 43, 'vt_' + 'A' * 43, 'at_' + 'A' * 43, '../../x', 'a' * 5000, 'é', "' OR 1=1 --", 'null', 'Bearer x')


@suite.case('tokens: wrong ones get 401, a visitor\'s is none for agents and an agent\'s none for visitors')
async def wrong_tokens(house):
    agent, _ = await house.sign_in()
    socket, welcome = await enter(house)
    for token in (*BAD_TOKENS, welcome['token']):
        reply = await house.request('GET', '/api/v1/conversations', headers={'Authorization': f'Bearer {token}'} if token.isascii() else {'Authorization': 'Bearer \xe9'})
        expect(reply.status in (400, 401), f'{token[:20]}: {reply.status}')
    for token in (*BAD_TOKENS[:-1], agent):
        if token and token.isascii():
            reply = await house.request('GET', '/widget/conversations', token=token)
            expect(reply.status in (400, 401), f'{token[:20]}: {reply.status}')
    for scheme in ('Basic', 'bearer ', 'Token'):
        reply = await house.request('GET', '/api/v1/conversations', headers={'Authorization': f'{scheme} x{agent}'})
        expect(reply.status in (400, 401), scheme)
    await socket.close()


@suite.case('tokens: a signed-out session is refused and its socket closes within 1 s')
async def signed_out(house):
    token, _ = await house.sign_in()
    socket = await wire.Socket.connect(house.port, '/api/v1/events', {'Authorization': f'Bearer {token}'})
    await socket.wait_for('ready')
    start = asyncio.get_running_loop().time()
    equal((await house.request('DELETE', '/api/v1/session', token=token)).status, 204, 'sign out')
    equal(await socket.wait_closed(5), 4401, 'close code')
    expect(asyncio.get_running_loop().time() - start < 1, 'later than 1 s')
    equal((await house.request('GET', '/api/v1/conversations', token=token)).status, 401, 'the token')


@suite.case('tokens: a bad token in hello makes a new visitor and opens nothing')
async def bad_hello(house):
    socket, mine = await enter(house)
    await socket.send({'type': 'message', 'id': new_device() + ':1', 'conversation': new_handle(), 'message': 'private'})
    await socket.wait_for('ack')
    for token in ('vt_' + 'A' * 43, 'x', 'a' * 2000):
        other = await house.visitor_socket()
        await other.send({'type': 'hello', 'token': token, 'lang': 'en'})
        try:
            answer = await other.wait_for('welcome', 'error', timeout=5)
            if answer['type'] == 'welcome':
                expect(answer['visitor_id'] != mine['visitor_id'] and answer['conversations'] == [], answer)
        except wire.Closed as closed:
            equal(closed.code, 4401, 'close code')
        await other.close()
    await socket.close()


@suite.case('tokens: 43 letters of base64url behind vt_, never twice, and only their hash is in the file (S1)')
async def token_shape(house):
    tokens = []
    for _ in range(50):
        socket, welcome = await enter(house)
        tokens.append(welcome['token'])
        await socket.close()
    for token in tokens:
        expect(re.fullmatch(r'vt_[A-Za-z0-9_-]{43}', token), token)
    equal(len(set(tokens)), 50, 'different tokens')
    agent, _ = await house.sign_in()
    path = os.path.join(house.data, house.database_name())
    with sqlite3.connect(f'file:{path}?mode=ro', uri=True) as db:
        dump = '\n'.join(db.iterdump())
    db.close()
    for secret in (*tokens, *(t[3:] for t in tokens), agent, PASSWORD):
        expect(secret not in dump, 'a usable secret stands in the database')
    for name in os.listdir(house.data):
        full = os.path.join(house.data, name)
        if os.path.isfile(full):
            with open(full, 'rb') as file:
                content = file.read()
            for secret in (tokens[0], tokens[-1], agent, PASSWORD):
                expect(secret.encode() not in content, f'a usable secret stands in {name}')


@suite.case('tokens: the data folder is for its owner alone')
async def modes(house):
    equal(os.stat(house.data).st_mode & 0o077, 0, 'mode of the folder')
    for name in os.listdir(house.data):
        equal(os.stat(os.path.join(house.data, name)).st_mode & 0o077, 0, f'mode of {name}')


@suite.case('sign in: unknown and known addresses answer alike, and the sixth failure waits', 60)
async def guessing(house):
    for email in ('ines@staff.example', 'nobody@staff.example'):
        reply = await house.request('POST', '/api/v1/session', {'email': email, 'password': 'wrong password'}, timeout=30)
        equal((reply.status, reply.code), (401, 'unauthorized'), email)
    for _ in range(6):
        reply = await house.request('POST', '/api/v1/session', {'email': 'guess@staff.example', 'password': 'wrong password'}, timeout=30)
    equal((reply.status, reply.code), (429, 'rate_limited'), 'the last')
    expect(reply.json()['retry_after_ms'] > 0 and reply.header('retry-after'), 'it does not say when')


# ---- once and only once

@suite.case('once: a POST or a status under one Idempotency-Key is done once, whatever happened to its answer', 60)
async def once(house):
    token, _ = await house.sign_in()
    body = {'name': 'Kim', 'email': 'kim@staff.example', 'password': 'canary-first-password'}

    async def ask(verb, path, body, key):
        return await house.request(verb, '/api/v1/' + path, body, token=token, headers={'Idempotency-Key': key}, timeout=30)

    first = await ask('POST', 'agents', body, 'k1')
    equal(first.status, 200, 'the first')
    # A password is not compared, since nothing of it is kept.
    reply = await ask('POST', 'agents', {**dict(reversed(body.items())), 'password': 'canary-second-password'}, 'k1')
    equal((reply.status, reply.body), (200, first.body), 'again')
    equal((await ask('POST', 'agents', {**body, 'name': 'Tim'}, 'k1')).code, 'id_conflict', 'another request')
    equal((await ask('PUT', 'status', {'status': 'away'}, 'k3')).json()['wanted_status'], 'away', 'a status')
    equal((await ask('PUT', 'status', {'status': 'online'}, 'k4')).json()['wanted_status'], 'online', 'another one')
    equal((await ask('PUT', 'status', {'status': 'away'}, 'k3')).json()['wanted_status'], 'away', 'the first again')
    _, ines = await house.sign_in()
    equal(ines['wanted_status'], 'online', 'it changed nothing')
    for key in ('', 'x' * 201):
        equal((await ask('PUT', 'status', {'status': 'away'}, key)).status, 400, f'a key of {len(key)}')
    with sqlite3.connect(f'file:{os.path.join(house.data, house.database_name())}?mode=ro', uri=True) as db:
        kept = dict(db.execute('SELECT key, request_hash FROM idempotency'))
        dump = '\n'.join(db.iterdump())
    db.close()
    expect({'k1', 'k3', 'k4'} <= set(kept), kept)
    expect('canary-' not in dump, 'a password stands in the database')


# ---- foreign things

@suite.case('foreign: another visitor\'s conversation is 404 by every way')
async def foreign_conversation(house):
    socket, mine = await enter(house)
    await socket.send({'type': 'message', 'id': new_device() + ':1', 'conversation': new_handle(), 'message': 'canary-private'})
    conversation = (await socket.wait_for('ack'))['conversation']
    other, stranger = await enter(house)
    for verb, what, body in (('GET', 'messages', None), ('POST', 'messages', {'id': new_device() + ':1', 'message': 'x'}),
                             ('POST', 'rating', {'score': 5})):
        path = f'/widget/conversations/{conversation}/{what}'
        reply = await house.request(verb, path, body, token=stranger['token'])
        equal(reply.status, 404, f'{verb} {what}')
        gone = await house.request(verb, path.replace(conversation, 'A' * 22), body, token=stranger['token'])
        equal((gone.status, gone.body.replace(b'A' * 22, conversation.encode())), (reply.status, reply.body), f'{verb} {what}: it differs from one that is not there')
        expect(b'canary' not in reply.body, 'it tells')
        equal((await house.request(verb, path, body)).status, 401, f'{verb} {what} without a token')
    for frame in ({'type': 'message', 'id': new_device() + ':1', 'message': 'x'}, {'type': 'read', 'seq': 1},
                  {'type': 'received', 'seq': 1}, {'type': 'end'}, {'type': 'rating', 'score': 1}):
        await other.send({**frame, 'conversation': conversation})
        equal((await other.wait_for('error'))['code'], 'not_found', frame['type'])
    await other.send({'type': 'typing', 'conversation': conversation, 'is_typing': True})
    history = (await house.request('GET', f'/widget/conversations/{conversation}/messages', token=mine['token'])).body
    expect(b'canary-private' in history and b'"x"' not in history, history)
    await socket.close()
    await other.close()


@suite.case('foreign: another site\'s key, or none, is 404')
async def foreign_site(house):
    for site in ('nobody', '', house.site + 'x', house.site[:-1], house.site.swapcase(), '%00'):
        for path in (f'/widget/config?site={site}', f'/widget/app?site={site}'):
            reply = await house.request('GET', path)
            expect(reply.status in (400, 404), f'{path}: {reply.status}')
        try:
            await wire.Socket.connect(house.port, f'/livechat/ws/any/?site={site}', {'Origin': house.origin})
        except wire.Refused as refused:
            expect(refused.reply.status in (400, 403, 404), refused.reply.status)
        else:
            expect(site == '', f'a socket for the site {site!r}')


@suite.case('foreign: a handle of one visitor is nothing to another')
async def foreign_handle(house):
    handle = new_handle()
    conversations = []
    for _ in range(2):
        socket, _ = await enter(house)
        await socket.send({'type': 'message', 'id': new_device() + ':1', 'conversation': handle, 'message': 'x'})
        conversations.append((await socket.wait_for('ack'))['conversation'])
        await socket.close()
    expect(conversations[0] != conversations[1], 'two visitors share a conversation')


@suite.case('foreign: setup, backup and check are closed to the network')
async def local_only(house):
    token, _ = await house.sign_in()
    for path, body in (('setup', {'business': 'x', 'name': 'x', 'domain': 'x'}), ('backup', {'path': '/tmp/x'}), ('check', {})):
        for who in (None, token):
            reply = await house.request('POST', f'/api/v1/{path}', body, token=who)
            expect(reply.status in (401, 403, 404), f'{path}: {reply.status}')


@suite.case('foreign: /try answers on loopback, and not for a forwarded visitor')
async def practice_page(house):
    equal((await house.request('GET', '/try')).status, 200, 'on loopback')
    equal((await house.request('GET', '/try', headers={'X-Forwarded-For': '203.0.113.7'})).status, 404, 'forwarded')


# ---- I4: the log

@suite.case('log: no token, password, message, name or address is in it (I4)')
async def quiet_log(house):
    token, _ = await house.sign_in()
    socket = await house.visitor_socket()
    await socket.send({'type': 'hello', 'lang': 'en', 'page': {'url': 'https://shop.example/?q=canary-query', 'title': 'canary-title', 'referrer': ''}})
    welcome = await socket.wait_for('welcome')
    reply = await house.request('POST', '/widget/session', {'site': house.site, 'token': welcome['token'],
                                'profile': {'name': 'canary-name', 'email': 'canary-mail@example.org', 'phone': '+49 170 0000000'}},
                                headers={'Origin': house.origin})
    expect(reply.status in (200, 201), f'{reply.status} {reply.body!r}')
    await socket.send({'type': 'message', 'id': new_device() + ':1', 'conversation': new_handle(), 'message': 'canary-text'})
    conversation = (await socket.wait_for('ack'))['conversation']
    await socket.send({'type': 'launch', 'x': 'canary-unknown'})
    await socket.send('{"canary-broken')
    for what, text in (('messages', 'canary-answer'), ('notes', 'canary-note')):
        await house.request('POST', f'/api/v1/conversations/{conversation}/take', {}, token=token)
        await house.request('POST', f'/api/v1/conversations/{conversation}/{what}', {'id': new_device() + ':1', 'text': text}, token=token)
    await house.request('POST', '/api/v1/session', {'email': 'canary-login@example.org', 'password': 'canary-guess'}, timeout=30)
    await house.request('GET', '/nothing/canary-path?canary-query=1', headers={'Authorization': 'Bearer canary-bearer', 'Cookie': 'canary-cookie=1',
                                                                             'User-Agent': 'canary-agent\t\x1b[31m'})
    await socket.close()
    log = house.log()
    for canary in (token, welcome['token'], reply.json().get('token') or token, PASSWORD, 'canary', '170 0000000'):
        expect(canary not in log, f'"{canary}" stands in the log')
    expect(not re.search(r'[\x00-\x08\x0b-\x1f\x7f]', log), 'a control character stands in the log')


if __name__ == '__main__':
    sys.exit(suite.run(House))
