"""no goto, no automatic pointer without a value, a purpose line and a licence on every file

SPDX-License-Identifier: GPL-3.0-or-later
"""
from tree import grep, line_of

import re

AUTO = re.compile(r'\b(g_autofree\b|g_auto(?:ptr|list|slist|queue)? ?\([^()]*\))([^;{}()]*?);')


def has_value(declarators):
    return all('=' in part for part in declarators.split(','))


def find(tree):
    for path in tree.match(r'(src|tests)/.*\.[ch]$'):
        code = tree.code(path)
        for line, _ in grep(code, r'\bgoto\b'):
            yield path, line, 'goto; let g_autoptr and early returns do it'
        for match in AUTO.finditer(code):
            if not has_value(match[2]):
                yield path, line_of(code, match.start()), f'{match[1]} without a value at its declaration'
    for path in tree.match(r'(src|tests|\.ci)/.*(\.[ch]|\.py|\.mjs|\.sh)$|data/widget/.*\.(js|mjs|css)$|Makefile$|\.ci/|flatpak/[\w-]+$'):
        head = '\n'.join(tree.read(path).splitlines()[:16])
        if 'SPDX-License-Identifier: GPL-3.0-or-later' not in head:
            yield path, 1, 'no SPDX line in its head'
    for path in tree.match(r'src/.*\.[ch]$'):
        name = path.rsplit('/', 1)[1]
        if not tree.read(path).startswith(f'/* {name} - '):
            yield path, 1, f'the first line is not "/* {name} - what it is for"'
