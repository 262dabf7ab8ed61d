"""the manifest pins what it fetches and asks for nothing that is not explained

SPDX-License-Identifier: GPL-3.0-or-later

Every permission has its row in flatpak/README.md and every row its permission: "| `--share=network` | why |". The same
for modules: "| `wslay` | why |".
"""
import json
import re

MANIFEST = 'flatpak/chat.porchlight.Porchlight.json'
README = 'flatpak/README.md'
# What would open the sandbox wide, or what a portal does.
NEVER = (r'--filesystem=', r'--device=all', r'--socket=(session|system)-bus', r'--socket=x11$', r'--allow=devel',
         r'--(system-)?(talk|own)-name=')
OWN = 'porchlight'


def rows(text):
    return re.findall(r'^\| `([^`]+)` \| [^|]{10,}', text, re.M)


def check_sources(module):
    for source in module.get('sources', []):
        if source.get('type') == 'archive':
            if not re.fullmatch(r'[0-9a-f]{64}', source.get('sha256', '')):
                yield f'{module["name"]}: an archive without its sha256'
            if not source.get('url', '').startswith('https://'):
                yield f'{module["name"]}: an archive without an https address'
        elif module['name'] != OWN:
            yield f'{module["name"]}: a source that is no archive'


def find(tree):
    if not tree.has(MANIFEST):
        return
    try:
        manifest = json.loads(tree.read(MANIFEST))
    except ValueError as error:
        yield MANIFEST, 1, f'does not parse: {error}'
        return
    explained = rows(tree.read(README)) if tree.has(README) else []
    permissions = manifest.get('finish-args', [])
    modules = [module['name'] for module in manifest['modules'] if module['name'] != OWN]
    for permission in permissions:
        if any(re.match(pattern, permission) for pattern in NEVER):
            yield MANIFEST, 1, f'{permission}: a portal does it, or nobody should'
    for name in permissions + modules:
        if name not in explained:
            yield MANIFEST, 1, f'{name} has no reason in {README}'
    for name in explained:
        if name not in permissions + modules:
            yield README, 1, f'{name} is explained and not in the manifest'
    for module in manifest['modules']:
        for complaint in check_sources(module):
            yield MANIFEST, 1, complaint
