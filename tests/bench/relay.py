"""Messages through a whole server, beside a bare libsoup echo and the least that keeping them can cost.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import contextlib
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
import time

# Limits are raised by settings, as an owner would; the code is the same.
SETTINGS = {'message_rate_ms': '0', 'sockets_per_peer': '100000'}
NEVER_US = 10**12


class Tools:
    """The programs that were built, and a place for what they write."""

    def __init__(self, build):
        self.build = build
        self.folder = tempfile.mkdtemp(prefix='porch-bench.')
        self.env = dict(os.environ, XDG_RUNTIME_DIR=os.path.join(self.folder, 'run'))
        os.mkdir(self.env['XDG_RUNTIME_DIR'], 0o700)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        shutil.rmtree(self.folder, ignore_errors=True)

    def program(self):
        return os.path.join(self.build, 'src', 'app', 'porchlight')

    def tool(self, name):
        return os.path.join(self.build, 'tests', 'bench', name)

    def new_folder(self):
        return tempfile.mkdtemp(dir=self.folder)

    def setup(self, folder):
        """A business in @folder; its site's key."""
        answer = subprocess.run(
            [self.program(), 'setup', '--data', folder, '--business', 'Lantern', '--domain', 'shop.example', '--name', 'Ines'],
            stdout=subprocess.PIPE, check=True, env=self.env)
        return json.loads(answer.stdout)['site_key']


@contextlib.contextmanager
def running(*command, **options):
    """A program and its first line; it is ended afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def serving(tools, folder):
    """`porchlight serve` on @folder and the port that it chose."""
    with running(tools.program(), 'serve', '--data', folder, '--listen', '127.0.0.1:0', env=tools.env) as (server, line):
        yield server, json.loads(line)['listening'].rsplit(':', 1)[1]


def get_cpu_s(pid):
    """User and system time of all threads so far."""
    with open(f'/proc/{pid}/stat', encoding='ascii') as file:
        fields = file.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def add_pairs(folder, n):
    """Departments that one agent each may see, straight into the file; the agents' tokens, one a line."""
    now = int(time.time() * 1e6)
    tokens = ['at_' + secrets.token_urlsafe(32) for _ in range(n)]
    with contextlib.closing(sqlite3.connect(os.path.join(folder, 'porchlight.db'))) as db, db:
        for i, token in enumerate(tokens):
            agent = secrets.token_urlsafe(16)
            db.execute('INSERT INTO department (slug, name, position) VALUES (?, ?, ?)', (f'bench-{i}', f'Bench {i}', 10 + i))
            db.execute('INSERT INTO agent (id, name, email, role, wanted_status, departments, created_at) VALUES (?, ?, ?, 0, 1, ?, ?)',
                       (agent, f'Agent {i}', f'agent{i}@shop.example', f'bench-{i}', now))
            db.execute('INSERT INTO session (token_hash, kind, subject, created_at, used_at, expires_at) VALUES (?, 1, ?, ?, ?, ?)',
                       (hashlib.sha256(token.encode()).hexdigest(), agent, now, now, now + NEVER_US))
        db.executemany('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)', SETTINGS.items())
    path = os.path.join(folder, 'tokens')
    with open(path, 'w', encoding='ascii') as file:
        file.write('\n'.join(tokens))
    return path


def run_load(tools, *words, pid):
    """The load client's answer, with the rate and the CPU that @pid took for each message sent."""
    with running(tools.tool('load'), *map(str, words)) as (load, _):
        cpu_s = get_cpu_s(pid)
        answer = json.loads(load.stdout.readline())
        cpu_s = get_cpu_s(pid) - cpu_s
    answer['rate'] = answer['messages'] / answer['seconds']
    answer['cpu_us'] = cpu_s * 1e6 / max(answer['sent'], 1)
    return answer


def echo(tools, connections, seconds):
    with running(tools.tool('echo')) as (server, port):
        return run_load(tools, 'echo', port, connections, seconds, pid=server.pid)


def relay(tools, pairs, seconds, rate=0):
    """A new file each time: what came before would decide how large it is."""
    folder = tools.new_folder()
    site = tools.setup(folder)
    tokens = add_pairs(folder, pairs)
    try:
        with serving(tools, folder) as (server, port):
            return run_load(tools, 'relay', port, site, tokens, pairs, seconds, rate, pid=server.pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def durable(tools, rate, seconds):
    folder = tools.new_folder()
    try:
        answer = subprocess.run([tools.tool('durable'), os.path.join(folder, 'file.db'), str(rate), str(seconds)],
                                stdout=subprocess.PIPE, check=True)
        return json.loads(answer.stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
