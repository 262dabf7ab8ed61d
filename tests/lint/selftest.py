#!/usr/bin/python3
"""Plants an offender for every rule in a made-up tree and sees that the rule finds it, and nothing else.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import lint  # noqa: E402
from rules import items  # noqa: E402
from tree import Tree  # noqa: E402

SPDX = 'SPDX-License-' + 'Identifier: GPL-3.0-or-later'
OPEN = f'/* porch-a.c - a file that is as it should be\n *\n * {SPDX}\n */\n'
SHELL = f'#!/bin/sh\n# {SPDX}\n'
LONG = 'int\nmain (void)\n{\n' + '  f ();\n' * 90 + '}\n'
ENTRY = '[Desktop Entry]\nType=Application\nName=A\nExec=a\nIcon=@APPLICATION_ID@\n'
META = ('<component type="desktop-application"><id>@APPLICATION_ID@</id><metadata_license>CC0-1.0</metadata_license>'
        '<project_license>GPL-3.0-or-later</project_license><name>A</name><summary>A thing of use</summary><description><p>What it is, in some words.</p>'
        '</description><launchable type="desktop-id">@APPLICATION_ID@.desktop</launchable><url type="homepage">@HOMEPAGE@</url>'
        '<content_rating type="oars-1.1"/><releases><release version="0.1" date="2026-01-01"/></releases>%s</component>\n')
SHOT = '<screenshots><screenshot type="default"><image type="source" width="9" height="9">@HOMEPAGE@screenshots/a.png</image></screenshot></screenshots>'
SCHEMA = '<schemalist><schema id="@APPLICATION_ID@" path="@SETTINGS_PATH@"><key name="a" type="i"><default>%s</default></key></schema></schemalist>\n'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="16"><path d="M0 0h1v1z"/></svg>\n'
MANIFEST = 'flatpak/chat.porchlight.Porchlight.json'
PINNED = '{"type": "archive", "url": "https://a.example/b.tar.gz", "sha256": "' + 'a' * 64 + '"}'
REASONS = {'flatpak/README.md': '| `--share=network` | visitors come over it |\n| `b` | the runtime has none |\n'}


def pack(permissions, source=PINNED):
    return f'{{"finish-args": {permissions}, "modules": [{{"name": "b", "sources": [{source}]}}]}}\n'


UI = '<interface><object class="GtkLabel"><property name="%s"%s>%s</property></object></interface>\n'
ROWS = ''.join(f'| {item} | what | `base/a.c: /base/a` |\n' for item in items.OWED) + items.BAD + '\n| a flood | `base/a.c: /base/a` |\n'


def c(code):
    return OPEN + '#include "config.h"\n' + code


# rule, offender's path, its text, a word of the complaint (None: nothing may be found), other files
CASES = [
    ('sizes', 'src/base/porch-a.c', c('int a;\n' * 900), 'at most 900'),
    ('sizes', 'src/base/porch-a.c', c(LONG), 'main has 92 lines'),
    ('sizes', 'src/base/porch-a.c', c('int a;\n' * 800), None),
    ('habits', 'src/base/porch-a.c', c('void\nf (void)\n{\n  goto out;\n}\n'), 'goto'),
    ('habits', 'src/base/porch-a.c', c('/* no goto here */\nconst char *a = "goto";\n'), None),
    ('habits', 'src/base/porch-a.c', c('  g_autoptr (GError) error;\n'), 'without a value'),
    ('habits', 'src/base/porch-a.c', c('  g_autofree char *a = NULL, *b;\n'), 'without a value'),
    ('habits', 'src/base/porch-a.c', c('  g_autofree char *a = NULL, *b = NULL;\n  g_auto (GStrv) c = NULL;\n'), None),
    ('habits', 'src/base/porch-a.c', '/* porch-a.c - a thing */\n', 'SPDX'),
    ('habits', 'src/base/porch-a.c', f'/* {SPDX} */\n', 'first line'),
    ('habits', 'tests/a.sh', '#!/bin/sh\n', 'SPDX'),
    ('arrows', 'src/base/porch-a.c', c('#include <sqlite3.h>\n'), 'does not belong in base'),
    ('arrows', 'src/client/porch-a.c', c('#include <gtk/gtk.h>\n'), 'does not belong in client'),
    ('arrows', 'src/ui/porch-a.c', c('#include <libsoup/soup.h>\n'), 'does not belong in ui'),
    ('arrows', 'src/ui/porch-a.c', c('#include "porch-store.h"\n'), 'ui may not see store', {'src/store/porch-store.h': ''}),
    ('arrows', 'src/api/porch-a.c', c('#include "porch-store.h"\n'), 'api may not see store', {'src/store/porch-store.h': ''}),
    ('arrows', 'src/service/porch-a.c', c('#include "porch-store.h"\n'), None, {'src/store/porch-store.h': ''}),
    ('arrows', 'src/wild/porch-a.c', c(''), 'not in the table'),
    ('arrows', 'src/client/meson.build', 'dependencies: [porch_wire, porch_service]\n', 'may not be given service'),
    ('arrows', 'src/client/meson.build', 'dependencies: [porch_wire_lib, gtk_dep]\n', 'may not be given gtk_dep'),
    ('arrows', 'src/client/meson.build', 'dependencies: [porch_wire, porch_cache] # not porch_service\n', None),
    ('loop', 'src/service/porch-a.c', c('g_idle_add (f, NULL);\n'), 'porch_source'),
    ('loop', 'src/http/porch-a.c', c('g_timeout_add_seconds (1, f, NULL);\n'), 'porch_source'),
    ('loop', 'src/ui/porch-a.c', c('g_idle_add (f, NULL);\n'), None),
    ('loop', 'src/ui/porch-a.c', c('while (g_main_context_iteration (NULL, TRUE));\n'), 'nested'),
    ('loop', 'src/service/porch-a.c', c('g_main_loop_run (loop);\n'), 'only app/'),
    ('loop', 'src/client/porch-a.c', c('g_file_get_contents (a, &b, NULL, NULL);\n'), 'blocks'),
    ('secrets', 'src/api/porch-a.c', c('  g_free (self->secret);\n'), 'porch_secret_free'),
    ('secrets', 'src/api/porch-a.c', c('  g_clear_pointer (&self->token, g_free);\n'), 'porch_secret_free'),
    ('secrets', 'src/api/porch-a.c', c('  g_autofree char *file = NULL, *password = NULL;\n'), 'PorchSecretText'),
    ('secrets', 'src/api/porch-a.c', c('  g_free (self->token_hash);\n  porch_secret_free (self->token);\n'), None),
    ('outside', 'src/api/porch-a.c', c('json_object_get_string_member (o, "a");\n'), 'porch_shape'),
    ('outside', 'src/wire/porch-codec.c', c('json_object_get_string_member (o, "a");\n'), None),
    ('outside', 'src/api/porch-a.c', c('json_gobject_from_data (t, d, n, e);\n'), 'not for outside'),
    ('outside', 'src/ui/porch-a.c', c('gtk_label_set_markup (label, name);\n'), 'no constant'),
    ('outside', 'src/ui/porch-a.c', c('gtk_label_set_markup (label, _("<b>Hello</b>"));\n'), None),
    ('outside', 'src/ui/a.ui', UI % ('use-markup', '', 'true'), 'use-markup'),
    ('outside', 'src/store/porch-a.c', c('f ("SELECT * FROM message");\n'), 'name the columns'),
    ('outside', 'src/store/porch-a.c', c('g_strdup_printf ("SELECT id FROM %s", table);\n'), 'glued'),
    ('outside', 'src/store/porch-salvage-rows.c', c('g_strdup_printf ("SELECT id FROM %s", table);\n'), None),
    ('outside', 'src/store/porch-a.c', c('sqlite3_prepare_v2 (db, text->str, -1, &s, NULL);\n'), 'glued'),
    ('outside', 'src/store/porch-a.c', c('sqlite3_exec (db, "BEGIN", NULL, NULL, NULL);\n'), 'outside sql/'),
    ('api', 'src/client/porch-a.c', c('f ("/api/v1/session");\n'), 'porch_op_build_path'),
    ('api', 'src/wire/porch-ops.c', c('f ("/api/v1/session");\n'), None),
    ('routes', 'src/channel/a.c', c('R r[] = { { "GET", "/a/{id}", 0, f } };\n'), 'not in help/wire.md'),
    ('routes', 'src/http/a.c', c('R r[] = { { "GET", "/a", 0, f } };\n'), 'outside channel/', {'help/wire.md': '| `GET /a` | it |\n'}),
    ('routes', 'help/wire.md', '| `GET /a` | it |\n', 'bound nowhere'),
    ('routes', 'src/channel/a.c', c('R r[] = { { "GET", "/a/{x}/", 0, f } };\n'), None, {'help/wire.md': '| `WS /a/{id}?b=` | it |\n'}),
    ('api', 'data/widget/a.js', 'fetch("/api/v1/session");\n', 'no business'),
    ('widget', 'data/widget/a.js', 'a.innerHTML = b;\n', 'markup'),
    ('widget', 'data/widget/a.js', 'a.insertAdjacentHTML("x", b);\n', 'markup'),
    ('widget', 'data/widget/a.js', 'a.outerHTML = b;\n', 'markup'),
    ('widget', 'data/widget/a.js', 'document.write(b);\n', 'markup'),
    ('widget', 'data/widget/a.js', 'eval(b);\n', 'code from text'),
    ('widget', 'data/widget/a.js', '// never innerHTML\na.textContent = b;\n', None),
    ('widget', 'data/widget/a.js', 'import("https://cdn.example.net/a.js");\n', 'somebody'),
    ('widget', 'data/widget/a.html', '<button onclick="f()">\n', 'policy'),
    ('widget', 'data/widget/a.html', '<script>f()</script>\n', 'policy'),
    ('templates', 'src/ui/a.ui', '<interface><object></interface>\n', 'well-formed'),
    ('templates', 'src/ui/a.ui', UI % ('label', '', 'Send'), 'not translatable'),
    ('templates', 'src/ui/a.ui', UI % ('label', ' translatable="yes"', 'Send'), None),
    ('desktop', 'data/porchlight.desktop.in', ENTRY, None),
    ('desktop', 'data/porchlight.desktop.in', ENTRY + 'Colour=red\n', 'Colour'),
    ('desktop', 'data/porchlight.metainfo.xml.in', META % '', None),
    ('desktop', 'data/porchlight.metainfo.xml.in', META.replace('<summary>A thing of use</summary>', '') % '', 'summary'),
    ('desktop', 'data/porchlight.metainfo.xml.in', META % '', 'not 0.2', {'meson.build': "project('a',\n  version: '0.2')\n"}),
    ('desktop', 'data/porchlight.metainfo.xml.in', META % SHOT, 'no data/screenshots/a.png'),
    ('desktop', 'data/porchlight.gschema.xml', SCHEMA % '1', None),
    ('desktop', 'data/porchlight.gschema.xml', SCHEMA % '"one"', 'default'),
    ('desktop', 'data/icons/a-symbolic.svg', SVG % 16, None),
    ('desktop', 'data/icons/a-symbolic.svg', SVG % 24, 'has 16 pixels'),
    ('desktop', 'data/icons/a.svg', '<svg>', 'XML'),
    ('flatpak', MANIFEST, pack('["--share=network"]'), None, REASONS),
    ('flatpak', MANIFEST, pack('["--share=network", "--share=ipc"]'), 'no reason', REASONS),
    ('flatpak', MANIFEST, pack('[]'), 'not in the manifest', REASONS),
    ('flatpak', MANIFEST, pack('["--share=network", "--filesystem=home"]'), 'nobody should', REASONS),
    ('flatpak', MANIFEST, pack('["--share=network"]', '{"type": "archive", "url": "https://a.example/b"}'), 'without its sha256', REASONS),
    ('flatpak', MANIFEST, pack('["--share=network"]', '{"type": "git", "url": "https://a.example/b"}'), 'no archive', REASONS),
    ('translation', 'src/ui/porch-a.c', c('f (_("Send"));\n'), 'not in po/'),
    ('translation', 'src/ui/porch-a.c', c('f (_("Send"));\n'), None, {'po/POTFILES.in': 'src/ui/porch-a.c\n'}),
    ('translation', 'po/POTFILES.in', 'src/ui/gone.c\n', 'does not exist'),
    ('format', 'src/base/porch-a.c', c('int  a  =  1;\n'), 'not formatted', {'.clang-format': 'BasedOnStyle: LLVM\n'}),
    ('words', 'src/base/porch-a.c', c('/* TO' 'DO: more */\n'), 'finish it'),
    ('words', 'README.md', 'see /wo' 'rk/notes\n', 'one machine'),
    ('words', 'README.md', 'from registry.npm' 'js.org\n', 'package registry'),
    ('words', 'README.md', 'written by a sub' 'agent\n', 'itself alone'),
    ('words', 'README.md', 'src/work/a, https://a.example/home/b, framework/root/x\n', None),
    ('scripts', 'tests/a.sh', SHELL + 'if true; then\n', 'does not parse'),
    ('scripts', 'tests/a.py', f'# {SPDX}\ndef f(:\n', 'does not parse'),
    ('scripts', 'tests/b.sh', SHELL + 'true\n', 'chmod'),
    ('items', 'tests/README.md', 'nothing\n', 'has no row'),
    ('items', 'tests/README.md', ROWS.replace('/base/a', '/base/gone'), 'has no "/base/gone"', {'tests/base/a.c': '"/base/a"'}),
    ('items', 'tests/README.md', ROWS.replace('base/a.c', 'base/b.c'), 'there is no tests/base/b.c', {'tests/base/a.c': '"/base/a"'}),
    ('items', 'tests/README.md', ROWS.replace(items.BAD, ''), 'there is no "##', {'tests/base/a.c': '"/base/a"'}),
    ('items', 'tests/README.md', ROWS + '| a gap | `base/a.c: /base/no` |\n', 'a gap: tests/base/a.c has no', {'tests/base/a.c': '"/base/a"'}),
    ('items', 'tests/README.md', ROWS, None, {'tests/base/a.c': '"/base/a"'}),
]


def plant(root, files):
    for path, text in files.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8') as file:
            file.write(text)


def check(rule, path, text, word, others=None):
    with tempfile.TemporaryDirectory(prefix='porch-lint.') as root:
        plant(root, {**(others or {}), path: text})
        skipped, problems, _ = lint.run(Tree(root), rule)
    if skipped:
        return 'skip', skipped
    said = '; '.join(message for _, _, message in problems)
    return (word in said if word else not problems), said


def check_commits():
    """A long subject is shown and does not fail; outside git, and without git, the rule steps aside."""
    if shutil.which('git') is None:
        return True
    with tempfile.TemporaryDirectory(prefix='porch-lint.') as root:
        outside = lint.run(Tree(root), 'commits')[0]
        who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false']
        for command in (['init', '-q'], [*who, 'commit', '-q', '--allow-empty', '-m', 'x: ' + 'A' * 70]):
            subprocess.run(['git', '-C', root, *command], check=True)
        _, problems, warnings = lint.run(Tree(root), 'commits')
    return outside and not problems and len(warnings) == 1


def main():
    number = bad = 0
    for case in CASES:
        good, said = check(*case)
        number += 1
        bad += not good
        what = f'{case[0]}: {case[3] or "finds nothing wrong with this"} ({case[1]})'
        print(f'{"ok" if good else "not ok"} {number} - {what}{" # SKIP " + said if good == "skip" else ""}')
        if not good:
            print(f'# it said: {said}')
    number += 1
    good = check_commits()
    bad += not good
    print(f'{"ok" if good else "not ok"} {number} - commits: a long subject is shown')
    number += 1
    missing = sorted(set(lint.names()) - {case[0] for case in CASES} - {'commits'})
    bad += bool(missing)
    print(f'{"not ok" if missing else "ok"} {number} - every rule has been seen to fail {missing or ""}')
    print(f'1..{number}')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
