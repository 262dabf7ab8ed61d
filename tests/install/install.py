#!/usr/bin/python3
"""meson install, and what a desktop and a person make of it: every file, its validators, and the program in its prefix.

usage: install.py BUILD      inside tests/xrun.sh
SPDX-License-Identifier: GPL-3.0-or-later
"""
import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'e2e'))

from german import make_locale  # noqa: E402

ID = 'chat.porchlight.Porchlight'
FILES = ('bin/porchlight', f'share/applications/{ID}.desktop', f'share/metainfo/{ID}.metainfo.xml', f'share/dbus-1/services/{ID}.service',
         f'share/glib-2.0/schemas/{ID}.gschema.xml', f'share/icons/hicolor/scalable/apps/{ID}.svg',
         f'share/icons/hicolor/symbolic/apps/{ID}-symbolic.svg', 'lib/systemd/user/porchlight.service')
HELP = ('share/help/C/porchlight/index.page', 'share/help/de/porchlight/index.page', 'share/help/C/porchlight/figures/window.png',
        'share/doc/porchlight/html/C/index.html', 'share/doc/porchlight/html/de/index.html', 'share/doc/porchlight/wire.md',
        'share/locale/de/LC_MESSAGES/porchlight.mo')
# A language that nobody speaks, so that no real translation can be taken for it.
WORDS = {'Folder to keep everything in': 'Truhe', 'Name of your business': 'Ladenschild'}
CLONE_NEWNS, CLONE_NEWUSER, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 0x10000000, 4096, 16384, 1 << 18


class Skip(Exception):
    """Why it cannot be tried here."""


def run(*command, **env):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, check=False, env={**os.environ, **env})


def expect_well(done):
    assert done.returncode == 0, f'{done.args[:2]} ended with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}'
    return done.stdout


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


# ---- the prefix as if it were installed for good: bound over the real one, for one command

def call(name, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f'{name}: {os.strerror(ctypes.get_errno())}')


def enter(source, target, command):
    """Runs @command where @source lies over @target, in a mount namespace of its own."""
    uid, gid = os.getuid(), os.getgid()
    call('unshare', CLONE_NEWNS if uid == 0 else CLONE_NEWNS | CLONE_NEWUSER)
    if uid != 0:
        write('/proc/self/setgroups', 'deny')
        write('/proc/self/uid_map', f'{uid} {uid} 1')
        write('/proc/self/gid_map', f'{gid} {gid} 1')
    call('mount', b'none', b'/', None, MS_REC | MS_PRIVATE, None)
    call('mount', source.encode(), target.encode(), None, MS_BIND, None)
    os.execv(command[0], command)


def find_screen():
    from screen import Screen  # wants the accessibility bus
    return Screen('porchlight', 'Porchlight')


class Installed:
    def __init__(self, build):
        self.build = build
        self.dest = tempfile.mkdtemp(prefix='porch-install.')
        options = {o['name']: o['value'] for o in json.loads(expect_well(run('meson', 'introspect', '--buildoptions', build)))}
        self.options, self.prefix = options, options['prefix']
        self.root = os.path.join(self.dest, self.prefix.lstrip('/'))
        self.share = os.path.join(self.root, 'share')
        self.process = None
        # C's own locale has no other languages from glibc 2.41 on, whatever LANGUAGE says.
        self.language = {**make_locale(self.dest, 'de'), 'LANGUAGE': 'xx'}

    def path(self, inside):
        return os.path.join(self.root, inside)

    def inside(self, *arguments):
        if not os.path.isdir(self.prefix) or self.prefix in ('/', '/usr'):
            raise Skip(f'nothing can be laid over {self.prefix}')
        command = [sys.executable, os.path.abspath(__file__), '--enter', self.root, self.prefix]
        if run(*command, '/bin/true').returncode != 0:
            raise Skip('no mount namespaces here')
        return [*command, os.path.join(self.prefix, 'bin/porchlight'), *arguments]

    def start(self):
        env = {k: v for k, v in os.environ.items() if k not in ('GSETTINGS_SCHEMA_DIR', 'PORCHLIGHT_LOCALE_DIR')}
        env.update(self.language, GSETTINGS_BACKEND='keyfile', G_DEBUG='fatal-warnings')
        self.process = subprocess.Popen(self.inside('--data', os.path.join(self.dest, 'data'), '--listen', '127.0.0.1:0'), env=env,
                                        stdin=subprocess.DEVNULL)
        return find_screen()

    def quit(self, screen):
        screen.focus()
        screen.key('ctrl+q')
        assert self.process.wait(10) == 0

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.dest, ignore_errors=True)


def install(here):
    expect_well(run('meson', 'install', '-C', here.build, '--no-rebuild', DESTDIR=here.dest))
    missing = [path for path in FILES if not os.path.isfile(here.path(path))]
    assert not missing, missing
    assert os.access(here.path('bin/porchlight'), os.X_OK)


def no_leftovers(here):
    for path in FILES[1:]:
        left = re.findall(r'@[A-Z_]+@', read(here.path(path)))
        assert not left, f'{path}: {left}'
        assert here.dest not in read(here.path(path)), path


def entry(here):
    expect_well(run('desktop-file-validate', here.path(FILES[1])))


def metainfo(here):
    expect_well(run('appstreamcli', 'validate', '--no-net', here.path(FILES[2])))


def bus(here):
    text = read(here.path(FILES[3]))
    assert f'Name={ID}\n' in text and f'Exec={here.prefix}/bin/porchlight --gapplication-service\n' in text, text


def schema(here):
    expect_well(run('glib-compile-schemas', '--strict', os.path.dirname(here.path(FILES[4]))))


def unit(here):
    if not shutil.which('systemd-analyze'):
        raise Skip('no systemd-analyze')
    copy = os.path.join(here.dest, 'unit', 'porchlight.service')
    write(copy, read(here.path(FILES[7])).replace(f'{here.prefix}/bin/', here.path('bin/')))
    done = run('systemd-analyze', 'verify', '--user', '--man=no', copy)
    assert 'porchlight.service' not in done.stdout + done.stderr, done.stdout + done.stderr
    # In tenths: 0 is shut, 100 is open. It reckons with capabilities, which no user's service has.
    done = run('systemd-analyze', 'security', '--offline=true', '--threshold=60', '--no-pager', copy)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def hardened(here):
    """What is in the machine code of it, and what the linker wrote: a flag that was lost is not there."""
    if not shutil.which('readelf') or not shutil.which('objdump'):
        raise Skip('no binutils')
    program = os.path.join(here.build, 'src/app/porchlight')
    shown = expect_well(run('readelf', '--wide', '--file-header', '--program-headers', '--dynamic', '--dyn-syms', program))
    for word, what in ((r'FLAGS_1.*\bNOW\b.*\bPIE\b', 'loaded anywhere, bound at once'), (r'GNU_RELRO', 'its table of functions read-only'),
                       (r'GNU_STACK.* RW +0x', 'no code on the stack'), (r'__stack_chk_fail', 'the stack watched')):
        assert re.search(word, shown), what
    if here.options['b_sanitize'] == 'none' and here.options['optimization'] not in ('0', 'g', 'plain'):
        assert re.search(r'__(mem|str|[fv]*s?n?printf|read|recv)\w*_chk\b', shown), 'calls of the C library checked'
    if 'X86-64' in shown:
        code = expect_well(run('objdump', '--disassemble=main', program))
        assert 'endbr64' in code, 'marks where a jump may lead'


def desktop_finds(here):
    """As a shell looks: entry, actions, icons, settings, all by XDG_DATA_DIRS."""
    found = json.loads(expect_well(run(sys.executable, os.path.join(HERE, 'look.py'), XDG_DATA_DIRS=here.share + ':/usr/share',
                                       PATH=here.path('bin') + ':' + os.environ['PATH'])))
    icons = {f'{ID}': f'{here.share}/icons/hicolor/scalable/apps/{ID}.svg',
             f'{ID}-symbolic': f'{here.share}/icons/hicolor/symbolic/apps/{ID}-symbolic.svg'}
    assert found == {'name': 'Porchlight', 'actions': ['next-waiting'], 'activatable': True, 'icons': icons, 'width': 1280}, found


def translated(here):
    po = os.path.join(here.dest, 'xx.po')
    write(po, 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n' +
          ''.join(f'\nmsgid "{word}"\nmsgstr "{other}"\n' for word, other in WORDS.items()))
    target = os.path.join(here.share, 'locale', 'xx', 'LC_MESSAGES')
    os.makedirs(target)
    expect_well(run('msgfmt', '-o', os.path.join(target, 'porchlight.mo'), po))
    shown = expect_well(run(*here.inside('--data', '/nowhere', '--help'), **here.language))
    assert 'Truhe' in shown, shown


def window(here):
    screen = here.start()
    screen.wait(contains='Ladenschild')
    subprocess.run(['xdotool', 'windowsize', '--sync', screen.window_id, '1100', '640'], timeout=10, check=True)
    here.size = subprocess.run(['xdotool', 'getwindowgeometry', '--shell', screen.window_id], capture_output=True, text=True, check=True).stdout
    here.quit(screen)


def remembered(here):
    screen = here.start()
    screen.wait(contains='Ladenschild')
    size = subprocess.run(['xdotool', 'getwindowgeometry', '--shell', screen.window_id], capture_output=True, text=True, check=True).stdout
    here.quit(screen)

    def sides(text):
        return re.findall(r'^(?:WIDTH|HEIGHT)=(\d+)', text, re.M)
    assert sides(size) == sides(here.size) and sides(size)[0] != '1280', f'{size} after {here.size}'


def helped(here):
    """Pages for a viewer and none to view them: F1 has the browser open the others."""
    if not shutil.which('yelp-build'):
        raise Skip('no yelp-build, so no help')
    missing = [path for path in HELP if not os.path.isfile(here.path(path))]
    assert not missing, missing
    from screen import wait
    from talk import Desktop
    folder = os.path.join(here.dest, 'desktop')
    os.mkdir(folder)
    desktop = Desktop(folder, has_viewer=False)
    try:
        screen = here.start()
        screen.wait(contains='Ladenschild')
        screen.focus()
        screen.key('F1')
        opened = wait(desktop.addresses, what='the help being opened')
        assert opened[0].endswith(f'{here.prefix}/share/doc/porchlight/html/C/index.html'), opened
        here.quit(screen)
    finally:
        desktop.end()


def activated(here):
    """As the bus does it: the command of the service file, then the action of the desktop entry."""
    env = {**os.environ, **here.language, 'GSETTINGS_BACKEND': 'keyfile', 'G_DEBUG': 'fatal-warnings'}
    here.process = subprocess.Popen(here.inside('--gapplication-service'), env=env, stdin=subprocess.DEVNULL)
    expect_well(run('gdbus', 'wait', '--session', '--timeout', '20', ID))
    expect_well(run('gdbus', 'call', '--session', '--dest', ID, '--object-path', '/' + ID.replace('.', '/'), '--method',
                    'org.freedesktop.Application.ActivateAction', 'next-waiting', '[]', '{}'))
    screen = find_screen()
    screen.wait(contains='Ladenschild')
    here.quit(screen)


def hidden_copy(here):
    """The server has another folder under the same name, as with PrivateTmp."""
    data, own, seen = (os.path.join(here.dest, name) for name in ('served', 'own-tmp', 'tmp'))
    for folder in (data, own, seen):
        os.mkdir(folder)
    program = here.path('bin/porchlight')
    expect_well(run(program, 'setup', '--data', data, '--business', 'A', '--domain', 'localhost', '--name', 'Ines'))
    here.inside()
    here.process = subprocess.Popen([sys.executable, os.path.abspath(__file__), '--enter', own, seen, program, 'serve', '--data', data,
                                     '--listen', '127.0.0.1:0'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    here.process.stdout.readline()
    done = run(program, 'backup', '--data', data, os.path.join(seen, 'copy.db'))
    assert done.returncode == 1 and 'not the one that is seen' in done.stderr, done
    assert os.path.exists(os.path.join(own, 'copy.db'))
    expect_well(run(program, 'backup', '--data', data, os.path.join(data, 'copy.db')))
    here.process.terminate()
    assert here.process.wait(10) == 0


STORY = [
    ('every file is in its place', install),
    ('nothing is left to be filled in', no_leftovers),
    ('the desktop entry is valid', entry),
    ('the metainfo is valid', metainfo),
    ('the bus starts what is installed', bus),
    ('the schema compiles', schema),
    ('the unit is valid, and shut', unit),
    ('the program is built as one that strangers talk to', hardened),
    ('a desktop finds entry, action, icons and settings', desktop_finds),
    ('the program finds its translations', translated),
    ('its window opens, translated, and is resized', window),
    ('the next one has its size', remembered),
    ('F1 opens the help that is installed', helped),
    ('it starts as the bus starts it', activated),
    ('a copy that only the server sees is told', hidden_copy),
]


def main(build):
    here = Installed(build)
    failed = 0
    try:
        for number, (name, step) in enumerate(STORY, 1):
            try:
                step(here)
                print(f'ok {number} - {name}', flush=True)
            except Skip as reason:
                print(f'ok {number} - {name} # SKIP {reason}', flush=True)
            except Exception as error:  # the next one may still stand
                failed += 1
                print(f'not ok {number} - {name}\n# {type(error).__name__}: {error}'.replace('\n', '\n# ').replace('\n# #', '\n#'), flush=True)
    finally:
        here.end()
    print(f'1..{len(STORY)}')
    return 1 if failed else 0


if __name__ == '__main__':
    if sys.argv[1] == '--enter':
        enter(sys.argv[2], sys.argv[3], sys.argv[4:])
    sys.exit(main(sys.argv[1]))
