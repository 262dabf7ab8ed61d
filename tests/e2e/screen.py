"""A person at the screen: finds what is there by role and name (AT-SPI), types and presses keys (xdotool), takes pictures.

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh.
"""
import json
import os
import subprocess
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))


# A window, a browser and a bus on a loaded machine: what happens at once elsewhere may take long. Only failures wait for it.
PATIENCE = 40


def wait(test, timeout=PATIENCE, what='it'):
    """What @test () gives as soon as it gives something."""
    end = time.monotonic() + timeout
    while True:
        try:
            found = test()
        except GLib.Error:
            found = None          # it went away while we looked
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f'{what} did not happen within {timeout} s')
        time.sleep(0.03)


def walk(node):
    """Itself and all below that can be reached."""
    yield node
    try:
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is not None:
                yield from walk(child)
    except GLib.Error:
        return


def box_of(node):
    """Where it is in the window; None for what has no place."""
    try:
        component = node.get_component_iface()
        return component.get_extents(Atspi.CoordType.WINDOW) if component else None
    except GLib.Error:
        return None


def is_in(node, width, height):
    """A stack's hidden pages and a carousel's other ones are in the tree too: only what can be seen counts."""
    box = box_of(node)
    return (box is not None and box.width > 0 and box.height > 0 and 0 <= box.x + box.width // 2 < width and
            0 <= box.y + box.height // 2 < height and node.get_state_set().contains(Atspi.StateType.VISIBLE))


class Screen:
    """One program and its window, the one of that title; or of that class, where another program shows it on the X server."""

    def __init__(self, name, title, kind='--name'):
        self.app = wait(lambda: self._find_app(name), PATIENCE, f'{name} on the accessibility bus')
        self.title = title
        self.window_id = subprocess.run(['xdotool', 'search', '--sync', '--onlyvisible', kind, title], capture_output=True, text=True,
                                        timeout=PATIENCE, check=True).stdout.split()[0]
        self.focus()

    def shows(self, node):
        frame = self.app.get_child_at_index(0)
        box = frame and box_of(frame)
        return box is not None and is_in(node, box.width, box.height)

    @staticmethod
    def _find_app(name):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app and app.get_name() == name and app.get_child_count():
                return app
        return None

    def focus(self):
        subprocess.run(['xdotool', 'windowmove', '--sync', self.window_id, '0', '0'], timeout=PATIENCE, check=False)
        subprocess.run(['xdotool', 'windowfocus', '--sync', self.window_id], timeout=PATIENCE, check=False)

    def blur(self):
        """Takes the keyboard away from the window, as another program's window would."""
        subprocess.run(['xdotool', 'windowunmap', '--sync', self.window_id], timeout=PATIENCE, check=False)

    def back(self):
        subprocess.run(['xdotool', 'windowmap', '--sync', self.window_id], timeout=PATIENCE, check=False)
        self.focus()

    def find(self, role=None, name=None, contains=None):
        for node in walk(self.app):
            try:
                if role and node.get_role_name() not in (role, role.replace('push button', 'button')):
                    continue
                label = node.get_name() or ''
                if (name is None or label == name) and (contains is None or contains in label) and self.shows(node):
                    return node
            except GLib.Error:
                continue
        return None

    def wait(self, role=None, name=None, contains=None, timeout=PATIENCE):
        return wait(lambda: self.find(role, name, contains), timeout, f'{role or "something"} "{name or contains}" on the screen')

    def gone(self, role=None, name=None, contains=None, timeout=PATIENCE):
        return wait(lambda: self.find(role, name, contains) is None, timeout, f'{role} "{name or contains}" going away')

    def press(self, name, role='push button', timeout=PATIENCE):
        node = self.wait(role, name, timeout=timeout)
        wait(lambda: node.get_state_set().contains(Atspi.StateType.SENSITIVE), timeout, f'{name} being sensitive')
        Atspi.Action.do_action(node, 0)
        return node

    def choose(self, title, button, path):
        """Gives @path to the file chooser of that @title, presses @button, and waits until it is gone."""
        def find():
            return subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', title], capture_output=True, text=True, check=False).stdout.split()

        def find_parts():
            """(the line for a path, the button): both only when there is something to fill in."""
            frames = [self.app.get_child_at_index(i) for i in range(self.app.get_child_count())]
            nodes = [node for frame in frames if frame and frame.get_name() == title for node in walk(frame)]
            states = [(node, node.get_state_set()) for node in nodes]
            lines = [node for node, state in states if node.get_role_name() == 'text' and state.contains(Atspi.StateType.FOCUSED)]
            buttons = [node for node in nodes if button in node.get_name() and node.get_role_name() in ('push button', 'button')]
            return (lines[0], buttons[0]) if lines and buttons else None

        def try_it():
            # A window that has just come may not have the keyboard yet, or lose it again: each step may have to be taken again.
            windows = find()
            if not windows:
                return True
            subprocess.run(['xdotool', 'windowfocus', '--sync', windows[-1]], timeout=PATIENCE, check=False)
            parts = find_parts()
            if parts is None:
                self.key('ctrl+l')
                time.sleep(0.3)
                return False
            line, accept = parts
            if Atspi.Text.get_text(line, 0, Atspi.Text.get_character_count(line)) != path:
                # Not by keys: what the line completes while one types gets into what comes next.
                Atspi.EditableText.set_text_contents(line, path)
                time.sleep(0.2)
                return False
            Atspi.Action.do_action(accept, 0)
            time.sleep(0.3)
            return not find()
        wait(find, PATIENCE, f'the file chooser "{title}"')
        wait(try_it, PATIENCE, f'"{title}" taking {path}')

    def press_menu(self, name, place):
        """The item of the menu that is open. GTK 4.18 tells no names of them; then it is the one at @place, from 0."""
        def find():
            if node := self.find('menu item', name):
                return node
            items = [node for node in walk(self.app) if node.get_role_name() == 'menu item' and self.shows(node)]
            return items[place] if len(items) > place and not any(node.get_name() for node in items) else None
        Atspi.Action.do_action(wait(find, PATIENCE, f'"{name}" in the menu'), 0)

    def names(self):
        """Every name that is on the screen, for the message of a failure."""
        return [f'{n.get_role_name()} "{n.get_name()}"' for n in walk(self.app) if n.get_name() and self.shows(n)]

    @staticmethod
    def key(*keys):
        subprocess.run(['xdotool', 'key', '--clearmodifiers', *keys], timeout=PATIENCE, check=True)

    @staticmethod
    def type(text):
        subprocess.run(['xdotool', 'type', '--delay', '12', text], timeout=PATIENCE, check=True)

    def fill(self, name, text):
        """Clicks into the field and types."""
        node = self.wait('text', name)
        self.click(node)
        wait(lambda: node.get_state_set().contains(Atspi.StateType.FOCUSED), what=f'{name} having the focus')
        self.type(text)

    @staticmethod
    def click(node):
        """The window stands at 0,0, so its coordinates are the screen's."""
        box = box_of(node)
        subprocess.run(['xdotool', 'mousemove', str(box.x + box.width // 2), str(box.y + box.height // 2), 'sleep', '0.05', 'click', '1'],
                       timeout=PATIENCE, check=True)

    @staticmethod
    def shot(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run(['import', '-window', 'root', path], timeout=PATIENCE, check=True)


class Browser:
    """Chromium in a process of its own; browser.do (page=…) returns what it says."""

    def __init__(self):
        self.process = subprocess.Popen(['node', os.path.join(HERE, 'browser.mjs')], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.version = self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError('the browser ended')
        answer = json.loads(line)
        if 'wrong' in answer:
            raise AssertionError(answer['wrong'])
        return answer['is']

    def __getattr__(self, name):
        def act(page='visitor', **given):
            self.process.stdin.write(json.dumps({'do': name, 'page': page, **given}) + '\n')
            self.process.stdin.flush()
            return self._answer()
        return act

    def end(self):
        try:
            self.quit()
            self.process.wait(10)
        except (OSError, RuntimeError, AssertionError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
