"""nothing unfinished, and nothing of the machine it was written on

SPDX-License-Identifier: GPL-3.0-or-later
"""
from tree import grep

# In pieces, so that this file does not name what it forbids.
UNFINISHED = r'\b(TO' r'DO|FIX' r'ME|XX' r'X)\b'
PLACES = r'(?<![\w.$}])/(wo' r'rk|ro' r'ot|ho' r'me)/[\w.-]+'
HOSTS = (r'\b(registry\.(npm' r'js|yarn' r'pkg)|deb\.deb' r'ian|secur' r'ity\.debian|files\.python' r'hosted|py' r'pi)\.(org|com)\b')
SESSIONS = r'\b(sub' r'agent|Clau' r'de Code|Chat' r'GPT|Co' r'pilot|co-aut' r'hored-by)\b'


def find(tree):
    import re
    for path in tree.paths:
        if path == 'COPYING' or not tree.is_text(path):
            continue
        text = tree.read(path)
        for line, match in grep(text, UNFINISHED):
            yield path, line, f'{match[0]}: finish it, or open an issue'
        for line, match in grep(text, PLACES):
            yield path, line, f'{match[0]}: a path of one machine'
        for line, match in grep(text, HOSTS):
            yield path, line, f'{match[0]}: the address of a package registry'
        for line, match in grep(text, SESSIONS, re.I):
            yield path, line, f'{match[0]}: the project speaks of itself alone'
