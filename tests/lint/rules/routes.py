"""what visitors' pages can reach is what help/wire.md lists, and nothing else

SPDX-License-Identifier: GPL-3.0-or-later

The agents' API is described from its own table, which is all that it is bound from. The other routes are rows
{ "VERB", "/path", … } in channel/; each has a row in wire.md, and each row of wire.md has one.
"""
import re

from tree import grep

HOME = 'help/wire.md'
ROUTE = r'\{\s*"(GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS)",\s*"(/[^"]*)"'
LISTED = r'^\| `(GET|POST|PUT|DELETE|PATCH|WS) (/[^`?]*)[^`]*` \|'


def normal(verb, path):
    """What a variable part is called, and a slash at the end, do not matter."""
    path = re.sub(r'\{\w+\}|\b[A-Z]{2,}\b', '{}', path)
    return 'GET' if verb == 'WS' else verb, path.rstrip('/') or '/'


def find(tree):
    listed = {}
    if tree.has(HOME):
        listed = {normal(m[1], m[2]): line for line, m in grep(tree.read(HOME), LISTED)}
    bound = set()
    for path in tree.match(r'src/.*\.c$'):
        for line, match in grep(tree.code(path, strings=True), ROUTE):
            route = normal(match[1], match[2])
            bound.add(route)
            if not path.startswith('src/channel/'):
                yield path, line, f'{" ".join(route)} is bound outside channel/; the API is bound from its table'
            elif route not in listed:
                yield path, line, f'{" ".join(route)} is not in {HOME}'
    for route, line in listed.items():
        if route not in bound:
            yield HOME, line, f'{" ".join(route)} is bound nowhere'
