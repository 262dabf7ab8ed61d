#!/usr/bin/python3
"""The help's pictures, taken from the real program: figures.py LANGUAGE FOLDER [narrow]

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh with SCREEN=2560x1440, by whoever changed how something looks; no test runs it. With
"narrow" the window is also photographed at 400 pixels, which shows what a language's longer words do. Needs localedef
for another language than C, and makes the pictures small with pngquant. So that the usual port is free:
unshare -rn bash -c 'ip link set lo up; SCREEN=2560x1440 tests/xrun.sh tests/e2e/figures.py C help/C/figures'
"""
import asyncio
import gettext
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

LANGUAGE, FOLDER = sys.argv[1], os.path.abspath(sys.argv[2])
os.makedirs(FOLDER, exist_ok=True)

import german  # noqa: E402
import house as houses  # noqa: E402
import pictures  # noqa: E402
from house import FAST, PROGRAM, House  # noqa: E402
from screen import Browser, Screen, wait  # noqa: E402

pictures.PICTURES = FOLDER
WIDE, HIGH = 1280, 760
_ = gettext.translation('porchlight', os.path.join(houses.ROOT, '_build', 'po'), [LANGUAGE], fallback=True).gettext
WORDS = {
    'C': dict(name='Your name', email='E-mail', start='Start the chat', asks='Who are we talking to?',
              first='Hello. Do you still have the brass lantern in the window?', reply='Shall I put one aside',
              answer='Good morning Ann. We do, three of them. Shall I put one aside for you?', last='Yes please, I come by this afternoon',
              seen='One of them came without its glass'),
    'de': dict(name='Ihr Name', email='E-Mail', start='Chat beginnen', asks='Mit wem sprechen wir?',
               first='Guten Tag. Haben Sie die Messinglaterne aus dem Fenster noch?', reply='Soll ich Ihnen eine zurücklegen',
               answer='Guten Morgen, Frau Lee. Ja, drei Stück. Soll ich Ihnen eine zurücklegen?', last='Ja bitte, ich komme heute Nachmittag vorbei',
               seen='Eine kam ohne ihr Glas'),
}[LANGUAGE]
PEOPLE_DE = [
    ('Piet de Vries', 'piet@example.nl', 'Reparaturen', 74, [
        ('v', 'Ist meine Lampe schon repariert?'), ('a', 'Ja, sie brennt wieder. Sie können sie bis sechs abholen.'),
        ('v', 'Ich komme um fünf. Danke'), ('r', 5)]),
    ('Jonas Weber', 'jonas@example.org', 'Messinglaterne', 22, [
        ('v', 'Guten Morgen. Ich habe letzte Woche zwei Messinglaternen bestellt, Nummer 4471.'),
        ('v', 'Eine kam ohne ihr Glas. Können Sie nur das Glas schicken?'),
        ('a', 'Guten Morgen Herr Weber, das tut mir leid. Ich sehe nach.'),
        ('n', 'Das dritte aus dieser Kiste. Die übrigen gehen zurück zum Hersteller.'),
        ('a', 'Wir haben vier hier. Eines geht heute hinaus und ist am Freitag bei Ihnen. Es kostet nichts.'),
        ('v', 'Das ist schnell, danke. Soll ich die Scherben zurückschicken?'),
        ('a', 'Nicht nötig. Heben Sie nur die Verpackung auf: https://lantern.example/pflege')]),
    ('Amina Haddad', 'amina@example.com', 'Versand', 16, [
        ('v', 'Guten Tag, liefern Sie nach Tunis?'), ('a', 'Ja, dienstags. Es dauert etwa neun Tage.'),
        ('v', 'Sehr gut, dann nehme ich die kleine in Grün')]),
    ('Sofia Lindqvist', 'sofia@example.se', 'Öle und Dochte', 7, [('v', 'Welches Öl brauche ich für die Verandalaterne?')]),
    ('Liam O’Connor', 'liam@example.ie', 'Warenkorb', 3, [('v', 'Hallo, der Gutschein WINTER geht an der Kasse nicht')]),
    ('王小明', 'xiaoming@example.com', 'Messinglaterne', 1, [('v', '你好,这款灯笼有现货吗?')]),
]


class Studio(pictures.Studio):
    def __init__(self, house, env):
        super().__init__(house)
        self.house.env.update(env)

    def start(self, *words):
        with open(self.house.log_path, 'ab') as log:
            self.process = subprocess.Popen([PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=dict(self.house.env, ADW_DEBUG_COLOR_SCHEME='prefer-light'))
        self.screen = Screen('porchlight', 'Porchlight')
        subprocess.run(['xdotool', 'mousemove', '2559', '1439'], check=True)

    def shrink(self, name, width, crop=None):
        path = os.path.join(FOLDER, name + '.png')
        subprocess.run(['mogrify', *(['-crop', crop, '+repage'] if crop else []), '-resize', f'{width}x>', '-strip', path], check=True)
        subprocess.run(['pngquant', '--force', '--speed', '1', '--quality', '60-90', '--output', path, path], check=True)


def first_steps(studio):
    folder = tempfile.mkdtemp(prefix='porch-figures.')
    studio.start('--data', os.path.join(folder, 'data'), '--listen', '127.0.0.1:8642')
    screen = studio.screen
    studio.size(760, 620)
    screen.fill(_('Name of your business'), 'Lantern & Wick')
    screen.fill(_('Address of your website'), 'localhost')
    studio.window('first-run', 760, 620)
    studio.shrink('first-run', 700)
    screen.press(_('Continue'))
    screen.wait('text', _('Your name'))
    screen.fill(_('Your name'), 'Ines')
    screen.press(_('Continue'))
    screen.wait(contains=_('Do this later'))
    studio.window('snippet', 760, 620)
    studio.shrink('snippet', 700)
    studio.close()
    shutil.rmtree(folder, ignore_errors=True)


def damaged(studio):
    """What stands where the inbox would be when the end of the file is missing."""
    # Its name is in the picture.
    folder = '/tmp/lantern-and-wick'
    data = os.path.join(folder, 'porchlight')
    shutil.rmtree(folder, ignore_errors=True)
    houses.run_program('setup', '--data', data, '--business', 'Lantern & Wick', '--domain', 'localhost', '--name', 'Ines', '--email', 'ines@staff.example')
    path = os.path.join(data, 'porchlight.db')
    os.truncate(path, os.path.getsize(path) // 8192 * 4096)
    studio.start('--data', data, '--listen', '127.0.0.1:0')
    studio.screen.wait(contains=_('Save what can be read…'))
    studio.window('damaged', 760, 740)
    studio.shrink('damaged', 700)
    studio.close()
    shutil.rmtree(folder, ignore_errors=True)


def window(studio, is_narrow):
    studio.open('prefer-light')
    screen = studio.screen
    studio.size(WIDE, HIGH)
    screen.click(screen.wait('list item', contains='Jonas Weber'))
    screen.wait(contains=WORDS['seen'])
    subprocess.run(['xdotool', 'mousemove', '2559', '1439'], check=True)
    studio.window('window', WIDE, HIGH)
    studio.shrink('window', 1000)
    if is_narrow:
        studio.window('wide', 1280, 800)
        studio.window('narrow', 400, 760)
        screen.key('alt+1')
        screen.wait('list item', contains='Jonas Weber')
        studio.window('narrow-list', 400, 760)
    studio.size(WIDE, HIGH)
    screen.key('ctrl+comma')
    screen.wait(contains=_('Start when I log in'))
    picture_of_dialog(studio, 'preferences', _('Preferences'))
    screen.key('Escape')
    backups(studio)
    if is_narrow:
        screen.focus()
        screen.key('ctrl+question')
        wait(lambda: screen.find(contains=_('Conversations')), what='the shortcuts')
        picture_of_dialog(studio, 'shortcuts', None)
        screen.key('Escape')


def backups(studio):
    screen = studio.screen
    screen.focus()
    screen.key('F10')
    screen.press_menu(_('Backups and secrets'), 2)
    screen.press(_('Back up now'))
    screen.wait(contains=_('Last backup: %s').split('%')[0])
    screen.wait('push button', contains=_('Restore the backup of %s').split('%')[0])
    wait(lambda: not screen.find(contains=_('Backing up, %d %%. Work goes on.').split('%')[0]), what='the backup being made')
    picture_of_dialog(studio, 'backups', None)
    screen.key('Escape')


def picture_of_dialog(studio, name, title):
    """The newest toplevel that is not the window itself."""
    def find():
        out = subprocess.run(['xdotool', 'search', '--onlyvisible', '--class', 'porchlight'], capture_output=True, text=True, check=False).stdout
        return [one for one in out.split() if one != studio.screen.window_id]
    found = wait(find, what=name)[-1]
    subprocess.run(['xdotool', 'windowmove', '--sync', found, '0', '0'], check=False, timeout=20)
    path = os.path.join(FOLDER, name + '.png')
    last = None
    for _n in range(40):
        subprocess.run(['import', '-window', found, path], check=True, timeout=30)
        seen = subprocess.run(['identify', '-format', '%#', path], capture_output=True, text=True, check=True).stdout
        if seen == last:
            break
        last = seen
    size = subprocess.run(['identify', '-format', '%w %h', path], capture_output=True, text=True, check=True).stdout.split()
    studio.shrink(name, 640, f'{int(size[0]) - 8}x{int(size[1]) - 8}+4+4')


def widget(studio):
    browser = Browser()
    try:
        browser.open(url=studio.house.origin + '/try', width=1000, height=720, lang='en-GB' if LANGUAGE == 'C' else LANGUAGE)
        browser.launch()
        browser.sees(text=WORDS['asks'])
        browser.fill(label=WORDS['name'], text='Ann Lee')
        browser.fill(label=WORDS['email'], text='ann@example.org')
        browser.shot(path=os.path.join(FOLDER, 'widget-form.png'))
        browser.click(name=WORDS['start'])
        browser.write(text=WORDS['first'])
        browser.press(key='Enter')
        browser.own_until(count=1)
        asyncio.run(answer(studio.house))
        browser.sees(text=WORDS['reply'])
        browser.write(text=WORDS['last'])
        browser.press(key='Enter')
        browser.own_until(count=2, state='')
        wait(lambda: all(r['state'] in ('sent', 'received', 'read') for r in browser.rows() if r['own']), what='being sent')
        browser.shot(path=os.path.join(FOLDER, 'widget.png'))
        studio.shrink('widget', 900)
    finally:
        browser.end()


async def answer(house):
    agent = await pictures.Agent(house).sign_in()
    newest = (await agent.list('all', 10))[0]
    await agent.act(newest['id'], 'take')
    await agent.answer(newest['id'], WORDS['answer'])
    await agent.act(newest['id'], 'read', {'seq': newest['last_message']})


async def prepare(env):
    house = House(FAST)
    house.env.update(env)
    await house.__aenter__()
    if LANGUAGE == 'de':
        pictures.PEOPLE[:] = PEOPLE_DE
    await pictures.fill(house)
    return house


def main():
    env = {} if LANGUAGE == 'C' else german.make_locale(tempfile.mkdtemp(prefix='porch-locale.'), LANGUAGE)
    house = asyncio.run(prepare(env))
    studio = Studio(house, env)
    try:
        first_steps(studio)
        damaged(studio)
        window(studio, 'narrow' in sys.argv)
        widget(studio)
        studio.close()
    finally:
        for process in (house.process, getattr(studio, 'process', None)):
            if process and process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(house.folder, ignore_errors=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
