"""tests/README.md names a test for every item that is owed, and each of them exists

SPDX-License-Identifier: GPL-3.0-or-later

A row of the table reads "| H1 | what | `where: name`, … |", and one of bad input or bad luck "| what | `where: name`, … |".
The name must stand, as it is, in that file under tests/.
"""
import re

HOME = 'tests/README.md'
OWED = 'H1 H2 H3 H6 W2 W3 W5 W6 S1 S5 I1 I2 I4 P1 P5 P6 F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F13 F16 F17'.split()
ROW = re.compile(r'^\| ([A-Z]\d+) \|[^|]*\|([^|]*)\|\s*$', re.M)
# Below this heading every row names tests, whatever it is about.
BAD = '## Bad input and bad luck'
BAD_ROW = re.compile(r'^\| (?!what|---)([^|]+) \|([^|]*)\|\s*$', re.M)
NAMED = re.compile(r'`([\w./-]+): ([^`]+)`')


def find(tree):
    if not tree.has(HOME):
        yield HOME, 1, 'is not there'
        return
    text = tree.read(HOME)
    rows = {m[1]: m for m in ROW.finditer(text)}
    for item in OWED:
        if item not in rows:
            yield HOME, 1, f'{item} has no row'
    start = text.find(BAD)
    if start < 0:
        yield HOME, 1, f'there is no "{BAD}"'
    for row in BAD_ROW.finditer(text, start if start >= 0 else len(text)):
        rows[row[1].strip()] = row
    for item, row in rows.items():
        line = text.count('\n', 0, row.start()) + 1
        tests = NAMED.findall(row[2])
        if not tests:
            yield HOME, line, f'{item} names no test'
        for file, name in tests:
            path = 'tests/' + file
            if not tree.has(path):
                yield HOME, line, f'{item}: there is no {path}'
            elif name not in tree.read(path):
                yield HOME, line, f'{item}: {path} has no "{name}"'
