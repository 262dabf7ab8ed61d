#!/usr/bin/python3
"""The main job in the sandbox under Wayland, drawn by OpenGL: the steps of sandbox.py that meet the window.

SPDX-License-Identifier: GPL-3.0-or-later
To be run by flatpak/run.
"""
import os
import signal
import subprocess
import sys

sys.dont_write_bytecode = True

import measures
import sandbox
import talk
from sandbox import Sandboxed
from screen import Screen, wait
from wayland import OURS, RENDERERS, SOCKET, Compositor


class UnderWayland(Sandboxed):
    def __init__(self):
        super().__init__()
        self.compositor = Compositor(self.folder)

    def start(self, **env):
        given = {name: value for name, value in os.environ.items() if name not in OURS}
        given.update(WAYLAND_DISPLAY=SOCKET, GSK_RENDERER=RENDERERS['new'])
        self.process = subprocess.Popen(self.command('porchlight', '--listen', f'127.0.0.1:{self.port}', G_DEBUG='fatal-criticals', **env),
                                        stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env=given)
        self.screen = Screen('porchlight', Compositor.CLASS, '--class')

    def end(self):
        super().end()
        self.compositor.end()


def meets_wayland(_house):
    """Wayland's socket is there and X's is not, as fallback-x11 promises; and OpenGL draws."""
    assert not sandbox.has_window(), 'it has a window on the X server'
    pid = wait(measures.find_program, what='finding the program')
    inside = f'/proc/{pid}/root'
    displays = f'{inside}/tmp/.X11-unix'
    assert not os.path.isdir(displays) or not os.listdir(displays), os.listdir(displays)
    assert os.path.exists(f'{inside}/run/user/{os.geteuid()}/{SOCKET}'), 'no socket of Wayland'
    with open(f'/proc/{pid}/maps', encoding='utf-8') as file:
        assert 'libEGL' in file.read(), 'OpenGL was not even tried'


STORY = [
    ('first run in the window', talk.first_run),
    ('Wayland and OpenGL, and no X', meets_wayland),
    ('the copy button', talk.copy_snippet),
    ('/try is opened in the browser outside, by the portal', talk.practice_page),
    ('a visitor in Chromium outside writes', talk.visitor_writes),
    ('the window shows it', talk.window_shows),
    ('a notification came through the portal, with Open and Take', talk.notified),
    ('Take in the notification takes it', sandbox.take),
    ('the agent answers by keyboard, the visitor sees it', talk.answer),
    ('ticks', talk.ticks),
    ('typing shows both ways', talk.typing),
    ('a picture', lambda house: house.picture('sandbox-wayland')),
    ('kill -9: what was written meanwhile comes, once and in order', talk.killed),
    ('in the dark', talk.dark),
    ('resolved and rated', talk.resolve),
    ('Ctrl+Q ends it', talk.quit_program),
    ('no warning in log or console', sandbox.quiet),
]

if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(sandbox.run_story(UnderWayland, STORY))
