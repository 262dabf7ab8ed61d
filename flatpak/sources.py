#!/usr/bin/python3
"""Prepares what the manifest needs where its addresses cannot be reached.

usage: sources.py MANIFEST STATE      prints the path of the manifest to build
SPDX-License-Identifier: GPL-3.0-or-later

STATE/standin/sources holds upstream's archives as Debian keeps them. Those with a sum that the manifest names go where
flatpak-builder looks before it fetches anything. A module whose library the stand-in runtime had to bring
(STATE/standin/substitutes) is left out, aloud, of a copy of the manifest.
"""
import hashlib
import json
import os
import shutil
import sys


def sum_of(path):
    with open(path, 'rb') as file:
        return hashlib.sha256(file.read()).hexdigest()


def list_folder(path):
    return [os.path.join(path, name) for name in sorted(os.listdir(path))] if os.path.isdir(path) else []


def read_words(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as file:
        return file.read().split()


def place(source, known, downloads):
    """Where flatpak-builder keeps what it fetched: SUM/NAME."""
    if source.get('type') != 'archive' or source['sha256'] not in known:
        return
    target = os.path.join(downloads, source['sha256'], os.path.basename(source['url']))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(known[source['sha256']], target)


def main():
    path, state = os.path.abspath(sys.argv[1]), sys.argv[2]
    standin = os.path.join(state, 'standin')
    with open(path, encoding='utf-8') as file:
        manifest = json.load(file)
    known = {sum_of(name): name for name in list_folder(os.path.join(standin, 'sources'))}
    for module in manifest['modules']:
        for source in module['sources']:
            place(source, known, os.path.join(state, 'builder', 'downloads'))
    missing = [module['name'] for module in manifest['modules'] if module['name'] in read_words(os.path.join(standin, 'substitutes'))]
    if missing:
        print(f'NOT TESTED: the modules {", ".join(missing)}; no archive of theirs can be had here', file=sys.stderr)
        manifest['modules'] = [module for module in manifest['modules'] if module['name'] not in missing]
        for source in manifest['modules'][-1]['sources']:
            source['path'] = os.path.normpath(os.path.join(os.path.dirname(path), source['path']))
        path = os.path.join(state, os.path.basename(path))
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(manifest, file, indent=2)
    print(path)


if __name__ == '__main__':
    main()
