#!/usr/bin/python3
"""Makes a file of the widget as it is sent: modules joined into one, comments and indentation left out.

usage: bundle.py NAME OUTPUT DEPFILE FOLDER [WORDS-xx.json...]
NAME is the file in FOLDER; app.js and room.js are joined. The loader gets those words that are said without the app;
loader-lit.js is the same, for while somebody is in.
SPDX-License-Identifier: GPL-3.0-or-later

The sources stay plain ES modules that a browser runs as they are; this only saves requests and bytes. app.js
is what every visitor loads, room.js what comes with a conversation: a module that both use is in app.js, which
exports what room.js wants of it. Known are just the forms used here: `import { a, b } from './x.js';`,
`export` before a declaration, comments on lines of their own. Modules that are joined share one scope, so
their top-level names are unique. Files that name each other do so with a version made from all of them: a
browser never puts an old one beside a new one.
"""
import hashlib
import json
import re
import sys
from pathlib import Path

FIRST, LATER = 'app.js', 'room.js'
NAMES = re.compile(r"(?<=[./])(app\.js|app\.css|room\.js)(?=['\"])")
SAID_BY_LOADER = ('launch', 'close_chat', 'unreachable', 'try_again', 'launch_in')
LIT, DARK = 'loader-lit.js', 'loader.js'
LOADER_WORDS = re.compile(r'(const WORDS = \{ en: \[.*\]) \};')
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


def strip_page(text, is_style):
    text = re.sub(r'/\*.*?\*/|<!--.*?-->', '', text, flags=re.S)
    if is_style:
        text = re.sub(r' *([{};,]) +', r'\1', text)
    return re.sub(r'\n\s*', '\n', text).strip() + '\n'


def join(folder, is_later):
    first = collect(folder / FIRST, {})
    later = collect(folder / LATER, {})
    names = wanted(later, first)
    if not is_later:
        return ''.join(strip_script(text, False) for text in first.values()) + f'export {{ {names} }};\n'
    mine = {path: text for path, text in later.items() if path not in first}
    return f"import {{ {names} }} from './{FIRST}';\n" + ''.join(
        strip_script(text, path.name == LATER) for path, text in mine.items())


def add_languages(text, files):
    """The loader's words in every language that has all of them."""
    rows = []
    for path in files:
        words = json.loads(path.read_text(encoding='utf-8'))
        if all(key in words for key in SAID_BY_LOADER):
            language = path.stem.removeprefix('words-')
            rows.append(f', {json.dumps(language)}: {json.dumps([words[key] for key in SAID_BY_LOADER], ensure_ascii=False)}')
    text, n = LOADER_WORDS.subn(lambda match: match[1] + ''.join(rows) + ' };', text)
    assert n == 1, 'the loader has no place for words'
    return text


def light_up(text):
    text, n = re.subn(r'\blight: false\b', 'light: true', text)
    assert n == 1, 'the loader has no light of its own'
    return text


def main():
    name = sys.argv[1]
    output, depfile, folder, *words = map(Path, sys.argv[2:])
    sent = [folder / 'app.html', folder / 'app.css', *collect(folder / LATER, collect(folder / FIRST, {}))]
    version = hashlib.sha256(b''.join(path.read_bytes() for path in sent)).hexdigest()[:12]
    if name in (FIRST, LATER):
        text = join(folder, name == LATER)
    elif name == LIT:
        text = strip_script(light_up(add_languages((folder / DARK).read_text(encoding='utf-8'), words)), True)
    elif name.endswith('.js'):
        text = strip_script(add_languages((folder / name).read_text(encoding='utf-8'), words), True)
    else:
        text = strip_page((folder / name).read_text(encoding='utf-8'), name.endswith('.css'))
    if folder / name in sent:
        text = NAMES.sub(rf'\1?v={version}', text)
    output.write_text(text, encoding='utf-8')
    depfile.write_text(f'{output}: {" ".join(map(str, sent))}\n', encoding='utf-8')


if __name__ == '__main__':
    main()
