#!/usr/bin/python3
"""The widget's words on their way to translators and back.

usage: words.py pot  TEXT.JS OUTPUT.pot           what is to be translated
       words.py json TEXT.JS LANGUAGE.po OUTPUT   the translation, as /widget/config sends it
SPDX-License-Identifier: GPL-3.0-or-later

A message's context is its key in text.js, so that one English word may be two in another language. Keys that
count end in _one and _other there and are one message with a plural. The words go back under the categories of
CLDR, which browsers choose by: gettext numbers its forms in their order.
"""
import gettext
import io
import json
import re
import subprocess
import sys
from pathlib import Path

WORD = re.compile(r"^  (\w+): '((?:[^'\\]|\\.)*)',$", re.M)
CATEGORIES = {
    1: ['other'],
    2: ['one', 'other'],
    3: ['one', 'few', 'many'],
    4: ['one', 'two', 'few', 'other'],
    5: ['one', 'two', 'few', 'many', 'other'],
    6: ['zero', 'one', 'two', 'few', 'many', 'other'],
}
HEAD = '''msgid ""
msgstr ""
"Project-Id-Version: porchlight\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"
'''


def read_english(path):
    text = path.read_text(encoding='utf-8')
    table = text[text.index('export const ENGLISH = {'):]
    return {key: re.sub(r'\\(.)', r'\1', word) for key, word in WORD.findall(table[:table.index('\n};')])}


def quote(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def write_pot(english):
    parts = [HEAD]
    for key, word in english.items():
        stem = key.removesuffix('_one')
        if key.endswith('_other') and key.removesuffix('_other') + '_one' in english:
            continue
        lines = [f'#: data/widget/text.js:{key}', f'msgctxt {quote(stem)}', f'msgid {quote(word)}']
        if stem != key:
            lines += [f'msgid_plural {quote(english[stem + "_other"])}', 'msgstr[0] ""', 'msgstr[1] ""']
        else:
            lines.append('msgstr ""')
        parts.append('\n'.join(lines) + '\n')
    return '\n'.join(parts)


def read_catalogue(path):
    done = subprocess.run(['msgfmt', '--check', '-o', '-', path], check=True, stdout=subprocess.PIPE)
    return gettext.GNUTranslations(io.BytesIO(done.stdout))._catalog


def translate(english, catalogue):
    """What is not translated is left out: there the widget says it in English."""
    words = {}
    for key, word in english.items():
        stem = key.removesuffix('_one')
        said = catalogue.get(f'{key}\4{word}')
        if said:
            words[key] = said
        if stem == key:
            continue
        forms = [catalogue[f'{stem}\4{word}', n] for n in range(7) if catalogue.get((f'{stem}\4{word}', n))]
        words.update({f'{stem}_{category}': form for category, form in zip(CATEGORIES.get(len(forms), []), forms)})
        if forms:
            words[f'{stem}_other'] = forms[-1]
    return words


def main():
    english = read_english(Path(sys.argv[2]))
    if sys.argv[1] == 'pot':
        text = write_pot(english)
    else:
        words = translate(english, read_catalogue(sys.argv[3]))
        text = json.dumps(words, ensure_ascii=False, separators=(',', ':'))
    Path(sys.argv[-1]).write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main()
