#!/usr/bin/python3
"""Secrets: a real keyring, one that is locked, one that is not there, one that says no; files, and what a run is given.

SPDX-License-Identifier: GPL-3.0-or-later

The cases follow each other: what one has set the next one finds. The bus is a private one that can start nothing.
"""
import asyncio
import json
import os
import shutil
import stat
import subprocess
import sys

sys.dont_write_bytecode = True

import house as houses
import wire
from chat import Agent
from house import House
from tap import Suite, equal, expect

# libsecret has no frame pointers: its stacks must be read the slow way to be told from ours (lsan.supp).
os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':fast_unwind_on_malloc=0'

CANARY = 'canary-secret-5Hq8Zx'
suite = Suite()


async def run(*command, **options):
    return await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                                   check=False, **options)


async def secret(house, *args, value=None):
    """The command line, as an owner uses it: what it says, or the error's text."""
    if value is not None:
        path = os.path.join(house.folder, 'value')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(value + '\n')
        args = (*args, '--file', path)
    done = await run(houses.PROGRAM, 'secret', *args, '--data', house.data, env=house.env)
    if value is not None:
        os.unlink(path)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr.strip()


def item(listed, name):
    return next((one for one in listed['items'] if one['name'] == name), None)


def find_canary(house):
    """Files of the data folder and of the house in which the secret can be read."""
    found = []
    for folder, _, names in os.walk(house.folder):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, 'rb') as file:
                    if CANARY.encode() in file.read():
                        found.append(os.path.relpath(path, house.folder))
    return found


async def local(house, verb, path, body=None):
    """Over the Unix socket, as the window at this computer."""
    socket, = os.listdir(os.path.join(house.env['XDG_RUNTIME_DIR'], 'porchlight'))
    data = json.dumps(body).encode() if body is not None else b''
    headers = {'Host': 'localhost', 'Content-Type': 'application/json'}
    return await wire.raw(None, wire.head(verb, path, None, headers, len(data) if verb != 'GET' else None) + data, 60,
                          os.path.join(house.env['XDG_RUNTIME_DIR'], 'porchlight', socket))


async def start_keyring(house):
    """gnome-keyring, unlocked; its login keyring is in the private home of the test."""
    house.keyring = await asyncio.create_subprocess_exec(
        'gnome-keyring-daemon', '--foreground', '--unlock', '--components=secrets', stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, env=house.env)
    house.keyring.stdin.write(b'the password of the login')
    house.keyring.stdin.close()
    for _ in range(200):
        done = await run('gdbus', 'call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets',
                         '--method', 'org.freedesktop.Secret.Service.ReadAlias', 'default')
        if 'collection' in done.stdout:
            return
        await asyncio.sleep(0.05)
    raise AssertionError('the keyring did not start')


async def stop_keyring(house):
    house.keyring.kill()
    await house.keyring.wait()


async def try_again(house):
    """As the window does, and waits until nobody is asked any more."""
    equal((await local(house, 'POST', '/api/v1/secrets/unlock')).status, 204, 'unlock')
    for _ in range(200):
        listed = (await local(house, 'GET', '/api/v1/secrets')).json()
        if not listed['is_asking']:
            return listed
        await asyncio.sleep(0.05)
    raise AssertionError('it asks for ever')


@suite.case('secrets: without a keyring they are in a file that only the owner can read')
async def in_file(house):
    equal(await secret(house, 'set', 'first', value=CANARY), {}, 'set')
    listed = await secret(house, 'list')
    equal((listed['place'], listed['trouble']), ('file', ''), 'place')
    equal(item(listed, 'first'), {'name': 'first', 'kind': 'file', 'hint': CANARY[-4:], 'trouble': ''}, 'item')
    path = os.path.join(house.data, 'secrets', 'first')
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, 'mode')
    equal(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700, 'mode of the folder')
    equal(find_canary(house), [os.path.relpath(path, house.folder)], 'where it can be read')
    os.chmod(path, 0o644)
    equal(item(await secret(house, 'list'), 'first')['trouble'], 'storage', 'one that others may read')
    os.chmod(path, 0o600)
    equal(await secret(house, 'remove', 'first'), {}, 'remove')
    equal(find_canary(house), [], 'where it can be read')


@suite.case('secrets: a keyring that comes later is used when it is tried again, and holds what is set')
async def in_keyring(house):
    await start_keyring(house)
    equal((await try_again(house))['place'], 'keyring', 'place')
    equal(await secret(house, 'set', 'smtp-password', value=CANARY), {}, 'set')
    listed = await secret(house, 'list')
    equal(item(listed, 'smtp-password'), {'name': 'smtp-password', 'kind': 'keyring', 'hint': CANARY[-4:], 'trouble': ''}, 'item')
    equal(find_canary(house), [], 'where it can be read')
    done = await run('gdbus', 'call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets',
                     '--method', 'org.freedesktop.Secret.Service.SearchItems', "{'name': 'smtp-password'}")
    expect('/collection/login/' in done.stdout, f'the keyring does not have it: {done.stdout} {done.stderr}')


@suite.case('secrets: a locked keyring is said, nothing goes past it, and nobody is asked unasked')
async def locked(house):
    done = await run('gdbus', 'call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets',
                     '--method', 'org.freedesktop.Secret.Service.Lock', "['/org/freedesktop/secrets/collection/login']")
    equal(done.returncode, 0, done.stderr)
    listed = await secret(house, 'list')
    equal((listed['place'], listed['trouble']), ('keyring', 'keyring_locked'), 'state')
    equal(item(listed, 'smtp-password')['trouble'], 'keyring_locked', 'item')
    expect('locked' in await secret(house, 'set', 'other', value=CANARY), 'set')
    expect('locked' in await secret(house, 'remove', 'smtp-password'), 'remove')
    equal(find_canary(house), [], 'where it can be read')
    token, _ = await house.sign_in()
    # From another machine nobody can answer the question: it is not asked.
    equal((await house.request('POST', '/api/v1/secrets/unlock', {}, token)).status, 204, 'unlock')
    equal((await house.request('GET', '/api/v1/secrets', token=token)).json()['trouble'], 'keyring_locked', 'state')
    # The chat goes on.
    equal((await house.request('GET', '/healthz')).status, 200, 'health')


@suite.case('secrets: nobody there to allow it means refused, until somebody does')
async def refused(house):
    equal((await try_again(house))['trouble'], 'keyring_refused', 'state')
    equal(find_canary(house), [], 'where it can be read')
    await stop_keyring(house)
    await start_keyring(house)
    listed = await try_again(house)
    equal((listed['trouble'], item(listed, 'smtp-password')['hint']), ('', CANARY[-4:]), 'state')


def keeping(agent):
    """What it was told of backups and secrets, in order."""
    return [one['trouble'] for one in agent.ephemeral if one['type'] == 'keeping']


@suite.case('secrets: admins are told that a keyring cannot be used, at once and when they come, and that it can; others are not')
async def told(house):
    await house.add_agent('Plain', 'plain@staff.example')
    admin, plain = await Agent(house).sign_in(), await Agent(house, email='plain@staff.example').sign_in()
    for agent in (admin, plain):
        agent.start()
        await agent.until(lambda a=agent: a.epoch is not None, 10, 'ready')
    equal(keeping(admin), [], 'while all is well')
    await stop_keyring(house)
    equal((await secret(house, 'list'))['trouble'], 'keyring_missing', 'state')
    await admin.until(lambda: keeping(admin) == ['keyring_missing'], 10, 'being told')
    late = (await Agent(house).sign_in()).start()
    await late.until(lambda: keeping(late) == ['keyring_missing'], 10, 'being told when it comes')
    await start_keyring(house)
    equal((await try_again(house))['trouble'], '', 'state')
    for agent in (admin, late):
        await agent.until(lambda a=agent: keeping(a) == ['keyring_missing', ''], 10, 'being told that it can be used')
    equal(keeping(plain), [], 'told to who keeps nothing')
    for agent in (admin, plain, late):
        await agent.stop()


@suite.case('secrets: a keyring that has gone does not make them look never set')
async def missing(house):
    await stop_keyring(house)
    await house.stop()
    await house.start()
    listed = await secret(house, 'list')
    equal((listed['place'], listed['trouble']), ('file', 'keyring_missing'), 'state')
    equal(item(listed, 'smtp-password')['trouble'], 'keyring_missing', 'item')
    await start_keyring(house)
    equal((await try_again(house))['trouble'], '', 'state')
    equal(await secret(house, 'remove', 'smtp-password'), {}, 'remove')
    await stop_keyring(house)


@suite.case('secrets: what a run is given is used, shown, and not changed')
async def given(house):
    credentials = os.path.join(house.folder, 'credentials')
    os.mkdir(credentials, 0o700)
    with open(os.path.join(credentials, 'smtp-password'), 'w', encoding='ascii') as file:
        file.write('given by the system' + CANARY)
    await house.stop()
    house.env.update(CREDENTIALS_DIRECTORY=credentials, PORCHLIGHT_SECRET_WHATSAPP_TOKEN='from the environment')
    await house.start()
    listed = await secret(house, 'list')
    equal([(one['name'], one['kind'], one['hint']) for one in listed['items']],
          [('smtp-password', 'credentials', CANARY[-4:]), ('whatsapp-token', 'environment', 'ment')], 'items')
    for name in ('smtp-password', 'whatsapp-token'):
        expect('409' in await secret(house, 'set', name, value='another'), name)
        expect('409' in await secret(house, 'remove', name), name)
    await house.stop()
    del house.env['CREDENTIALS_DIRECTORY'], house.env['PORCHLIGHT_SECRET_WHATSAPP_TOKEN']
    shutil.rmtree(credentials)
    await house.start()


@suite.case('secrets: names and values that are none are refused')
async def bad(house):
    for name in ('../x', '.keyring', 'a/b', 'x' * 101):
        expect('400' in await secret(house, 'set', name, value='x'), name)
    expect('400' in await secret(house, 'set', 'a', value='x' * 8193), 'a long one')
    expect('line of text' in await secret(house, 'set', 'a', value=''), 'an empty one')
    expect('not_set_up' not in json.dumps(await secret(house, 'list')), 'list')


@suite.case('identity: two keys are good at a time, and none is given out again')
async def identity(house):
    token, _ = await house.sign_in()
    site = (await house.request('GET', '/api/v1/sites', token=token)).json()['items'][0]['id']

    async def kids():
        reply = await house.request('GET', '/api/v1/identity?site=' + site, token=token)
        expect(CANARY.encode() not in reply.body, 'the secret comes back')
        return [(key['kid'], key['hint']) for key in reply.json()['keys']]

    async def add(kid, ending):
        return (await house.request('POST', '/api/v1/identity', {'site': site, 'kid': kid, 'secret': CANARY + 'x' * 20 + ending}, token)).status

    async def retire(kid):
        return (await house.request('POST', '/api/v1/identity/retire', {'site': site, 'kid': kid}, token)).status

    equal(await kids(), [], 'at first')
    equal([await add('k1', 'AAAA'), await add('k2', 'BBBB')], [204, 204], 'add')
    equal(await kids(), [('k2', 'BBBB'), ('k1', 'AAAA')], 'two')
    equal([await add('k2', 'CCCC'), await add('k3', 'CCCC'), await add('k 4', 'CCCC')], [409, 204, 400], 'add')
    equal(await kids(), [('k3', 'CCCC'), ('k2', 'BBBB')], 'the newest two')
    equal([await retire('k1'), await retire('k2'), await retire('k3')], [404, 204, 204], 'retire')
    equal(await kids(), [], 'at the end')
    equal((await house.request('GET', '/api/v1/identity?site=x', token=token)).status, 404, 'no site')
    equal(find_canary(house), [], 'where it can be read')


if __name__ == '__main__':
    sys.exit(suite.run(House))
