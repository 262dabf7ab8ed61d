"""A backup of a file of a million messages while people write, and going back to it.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import time

import relay

PAIRS, RATE = 20, 200


def copy(tools, folder):
    """A folder of its own with the same file; and the tokens of its pairs, and its site."""
    mine = tools.new_folder()
    shutil.copyfile(os.path.join(folder, 'porchlight.db'), os.path.join(mine, 'porchlight.db'))
    tokens = relay.add_pairs(mine, PAIRS)
    with contextlib.closing(sqlite3.connect(os.path.join(mine, 'porchlight.db'))) as db:
        site = db.execute('SELECT key FROM site').fetchone()[0]
    with open(os.path.join(mine, 'porchlight.db'), 'rb') as file:
        os.fsync(file.fileno())
    return mine, tokens, site


def run(tools, *words):
    begin = time.monotonic()
    subprocess.run([tools.program(), *words], check=True, env=tools.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - begin


def backup(tools, folder, seconds):
    """{p99_us without, p99_us with, seconds that the backup took, where it is}; the server ends when its loop stalls."""
    mine, tokens, site = copy(tools, folder)
    env = dict(tools.env, PORCH_STALL_FATAL='1')
    path = os.path.join(tools.folder, 'copy.db')
    with relay.running(tools.program(), 'serve', '--data', mine, '--listen', '127.0.0.1:0', env=env) as (server, line):
        port = json.loads(line)['listening'].rsplit(':', 1)[1]
        words = ('relay', port, site, tokens, PAIRS)
        alone = relay.run_load(tools, *words, seconds, RATE, pid=server.pid)
        load = subprocess.Popen([tools.tool('load'), *map(str, words), str(seconds), str(RATE)], stdout=subprocess.PIPE, text=True)
        load.stdout.readline()
        time.sleep(1.5)
        took = run(tools, 'backup', '--data', mine, path)
        beside = json.loads(load.stdout.readline())
        load.wait()
        is_alive = server.poll() is None
    with contextlib.closing(sqlite3.connect(f'file:{path}?mode=ro', uri=True)) as db:
        is_good = db.execute('PRAGMA quick_check').fetchall() == [('ok',)]
    shutil.rmtree(mine)
    return {'alone_us': alone['ack_p99_us'], 'beside_us': beside['ack_p99_us'], 'took_s': took, 'covered': min(1, took / (seconds - 1.5)),
            'is_good': is_good and is_alive, 'path': path}


def restore(tools, folder, path):
    """Seconds until the server that went on meanwhile serves the other file."""
    mine, _, _ = copy(tools, folder)
    with relay.serving(tools, mine):
        took = run(tools, 'restore', '--data', mine, path)
    shutil.rmtree(mine)
    return took
