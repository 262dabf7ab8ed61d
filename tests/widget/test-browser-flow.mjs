// test-browser-flow.mjs - a visitor's conversation in a real browser, from the first click to the last star
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';

import { axe, launch, need_browser, shop, tester, until } from './browser.mjs';

await need_browser();
const browser = await launch();
after(() => browser.close());
const check = tester(browser);
const MINE = /\/(widget|livechat)/;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

check('before the click there is the loader and nothing more; then at most six requests', async ({ server, visitor, app }) => {
  await visitor.launcher.waitFor();
  await pause(300);
  assert.deepEqual(server.requests.filter((one) => MINE.test(one)), ['GET /widget.js']);
  server.requests.length = 0;
  await visitor.open();
  await app.getByLabel('Your name').waitFor();
  assert.ok(server.requests.length <= 6, server.requests.join(', '));
  const before = server.requests.slice();
  await visitor.fill();
  await until(() => server.stored === 1, 'the first message');
  const after = server.requests.slice(before.length);
  console.log(`# from click to ready: ${before.join(', ')}; the first message: ${after.join(', ')}`);
  assert.ok(server.requests.length <= 7, server.requests.join(', '));
});

check('the launcher is lit from the start where somebody is in, says so, and goes out when nobody can know', async ({ server, visitor, page }) => {
  const wrap = page.locator('porchlight-chat .w');
  const label = () => visitor.launcher.getAttribute('aria-label');
  await page.clock.install();
  await page.reload();
  await visitor.launcher.waitFor();
  assert.match(await wrap.getAttribute('class'), /\bon\b/);
  assert.equal(await label(), 'Open chat, somebody is in');
  assert.deepEqual(server.requests.filter((one) => MINE.test(one) && !one.endsWith('/widget.js')), []);
  await page.clock.fastForward('05:01');
  assert.doesNotMatch(await wrap.getAttribute('class'), /\bon\b/);
  assert.equal(await label(), 'Open chat');
  server.config.light = false;
  await page.reload();
  await visitor.launcher.waitFor();
  assert.doesNotMatch(await wrap.getAttribute('class'), /\bon\b/);
  assert.equal(await label(), 'Open chat');
});

check('a returning visitor\'s chat is there before the click', async ({ server, visitor, page }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  await page.reload();
  await until(() => server.requests.some((one) => one.endsWith('/messages')), 'the history');
  await pause(200);
  server.requests.length = 0;
  await visitor.open();
  await visitor.bubbles.first().waitFor();
  assert.deepEqual(server.requests, []);
});

check('sizes: the loader and all that is sent before the first message', async ({ server }) => {
  const size = async (name) => (await stat(`${server.folder}/${name}.gz`)).size;
  const loader = Math.max(await size('loader.js'), await size('loader-lit.js'));
  const config = gzipSync(JSON.stringify(server.config), { level: 9 }).length;
  const all = loader + config + await size('app.html') + await size('app.css') + await size('app.js');
  console.log(`# loader ${loader}, before the first message ${all}, then room.js ${await size('room.js')} bytes, gzip -9`);
  assert.ok(loader <= 4096);
  assert.ok(all <= 25600);
});

check('a conversation: form, words both ways, ticks that claim no more than is known', async ({ server, visitor, app }) => {
  await visitor.start({ message: 'Is it there?' });
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  assert.deepEqual(one.visitor.profile, { name: 'Jonas', email: 'jonas@posteo.example' });
  const meta = app.locator('.own .meta').last();
  await app.locator('.own.sent').waitFor();
  assert.match(await meta.innerText(), /Sent/);
  server.receipt(one, one.messages[0].seq, 0);
  await app.locator('.own.received').waitFor();
  assert.match(await meta.innerText(), /Received/);
  await visitor.say('And the red one?');
  await until(() => server.stored === 2, 'the second message');
  await app.locator('.own.sent').waitFor();
  server.receipt(one, server.seq, server.seq);
  await app.locator('.own.last.read').waitFor();
  assert.match(await meta.innerText(), /Read/);
  server.join(one);
  server.say(one, 'Good morning, see https://example.org/red.');
  await app.getByText('You are talking to Ines Castro').waitFor();
  const link = app.getByRole('link', { name: 'https://example.org/red' });
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer nofollow ugc');
  assert.equal(await link.getAttribute('target'), '_blank');
  assert.equal(await app.locator('.title').innerText(), 'Ines Castro');
  await until(() => server.received.some((frame) => frame.type === 'read' && frame.seq === server.seq), 'read');
  assert.ok(server.received.some((frame) => frame.type === 'received'));
});

check('typing is seen both ways and stops', async ({ server, visitor, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  server.join(one);
  await app.getByText('You are talking to').waitFor();
  const before = (await app.locator('.log').boundingBox()).height;
  server.typing(one);
  await app.locator('.typing .dots').waitFor();
  assert.equal(await app.locator('.typing [role=status]').innerText(), 'Ines Castro is typing');
  assert.equal((await app.locator('.log').boundingBox()).height, before);
  server.typing(one, false);
  await app.locator('.typing .dots').waitFor({ state: 'detached' });
  await visitor.composer.pressSequentially('abc', { delay: 50 });
  await until(() => server.received.filter((frame) => frame.type === 'typing').length === 2, 'typing and its end');
  assert.deepEqual(server.received.filter((frame) => frame.type === 'typing').map((frame) => frame.is_typing), [true, false]);
});

check('closed, the launcher counts; opened, it is read', async ({ server, visitor, page, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  server.join(one);
  await visitor.launcher.click();
  server.say(one, 'one');
  server.say(one, 'two');
  const badge = page.locator('porchlight-chat b');
  await until(async () => await badge.innerText() === '2', 'the badge');
  assert.equal(await visitor.launcher.getAttribute('aria-label'), 'Open chat, 2 new answers, somebody is in');
  // On the next page the chat loads by itself, hidden, so that the badge goes on.
  await page.goto(`${server.origin}/other`);
  await until(async () => await badge.innerText() === '2', 'the badge on the next page');
  server.say(one, 'three');
  await until(async () => await badge.innerText() === '3', 'three');
  assert.equal(await page.locator('porchlight-chat iframe').isVisible(), false);
  await visitor.open();
  await visitor.bubbles.getByText('three').waitFor();
  await until(async () => await badge.innerText() === '', 'no badge');
  assert.equal(await visitor.launcher.getAttribute('aria-label'), 'Close chat');
});

check('the form: the first wrong field, words kept, all by keyboard', async ({ server, visitor, page, app }) => {
  await visitor.launcher.focus();
  await page.keyboard.press('Enter');
  const focused = () => visitor.frame()?.evaluate(() => document.activeElement.id);
  await until(async () => await focused() === 'field-name', 'focus in the first field');
  await page.keyboard.press('Enter');
  await app.getByText('Please write your name').waitFor();
  assert.equal(await focused(), 'field-name');
  assert.equal(await app.getByLabel('Your name').getAttribute('aria-invalid'), 'true');
  await page.keyboard.type('Jonas');
  assert.equal(await app.getByLabel('Your name').getAttribute('aria-invalid'), null);
  await page.keyboard.press('Tab');
  await page.keyboard.type('jonas@posteo');
  await page.keyboard.press('Enter');
  await app.getByText('Please check the address, the end is missing').waitFor();
  assert.equal(await focused(), 'field-email');
  assert.deepEqual(await axe(visitor.frame()), []);
  await page.keyboard.press('Escape');
  await until(async () => !(await page.locator('porchlight-chat iframe').isVisible()), 'closed');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'PORCHLIGHT-CHAT');
  await page.reload();
  await visitor.open();
  await until(async () => await app.getByLabel('E-mail').inputValue() === 'jonas@posteo', 'the words typed before');
  await app.getByLabel('E-mail').focus();
  await page.keyboard.press('End');
  await page.keyboard.type('.de');
  await page.keyboard.press('Tab');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until(() => server.stored === 1, 'the message');
  await until(async () => await focused() === 'composer', 'focus in the composer');
  await page.keyboard.type('line one');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('line two');
  await page.keyboard.press('Enter');
  await until(() => server.texts()[1] === 'line one\nline two', 'two lines');
});

check('a draft survives the page', async ({ server, visitor, page }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  await visitor.composer.fill('half a sent');
  await page.reload();
  await visitor.open();
  await until(async () => await visitor.composer.inputValue() === 'half a sent', 'the draft');
  await visitor.composer.press('Enter');
  await until(() => server.stored === 2, 'the message');
  await page.reload();
  await visitor.open();
  await visitor.composer.waitFor();
  assert.equal(await visitor.composer.inputValue(), '');
});

check('history comes back, older pages come in without a jump', async ({ server, visitor, page, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  for (let k = 0; k < 130; k++) server.say(one, `answer ${k}, long enough to fill a line or two of the panel`);
  await page.reload();
  await visitor.open();
  await app.getByText('answer 129,').waitFor();
  assert.equal(await visitor.bubbles.count(), 50);
  // What was said long ago is there; only what comes now rises into view.
  assert.equal(await app.locator('.new').count(), 0);
  const log = app.locator('.log');
  assert.ok(await log.evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight < 5));
  // Scroll up a little at a time: what is in view must not move by itself.
  await log.evaluate((node) => { node.scrollTop = 100; });
  const place = () => app.getByText('answer 82,').evaluate((node) => node.getBoundingClientRect().top);
  const before = await place();
  await until(async () => await visitor.bubbles.count() === 100, 'the page before');
  const after = await place();
  assert.ok(Math.abs(after - before) <= 1, `the words in view moved from ${before} to ${after}`);
  await log.evaluate((node) => { node.scrollTop = 0; });
  await until(async () => await visitor.bubbles.count() === 131, 'the first page');
  const texts = await visitor.bubbles.allInnerTexts();
  assert.match(texts[0], /Hello, is it there/);
  texts.slice(1).forEach((text, at) => assert.match(text, new RegExp(`answer ${at},`)));
  // New words while reading further up do not pull the visitor down.
  const top = await log.evaluate((node) => node.scrollTop);
  server.say(one, 'fresh');
  const jump = app.getByRole('button', { name: '1 new message' });
  await jump.waitFor();
  assert.equal(await log.evaluate((node) => node.scrollTop), top);
  await jump.click();
  await until(() => log.evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight < 5), 'the end');
});

check('done: rating by keyboard, thanks, and the talk may go on', async ({ server, visitor, page, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  server.join(one);
  server.say(one, 'Your name is on it.');
  server.add_message(one, { kind: 'system', code: 'resolved', sender: { kind: 'system', name: 'Ines' }, message: '' });
  server.status(one, { state: 'resolved', rating_asked: true });
  await app.getByText('How was it?').waitFor();
  assert.equal(await app.locator('.subtitle').innerText(), 'This conversation is done');
  await app.locator('.rating').getByRole('button', { name: 'Send' }).click();
  await app.getByText('Please choose one to five stars').waitFor();
  await app.getByRole('radio', { name: 'Poor' }).focus();
  for (let k = 0; k < 3; k++) await page.keyboard.press('ArrowRight');
  await app.getByText('4 of 5, Very good').waitFor();
  await app.getByLabel('What could be better? Optional').fill('More lamps');
  assert.deepEqual(await axe(visitor.frame()), []);
  server.fault = (kind, { path }) => (kind === 'http' && /rating/.test(path) ? { status: 503 } : undefined);
  await app.locator('.rating').getByRole('button', { name: 'Send' }).click();
  await app.locator('.rating').getByText('Not sent. Try again').waitFor();
  server.fault = null;
  await app.locator('.rating').getByRole('button', { name: 'Send' }).click();
  await app.getByText('Thank you, that helps.').waitFor();
  assert.deepEqual(one.rating, { score: 4, comment: 'More lamps' });
  await visitor.say('One more thing');
  await until(() => server.stored === 2, 'the message after');
  server.status(one, { state: 'active' });
  await app.getByText('Here now').waitFor();
});

check('"Not now" is remembered', async ({ server, visitor, page, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  server.status(server.conversation(), { state: 'resolved', rating_asked: true });
  await app.getByRole('button', { name: 'Not now' }).click();
  await app.getByText('How was it?').waitFor({ state: 'detached' });
  await page.reload();
  await visitor.open();
  await visitor.bubbles.first().waitFor();
  assert.equal(await app.getByText('How was it?').count(), 0);
});

check('the menu: sound, end with a question, a new conversation, the list', async ({ server, visitor, page, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  server.join(server.conversation());
  const more = app.getByRole('button', { name: 'More' });
  await more.click();
  await page.keyboard.press('Enter');
  await more.click();
  await app.getByRole('menuitem', { name: 'Sound off' }).waitFor();
  assert.deepEqual(await axe(visitor.frame()), []);
  await page.keyboard.press('Escape');
  await app.getByRole('menu').waitFor({ state: 'hidden' });
  assert.equal(await visitor.frame().evaluate(() => document.activeElement.getAttribute('aria-label')), 'More');
  await more.click();
  await app.getByRole('menuitem', { name: 'End this chat' }).click();
  await app.getByText('End this chat? You can come back within a day.').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(server.received.filter((frame) => frame.type === 'end').length, 0);
  await more.click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await app.getByRole('button', { name: 'End the chat' }).click();
  await app.getByText('This conversation is done').waitFor();
  await more.click();
  await app.getByRole('menuitem', { name: 'New conversation' }).click();
  await visitor.composer.waitFor();
  await visitor.say('Something new');
  await until(() => server.stored === 2, 'the new conversation');
  assert.equal(server.conversation(1).messages[0].message, 'Something new');
  await app.getByRole('button', { name: 'Back to the list' }).click();
  await until(async () => await app.locator('.line').count() === 2, 'the list');
  await app.getByText('You: Something new').waitFor();
  assert.deepEqual(await axe(visitor.frame()), []);
  server.say(server.conversation(0), 'Are you still there?');
  await app.locator('.line .unread').waitFor();
  await app.locator('.line', { hasText: 'Are you still there?' }).click();
  await until(() => server.received.some((frame) => frame.type === 'read'), 'read');
});

check('all conversations can be taken along as text', async ({ server, visitor, page, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  for (let k = 0; k < 120; k++) server.say(one, `answer ${k}`);
  await page.reload();
  await visitor.open();
  await app.getByText('answer 119').waitFor();
  await app.getByRole('button', { name: 'More' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    app.getByRole('menuitem', { name: 'Download my conversations' }).click(),
  ]);
  const text = await readFile(await file.path(), 'utf8');
  assert.equal(text.match(/Ines Castro: answer \d+/g).length, 120);
  assert.match(text, /\] You: Hello, is it there\?/);
});

check('a closed conversation offers a new one', async ({ server, visitor, page, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  server.status(server.conversation(), { state: 'closed' });
  await app.getByRole('button', { name: 'New conversation' }).waitFor();
  assert.equal(await visitor.composer.isVisible(), false);
  await page.reload();
  await visitor.open();
  await app.locator('.line').waitFor();
  await app.getByRole('button', { name: 'New conversation' }).click();
  await visitor.say('Again');
  await until(() => server.conversation(1)?.messages.length === 1, 'the second conversation');
});

check('nobody in: the light is off, a message can be left', { config: { light: false, reply_minutes: null } },
  async ({ server, visitor, app }) => {
    await visitor.open();
    await app.getByText('Nobody is in right now. Leave a few words and we answer here.').waitFor();
    await app.getByLabel('Your name').fill('Amara');
    await app.getByLabel('E-mail').fill('amara@okonkwo.example');
    await app.getByRole('button', { name: 'Leave the message' }).click();
    await app.getByText('Please write a few words').waitFor();
    await app.getByLabel('Message', { exact: true }).fill('Is my order ready?');
    await app.getByRole('button', { name: 'Leave the message' }).click();
    await until(() => server.stored === 1, 'the message');
    await app.getByText('Thank you. We have it and answer here.').waitFor();
    server.light(true);
    await app.locator('.light.on').waitFor();
    await until(async () => (await visitor.launcher.getAttribute('aria-label')) === 'Close chat', 'label');
  });

check('the place in the queue is said in words', async ({ server, visitor, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  server.status(one, { state: 'waiting', queue_position: 2, wait_s: 170 });
  await app.getByText('You are second in line, about 3 minutes').waitFor();
  server.status(one, { queue_position: 7, wait_s: null });
  await app.getByText('You are number 7 in line').waitFor();
  server.status(one, { state: 'missed' });
  await app.getByText('It takes longer than usual').waitFor();
});

check('nothing to ask: the composer at once, and no session before a word', {
  config: { prechat: { name: false, email: false, message: false } },
}, async ({ server, visitor }) => {
  await visitor.open();
  await visitor.composer.waitFor();
  await pause(300);
  assert.equal(server.received.length, 0);
  await visitor.say('Just a word');
  await until(() => server.stored === 1, 'the message');
  assert.equal(server.visitors.size, 1);
});

check('departments are chosen as chips and told with the first message', {
  config: { departments: [{ slug: 'sales', name: 'Sales' }, { slug: 'repairs', name: 'Repairs' }, { slug: 'other', name: 'Other' }] },
}, async ({ server, visitor, app }) => {
  await visitor.open();
  await app.getByRole('radio', { name: 'Repairs' }).check();
  assert.deepEqual(await axe(visitor.frame()), []);
  await visitor.fill();
  await until(() => server.stored === 1, 'the message');
  assert.equal(server.received.find((frame) => frame.type === 'message').department, 'repairs');
});

check('4,000 characters are counted, more are not sent', async ({ server, visitor, app }) => {
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  await visitor.composer.fill('ä'.repeat(3600));
  assert.equal(await app.locator('#counter').innerText(), '3,600 of 4,000');
  await visitor.composer.fill('😀'.repeat(4003));
  await visitor.composer.press('Enter');
  assert.equal(await app.locator('#counter').innerText(), 'This is too long by 3 characters');
  await visitor.composer.fill('😀'.repeat(4000));
  await visitor.composer.press('Enter');
  await until(() => server.stored === 2, 'the long message');
  assert.equal([...server.texts()[1]].length, 4000);
});

check('window.Porchlight opens, closes, tells; a second loader is no second launcher', async ({ visitor, page, app }) => {
  await visitor.launcher.waitFor();
  await page.evaluate(() => {
    window.told = [];
    for (const name of ['open', 'close', 'ready']) window.Porchlight.on(name, () => window.told.push(name));
    const again = document.createElement('script');
    again.src = '/widget.js';
    again.dataset.site = 'KEY';
    document.head.append(again);
    return new Promise((resolve) => { again.onload = resolve; });
  });
  assert.equal(await page.locator('porchlight-chat').count(), 1);
  await page.evaluate(() => window.Porchlight.open());
  await app.getByLabel('Your name').waitFor();
  await page.evaluate(() => window.Porchlight.close());
  await page.evaluate(() => window.Porchlight.toggle());
  assert.deepEqual(await page.evaluate(() => window.told), ['open', 'ready', 'close', 'open']);
});

check('only the loader and the chat hear each other', {
  pages: { '/stranger': '<!doctype html><title>x</title><link rel="icon" href="data:,"><body>' },
}, async ({ server, visitor, page, app }) => {
  await visitor.open();
  await app.getByLabel('Your name').waitFor();
  // The page around the chat is not the loader's frame: what it posts has the wrong source or form.
  await page.evaluate(() => {
    const words = ['open', 'close', 'state', 'ready', 'page', '__proto__', 'constructor', '', null, 5, {}];
    for (let k = 0; k < 200; k++) {
      const word = words[k % words.length];
      const data = [{ porchlight: word }, word, [word], { porchlight: word, colour: 'url(x)', label: '<b>' }][k % 4];
      window.postMessage(data, '*');
      document.querySelector('porchlight-chat').shadowRoot.querySelector('iframe').contentWindow.postMessage(data, '*');
    }
  });
  await pause(200);
  assert.equal(await page.evaluate(() => typeof window.Porchlight.open), 'function');
  assert.equal(server.received.length, 0);
  // A stranger's page that frames the chat in the website's name: it is told nothing and not obeyed.
  const stranger = server.origin.replace('127.0.0.1', 'localhost');
  await page.goto(`${stranger}/stranger`);
  await page.evaluate((origin) => {
    window.told = [];
    addEventListener('message', (event) => window.told.push(event.data));
    const frame = document.createElement('iframe');
    frame.src = `${origin}/widget/app?site=KEY#origin=${encodeURIComponent(origin)}`;
    document.body.append(frame);
    return new Promise((resolve) => { frame.onload = resolve; });
  }, server.origin);
  const framed = page.frames().find((frame) => frame.url().includes('/widget/app'));
  await framed.locator('#field-name').waitFor();
  await page.evaluate(() => document.querySelector('iframe').contentWindow.postMessage({ porchlight: 'open' }, '*'));
  await pause(300);
  assert.deepEqual(await page.evaluate(() => window.told), []);
  assert.equal(await framed.evaluate(() => document.activeElement.localName), 'body');
});

check('a strict policy of the website does not stop the launcher', {
  pages: { '/strict': shop('', '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; script-src \'self\'; frame-src \'self\'; img-src data:; style-src \'self\'">') },
}, async ({ server, visitor, page, app }) => {
  await page.goto(`${server.origin}/strict`);
  visitor.problems.length = 0;
  await visitor.open();
  await app.getByLabel('Your name').waitFor();
  const box = await visitor.launcher.boundingBox();
  assert.deepEqual([box.width, box.height, box.x, box.y], [60, 60, 1200, 720]);
  visitor.problems.length = 0;
});
