#!/usr/bin/python3
"""The translations are whole: nothing missing, nothing doubtful, and what is filled in stays where it must.

usage: catalogues.py SOURCE      SPDX-License-Identifier: GPL-3.0-or-later

What is to be translated is extracted anew, so that a sentence that was added or changed is found the same day.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
PLACE = re.compile(r'\{\w+\}')
KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'ngettext:1,2']


class Skip(Exception):
    pass


def run(*command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **more)
    assert done.returncode == 0, f'{os.path.basename(command[0])}: {done.stdout[-1500:]}'
    return done.stdout


def read_lines(path):
    with open(path, encoding='utf-8') as file:
        return [line.strip() for line in file if line.strip() and not line.startswith('#')]


def extract_program(root, pot):
    run('xgettext', '--from-code=UTF-8', *[f'--keyword={word}' for word in KEYWORDS], f'--directory={root}',
        f'--files-from={root}/po/POTFILES.in', f'--output={pot}')


def extract_widget(root, pot):
    run(sys.executable, f'{root}/data/widget/words.py', 'pot', f'{root}/data/widget/text.js', pot)


def extract_help(root, pot):
    if not shutil.which('itstool'):
        raise Skip('there is no itstool')
    folder = f'{root}/help/C'
    run('itstool', '-o', pot, *sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith('.page')))
    with open(pot, encoding='utf-8') as file:
        blocks = file.read().split('\n\n')
    # Pictures change with every change of the window, and those of a language are found by their names.
    kept = [block for block in blocks if 'msgid "external ref=' not in block and 'msgid "translator-credits"' not in block]
    with open(pot, 'w', encoding='utf-8') as file:
        file.write('\n\n'.join(kept))


def check(root, extract, path):
    with tempfile.TemporaryDirectory(prefix='porch-po.') as folder:
        pot = os.path.join(folder, 'new.pot')
        extract(root, pot)
        run('msgcmp', path, pot, env=dict(os.environ, LC_ALL='C.UTF-8'))
    said = run('msgfmt', '--check', '--statistics', '-o', os.devnull, path, env=dict(os.environ, LC_ALL='C.UTF-8'))
    assert 'fuzzy' not in said and 'untranslated' not in said, said
    return said.strip()


def check_places(root, language):
    """The widget fills in {name} and the like: a translation may move them, and nothing else."""
    sys.path.insert(0, f'{root}/data/widget')
    import words
    english = words.read_english(words.Path(f'{root}/data/widget/text.js'))
    said = words.translate(english, words.read_catalogue(f'{root}/po/widget/{language}.po'))
    for key, word in english.items():
        assert key in said, f'{key} is missing'
        allowed = set(PLACE.findall(word)) | ({'{n}'} if key.endswith('_one') else set())
        assert set(PLACE.findall(said[key])) <= allowed, f'{key}: {said[key]}'
        if not key.endswith('_one'):
            assert set(PLACE.findall(said[key])) == set(PLACE.findall(word)), f'{key}: {said[key]}'
    return f'{len(english)} words'


def check_loader(root):
    """The loader's English is the table's; it cannot read it there, since it comes before all else."""
    sys.path.insert(0, f'{root}/data/widget')
    import bundle
    import words
    english = words.read_english(words.Path(f'{root}/data/widget/text.js'))
    with open(f'{root}/data/widget/loader.js', encoding='utf-8') as file:
        found = re.search(r'const WORDS = \{ en: \[(.*)\] \};', file.read())
    assert re.findall(r"'([^']*)'", found[1]) == [english[key] for key in bundle.SAID_BY_LOADER], found[1]
    return 'four sentences'


def check_languages(root):
    languages = read_lines(f'{root}/po/LINGUAS')
    assert languages == read_lines(f'{root}/help/LINGUAS'), 'po/LINGUAS and help/LINGUAS differ'
    return ' '.join(languages)


def main():
    root = os.path.realpath(sys.argv[1])
    checks = [('the loader says what the chat says', lambda: check_loader(root)),
              ('program and help know the same languages', lambda: check_languages(root))]
    for language in read_lines(f'{root}/po/LINGUAS'):
        for what, extract, path in (('the program', extract_program, f'po/{language}.po'),
                                    ('the widget', extract_widget, f'po/widget/{language}.po'),
                                    ('the help', extract_help, f'help/{language}/{language}.po')):
            checks.append((f'{language}: {what} is translated, all of it',
                           lambda extract=extract, path=path: check(root, extract, os.path.join(root, path))))
        checks.append((f'{language}: what the widget fills in', lambda language=language: check_places(root, language)))
    failed = 0
    for number, (name, test) in enumerate(checks, 1):
        try:
            print(f'ok {number} - {name}\n# {test()}')
        except Skip as reason:
            print(f'ok {number} - {name} # SKIP {reason}')
        except AssertionError as error:
            failed += 1
            print(f'not ok {number} - {name}\n# ' + str(error).replace('\n', '\n# '))
    print(f'1..{len(checks)}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
