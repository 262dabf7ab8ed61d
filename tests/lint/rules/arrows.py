"""every room sees only its neighbours

SPDX-License-Identifier: GPL-3.0-or-later

What the compiler cannot refuse: a header of a room two arrows away, a library that is on the include path anyway, a
meson.build that asks for too much. The table is ARCHITECTURE.md's.
"""
import re

from tree import grep

MAY_SEE = {
    'base': '',
    'model': 'base',
    'wire': 'model base',
    'sql': 'base',
    'store': 'sql model wire base',
    'cache': 'sql model base',
    'service': 'store model wire base',
    'http': 'wire base',
    'api': 'service http wire model base',
    'channel': 'service http wire model base',
    'ai': 'service wire model base',
    'client': 'cache wire model base',
    'ui': 'client wire model base',
    'app': 'base model wire sql store cache service http api channel ai client ui',
}
SYSTEM = (
    (r'<sqlite3\.h>', 'sql store cache'),
    (r'<(gtk|gdk|adwaita|libadwaita|gsk|pango|libnotify|gsound)\b', 'ui app'),
    (r'<libsoup', 'http channel api client app ai'),
    (r'<wslay', 'http'),
    (r'<sodium', 'base service store http'),
    (r'<libsecret', 'app'),
)


def rooms_of_headers(tree):
    return {p.rsplit('/', 1)[1]: p.split('/')[1] for p in tree.match(r'src/\w+/(.*/)?[\w-]+\.h$')}


def find(tree):
    homes = rooms_of_headers(tree)
    for path in tree.match(r'src/\w+/.*\.[ch]$'):
        room = path.split('/')[1]
        if room not in MAY_SEE:
            yield path, 1, f'the room {room} is not in the table of arrows'
            continue
        yield from find_includes(tree, path, room, homes)
    for path in tree.match(r'src/\w+/meson\.build$'):
        yield from find_dependencies(tree, path)


def find_includes(tree, path, room, homes):
    allowed = set(MAY_SEE[room].split()) | {room}
    text = tree.code(path, strings=True)
    for line, match in grep(text, r'^\s*#\s*include\s+("([^"]+)"|<[^>]+>)'):
        if match[2]:
            home = homes.get(match[2].rsplit('/', 1)[-1])
            if home and home not in allowed:
                yield path, line, f'{room} may not see {home} ({match[2]})'
            continue
        for pattern, rooms in SYSTEM:
            if re.match(pattern, match[1]) and room not in rooms.split():
                yield path, line, f'{match[1]} does not belong in {room}'


def find_dependencies(tree, path):
    room = path.split('/')[1]
    allowed = set(MAY_SEE.get(room, '').split()) | {room}
    text = re.sub(r'#.*', '', tree.read(path))
    for line, match in grep(text, r'\bporch_(\w+?)(_lib)?\b'):
        if match[1] in MAY_SEE and match[1] not in allowed:
            yield path, line, f'{room} may not be given {match[1]}'
    for dependency, rooms in (('sqlite_dep', 'sql store cache app'), ('soup_dep', 'http channel api client app ai'),
                              ('gtk_dep', 'ui app'), ('adw_dep', 'ui app')):
        for line, _ in grep(text, rf'\b{dependency}\b'):
            if room not in rooms.split():
                yield path, line, f'{room} may not be given {dependency}'
