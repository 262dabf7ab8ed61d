#!/usr/bin/python3
"""Makes a file of the widget as it is sent: modules joined into one, comments and indentation left out.

usage: bundle.py ENTRY OUTPUT [DEPFILE]
SPDX-License-Identifier: GPL-3.0-or-later

The sources stay plain ES modules that a browser runs as they are; this only saves requests and bytes. It
knows just the forms used here: `import { a, b } from './x.js';`, `export` before a declaration, comments
on lines of their own. All modules share one scope then, so their top-level names are unique.
"""
import re
import sys
from pathlib import Path

IMPORT = re.compile(r"^import \{[^}]*\} from '\./([\w-]+\.js)';\n", re.M)


def collect(path, seen, parts):
    """Appends what the module needs, then the module: each once, in the order of their use."""
    if path in seen:
        return
    seen.append(path)
    text = path.read_text(encoding='utf-8')
    for name in IMPORT.findall(text):
        collect(path.parent / name, seen, parts)
    parts.append(re.sub(r'^export ', '', IMPORT.sub('', text), flags=re.M))


def strip(text, suffix):
    if suffix == '.js':
        text = re.sub(r'^\s*/\*\*?.*?\*/\n', '', text, flags=re.M | re.S)
        text = re.sub(r'^\s*//.*\n', '', text, flags=re.M)
    elif suffix == '.css':
        text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
        text = re.sub(r' *([{};,:]) +', r'\1', text)
    return re.sub(r'\n\s*', '\n', text).strip() + '\n'


def main():
    entry, output = Path(sys.argv[1]), Path(sys.argv[2])
    seen, parts = [], []
    if entry.suffix == '.js':
        collect(entry, seen, parts)
    else:
        parts.append(entry.read_text(encoding='utf-8'))
    output.write_text(''.join(strip(part, entry.suffix) for part in parts), encoding='utf-8')
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_text(f'{output}: {" ".join(map(str, seen))}\n', encoding='utf-8')


if __name__ == '__main__':
    main()
