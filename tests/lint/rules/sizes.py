"""files stay under 900 lines, functions under 80

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

FILE_MAX = 900
FUNCTION_MAX = 80
BODY = re.compile(r'^\{\n(.*?)^\}', re.M | re.S)
NAME = re.compile(r'(\w+) \([^;{}]*\)\s*$')


def find(tree):
    for path in tree.match(r'(src|tests|data)/.*\.(c|h|js|mjs|py|css)$'):
        lines = tree.read(path).count('\n')
        if lines > FILE_MAX:
            yield path, 1, f'{lines} lines; a file has at most {FILE_MAX}'
        if path.endswith('.c'):
            yield from find_functions(tree, path)


def find_functions(tree, path):
    text = tree.code(path)
    for body in BODY.finditer(text):
        lines = body[0].count('\n') + 1
        if lines <= FUNCTION_MAX:
            continue
        head = NAME.search(text[:body.start()][-600:])
        name = head[1] if head else 'a function'
        yield path, text.count('\n', 0, body.start()) + 1, f'{name} has {lines} lines; a function has at most {FUNCTION_MAX}'
