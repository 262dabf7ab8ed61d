"""Drives a window of ours as a person would: the a11y bus to see, xdotool to touch.

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside of tests/xrun.sh. Results are TAP.
"""
import re
import subprocess
import sys
import threading
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402


def wait(what, seconds=20):
    """The first true answer of what(), or the last one when time is over."""
    deadline = time.monotonic() + seconds
    while True:
        answer = what()
        if answer or time.monotonic() > deadline:
            return answer
        time.sleep(.03)


def walk(accessible):
    yield accessible
    for i in range(accessible.get_child_count()):
        child = accessible.get_child_at_index(i)
        if child is not None:
            yield from walk(child)


def find(root, role=None, name=None):
    # at-spi 2.50 calls push buttons just buttons.
    roles = (role, role.replace('push button', 'button')) if role else ()
    for accessible in walk(root):
        try:
            if (role is None or accessible.get_role_name() in roles) and (name is None or accessible.get_name() == name):
                return accessible
        except gi.repository.GLib.Error:
            pass
    return None


def find_app(name):
    def look():
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_name() == name and child.get_child_count():
                return child
        return None
    found = wait(look)
    if found is None:
        sys.exit('no application %s on the a11y bus' % name)
    return found


def touch(*args):
    subprocess.run(['xdotool', *map(str, args)], check=True)


def clipboard(selection='clipboard'):
    """What is on the X selection, asked by a second program."""
    code = ("import gi,sys;gi.require_version('Gtk','4.0');from gi.repository import Gtk,Gdk,GLib\n"
            "Gtk.init();c=Gdk.Display.get_default().get_%s();l=GLib.MainLoop()\n"
            "def done(s,r):\n  try: sys.stdout.write(s.read_text_finish(r) or '')\n  except GLib.Error: pass\n  l.quit()\n"
            "c.read_text_async(None,done);GLib.timeout_add(5000,l.quit);l.run()"
            % ('clipboard' if selection == 'clipboard' else 'primary_clipboard'))
    return subprocess.run(['/usr/bin/python3', '-c', code], capture_output=True, text=True).stdout


class Program:
    """A program of ours that prints 'STATE key=number …' when something moved, and other words."""

    def __init__(self, *command):
        self.state, self.words = {}, []
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith('STATE'):
                self.state.update({k: float(v) for k, v in re.findall(r'(\w+)=([\d.]+)', line)})
            else:
                self.words.append(line.strip())

    def still(self):
        """The state once nothing has moved for a while."""
        def same():
            before = dict(self.state)
            time.sleep(.2)
            return before and before == self.state
        wait(same)
        return self.state

    def window(self, title):
        found = subprocess.run(['xdotool', 'search', '--sync', '--onlyvisible', '--name', title],
                               capture_output=True, text=True).stdout.split()[0]
        touch('windowmove', found, 0, 0, 'windowfocus', found)
        return found

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        return self.process.stderr.read()


class Tap:
    def __init__(self):
        self.n = self.n_failed = 0

    def check(self, name, ok, extra=''):
        self.n += 1
        self.n_failed += not ok
        print('%sok %d %s' % ('' if ok else 'not ', self.n, name), flush=True)
        if extra or not ok:
            print('# %s' % (extra,), flush=True)

    def done(self):
        print('1..%d' % self.n, flush=True)
        return self.n_failed > 0
