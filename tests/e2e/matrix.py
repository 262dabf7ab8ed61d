#!/usr/bin/python3
"""Every operation of the API's own description x every role x an own and a foreign conversation (S5).

SPDX-License-Identifier: GPL-3.0-or-later

What is expected is made from the description (x-access, and whether the path names a conversation), not written here a
second time: an operation that is added is in the matrix the moment it is in the table.
"""
import sys

sys.dont_write_bytecode = True

import wire
from chat import new_device, new_handle
from house import House
from tap import Suite, equal, expect

RANK = {'public': 0, 'agent': 1, 'supervisor': 2, 'admin': 3, 'local': 9}
# Signing out would end the very session that the matrix uses; both have a case of their own.
DANGEROUS = {'session.delete', 'session.create'}
# What these name in their body or query may not be there.
NAMES_OTHERS = {'conversation.assign', 'site.update', 'identity.get', 'identity.add', 'identity.retire'}
suite = Suite()


class Matrix:
    """A house with people in it: who they are, what they may, and two conversations in different departments."""

    def __init__(self):
        self.house = House()
        self.staying = []

    async def __aenter__(self):
        house = await self.house.__aenter__()
        await house.add_agent('Sam', 'sam@staff.example', 'supervisor')
        await house.add_agent('Ada', 'ada@staff.example', 'agent', 'sales')
        await house.add_agent('Bob', 'bob@staff.example', 'agent', 'support')
        self.people = {'nobody': (None, 0, False), 'a wrong token': ('at_' + 'A' * 43, 0, False)}
        for name, email, rank, sees in (('the admin', 'ines', 3, True), ('a supervisor', 'sam', 2, True),
                                        ('an agent of the department', 'ada', 1, True), ('an agent of another', 'bob', 1, False)):
            token, _ = await house.sign_in(f'{email}@staff.example')
            self.people[name] = (token, rank, sees)
        socket = await house.visitor_socket()
        await socket.send({'type': 'hello', 'lang': 'en'})
        self.people['a visitor'] = ((await socket.wait_for('welcome'))['token'], 0, False)
        self.socket = socket
        self.api = (await house.request('GET', '/api/v1/openapi.json')).json()
        return self

    async def __aexit__(self, *error):
        for socket in (self.socket, *self.staying):
            await socket.close()
        await self.house.__aexit__(*error)

    async def new_conversation(self, stays=False):
        """Fresh for each call, since operations change it. A visitor who goes changes it a moment later, too."""
        socket = await self.house.visitor_socket('sales')
        await socket.send({'type': 'hello', 'lang': 'en'})
        await socket.wait_for('welcome')
        await socket.send({'type': 'message', 'id': new_device() + ':1', 'conversation': new_handle(), 'message': 'canary-foreign',
                           'department': 'sales'})
        conversation = (await socket.wait_for('ack'))['conversation']
        if stays:
            self.staying.append(socket)
        else:
            await socket.close()
        return conversation

    def operations(self):
        for path, row in sorted(self.api['paths'].items()):
            for verb, operation in sorted(row.items()):
                if verb != 'parameters':
                    yield verb.upper(), path, operation

    def body(self, operation):
        """The smallest request that the description allows."""
        if 'requestBody' not in operation:
            return None
        schema = operation['requestBody']['content']['application/json']['schema']
        given = {'id': new_device() + ':1', 'role': 'agent', 'status': 'online', 'email': f'{new_device()}@staff.example', 'agent': 'nobody',
                 'password': 'long enough 4 all'}
        plain = {'string': 'x', 'integer': 1, 'boolean': True}
        kinds = {name: row['type'] if isinstance(row['type'], str) else row['type'][0] for name, row in schema['properties'].items()}
        return {name: given.get(name, plain[kinds[name]]) for name in schema.get('required', [])}

    # A public operation still says 401 to a token that is wrong: it was offered and does not hold.
    def wanted(self, operation, path, token, rank, sees):
        access = operation['x-access']
        if access == 'local':
            return {401, 403, 404}
        if access == 'public':
            return set(range(200, 300)) | {400, 401, 404, 409}
        if rank == 0:
            return {401}
        if rank < RANK[access]:
            return {403}
        if '{conversation}' in path and not sees:
            return {404}
        # What is allowed may still be refused for what was asked (nobody to assign to, already resolved).
        return set(range(200, 300)) | {101, 400, 409, 422} | ({404} if operation['operationId'] in NAMES_OTHERS else set())


@suite.case('matrix: every operation x every role x own and foreign', 240)
async def all_of_it(matrix):
    house, wrong, n = matrix.house, [], 0
    for verb, path, operation in matrix.operations():
        if operation['operationId'] in DANGEROUS:
            continue
        for who, (token, rank, sees) in matrix.people.items():
            conversation = await matrix.new_conversation() if '{conversation}' in path else ''
            full = path.replace('{conversation}', conversation)
            n += 1
            if operation['operationId'] == 'events':
                reply = await try_socket(house, full, token)
            else:
                reply = await house.request(verb, full, matrix.body(operation), token)
            wanted = matrix.wanted(operation, path, token, rank, sees)
            if reply.status not in wanted:
                wrong.append(f'{operation["operationId"]} by {who}: {reply.status} {reply.body[:120]!r}, wanted {sorted(wanted)[:6]}')
            if reply.status in (401, 403, 404) and b'canary' in reply.body:
                wrong.append(f'{operation["operationId"]} by {who}: the refusal tells what is there')
    expect(not wrong, '\n'.join(wrong))
    expect(n >= 100, f'only {n} calls')
    return f'{n} calls'


async def try_socket(house, path, token):
    headers = {'Authorization': f'Bearer {token}'} if token else {}
    try:
        socket = await wire.Socket.connect(house.port, path, headers)
    except wire.Refused as refused:
        return refused.reply
    await socket.close()
    return wire.Reply(101, [], b'')


@suite.case('matrix: a foreign conversation and one that is not there are told apart by nobody', 120)
async def indistinguishable(matrix):
    token = matrix.people['an agent of another'][0]
    for verb, path, operation in matrix.operations():
        if '{conversation}' not in path:
            continue
        bodies = []
        for conversation in (await matrix.new_conversation(), new_device()):
            reply = await matrix.house.request(verb, path.replace('{conversation}', conversation), matrix.body(operation), token)
            equal(reply.status, 404, operation['operationId'])
            bodies.append(reply.body.replace(conversation.encode(), b'ID'))
        equal(bodies[0], bodies[1], operation['operationId'])


@suite.case('matrix: signing in and out, by everybody')
async def sessions(matrix):
    house = matrix.house
    # An attempt that fails makes the next ones from there wait: all of it is in doors.py. Here nothing is guessed.
    for who, (token, rank, _) in matrix.people.items():
        reply = await house.request('POST', '/api/v1/session', {}, token)
        expect(reply.status in (400, 401), f'session.create by {who}: {reply.status}')
        if rank == 0:
            equal((await house.request('DELETE', '/api/v1/session', token=token)).status, 401, f'session.delete by {who}')
    for email, who in (('ines', 'the admin'), ('sam', 'a supervisor'), ('ada', 'an agent of the department')):
        mine, _ = await house.sign_in(f'{email}@staff.example')
        equal((await house.request('DELETE', '/api/v1/session', token=mine)).status, 204, f'session.delete by {who}')
        equal((await house.request('GET', '/api/v1/session', token=mine)).status, 401, f'the session of {who} afterwards')
        equal((await house.request('GET', '/api/v1/session', token=matrix.people[who][0])).status, 200, f'the other session of {who}')


@suite.case('matrix: nobody\'s refusal changes anything')
async def nothing_happened(matrix):
    conversation = await matrix.new_conversation(stays=True)
    admin, stranger = matrix.people['the admin'][0], matrix.people['an agent of another'][0]
    path = f'/api/v1/conversations/{conversation}'
    before = (await matrix.house.request('GET', path, token=admin)).json()
    for what, body in (('take', None), ('resolve', None), ('close', None), ('messages', {'id': new_device() + ':1', 'text': 'x'}),
                       ('notes', {'id': new_device() + ':1', 'text': 'x'}), ('read', {'seq': 1})):
        for token in (stranger, None):
            await matrix.house.request('POST', f'{path}/{what}', body, token)
    after = (await matrix.house.request('GET', path, token=admin)).json()
    equal(after, before, 'the conversation')


@suite.case('matrix: lists show an agent what is theirs, and no more')
async def lists(matrix):
    conversation = await matrix.new_conversation()
    for who, (token, rank, sees) in matrix.people.items():
        if rank == 0:
            continue
        for name in ('waiting', 'open', 'all'):
            page = (await matrix.house.request('GET', f'/api/v1/conversations?filter={name}&limit=100', token=token)).json()
            equal(conversation in [c['id'] for c in page['items']], sees, f'{who}, {name}')


@suite.case('matrix: the socket carries an agent what is theirs, and no more')
async def sockets(matrix):
    sockets = {}
    for who, (token, rank, sees) in matrix.people.items():
        if rank:
            sockets[who] = await wire.Socket.connect(matrix.house.port, '/api/v1/events', {'Authorization': f'Bearer {token}'})
            await sockets[who].wait_for('ready')
    conversation = await matrix.new_conversation()
    for who, socket in sockets.items():
        sees = matrix.people[who][2]
        try:
            await socket.wait_for('message.created', timeout=3 if sees else 1, where=lambda e: e['conversation'] == conversation)
            expect(sees, f'{who} hears of it')
        except TimeoutError:
            expect(not sees, f'{who} does not hear of it')
        await socket.close()


@suite.case('matrix: an unlisted verb on a listed path is 405, an unlisted path 404')
async def unlisted(matrix):
    token = matrix.people['the admin'][0]
    for path, row in matrix.api['paths'].items():
        full = path.replace('{conversation}', new_device())
        for verb in {'GET', 'POST', 'PUT', 'DELETE', 'PATCH'} - {v.upper() for v in row}:
            equal((await matrix.house.request(verb, full, token=token)).status, 405, f'{verb} {path}')
        equal((await matrix.house.request('GET', full + '/more/of/it', token=token)).status, 404, path)


@suite.case('matrix: no secret field is in any answer', 120)
async def secrets(matrix):
    token = matrix.people['the admin'][0]
    conversation = await matrix.new_conversation()
    secret = ('password_hash', 'password-hash', 'argon2', 'token_hash', 'external_key', 'conversation_pk', '"pk"', '"device"')
    for verb, path, operation in matrix.operations():
        if verb == 'GET' and operation['operationId'] not in ('events', 'openapi.get'):
            reply = await matrix.house.request('GET', path.replace('{conversation}', conversation), token=token)
            for word in secret:
                expect(word.encode() not in reply.body, f'{operation["operationId"]} shows {word}')


class MatrixSuite(Suite):
    async def ready(self, matrix):
        await super().ready(matrix.house)

    def tell_health(self, matrix):
        super().tell_health(matrix.house)


suite.__class__ = MatrixSuite

if __name__ == '__main__':
    sys.exit(suite.run(Matrix))
