"""a path of the API is written in one place only

SPDX-License-Identifier: GPL-3.0-or-later
"""
from tree import grep

HOME = 'src/wire/porch-ops.c'


def find(tree):
    for path in tree.match(r'src/.*\.[ch]$'):
        if path == HOME:
            continue
        for line, _ in grep(tree.code(path, strings=True), r'"[^"\n]*/api/v1\b'):
            yield path, line, f'a path of the API outside {HOME}; use porch_op_build_path ()'
    for path in tree.match(r'data/widget/.*\.(js|mjs|html)$'):
        for line, _ in grep(tree.read(path), r'/api/v1\b'):
            yield path, line, 'the widget has no business with the agents\' API'
