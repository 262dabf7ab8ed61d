"""what the desktop reads of us is valid: entry, metainfo, settings, icons

SPDX-License-Identifier: GPL-3.0-or-later

The files are filled in as meson does it, and given to the validators of their own specifications.
"""
import os
import re
import shutil
import struct
import subprocess
import tempfile

from rules import Skip

ID = 'chat.porchlight.Porchlight'
VALUES = {'APPLICATION_ID': ID, 'SETTINGS_PATH': '/' + ID.replace('.', '/') + '/', 'HOMEPAGE': 'https://porchlight.chat/',
          'BINDIR': '/usr/bin'}
DESKTOP, METAINFO, SCHEMA = (f'data/porchlight.{kind}' for kind in ('desktop.in', 'metainfo.xml.in', 'gschema.xml'))
ICON = r'data/icons/.*\.svg$|src/ui/icons/.*\.svg$'


def need(tool):
    if shutil.which(tool) is None:
        raise Skip(f'{tool} is not here')


def fill(text):
    return re.sub(r'@([A-Z_]+)@', lambda m: VALUES.get(m[1], m[0]), text)


def complaints(*command):
    done = subprocess.run(command, capture_output=True, text=True, errors='replace', env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    if done.returncode == 0:
        return []
    return [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()] or [f'ended with {done.returncode}']


def check_filled(tree, path, name, *command):
    """Runs @command on a filled copy of @path that is called @name."""
    need(command[0])
    with tempfile.TemporaryDirectory(prefix='porch-desktop.') as folder:
        copy = os.path.join(folder, name)
        with open(copy, 'w', encoding='utf-8') as file:
            file.write(fill(tree.read(path)))
        target = folder if command[0] == 'glib-compile-schemas' else copy
        for line in complaints(*command, target):
            yield path, 1, line.replace(folder + '/', '')


def project_version(tree):
    found = re.search(r"^\s*version: '([^']+)'", tree.read('meson.build'), re.M) if tree.has('meson.build') else None
    return found and found[1]


def png_size(tree, path):
    with open(os.path.join(tree.root, path), 'rb') as file:
        return struct.unpack('>II', file.read(24)[16:24])


def check_metainfo(tree):
    text = tree.read(METAINFO)
    version, newest = project_version(tree), re.search(r'<release version="([^"]+)"', text)
    if version and (not newest or newest[1] != version):
        yield METAINFO, 1, f'the newest release is not {version}, which meson.build has'
    for width, height, name in re.findall(r'<image type="source" width="(\d+)" height="(\d+)">@HOMEPAGE@screenshots/([^<]+)<', text):
        path = 'data/screenshots/' + name
        if not tree.has(path):
            yield METAINFO, 1, f'there is no {path} to be shown'
        elif png_size(tree, path) != (int(width), int(height)):
            yield METAINFO, 1, f'{path} is {png_size(tree, path)}, not {width} x {height}'


def check_icon(tree, path):
    text = tree.read(path)
    yield from ((path, 1, line) for line in complaints('rsvg-convert', os.path.join(tree.root, path)))
    if path.endswith('-symbolic.svg') and ('gradient' in text.lower() or not re.search(r'(viewBox="0 0 16 16"|width="16")', text)):
        yield path, 1, 'a symbolic icon has 16 pixels and one colour'


def find(tree):
    if tree.has(DESKTOP):
        yield from check_filled(tree, DESKTOP, ID + '.desktop', 'desktop-file-validate')
    if tree.has(METAINFO):
        yield from check_filled(tree, METAINFO, ID + '.metainfo.xml', 'appstreamcli', 'validate', '--no-net', '--explain')
        yield from check_metainfo(tree)
    if tree.has(SCHEMA):
        yield from check_filled(tree, SCHEMA, ID + '.gschema.xml', 'glib-compile-schemas', '--strict', '--dry-run')
    icons = tree.match(ICON)
    if icons:
        need('rsvg-convert')
    for path in icons:
        yield from check_icon(tree, path)
