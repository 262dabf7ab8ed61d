#!/usr/bin/python3
"""The help is sound: pages are Mallard, links and pictures are there, all is reached, and the HTML of it is whole.

usage: check.py HELP-FOLDER HTML-FOLDER      SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

sys.dont_write_bytecode = True


# What a person is shown and not only told, and what goes wrong so that they look it up.
PICTURED = ('index', 'install', 'first-steps', 'snippet', 'background', 'backup', 'trouble')
TROUBLES = ('another', 'backup', 'clock', 'connection', 'damaged', 'disk', 'gone', 'locked', 'newer', 'port')


def yelp_check(folder, what, *paths):
    done = subprocess.run(['yelp-check', what, *paths], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0 and not done.stdout.strip(), done.stdout


def names(folder, suffix):
    return sorted(name for name in os.listdir(folder) if name.endswith(suffix))


def check_pages(folder):
    yelp_check(folder, 'validate', *names(folder, '.page'))
    for what in ('links', 'orphans', 'media'):
        yelp_check(folder, what, '.')


def check_contents(folder):
    for name in PICTURED:
        with open(f'{folder}/{name}.page', encoding='utf-8') as file:
            assert '<media type="image"' in file.read(), f'{name} has no picture'
    with open(f'{folder}/trouble.page', encoding='utf-8') as file:
        missing = set(TROUBLES) - set(re.findall(r'<section id="([\w-]+)"', file.read()))
    assert not missing, f'nothing helps with: {missing}'


def check_translation(source, language):
    """What itstool makes of a translation must still be Mallard: a tag can be lost in translation."""
    with tempfile.TemporaryDirectory(prefix='porch-help.') as folder:
        mo = os.path.join(folder, 'words.mo')
        subprocess.run(['msgfmt', '-o', mo, f'{source}/{language}/{language}.po'], check=True)
        done = subprocess.run(['itstool', '--strict', '-m', mo, '--lang', language, '-o', folder,
                               *[f'{source}/C/{name}' for name in names(f'{source}/C', '.page')]], capture_output=True, text=True, check=False)
        assert done.returncode == 0 and 'Warning' not in done.stderr, done.stderr
        shutil.copytree(f'{source}/C/figures', f'{folder}/figures')
        check_pages(folder)


def check_build(source):
    """meson lists what there is."""
    with open(f'{source}/meson.build', encoding='utf-8') as file:
        listed = re.findall(r"'((?:figures/)?[\w-]+\.(?:page|png))'", file.read())
    there = names(f'{source}/C', '.page') + ['figures/' + name for name in names(f'{source}/C/figures', '.png')]
    assert sorted(listed) == sorted(there), set(listed) ^ set(there)


def check_figures(source):
    """Small, and a language has no pictures that C has not."""
    wanted = names(f'{source}/C/figures', '.png')
    for language in os.listdir(source):
        folder = f'{source}/{language}/figures'
        if not os.path.isdir(folder):
            continue
        assert set(names(folder, '.png')) <= set(wanted), folder
        for name in names(folder, '.png'):
            assert os.path.getsize(f'{folder}/{name}') < 120_000, f'{folder}/{name} is large: pngquant'


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.ids = [], set()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ('href', 'src') and value:
                self.found.append(value)
            if name == 'id':
                self.ids.add(value)


def check_html(folder, source):
    pages = {}
    for name in names(folder, '.html'):
        pages[name] = Links()
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            pages[name].feed(file.read())
    missing = {name.replace('.page', '.html') for name in names(f'{source}/C', '.page')} - set(pages)
    assert not missing, missing
    for name, page in pages.items():
        for link in page.found:
            if re.match(r'\w+:', link):
                assert link.startswith('mailto:') or 'figures' not in link, link
                continue
            path, _, anchor = link.partition('#')
            assert not path or os.path.exists(os.path.join(folder, path)), f'{name}: {link} leads nowhere'
            if anchor and (path or name) in pages:
                assert anchor in pages[path or name].ids, f'{name}: {link} leads nowhere'


def main():
    source, html = map(os.path.realpath, sys.argv[1:3])
    with open(f'{source}/LINGUAS', encoding='utf-8') as file:
        languages = file.read().split()
    checks = [('the pages are valid, their links and pictures are there, and none is forgotten', lambda: check_pages(f'{source}/C')),
              ('each task has a picture, each trouble a way on', lambda: check_contents(f'{source}/C')),
              ('what is built is what there is', lambda: check_build(source)),
              ('the pictures are small', lambda: check_figures(source))]
    for language in languages:
        checks.append((f'{language}: translated pages are valid too', lambda language=language: check_translation(source, language)))
    for language in ['C', *languages]:
        checks.append((f'{language}: the HTML is whole', lambda language=language: check_html(f'{html}/{language}', source)))
    failed = 0
    for number, (name, check) in enumerate(checks, 1):
        try:
            check()
            print(f'ok {number} - help: {name}', flush=True)
        except (AssertionError, OSError, subprocess.CalledProcessError) as error:
            failed += 1
            print(f'not ok {number} - help: {name}\n# ' + str(error).replace('\n', '\n# '), flush=True)
    print(f'1..{len(checks)}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
