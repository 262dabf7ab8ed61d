#!/usr/bin/python3
"""What the program says to a person at a terminal, and what it takes from one, whatever the locale.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from german import make_locale
from house import PROGRAM
from tap import Skip, Suite, equal, expect

suite = Suite()
# Nobody chose one; one of which this computer knows nothing; that of programs.
NO_LOCALES = ({}, {'LANG': 'xx_XX.UTF-8'}, {'LC_ALL': 'C'}, {'LC_ALL': 'POSIX', 'LANGUAGE': 'de'})

ENGLISH = {'LC_ALL': 'C'}
COMMANDS = ('serve', 'setup', 'agent', 'backup', 'restore', 'check', 'secret', 'site', 'setting')


class Terminal:
    """A folder for each case, and no server but for as long as a command takes."""

    async def __aenter__(self):
        self.folder = tempfile.mkdtemp(prefix='porch-terminal.')
        self.run_dir = os.path.join(self.folder, 'run')
        os.mkdir(self.run_dir, 0o700)
        self.n_folders = 0
        locales = os.path.join(self.folder, 'locales')
        os.mkdir(locales)
        self.german = make_locale(locales, 'de')
        return self

    async def __aexit__(self, kind, error, trace):
        shutil.rmtree(self.folder, ignore_errors=True)

    async def revive(self):
        self.n_folders += 1

    @property
    def data(self):
        return os.path.join(self.folder, f'data {self.n_folders}')

    def environment(self, locale):
        kept = {name: value for name, value in os.environ.items() if not name.startswith('LC_') and name not in ('LANG', 'LANGUAGE')}
        return {**kept, 'XDG_RUNTIME_DIR': self.run_dir, 'G_DEBUG': 'fatal-warnings', **locale}

    def run(self, locale, *args, status=0):
        """(stdout, stderr) of a command, as bytes that must be UTF-8."""
        done = subprocess.run([PROGRAM, *args], env=self.environment(locale), capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
        out, err = done.stdout.decode('utf-8'), done.stderr.decode('utf-8')
        equal(done.returncode, status, f'{args}: {out}{err}')
        return out, err

    def watch(self, locale, *args, status=0):
        """(stdout, what was shown) of a command whose stderr is a terminal."""
        ours, theirs = pty.openpty()
        with subprocess.Popen([PROGRAM, *args], env=self.environment(locale), stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL) as process:
            os.close(theirs)
            shown = b''
            try:
                while piece := os.read(ours, 4096):
                    shown += piece
            except OSError:
                pass  # the other end is closed
            os.close(ours)
            out = process.stdout.read().decode('utf-8')
        equal(process.returncode, status, f'{args}: {out}{shown}')
        return out, shown.decode('utf-8').replace('\r\n', '\n')

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as out:
            out.write(text + '\n')
        return path

    def both(self):
        """English and German, as far as this computer can."""
        if not self.german:
            raise Skip('no German locale can be made: localedef and /usr/share/i18n are Debian\'s package locales')
        return ENGLISH, self.german

    def setup(self, locale, *more, status=0):
        return self.run(locale, 'setup', '--data', self.data, '--business', 'Bäckerei Łukasz', '--domain', 'localhost', '--name', 'Jürgen 林',
                        *more, status=status)


@suite.case('letters: a name with an umlaut is taken and shown in every locale, and in none')
async def letters(terminal):
    for locale in NO_LOCALES:
        await terminal.revive()
        equal(json.loads(terminal.setup(locale)[0])['agent']['name'], 'Jürgen 林', f'{locale}')
        equal(json.loads(terminal.run(locale, 'site', '--data', terminal.data)[0])['items'][0]['name'], 'Bäckerei Łukasz', f'{locale}')
        missing = os.path.join(terminal.folder, 'fehlt für immer', 'Käse.db')
        for command in ('backup', 'restore'):
            err = terminal.run(locale, command, '--data', terminal.data, missing, status=1)[1]
            expect('für immer/Käse.db' in err and '?' not in err, f'{locale}: {err}')


def described(text):
    """What stands behind each option or command of a help, and its paragraphs."""
    behind = re.findall(r'^ {2,}\S.*?  +(\S.*)$', text, re.M)
    return set(behind) | {line for line in text.splitlines() if line and not line.startswith(' ') and not line.endswith(':')}


@suite.case('languages: all help is German where that is the language, and English in the C locale')
async def helps(terminal):
    english, german = terminal.both()
    kept = {'porchlight --version', 'Show help options'}  # the second is GLib's own
    for args in (('--help',), ('--data', '/nonexistent', '--help'), *((command, '--help') for command in COMMANDS)):
        told, other = (terminal.run(locale, *args)[0] for locale in (english, german))
        expect(len(described(told)) > 1 and described(told).isdisjoint(described(other) - kept), f'{args}: {other}')
        expect('=DIR' not in other and '=FILE' not in other and '[--data DIR]' not in other, other)
        if len(args) == 2:
            expect(f'  porchlight {args[0]} [' in told and f'  porchlight {args[0]} [' in other, told + other)
    expect('Ohne Fenster laufen' in terminal.run(german, '--help')[0], 'list')
    expect('--password-file=DATEI' in terminal.run(german, 'agent', '--help')[0], 'placeholder')
    expect('Serve without a window' in terminal.run(english, '--help')[0], 'list in English')


# What goes well is said to whoever watches; what programs read is the same in both languages.
WELL = (
    (('setup', '--business', 'Bäckerei', '--domain', 'localhost', '--name', 'Jürgen'), 'Porchlight is set up, and Jürgen can answer.',
     'Porchlight ist eingerichtet, und Jürgen kann antworten.'),
    (('agent', 'add', '--name', 'Änne', '--email', 'aenne@example.org', '--password-file', '@password'), 'Änne can sign in now.',
     'Änne kann sich jetzt anmelden.'),
    (('setting', 'message_rate_ms', '900'), 'This holds from now on.', 'Das gilt ab jetzt.'),
    (('site', '--name', 'Käserei'), 'This holds from now on.', 'Das gilt ab jetzt.'),
    (('backup', '@copy.db'), 'The copy is whole: ', 'Die Kopie ist vollständig: '),
    (('check',), 'The file is whole.', 'Die Datei ist heil.'),
    (('restore', '@copy.db'), 'Porchlight is back at this copy.', 'Porchlight ist zu dieser Kopie zurückgekehrt.'),
)


@suite.case('languages: what goes well is said in German to whoever watches, and is the same JSON', 90)
async def well(terminal):
    both = terminal.both()
    terminal.file('password', 'canary-password-7Qx')
    answers = []
    for language, locale in enumerate(both):
        await terminal.revive()
        for args, *words in WELL:
            args = [os.path.join(terminal.folder, f'{language} ä {word[1:]}' if word == '@copy.db' else word[1:]) if word[0] == '@' else word
                    for word in args]
            out, shown = terminal.watch(locale, *args, '--data', terminal.data)
            expect(words[language] in shown and words[1 - language] not in shown, f'{args}: {shown}')
            answers.append((language, args[0], sorted(json.loads(out))))
    equal([answer[1:] for answer in answers if answer[0] == 0], [answer[1:] for answer in answers if answer[0] == 1], 'JSON')
    # In a log or a script there is no more than there was.
    equal(terminal.run(both[1], 'check', '--data', terminal.data), ('{"ok":true}\n', ''), 'unwatched')


# The exit status, what is said, and in which words a log can be searched for it.
BAD = (
    (('dance',), 2, 'There is no command dance', 'Den Befehl dance gibt es nicht', ''),
    (('agent',), 2, 'Usage: porchlight agent add --name NAME', 'Aufruf: porchlight agent add --name NAME --email ADRESSE', ''),
    (('setup',), 1, '--business is needed.', '--business fehlt.', ''),
    (('setup', '--business', 'B', '--domain', 'localhost', '--name', 'N'), 1, 'This folder is set up already.',
     'Dieser Ordner ist schon eingerichtet.', 'the server answered 409: Bäckerei Łukasz is set up already'),
    (('agent', 'add', '--name', 'Änne', '--email', 'Änne', '--password-file', '@password'), 1, 'Änne is no e-mail address.',
     'Änne ist keine E-Mail-Adresse.', ''),
    (('agent', 'add', '--name', 'Änne', '--email', 'a@example.org', '--password-file', '@short'), 1, 'A password has at least 10 characters.',
     'Ein Passwort hat mindestens 10 Zeichen.', ''),
    (('site', '--domain', 'not a host'), 1, 'not a host is no host of a website', 'not a host ist kein Rechnername', ''),
    (('setting', 'nonsense', '1'), 1, 'There is nothing of this name.', 'Unter diesem Namen gibt es nichts.', 'there is no setting nonsense'),
    (('setting', 'message_rate_ms', 'ä'), 1, 'This is no value for message_rate_ms.', 'Das ist kein Wert für message_rate_ms.',
     'is not a whole number'),
    (('secret', 'set', 'x', '--file', '@nirgends'), 1, 'nirgends cannot be read.', 'nirgends lässt sich nicht lesen.', ''),
    (('restore', '@nirgends'), 1, 'There is nothing of this name.', 'Unter diesem Namen gibt es nichts.', 'there is no '),
    (('restore', '@password'), 1, 'The file is damaged.', 'Die Datei ist beschädigt.', 'password'),
    (('serve', '--listen', 'nowhere'), 1, '--listen needs an address', '--listen braucht eine Adresse', 'nowhere is not ADDRESS:PORT'),
    (('serve', '--listen', '192.0.2.1:80'), 1, 'Only an address of this computer', 'Bisher geht nur eine Adresse dieses Rechners', 'loopback'),
)


@suite.case('languages: what does not go is said in German or English, with the same words for a log beneath', 90)
async def bad(terminal):
    both = terminal.both()
    terminal.file('password', 'canary-password-7Qx')
    terminal.file('short', 'short')
    terminal.setup(ENGLISH)
    for args, status, *said, detail in BAD:
        args = [os.path.join(terminal.folder, word[1:]) if word[0] == '@' else word for word in args]
        for language, locale in enumerate(both):
            out, err = terminal.run(locale, *args, *(() if args == ['dance'] else ('--data', terminal.data)), status=status)
            expect(said[language] in err and said[1 - language] not in err and detail in err and '?' not in err, f'{args}: {err}')
            equal(out, '', f'{args}: stdout')


@suite.case('languages: a damaged file is said in German, in sentences of the window, and told to steer nothing')
async def damaged(terminal):
    english, german = terminal.both()
    terminal.setup(german)
    with open(os.path.join(terminal.data, 'porchlight.db'), 'r+b') as file:
        file.write(b'no database')
    for locale, found, window in ((english, 'The file is damaged.', 'The file with your conversations is damaged'),
                                  (german, 'Die Datei ist beschädigt.', 'Die Datei mit Ihren Unterhaltungen ist beschädigt')):
        out, err = terminal.run(locale, 'check', '--data', terminal.data, status=1)
        equal(out, '{"ok":false}\n', 'stdout')
        expect(found in err and 'is not a database' in err, err)
        err = terminal.run(locale, 'serve', '--data', terminal.data, '--listen', '127.0.0.1:0', status=1)[1]
        expect(err.startswith('porchlight: ' + window) and 'porchlight check --repair' in err and 'is not a database' in err, err)
    out, shown = terminal.watch(german, 'check', '--repair', '--data', terminal.data)
    aside = json.loads(out)['aside']
    expect('Was sich lesen ließ, ist gerettet.' in shown and f'bleibt erhalten als {aside}.\n' in shown, shown)
    err = terminal.run(german, '\033[2Jdänce', status=2)[1]
    expect('\033' not in err and '�[2Jdänce' in err, err)


if __name__ == '__main__':
    sys.exit(suite.run(Terminal, healthy=False))
