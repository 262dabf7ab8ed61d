"""The real program for a test: a fresh folder, a business, `porchlight serve`, and what it wrote to its log.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile

import wire

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
PROGRAM = os.environ.get('PORCHLIGHT', os.path.join(ROOT, '_build', 'src', 'app', 'porchlight'))
PASSWORD = 'canary-password-7Qx'
DOMAIN = 'shop.example'
# A log line that a healthy server never writes.
BAD_LINE = re.compile(r'CRITICAL|ERROR \*\*|\*\* \(|WARNING \*\*|runtime error:|ERROR: (Address|Leak)Sanitizer|Assertion|stall|held the main loop', re.I)
# Limits are settings; what they are called is stated here once for all tests.
FAST = {'message_rate_ms': 0}


def run_program(*args, **options):
    """Runs a command of the program to its end; its JSON answer, or its text."""
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        raise RuntimeError(f'porchlight {" ".join(args)} ended with {done.returncode}: {done.stderr.strip()}')
    try:
        return json.loads(done.stdout)
    except ValueError:
        return done.stdout


def keep_port():
    """(socket, port): the port is this test's until the socket is closed, and a server can listen there as often as it likes.

    A port that nobody has may be given to any client on this computer while the server is away. Whoever wants to listen there is then
    refused, until a minute after that client. A test that opens thousands of lines beside this one makes that likely.
    """
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind(('127.0.0.1', 0))
    return keeper, keeper.getsockname()[1]


class House:
    """Use: async with House () as house."""

    def __init__(self, settings=None, domain=DOMAIN):
        self.settings, self.domain = settings, domain
        self.folder = tempfile.mkdtemp(prefix='porch-e2e.')
        self.data = os.path.join(self.folder, 'data')
        self.log_path = os.path.join(self.folder, 'log')
        self.process = self.site = None
        self.keeper, self.port = keep_port()
        self.deaths = []          # how it ended when nobody had asked it to
        self.was_ended = self.is_kept = False
        self.wrapper = []         # what the server is started by
        self.env = dict(os.environ, XDG_RUNTIME_DIR=os.path.join(self.folder, 'run'), G_DEBUG='fatal-criticals',
                        PORCH_STALL_FATAL='1')
        os.mkdir(self.env['XDG_RUNTIME_DIR'], 0o700)

    async def __aenter__(self):
        with open(os.path.join(self.folder, 'password'), 'w', encoding='ascii') as file:
            file.write(PASSWORD + '\n')
        answer = await asyncio.to_thread(
            run_program, 'setup', '--data', self.data, '--business', 'Lantern & Wick', '--domain', self.domain, '--name', 'Ines',
            '--email', 'ines@staff.example', '--password-file', os.path.join(self.folder, 'password'), env=self.env)
        self.site = answer['site_key']
        if self.settings:
            self.set(self.settings)
        await self.start()
        return self

    async def __aexit__(self, kind, error, trace):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.keeper.close()
        if not self.is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f'# kept: {self.folder}')

    def set(self, settings):
        """Writes limits into the file; before the server is started."""
        with sqlite3.connect(os.path.join(self.data, self.database_name())) as db:
            db.executemany('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)',
                           [(key, str(value)) for key, value in settings.items()])
        db.close()

    def database_name(self):
        return 'porchlight.db'

    async def revive(self):
        if self.process and not self.is_alive():
            if not self.was_ended or self.process.returncode not in (0, -9):
                self.deaths.append(f'it ended with {self.process.returncode}')
            await self.start()

    async def start(self, wait=True):
        self.was_ended = False
        listen = f'127.0.0.1:{self.port}'
        with open(self.log_path, 'ab') as log:
            self.process = subprocess.Popen([*self.wrapper, PROGRAM, 'serve', '--data', self.data, '--listen', listen],
                                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=self.env)
        if not wait:
            return
        line = await asyncio.wait_for(asyncio.to_thread(self.process.stdout.readline), 30)
        if not line:
            self.process.wait()
            raise RuntimeError(f'serve ended with {self.process.returncode}:\n{self.log()[-2000:]}')
        self.port = int(json.loads(line)['listening'].rsplit(':', 1)[1].strip('/'))

    async def kill(self):
        self.was_ended = True
        self.process.kill()
        await asyncio.to_thread(self.process.wait)

    async def stop(self, timeout=10):
        """SIGTERM; (seconds it took, exit status)."""
        start = asyncio.get_running_loop().time()
        self.was_ended = True
        self.process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(asyncio.to_thread(self.process.wait), timeout)
        return asyncio.get_running_loop().time() - start, status

    def is_alive(self):
        return self.process.poll() is None

    def log(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as file:
            return file.read()

    def bad_lines(self):
        return [line for line in self.log().splitlines() if BAD_LINE.search(line)]

    def n_descriptors(self):
        return len(os.listdir(f'/proc/{self.process.pid}/fd'))

    def memory_kib(self):
        """What is its own: pages of files come and go as the kernel likes."""
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as file:
            return next(int(line.split()[1]) for line in file if line.startswith('RssAnon'))

    @property
    def origin(self):
        """The widget's iframe is ours: what a browser's socket says it comes from."""
        return f'http://127.0.0.1:{self.port}'

    @property
    def host(self):
        """What Host says, also through a proxy on another port."""
        return f'127.0.0.1:{self.port}'

    async def request(self, verb, path, body=None, token=None, **more):
        return await wire.request(self.port, verb, path, body, token, **more)

    async def visitor_socket(self, department='any', site=None, origin=None, **more):
        headers = {'Origin': origin or self.origin} if origin != '' else {}
        path = f'/livechat/ws/{department}/?{wire.query(site=site or self.site)}'
        return await wire.Socket.connect(self.port, path, headers, **more)

    async def sign_in(self, email='ines@staff.example', password=PASSWORD):
        reply = await self.request('POST', '/api/v1/session', {'email': email, 'password': password}, timeout=30)
        if reply.status not in (200, 201):
            raise RuntimeError(f'sign in: {reply.status} {reply.body!r}')
        return reply.json()['token'], reply.json()['agent']

    async def add_agent(self, name, email, role='agent', department=None):
        more = ['--department', department] if department else []
        return await asyncio.to_thread(
            run_program, 'agent', 'add', '--data', self.data, '--name', name, '--email', email, '--role', role,
            '--password-file', os.path.join(self.folder, 'password'), *more, env=self.env)
