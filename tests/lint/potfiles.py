#!/usr/bin/python3
"""Writes po/POTFILES.in anew: every file that has words to translate, in order.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from rules import translation  # noqa: E402
from tree import Tree  # noqa: E402


def main():
    tree = Tree(os.path.join(HERE, '..', '..'))
    wanted = [p for p in tree.match(r'(src|data)/.*\.(c|ui|in|xml)$') if translation.has_words(tree, p)]
    with open(os.path.join(tree.root, translation.HOME), 'w', encoding='utf-8') as file:
        file.write('\n'.join(wanted) + '\n')


if __name__ == '__main__':
    main()
