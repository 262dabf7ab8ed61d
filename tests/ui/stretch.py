#!/usr/bin/python3
"""stretch.py ROOT CMD...: runs CMD where every sentence of the window is 40 % longer and accented.

SPDX-License-Identifier: GPL-3.0-or-later
What is not translatable stays as it is, so it is seen at once; what fits only in English does not fit any more.
@LOCALE in CMD becomes the folder with the language, for bindtextdomain() and LANGUAGE=qps. The C locale's own UTF-8 has no other
languages from glibc 2.39 on, so a locale is made for it.
"""
import os
import re
import subprocess
import sys
import tempfile

ACCENTS = str.maketrans('aceinosuyAEINOSUY', 'áçéíñöšûýÁÉÍÑÖŠÛÝ')
LOCALE = 'en_US.UTF-8'
# What must stay: placeholders of printf and of times, markup, mnemonics.
KEPT = re.compile(r"(%%|%'?-?[0-9$]*[a-zA-Z]|<[^>]*>|&[a-z]+;|\\[n\"\\])")


def stretch(text):
    parts = KEPT.split(text)
    words = ''.join(parts[::2])
    if not re.search('[A-Za-z]', words):
        return text
    longer = ''.join(part if n % 2 else part.translate(ACCENTS) for n, part in enumerate(parts))
    fill = 'wöñdéŕ fûl léñgths '
    n = max(1, round(len(words) * 0.4))
    return longer + ' ' + (fill * (n // len(fill) + 1))[:n].strip() if n > 2 else longer + 'ö' * n


def read(pot):
    """The entries of a pot: (context, msgid, plural), as they are quoted there."""
    for entry in pot.split('\n\n')[1:]:
        fields = {}
        name = None
        for line in entry.split('\n'):
            found = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) "(.*)"$', line)
            if found:
                name = found.group(1)
                fields[name] = found.group(2)
            elif line.startswith('"') and name:
                fields[name] += line[1:-1]
        yield fields.get('msgctxt'), fields['msgid'], fields.get('msgid_plural')


def write(entries):
    yield 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    for context, text, plural in entries:
        lines = [f'msgctxt "{context}"'] if context is not None else []
        lines.append(f'msgid "{text}"')
        if plural is None:
            lines.append(f'msgstr "{stretch(text)}"')
        else:
            lines += [f'msgid_plural "{plural}"', f'msgstr[0] "{stretch(text)}"', f'msgstr[1] "{stretch(plural)}"']
        yield '\n'.join(lines) + '\n'


def make(root, folder):
    pot = subprocess.run(['xgettext', '--from-code=UTF-8', '--files-from=po/POTFILES.in', '--output=-', '--keyword=_', '--keyword=N_',
                          '--keyword=C_:1c,2', '--keyword=NC_:1c,2', '--keyword=ngettext:1,2'],
                         cwd=root, capture_output=True, text=True, check=True).stdout
    target = os.path.join(folder, 'qps', 'LC_MESSAGES')
    os.makedirs(target)
    subprocess.run(['msgfmt', '--check-format', '-o', os.path.join(target, 'porchlight.mo'), '-'], input='\n'.join(write(read(pot))),
                   text=True, check=True)


def main(root, *command):
    with tempfile.TemporaryDirectory() as folder:
        make(root, folder)
        subprocess.run(['localedef', '-i', 'en_US', '-f', 'UTF-8', os.path.join(folder, LOCALE)], stdout=subprocess.DEVNULL, check=True)
        run = [folder if part == '@LOCALE' else part for part in command]
        return subprocess.run(run, env=dict(os.environ, LANGUAGE='qps', LOCPATH=folder, LC_ALL=LOCALE)).returncode


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
