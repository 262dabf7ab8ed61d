"""The source as the lint rules see it: files, their lines, and C without comments and strings.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import subprocess

SKIPPED = re.compile(r'(^|/)(\.git|_build[^/]*|node_modules|__pycache__)(/|$)')
C_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(text):
    """As many lines and columns as @text, with nothing in them."""
    return re.sub(r'[^\n]', ' ', text)


class Tree:
    def __init__(self, root):
        self.root = os.path.realpath(root)
        self.paths = sorted(self._list())

    def _list(self):
        """What git follows, and what it would; without git, everything that is not built."""
        if os.path.exists(os.path.join(self.root, '.git')):
            try:
                out = subprocess.run(
                    ['git', '-c', f'safe.directory={self.root}', '-C', self.root, 'ls-files', '-z', '--cached',
                     '--others', '--exclude-standard'],
                    check=True, capture_output=True, text=True).stdout
                return [p for p in out.split('\0') if p and os.path.isfile(os.path.join(self.root, p))]
            except (OSError, subprocess.CalledProcessError):
                pass
        found = []
        for folder, folders, names in os.walk(self.root):
            inside = os.path.relpath(folder, self.root)
            folders[:] = [f for f in folders if not SKIPPED.search(os.path.normpath(os.path.join(inside, f)))]
            found += [os.path.normpath(os.path.join(inside, name)) for name in names]
        return found

    def match(self, pattern):
        """Paths that match the regular expression @pattern from their start."""
        wanted = re.compile(pattern)
        return [p for p in self.paths if wanted.match(p)]

    def has(self, path):
        return path in self.paths

    def read(self, path):
        with open(os.path.join(self.root, path), encoding='utf-8', errors='replace') as file:
            return file.read()

    def code(self, path, strings=False):
        """C without comments; without what strings hold too, unless @strings."""
        def keep(match):
            token = match[0]
            if token[0] == '/':
                return blank(token)
            return token if strings else token[0] + blank(token[1:-1]) + token[-1]
        return C_TOKEN.sub(keep, self.read(path))

    def is_text(self, path):
        with open(os.path.join(self.root, path), 'rb') as file:
            return b'\0' not in file.read(4096)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def grep(text, pattern, flags=0):
    """(line, match) for every hit of @pattern."""
    for match in re.finditer(pattern, text, flags | re.M):
        yield line_of(text, match.start()), match
