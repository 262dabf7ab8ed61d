#!/usr/bin/python3
"""Builds the help as HTML, a folder a language, for desktops without a viewer of their own.

usage: pages.py SOURCE OUTPUT DEPFILE [LANGUAGE...]        SPDX-License-Identifier: GPL-3.0-or-later

Needs yelp-build, and itstool for other languages than C. Pictures that a language does not have are C's.
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def translate(source, language, folder):
    mo = folder / 'words.mo'
    subprocess.run(['msgfmt', '-o', mo, source / language / f'{language}.po'], check=True)
    pages = folder / 'pages'
    pages.mkdir()
    subprocess.run(['itstool', '-m', mo, '--lang', language, '-o', pages, *sorted((source / 'C').glob('*.page'))], check=True)
    shutil.copytree(source / 'C' / 'figures', pages / 'figures')
    if (source / language / 'figures').is_dir():
        shutil.copytree(source / language / 'figures', pages / 'figures', dirs_exist_ok=True)
    return pages


def main():
    source, output, depfile = map(Path, sys.argv[1:4])
    shutil.rmtree(output, ignore_errors=True)
    for language in ['C', *sys.argv[4:]]:
        with tempfile.TemporaryDirectory(prefix='porch-help.') as folder:
            pages = source / 'C' if language == 'C' else translate(source, language, Path(folder))
            (output / language).mkdir(parents=True)
            subprocess.run(['yelp-build', 'html', '-o', output / language, pages], check=True)
    seen = sorted(path for path in source.rglob('*') if path.suffix in ('.page', '.png', '.po'))
    depfile.write_text(f'{output}: ' + ' '.join(map(str, seen)) + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
