"""the layout is clang-format 14's

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import shutil
import subprocess

from rules import Skip


def find_tool():
    for name in ('clang-format-14', 'clang-format'):
        tool = shutil.which(name)
        if tool and re.search(r'version 14\.', subprocess.run([tool, '--version'], capture_output=True, text=True).stdout):
            return tool
    raise Skip('clang-format 14 is not here')


def find(tree):
    tool = find_tool()
    paths = tree.match(r'(src|tests)/.*\.[ch]$')
    if not paths or not tree.has('.clang-format'):
        return
    out = subprocess.run([tool, '--dry-run', '--style=file', *[os.path.join(tree.root, p) for p in paths]],
                         capture_output=True, text=True, cwd=tree.root).stderr
    # One complaint a file is enough: the remedy is the same for all of them.
    for path in sorted({os.path.relpath(m, tree.root) for m in re.findall(r'^(.*?):\d+:\d+: warning:', out, re.M)}):
        yield path, 1, 'not formatted: clang-format-14 -i ' + path
