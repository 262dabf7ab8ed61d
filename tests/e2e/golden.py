#!/usr/bin/python3
"""A golden request and reply for every operation of the API's own description: what is in golden.json, and nothing else.

SPDX-License-Identifier: GPL-3.0-or-later

The steps of golden.json run in their order, over the network or, as "local", over the Unix socket. A member that is
missing, new or of another value fails. What no run can know is written as a pattern: <id>, <time>, <seq>, <token>, ….
{name} in a request is what an earlier step gave that name ("keep": {"name": ["member", …]}).
"""
import asyncio
import json
import os
import re
import sys

sys.dont_write_bytecode = True

import wire
from chat import new_device, new_handle
from house import PASSWORD, House
from tap import Suite, equal, expect

HERE = os.path.dirname(os.path.abspath(__file__))
PATTERNS = {
    '<id>': r'[A-Za-z0-9_-]{22}', '<device>': r'[A-Za-z0-9_-]{22}', '<handle>': r'new-[A-Za-z0-9_-]{22}', '<token>': r'at_[A-Za-z0-9_-]{43}',
    '<message>': r'm\d+', '<seq>': r'[1-9]\d*', '<count>': r'\d+', '<key>': r'[A-Za-z0-9_-]{10,40}', '<version>': r'\d+\.\d+\.\d+',
    '<time>': r'20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z', '<port>': r'\d+', '<text>': r'.+', '<cursor>': r'[A-Za-z0-9_.:-]+',
    '<backup>': r'\d{8}T\d{9}Z-\w+\.db',
}
NUMBERS = ('<seq>', '<count>')
suite = Suite()


def differences(wanted, got, where='reply'):
    """What of @got is not as @wanted says, in words."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        told = [f'{where}.{name} is missing' for name in wanted if name not in got]
        told += [f'{where}.{name} is new: {got[name]!r}' for name in got if name not in wanted]
        return told + [line for name in wanted if name in got for line in differences(wanted[name], got[name], f'{where}.{name}')]
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        return [line for i, one in enumerate(wanted) for line in differences(one, got[i], f'{where}[{i}]')]
    if wanted in NUMBERS:
        good = type(got) is int and re.fullmatch(PATTERNS[wanted], str(got))
    elif isinstance(wanted, str) and isinstance(got, str):
        parts = re.split('(' + '|'.join(PATTERNS) + ')', wanted)
        good = re.fullmatch(''.join(PATTERNS.get(part) or re.escape(part) for part in parts), got, re.S)
    else:
        good = type(wanted) is type(got) and wanted == got
    return [] if good else [f'{where} is {got!r} instead of {wanted!r}']


def fill(value, names):
    """@value with every {name} replaced."""
    if isinstance(value, str):
        return re.sub(r'\{(\w+)\}', lambda match: str(names[match[1]]), value)
    if isinstance(value, dict):
        return {key: fill(one, names) for key, one in value.items()}
    return [fill(one, names) for one in value] if isinstance(value, list) else value


def dig(value, way):
    """What "job.is_running" names, or None."""
    for member in way.split('.'):
        value = value.get(member) if isinstance(value, dict) else None
    return value


class Stage:
    """A house with a conversation that waits, and another folder that nobody has set up."""

    def __init__(self):
        self.house, self.empty = House(), House()
        with open(os.path.join(HERE, 'golden.json'), encoding='utf-8') as file:
            self.steps = json.load(file)

    async def __aenter__(self):
        house = await self.house.__aenter__()
        os.makedirs(self.empty.data)
        await self.empty.start()
        token, _ = await house.sign_in()
        visit = await house.request('POST', '/widget/session', {'site': house.site, 'profile': {'name': 'Ola', 'email': 'ola@mail.example'}},
                                    headers={'Origin': house.origin})
        socket = await house.visitor_socket()
        await socket.send({'type': 'hello', 'lang': 'en', 'token': visit.json()['token'],
                           'page': {'url': 'https://shop.example/lamps', 'title': 'Lamps', 'referrer': ''}})
        await socket.wait_for('welcome')
        await socket.send({'type': 'message', 'id': new_device() + ':1', 'conversation': new_handle(), 'message': 'Is the lamp in stock?'})
        ack = await socket.wait_for('ack')
        self.visitor = socket
        self.names = {'conversation': ack['conversation'], 'device': new_device(), 'password': PASSWORD, 'admin': token,
                      'copy': os.path.join(house.folder, 'copy.db'),
                      'backups': os.path.join(house.data, 'backups'), 'seq': ack['seq']}
        self.api = (await house.request('GET', '/api/v1/openapi.json')).json()
        return self

    async def __aexit__(self, *error):
        await self.visitor.close()
        await self.empty.__aexit__(*error)
        await self.house.__aexit__(*error)

    def operations(self):
        for path, row in self.api['paths'].items():
            for verb, operation in row.items():
                if verb != 'parameters':
                    yield operation['operationId'], verb.upper(), path, operation

    def socket_path(self, house):
        folder = os.path.join(house.env['XDG_RUNTIME_DIR'], 'porchlight')
        name = next((name for name in os.listdir(folder) if name.endswith('.sock')), None)
        if name is None:
            raise ConnectionError('nobody serves the folder now')
        return os.path.join(folder, name)

    async def call(self, step, verb, path):
        """Over the network with a token, or over the Unix socket."""
        house = self.empty if step.get('on') == 'empty' else self.house
        path = fill(path, self.names) + fill(step.get('query', ''), self.names)
        body = fill(step['request'], self.names) if 'request' in step else None
        if step['as'] != 'local':
            token = self.names[step['as']] if step['as'] != 'nobody' else None
            if step.get('socket'):
                return await self.listen(path, token)
            return await house.request(verb, path, body, token)
        data = json.dumps(body).encode() if body is not None else b''
        head = wire.head(verb, path, house.port, {'Host': 'localhost'}, len(data) if verb in ('POST', 'PUT') else None)
        return await wire.raw(None, head + data, 20, self.socket_path(house))

    async def answer(self, step, verb, path):
        """@step.when ({member: value}) waits for a job to come so far; the server may be away meanwhile, starting again."""
        end = asyncio.get_running_loop().time() + 30
        while True:
            try:
                reply = await self.call(step, verb, path)
                if all(dig(reply.json(), way) == value for way, value in step.get('when', {}).items()):
                    return reply
            except (OSError, AttributeError, ValueError):
                if not step.get('when'):
                    raise
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(f'{step["operation"]} never said {step["when"]}')
            await asyncio.sleep(0.05)

    async def listen(self, path, token):
        socket = await wire.Socket.connect(self.house.port, path, {'Authorization': f'Bearer {token}'})
        first = await socket.receive()
        await socket.close()
        return wire.Reply(101, [], json.dumps(first).encode())


@suite.case('golden: every operation has its golden request and reply, and there is none for another')
async def complete(stage):
    described = {name for name, *_ in stage.operations()}
    golden = {step['operation'] for step in stage.steps}
    equal(sorted(golden), sorted(described), 'operations')
    for name, _, _, operation in stage.operations():
        ways = [step for step in stage.steps if step['operation'] == name and step['status'] < 300]
        expect(ways, f'{name} never goes well')
        expect(operation['summary'].endswith('.') and len(operation['summary']) > 10, f'{name} has no help line')
        if 'requestBody' in operation:
            known = operation['requestBody']['content']['application/json']['schema']['properties']
            used = {member for step in ways for member in step.get('request', {})}
            equal(sorted(used), sorted(known), f'{name}: members of the golden requests')


@suite.case('golden: every reply is as it is written')
async def replies(stage):
    rows = {name: (verb, path, operation) for name, verb, path, operation in stage.operations()}
    wrong = []
    for number, step in enumerate(stage.steps):
        name, (verb, path, operation) = step['operation'], rows[step['operation']]
        reply = await stage.answer(step, verb, path)
        told = [] if reply.status == step['status'] else [f'status {reply.status} instead of {step["status"]}']
        got = json.loads(reply.body) if reply.body else None
        if name == 'openapi.get':
            told += [] if got == stage.api else ['another description']
        else:
            told += differences(fill(step.get('reply'), stage.names), got)
            told += undescribed(stage.api, operation, reply.status, got)
        wrong += [f'{number} {name}: {line}' for line in told]
        if told and os.environ.get('SHOW'):
            print(f'# {json.dumps(got, ensure_ascii=False)}')
        for kept, way in step.get('keep', {}).items():
            value = got
            for member in way:
                value = value[member]
            stage.names[kept] = value
    expect(not wrong, '\n'.join(wrong))
    return f'{len(stage.steps)} requests'


def undescribed(api, operation, status, got):
    """Members of a reply that the description does not have, or of another type."""
    if status != 200:
        return []
    return check_schema(api, operation['responses']['200']['content']['application/json']['schema'], got, 'described')


def check_schema(api, schema, got, where):
    if '$ref' in schema:
        target = api
        for name in schema['$ref'][2:].split('/'):
            target = target[name]
        return check_schema(api, target, got, where)
    if 'anyOf' in schema:
        tries = [check_schema(api, one, got, where) for one in schema['anyOf']]
        return min(tries, key=len)
    kinds = schema.get('type', [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    of = {dict: 'object', list: 'array', str: 'string', bool: 'boolean', int: 'integer', type(None): 'null', float: 'number'}[type(got)]
    if kinds and of not in kinds and not (of == 'integer' and 'number' in kinds):
        return [f'{where} is {of} instead of {kinds}']
    if 'enum' in schema and got is not None and got not in schema['enum']:
        return [f'{where} is {got!r}, none of {schema["enum"]}']
    if of == 'object' and 'properties' in schema:
        told = [f'{where}.{name} is not described' for name in got if name not in schema['properties']]
        return told + [line for name in got if name in schema['properties']
                       for line in check_schema(api, schema['properties'][name], got[name], f'{where}.{name}')]
    if of == 'array' and 'items' in schema:
        return [line for i, one in enumerate(got) for line in check_schema(api, schema['items'], one, f'{where}[{i}]')]
    return []


class StageSuite(Suite):
    async def ready(self, stage):
        await super().ready(stage.house)

    def tell_health(self, stage):
        super().tell_health(stage.house)
        super().tell_health(stage.empty)


suite.__class__ = StageSuite

if __name__ == '__main__':
    sys.exit(suite.run(Stage))
