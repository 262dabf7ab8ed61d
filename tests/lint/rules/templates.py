"""templates are well-formed and every word in them can be translated

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import xml.etree.ElementTree as xml

from tree import grep

WORDS = {'label', 'title', 'subtitle', 'tooltip-text', 'placeholder-text', 'description', 'menu-label', 'heading', 'body',
         'text', 'tooltip', 'secondary-text', 'accelerator-title'}
NAMES = {'Porchlight'}
LETTERS = re.compile(r'[A-Za-z]{2,}')


def find(tree):
    for path in tree.match(r'(src|data|help)/.*\.(ui|xml|svg|xml\.in|page)$'):
        try:
            root = xml.parse(os.path.join(tree.root, path)).getroot()
        except xml.ParseError as error:
            yield path, error.position[0], f'not well-formed: {error}'
            continue
        if path.endswith('.ui'):
            yield from find_words(tree, path, root)


def find_words(tree, path, root):
    for node in root.iter():
        if node.tag not in ('property', 'attribute', 'item') or (node.tag != 'item' and node.get('name') not in WORDS):
            continue
        text = (node.text or '').strip()
        # An item of a string list has no name; other items and bound properties have no text.
        if not LETTERS.search(text) or text in NAMES or node.get('translatable') in ('yes', 'true') or len(node):
            continue
        found = next((line for line, _ in grep(tree.read(path), re.escape(text[:40]))), 1)
        yield path, found, f'"{text[:40]}" is not translatable'
