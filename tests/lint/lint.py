#!/usr/bin/python3
"""Runs lint rules over a source tree, one TAP point each.

usage: lint.py ROOT [RULE...]      a rule is a module of rules/ with a docstring and find (tree) -> problems
SPDX-License-Identifier: GPL-3.0-or-later

find() yields (path, line, message); a rule that cannot run here raises Skip. A message that starts with
"warning:" is shown and does not fail.
"""
import importlib
import os
import pkgutil
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import rules  # noqa: E402
from rules import Skip  # noqa: E402
from tree import Tree  # noqa: E402


def names():
    return sorted(m.name for m in pkgutil.iter_modules(rules.__path__))


def run(tree, name):
    """(state, problems, warnings) of one rule; state is a reason to skip, or None."""
    rule = importlib.import_module('rules.' + name)
    try:
        found = sorted(set(rule.find(tree)))
    except Skip as reason:
        return str(reason), [], []
    soft = [f for f in found if f[2].startswith('warning:')]
    return None, [f for f in found if f not in soft], soft


def about(name):
    return importlib.import_module('rules.' + name).__doc__.strip().splitlines()[0]


def main():
    tree = Tree(sys.argv[1])
    wanted = sys.argv[2:] or names()
    bad = 0
    print(f'1..{len(wanted)}')
    for number, name in enumerate(wanted, 1):
        skipped, problems, warnings = run(tree, name)
        for path, line, message in problems + warnings:
            print(f'# {path}:{line}: {message}')
        bad += bool(problems)
        verdict = 'not ok' if problems else 'ok'
        reason = f' # SKIP {skipped}' if skipped else ''
        print(f'{verdict} {number} - {name}: {about(name)}{reason}', flush=True)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
