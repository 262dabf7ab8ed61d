#!/usr/bin/python3
"""F1 and Help in the menu: the pages that were built, the desktop's viewer, the browser, or a word that there is none.

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh. A copy of the program outside the build folder is as good as installed.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

sys.dont_write_bytecode = True

import house
from screen import Screen, wait
from talk import PROGRAM, Desktop

BUILT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(PROGRAM)), '..', '..', 'help', 'html', 'C', 'index.html'))


class Place:
    """A person at the window, on a desktop with or without a viewer for help."""

    def __init__(self, folder, is_installed, has_pages, has_viewer):
        self.folder = tempfile.mkdtemp(dir=folder)
        self.desktop = Desktop(self.folder, has_viewer)
        program = PROGRAM
        env = dict(os.environ, G_DEBUG='fatal-criticals')
        if is_installed:
            program = shutil.copy(PROGRAM, os.path.join(self.folder, 'porchlight'))
        if has_pages:
            share = os.path.join(self.folder, 'share')
            os.makedirs(os.path.join(share, 'help', 'C', 'porchlight'))
            env['XDG_DATA_DIRS'] = f'{share}:{env.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"}'
        data = os.path.join(self.folder, 'data')
        house.run_program('setup', '--data', data, '--business', 'Lantern & Wick', '--domain', 'localhost', '--name', 'Ines',
                          '--email', 'ines@staff.example')
        self.log = open(os.path.join(self.folder, 'log'), 'wb')
        self.process = subprocess.Popen([program, '--data', data, '--listen', '127.0.0.1:0'], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, env=env)
        self.screen = Screen('porchlight', 'Porchlight')
        self.screen.wait(contains='Inbox')

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
        self.desktop.end()
        self.log.close()
        wait(lambda: not subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', 'Porchlight'], capture_output=True, check=False).stdout,
             what='the window being gone')


def opened(place):
    return wait(place.desktop.addresses, what='an address being opened')


def built(folder):
    with Place(folder, is_installed=False, has_pages=True, has_viewer=True) as place:
        place.screen.key('F1')
        address = opened(place)[0]
        assert urllib.parse.unquote(urllib.parse.urlparse(address).path) == BUILT and os.path.exists(BUILT), address
        place.screen.key('F10')
        place.screen.press_menu('Help', 5)
        wait(lambda: len(place.desktop.addresses()) == 2, what='Help in the menu doing the same')


def viewer(folder):
    with Place(folder, is_installed=True, has_pages=True, has_viewer=True) as place:
        place.screen.key('F1')
        assert opened(place) == ['help:porchlight'], opened(place)


def nowhere(folder):
    """Pages for a viewer, and none to view them: what is left are the installed HTML pages, or a word."""
    with Place(folder, is_installed=True, has_pages=True, has_viewer=False) as place:
        place.screen.key('F1')
        found = wait(lambda: place.desktop.addresses() or place.screen.find(contains='Help could not be opened'), what='something')
        if isinstance(found, list):
            assert found[0].endswith('/doc/porchlight/html/C/index.html'), found
        else:
            place.screen.key('Escape')
            place.screen.gone(contains='Help could not be opened')


CASES = [
    ('a program that was built opens the pages that were built, by F1 and from the menu', built),
    ('an installed one asks the desktop for its viewer', viewer),
    ('without a viewer it is the browser, or it says so', nowhere),
]


def main():
    folder = tempfile.mkdtemp(prefix='porch-helps.')
    failed = 0
    try:
        for number, (name, case) in enumerate(CASES, 1):
            try:
                case(folder)
                print(f'ok {number} - help: {name}', flush=True)
            except Exception as error:
                failed += 1
                print(f'not ok {number} - help: {name}\n# ' + f'{type(error).__name__}: {str(error)[:1200]}'.replace('\n', '\n# '), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f'1..{len(CASES)}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
