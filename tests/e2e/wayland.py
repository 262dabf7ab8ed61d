#!/usr/bin/python3
"""The main job under Wayland: Weston in a window of the private X server, our window in Weston, drawn by OpenGL.

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh. The steps are those of talk.py; pictures are left in $PICTURES.
"""
import os
import signal
import subprocess
import sys

sys.dont_write_bytecode = True

import talk
from screen import Screen, wait

SOCKET = 'wayland-test'
# Of the tests' own display: the window finds Wayland by itself.
OURS = ('DISPLAY', 'GDK_BACKEND')
# As with a graphics card, which is not here: where none is, the program leaves OpenGL out unless it is named.
RENDERERS = {'old': 'gl', 'new': 'ngl'}  # GTK 4.14 renamed it


def name_renderer():
    done = subprocess.run(['pkg-config', '--atleast-version=4.14', 'gtk4'], check=False)
    return RENDERERS['new' if done.returncode == 0 else 'old']


class Compositor:
    """Weston with one window, which fills its screen; keys and clicks of the X server go through it."""

    CLASS = 'weston'

    def __init__(self, folder):
        self.log = open(os.path.join(folder, 'weston.log'), 'wb')
        self.process = subprocess.Popen(['weston', '--no-config', '--backend=x11-backend.so', '--shell=kiosk-shell.so', f'--socket={SOCKET}',
                                         '--width=1280', '--height=800', '--idle-time=0'],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        path = os.path.join(os.environ['XDG_RUNTIME_DIR'], SOCKET)
        wait(lambda: os.path.exists(path) or self.process.poll() is not None, what='Weston listening')
        assert self.process.poll() is None, self.read_log()

    def read_log(self):
        self.log.flush()
        with open(self.log.name, encoding='utf-8', errors='replace') as file:
            return file.read()

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class WaylandTalk(talk.Talk):
    def __init__(self):
        super().__init__()
        self.compositor = Compositor(self.folder)

    def start(self, **env):
        given = {name: value for name, value in os.environ.items() if name not in OURS}
        given.update(WAYLAND_DISPLAY=SOCKET, GSK_RENDERER=name_renderer(), G_DEBUG='fatal-criticals', PORCH_STALL_FATAL='1', **env)
        self.process = subprocess.Popen([talk.PROGRAM, '--data', self.data, '--listen', f'127.0.0.1:{self.port}'], stdout=self.log, stderr=self.log,
                                        stdin=subprocess.DEVNULL, env=given)
        self.screen = Screen('porchlight', Compositor.CLASS, '--class')

    def end(self):
        super().end()
        self.compositor.end()


def uses_wayland(house):
    """Nobody else has a window on the X server."""
    windows = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', 'Porchlight'], capture_output=True, text=True, check=False).stdout
    assert windows == '', windows


STORY = [
    ('first run in the window', talk.first_run),
    ('it is a Wayland window', uses_wayland),
    ('the copy button', talk.copy_snippet),
    ('the practice page', talk.practice_page),
    ('a visitor writes', talk.visitor_writes),
    ('the window shows it', talk.window_shows),
    ('a notification', talk.notified),
    ('Take in the notification takes it', talk.take),
    ('the agent answers by keyboard, the visitor sees it', talk.answer),
    ('ticks', talk.ticks),
    ('typing shows both ways', talk.typing),
    ('a picture', lambda house: house.picture('wayland')),
    ('kill -9: what was written meanwhile comes, once and in order', talk.killed),
    ('in the dark', talk.dark),
    ('resolved and rated', talk.resolve),
    ('Ctrl+Q ends it', talk.quit_program),
    ('no warning in log or console', talk.quiet),
]

if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(talk.tell(STORY, WaylandTalk))
