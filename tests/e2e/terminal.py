#!/usr/bin/python3
"""What the program says to a person at a terminal, and what it takes from one, whatever the locale.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from house import PROGRAM
from tap import Suite, equal, expect

suite = Suite()
# Nobody chose one; one of which this computer knows nothing; that of programs.
NO_LOCALES = ({}, {'LANG': 'xx_XX.UTF-8'}, {'LC_ALL': 'C'}, {'LC_ALL': 'POSIX', 'LANGUAGE': 'de'})


class Terminal:
    """A folder for each case, and no server but for as long as a command takes."""

    async def __aenter__(self):
        self.folder = tempfile.mkdtemp(prefix='porch-terminal.')
        self.run_dir = os.path.join(self.folder, 'run')
        os.mkdir(self.run_dir, 0o700)
        self.n_folders = 0
        return self

    async def __aexit__(self, kind, error, trace):
        shutil.rmtree(self.folder, ignore_errors=True)

    async def revive(self):
        self.n_folders += 1

    @property
    def data(self):
        return os.path.join(self.folder, f'data {self.n_folders}')

    def environment(self, locale):
        kept = {name: value for name, value in os.environ.items() if not name.startswith('LC_') and name not in ('LANG', 'LANGUAGE')}
        return {**kept, 'XDG_RUNTIME_DIR': self.run_dir, 'G_DEBUG': 'fatal-warnings', **locale}

    def run(self, locale, *args, status=0):
        """(stdout, stderr) of a command, as bytes that must be UTF-8."""
        done = subprocess.run([PROGRAM, *args], env=self.environment(locale), capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
        out, err = done.stdout.decode('utf-8'), done.stderr.decode('utf-8')
        equal(done.returncode, status, f'{args}: {out}{err}')
        return out, err

    def setup(self, locale, *more, status=0):
        return self.run(locale, 'setup', '--data', self.data, '--business', 'Bäckerei Łukasz', '--domain', 'localhost', '--name', 'Jürgen 林',
                        *more, status=status)


@suite.case('letters: a name with an umlaut is taken and shown in every locale, and in none')
async def letters(terminal):
    for locale in NO_LOCALES:
        await terminal.revive()
        equal(json.loads(terminal.setup(locale)[0])['agent']['name'], 'Jürgen 林', f'{locale}')
        equal(json.loads(terminal.run(locale, 'site', '--data', terminal.data)[0])['items'][0]['name'], 'Bäckerei Łukasz', f'{locale}')
        missing = os.path.join(terminal.folder, 'fehlt für immer', 'Käse.db')
        for command in ('backup', 'restore'):
            err = terminal.run(locale, command, '--data', terminal.data, missing, status=1)[1]
            expect('für immer/Käse.db' in err and '?' not in err, f'{locale}: {err}')


if __name__ == '__main__':
    sys.exit(suite.run(Terminal, healthy=False))
