"""po/POTFILES.in lists every file with words in it, and nothing else

SPDX-License-Identifier: GPL-3.0-or-later
"""
from tree import grep

HOME = 'po/POTFILES.in'


def listed(tree):
    if not tree.has(HOME):
        return []
    lines = enumerate(tree.read(HOME).splitlines(), 1)
    return [(n, line.strip()) for n, line in lines if line.strip() and not line.startswith('#')]


def has_words(tree, path):
    if path.endswith('.c'):
        return any(True for _ in grep(tree.code(path), r'\b(_|C_|N_|NC_|ngettext|dngettext|gettext|g_dngettext|g_dpgettext2?) ?\('))
    if path.endswith('.ui'):
        return any(True for _ in grep(tree.read(path), r'translatable="(yes|true)"'))
    return path.endswith(('.desktop.in', '.metainfo.xml.in', '.gschema.xml'))


def find(tree):
    names = [name for _, name in listed(tree)]
    for line, name in listed(tree):
        if not tree.has(name):
            yield HOME, line, f'{name} does not exist'
    if names != sorted(names):
        yield HOME, 1, 'not in order'
    for path in tree.match(r'(src|data)/.*\.(c|ui|in|xml)$'):
        if path not in names and has_words(tree, path):
            yield path, 1, f'has words to translate and is not in {HOME}: run tests/lint/potfiles.py'
