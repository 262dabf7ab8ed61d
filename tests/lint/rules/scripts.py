"""shell and Python scripts parse

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess


def find(tree):
    for path in tree.match(r'(tests|\.ci|data|flatpak)/'):
        full = os.path.join(tree.root, path)
        if not tree.is_text(path):
            continue
        first = tree.read(path).partition('\n')[0]
        if path.endswith('.py') or 'python3' in first and first.startswith('#!'):
            try:
                compile(tree.read(path), path, 'exec')
            except SyntaxError as error:
                yield path, error.lineno or 1, f'does not parse: {error.msg}'
        elif path.endswith('.sh') or first.startswith(('#!/bin/bash', '#!/bin/sh')):
            out = subprocess.run(['bash', '-n', full], capture_output=True, text=True)
            if out.returncode:
                yield path, 1, f'does not parse: {out.stderr.strip().splitlines()[0]}'
        if first.startswith('#!') and not os.access(full, os.X_OK):
            yield path, 1, 'has a first line for running, and cannot be run: chmod +x'
