#!/usr/bin/python3
"""The whole of it in German: the window and its menu, the practice page, the chat on a German page, the help.

SPDX-License-Identifier: GPL-3.0-or-later
To be run inside tests/xrun.sh. Another language than C needs a locale that is there: one is made with localedef.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.dont_write_bytecode = True


def make_locale(folder, language):
    """The environment in which a program speaks @language; an empty one where there is nothing to make it of."""
    name = {'de': 'de_DE'}[language]
    if not shutil.which('localedef') or not os.path.exists(f'/usr/share/i18n/locales/{name}'):
        return {}
    subprocess.run(['localedef', '-i', name, '-f', 'UTF-8', os.path.join(folder, name + '.UTF-8')], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return {'LOCPATH': folder, 'LANG': name + '.UTF-8', 'LC_ALL': name + '.UTF-8', 'LANGUAGE': language}


class Page(BaseHTTPRequestHandler):
    """A German website with the chat in it."""
    html = b''

    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.end_headers()
        self.wfile.write(self.html)

    def log_message(self, *_):
        pass


def window(story):
    screen = story.screen
    for word in ('Eingang', 'Meine', 'Erledigt'):
        screen.wait(contains=word)
    screen.wait(contains='Das Licht ist an')
    screen.key('F10')
    screen.wait('menu item')
    # GTK 4.18 tells no names of them.
    if any(node.get_name() for node in story.walk(screen.app) if node.get_role_name() == 'menu item'):
        for word in ('Übungsseite öffnen', 'Einstellungen', 'Hilfe', 'Beenden'):
            screen.wait(contains=word)
    screen.key('Escape')


def help_pages(story):
    story.screen.focus()
    story.screen.key('F1')
    opened = story.wait(story.desktop.addresses, what='the help being opened')[-1]
    path = urllib.parse.unquote(urllib.parse.urlparse(opened).path)
    assert path.endswith('/help/html/de/index.html'), opened
    with open(path, encoding='utf-8') as file:
        page = file.read()
    assert 'Erste Schritte' in page, page[:500]


def practice(story):
    with urllib.request.urlopen(f'http://127.0.0.1:{story.port}/try', timeout=5) as answer:
        page = answer.read().decode()
    assert '<html lang="de">' in page and 'Diese Seite steht für Ihre Website' in page, page
    assert '@' not in page, page


def chat(story):
    browser = story.browser
    browser.open(url=story.page)
    assert browser.label().startswith('Chat öffnen'), browser.label()
    browser.launch()
    browser.sees(text='Mit wem sprechen wir?')
    browser.sees(text='Verkauf')
    browser.shot(path=os.path.join(story.pictures, 'german-form.png'))
    browser.fill(label='Ihr Name', text='Ann Lee')
    browser.fill(label='E-Mail', text='ann@example.org')
    browser.click(name='Chat beginnen')
    browser.write(text='Haben Sie die Messinglaterne noch?')
    browser.press(key='Enter')
    browser.own_until(count=1)


def between(story):
    screen, browser = story.screen, story.browser
    found = story.wait(story.desktop.notifications, what='a notification')[-1]
    assert 'Ann Lee' in found[1] and found[1].endswith(' wartet') and 'Annehmen' in found[3], found
    story.desktop.invoke(found[0], found[3][found[3].index('Annehmen') - 1])
    screen.wait('push button', 'Erledigen')
    screen.wait(contains='Sie haben die Unterhaltung angenommen')
    browser.sees(text='Sie sprechen mit Ines')
    screen.focus()
    screen.type('Ja, drei.')
    screen.key('Return')
    browser.sees(text='Ja, drei.')
    screen.wait(contains='Gelesen')
    screen.shot(os.path.join(story.pictures, 'german-window.png'))
    screen.press('Erledigen')
    browser.sees(text='Ines hat das als erledigt markiert')
    browser.sees(text='Wie war es?')
    browser.shot(path=os.path.join(story.pictures, 'german-rating.png'))


STEPS = [
    ('the window and its menu', window),
    ('F1 opens the German pages', help_pages),
    ('the practice page', practice),
    ('the chat on a German page, from its button on', chat),
    ('what happens between them', between),
]


class Story:
    def __init__(self, env):
        import house
        from screen import Browser, Screen, wait, walk
        from talk import PROGRAM, Desktop
        self.wait, self.walk = wait, walk
        self.folder = tempfile.mkdtemp(prefix='porch-german.')
        self.pictures = os.environ.get('PICTURES', self.folder)
        os.makedirs(self.pictures, exist_ok=True)
        self.keeper, self.port = house.keep_port()
        self.desktop = Desktop(self.folder)
        data = os.path.join(self.folder, 'data')
        site = house.run_program('setup', '--data', data, '--business', 'Lantern & Wick', '--domain', 'localhost', '--name', 'Ines',
                                 '--email', 'ines@staff.example')['site_key']
        Page.html = ('<!doctype html><html lang="de-DE"><head><meta charset="utf-8"></head><body><h1>Laternen</h1>'
                     f'<script async src="http://127.0.0.1:{self.port}/widget.js" data-site="{site}"></script></body></html>').encode()
        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Page)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.page = f'http://localhost:{self.server.server_address[1]}/'
        self.log = open(os.path.join(self.folder, 'log'), 'wb')
        self.process = subprocess.Popen([PROGRAM, '--data', data, '--listen', f'127.0.0.1:{self.port}'], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log, env=dict(os.environ, G_DEBUG='fatal-criticals', **env))
        self.browser = Browser()
        self.screen = Screen('porchlight', 'Porchlight')

    def end(self):
        self.browser.end()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.server.shutdown()
        self.desktop.end()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    folder = tempfile.mkdtemp(prefix='porch-locale.')
    try:
        env = make_locale(folder, 'de')
        if not env:
            print('1..0 # SKIP no German locale can be made: localedef and /usr/share/i18n are Debian\'s package locales')
            return 0
        return tell(env)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tell(env):
    story = Story(env)
    failed = 0
    try:
        for number, (name, step) in enumerate(STEPS, 1):
            if failed:
                print(f'not ok {number} - in German: {name} (not reached)')
                continue
            try:
                step(story)
                print(f'ok {number} - in German: {name}', flush=True)
            except Exception as error:
                failed += 1
                with open(os.path.join(story.folder, 'log'), encoding='utf-8', errors='replace') as file:
                    told = f'{type(error).__name__}: {str(error)[:1200]}\n{story.screen.names()}\n{file.read()[-800:]}'
                print(f'not ok {number} - in German: {name}\n# ' + told.replace('\n', '\n# '), flush=True)
    finally:
        story.end()
    print(f'1..{len(STEPS)}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
