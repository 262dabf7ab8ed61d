#!/usr/bin/python3
"""Makes a file of the widget as it is sent: modules joined into one, comments and indentation left out.

usage: bundle.py OUTPUT DEPFILE FILE           a page or a style sheet
       bundle.py OUTPUT DEPFILE FIRST.js LATER.js [later]
SPDX-License-Identifier: GPL-3.0-or-later

The sources stay plain ES modules that a browser runs as they are; this only saves requests and bytes. FIRST
is what every visitor loads, LATER what comes with a conversation: a module that both use is in FIRST, which
exports what LATER's modules want of it. Known are just the forms used here: `import { a, b } from './x.js';`,
`export` before a declaration, comments on lines of their own. Modules that are joined share one scope, so
their top-level names are unique.
"""
import re
import sys
from pathlib import Path

IMPORT = re.compile(r"^import \{([^}]*)\} from '\./([\w-]+\.js)';\n", re.M)


def collect(path, modules):
    """The module and all it needs, each once, what is needed before what needs it: {path: text}."""
    text = path.read_text(encoding='utf-8')
    for _, name in IMPORT.findall(text):
        if path.parent / name not in modules:
            collect(path.parent / name, modules)
    modules.setdefault(path, text)
    return modules


def wanted(later, first):
    """The names that the later modules import from the first ones."""
    names = set()
    for path, text in later.items():
        for group, name in IMPORT.findall(text):
            if path not in first and path.parent / name in first:
                names.update(part.strip() for part in group.split(',') if part.strip())
    return ', '.join(sorted(names))


def strip_script(text, is_public):
    text = IMPORT.sub('', text)
    if not is_public:
        text = re.sub(r'^export ', '', text, flags=re.M)
    text = re.sub(r'^\s*/\*\*?.*?\*/\n', '', text, flags=re.M | re.S)
    return re.sub(r'\n\s*', '\n', re.sub(r'^\s*//.*\n', '', text, flags=re.M)).strip() + '\n'


def strip_page(text):
    text = re.sub(r'/\*.*?\*/|<!--.*?-->', '', text, flags=re.S)
    return re.sub(r'\n\s*', '\n', re.sub(r' *([{};,]) +', r'\1', text)).strip() + '\n'


def join(first_path, later_path, is_later):
    first = collect(first_path, {})
    later = collect(later_path, {}) if later_path else {}
    names = wanted(later, first)
    if is_later:
        mine = {path: text for path, text in later.items() if path not in first}
        return [*first, *later], f"import {{ {names} }} from './{first_path.name}';\n", mine, ''
    return [*first, *later], '', first, f'export {{ {names} }};\n' if names else ''


def main():
    output, depfile, entry = map(Path, sys.argv[1:4])
    if entry.suffix == '.js':
        later = Path(sys.argv[4]) if len(sys.argv) > 4 else None
        used, head, modules, tail = join(entry, later, sys.argv[5:] == ['later'])
        text = head + ''.join(strip_script(text, path == later and bool(head))
                              for path, text in modules.items()) + tail
    else:
        used, text = [entry], strip_page(entry.read_text(encoding='utf-8'))
    output.write_text(text, encoding='utf-8')
    depfile.write_text(f'{output}: {" ".join(map(str, used))}\n', encoding='utf-8')


if __name__ == '__main__':
    main()
