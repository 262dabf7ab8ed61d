"""A file of a million messages: its pages in the reader, and starting with it.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time

from relay import serving

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LINE = re.compile(r'^(.*): p50 ([\d.]+) us, p90 ([\d.]+), p99 ([\d.]+)', re.M)


def get_stamp(n_messages, n_conversations):
    """What the file depends on: made anew when any of it changes."""
    stamp = hashlib.sha256(f'{n_messages} {n_conversations}'.encode())
    for path in ('src/store/migrations/0001.sql', 'tests/bench/bench-store.c'):
        with open(os.path.join(ROOT, path), 'rb') as file:
            stamp.update(file.read())
    return stamp.hexdigest()[:16]


def fill(tools, n_messages, n_conversations):
    """The folder of the filled file, which is kept in the build folder for the next time."""
    home = os.path.join(tools.build, 'tests', 'bench', 'filled')
    folder = os.path.join(home, get_stamp(n_messages, n_conversations))
    if os.path.exists(os.path.join(folder, 'done')):
        return folder
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(folder)
    tools.setup(folder)
    print(f'filling a file with {n_messages:,} messages …', file=sys.stderr)
    subprocess.run([tools.tool('bench-store'), '--folder', folder, 'fill', str(n_messages), str(n_conversations)],
                   check=True, stdout=subprocess.DEVNULL)
    # A shop whose 25,000 visitors all give up while it is measured is another shop.
    with contextlib.closing(sqlite3.connect(os.path.join(folder, 'porchlight.db'))) as db, db:
        db.executemany('INSERT OR REPLACE INTO setting VALUES (?, ?)', [(key, str(10**8)) for key in ('missed_after_s', 'idle_after_s')])
    with open(os.path.join(folder, 'done'), 'w', encoding='ascii'):
        return folder


def pages(tools, folder):
    """{what: (p50, p99)} in microseconds."""
    done = subprocess.run([tools.tool('bench-store'), '--folder', folder, 'pages'], check=True, text=True, stdout=subprocess.PIPE)
    return {name: (float(p50), float(p99)) for name, p50, _, p99 in LINE.findall(done.stdout)}


def get_pss_mb(pid):
    with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as file:
        kib = next(int(line.split()[1]) for line in file if line.startswith('Pss:'))
    return kib * 1024 / 1e6


def serve(tools, folder):
    """(milliseconds from exec to the line that says where it listens, MB of memory a second later)."""
    begin = time.monotonic()
    with serving(tools, folder) as (server, _):
        took = time.monotonic() - begin
        time.sleep(1)
        return took * 1000, get_pss_mb(server.pid)


def frames(tools, folder, rounds):
    """([ms of the empty window], [ms of the program]), alternated, on an X server of their own."""
    done = subprocess.run([os.path.join(HERE, '..', 'xrun.sh'), '/usr/bin/python3', os.path.join(HERE, 'frames.py'),
                           tools.tool('empty-window'), tools.program(), folder, str(rounds)],
                          check=True, text=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])
