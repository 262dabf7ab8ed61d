// test-browser-trouble.mjs - bad luck in a real browser: every word arrives once and in order
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after } from 'node:test';

import { axe, launch, need_browser, shop, tester, until, visit } from './browser.mjs';
import { PAYLOADS } from './payloads.mjs';

await need_browser();
const browser = await launch();
after(() => browser.close());
const check = tester(browser);
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Every word once, in order, at the server and in the page. */
async function all_arrived({ server, visitor }, wanted, what) {
  await until(() => server.texts().length >= wanted.length, `${what}: at the server`, 45000);
  await until(async () => await visitor.app.locator('.own.sending, .own.waiting').count() === 0, `${what}: nothing waits`);
  await pause(300);
  assert.deepEqual(server.texts(), wanted, what);
  const shown = await visitor.app.locator('.own .bubble').allInnerTexts();
  assert.deepEqual(shown.map((text) => text.replace(/^You:\s*/, '')), wanted, `${what}: in the page`);
}

/** What lies in IndexedDB, oldest first. */
const kept_rows = (visitor) => visitor.frame().evaluate(() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('porchlight:KEY');
  opening.onerror = reject;
  opening.onsuccess = () => {
    const reading = opening.result.transaction('outbox').objectStore('outbox').getAll();
    reading.onsuccess = () => resolve(reading.result.sort((a, b) => a.at - b.at));
  };
}));

const words = (count, from = 0) => Array.from({ length: count }, (_, at) => `words ${from + at}`);

check('written without a line, reloaded, the server back: sent once, in order', async (all) => {
  const { server, visitor, page, app } = all;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  server.blocks_sockets = true;
  server.fault = (kind, { path }) => (kind === 'http' && /conversations/.test(path) ? { cut: true } : undefined);
  server.cut();
  for (const text of words(3, 1)) await visitor.say(text);
  await app.getByText('No connection. What you write is kept and sent later.').waitFor();
  assert.equal(await app.locator('.own.waiting').count(), 3);
  await app.getByText('Waiting for a connection').waitFor();
  assert.equal(await app.locator('.light.on').count(), 0);
  assert.equal(await app.locator('.subtitle').innerText(), 'Connecting again');
  assert.deepEqual(await axe(visitor.frame()), []);
  assert.deepEqual((await kept_rows(visitor)).filter((row) => row.state === 'waiting').map((row) => row.text), words(3, 1));
  await page.reload();
  await until(() => visitor.frame(), 'the chat comes by itself');
  server.fault = null;
  server.blocks_sockets = false;
  await until(() => server.stored === 4, 'sent without being opened', 40000);
  await visitor.open();
  await app.getByText('words 3').waitFor();
  await all_arrived(all, words(4), 'after the reload');
  assert.equal(server.doubles, 0);
});

check('the message was stored and the ack lost, twice: shown once, stored once', async (all) => {
  const { server, visitor } = all;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  let losses = 2;
  server.fault = (kind, frame) => (kind === 'frame' && frame.type === 'message' && losses-- > 0
    ? { store_and_cut: true } : undefined);
  for (const text of words(4, 1)) await visitor.say(text);
  await all_arrived(all, words(5), 'lost acks');
  assert.ok(server.doubles > 0);
});

check('the server restarts while one writes', async (all) => {
  const { server, visitor, app } = all;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  await server.stop();
  for (const text of words(3, 1)) await visitor.say(text);
  await app.getByText('No connection.').waitFor();
  await server.start();
  await all_arrived(all, words(4), 'the restart');
  await app.getByText('Connected again').waitFor();
  server.say(server.conversation(), 'Welcome back');
  await visitor.bubbles.getByText('Welcome back').waitFor();
});

check('an offline hour', async (all) => {
  const { server, visitor, page, app } = all;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  await page.clock.install();
  await visitor.context.setOffline(true);
  server.cut();
  for (const text of words(3, 1)) await visitor.say(text);
  await page.clock.fastForward('01:00:00');
  await app.getByText('No connection.').waitFor();
  assert.equal(server.stored, 1);
  for (let k = 0; k < 3; k++) server.say(server.conversation(), `meanwhile ${k}`);
  await visitor.context.setOffline(false);
  await until(() => server.stored === 4, 'at once when the network is back', 5000);
  await visitor.bubbles.getByText('meanwhile 2').waitFor();
  assert.equal(await visitor.bubbles.count(), 7);
});

check('twenty random cuts, some in the middle of a frame: nothing lost, nothing twice', async (all) => {
  const { server, visitor } = all;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  server.join(one);
  const answers = [];
  let cuts = 0;
  const answer = () => {
    answers.push(`answer ${answers.length}`);
    server.say(one, answers[answers.length - 1]);
  };
  for (let k = 1; k <= 20; k++) {
    await visitor.say(`words ${k}`);
    answer();
    await until(() => server.lines.size > 0, 'a line');
    await pause(Math.random() * 120);
    const [line] = server.lines;
    if (line && k % 3 === 0) line.send_half({ type: 'message', conversation: one.id, seq: 1e6, message: 'half' });
    else if (k % 3 === 1) server.fault = (kind, frame) => (frame.type === 'message' ? { store_and_cut: true } : undefined);
    else server.cut();
    cuts++;
    if (k % 3 === 1) await visitor.say(`more ${k}`);
    await pause(Math.random() * 200);
    server.fault = null;
    if (k % 3 === 1) server.cut();
    answer();
  }
  const wanted = ['words 0'];
  for (let k = 1; k <= 20; k++) wanted.push(`words ${k}`, ...(k % 3 === 1 ? [`more ${k}`] : []));
  await until(() => server.stored === wanted.length, 'all words', 60000);
  await until(async () => await visitor.app.locator('.own.sending, .own.waiting').count() === 0, 'nothing waits');
  const shown = async (side) => (await visitor.app.locator(`.${side} .bubble`).allInnerTexts())
    .map((text) => text.replace(/^You:\s*/, ''));
  await until(async () => (await shown('other')).length === answers.length, 'all answers');
  assert.deepEqual(await shown('other'), answers);
  assert.deepEqual(await shown('own'), wanted);
  assert.deepEqual(server.texts(one).filter((text) => !text.startsWith('answer')), wanted);
  // The page shows the one order that the server gave them.
  const order = (await visitor.bubbles.allInnerTexts()).map((text) => text.replace(/^You:\s*/, ''));
  assert.deepEqual(order, server.texts(one));
  console.log(`# ${cuts} cuts, ${server.doubles} messages sent twice and stored once`);
});

check('two tabs stay in step', async ({ server, visitor }) => {
  await visitor.start({ message: 'from one' });
  await until(() => server.stored === 1, 'the first message');
  const other = await visitor.tab(server);
  await other.open();
  await other.bubbles.getByText('from one').waitFor();
  await other.say('from two');
  await visitor.bubbles.getByText('from two').waitFor();
  const one = server.conversation();
  server.join(one);
  server.say(one, 'to both');
  await visitor.bubbles.getByText('to both').waitFor();
  await other.bubbles.getByText('to both').waitFor();
  // Unsent words of one are seen in the other, and sent by one of them only.
  server.fault = (kind, frame) => (kind === 'frame' && frame.type === 'message' ? { reply: {
    type: 'error', code: 'busy', message: 'busy', re: frame.id, conversation: frame.conversation, retry: true, retry_after_ms: 1500,
  } } : undefined);
  await visitor.say('held back');
  await other.bubbles.getByText('held back').waitFor();
  await other.app.locator('.own.sending').waitFor();
  server.fault = null;
  await until(() => server.stored === 3, 'sent');
  await other.app.locator('.own.sending').waitFor({ state: 'detached' });
  await pause(500);
  assert.deepEqual(server.texts(), ['from one', 'from two', 'to both', 'held back']);
  for (const tab of [visitor, other]) assert.equal(await tab.bubbles.count(), 4);
  assert.equal(server.doubles, 0);
  // Read in one tab is read in both.
  await visitor.launcher.click();
  await other.launcher.click();
  server.say(one, 'count me');
  const badge = (tab) => tab.page.locator('porchlight-chat b').innerText();
  await until(async () => await badge(visitor) === '1' && await badge(other) === '1', 'both count');
  await visitor.open();
  await until(async () => await badge(other) === '', 'the other tab knows that it was read');
});

check('two tabs write in turns: every word once, each tab in its order', async ({ server, visitor }) => {
  await visitor.start({ message: 'begin' });
  await until(() => server.stored === 1, 'the first message');
  const other = await visitor.tab(server);
  await other.open();
  await other.bubbles.getByText('begin').waitFor();
  for (let k = 0; k < 10; k++) {
    await visitor.say(`a${k}`);
    await other.say(`b${k}`);
    if (k === 4) server.cut();
  }
  await until(() => server.stored === 21, 'all of both', 40000);
  await pause(300);
  const texts = server.texts().slice(1);
  assert.deepEqual(texts.filter((text) => text[0] === 'a'), Array.from({ length: 10 }, (_, k) => `a${k}`));
  assert.deepEqual(texts.filter((text) => text[0] === 'b'), Array.from({ length: 10 }, (_, k) => `b${k}`));
  for (const tab of [visitor, other]) await until(async () => await tab.bubbles.count() === 21, 'both show all');
});

check('a tab that is gone: another sends its words under their old ids', async ({ server, visitor }) => {
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  const other = await visitor.tab(server);
  await other.open();
  await other.bubbles.getByText('words 0').waitFor();
  server.fault = (kind, frame) => (kind === 'frame' && frame.type === 'message' ? { cut: true } : undefined);
  await other.say('words 1');
  await other.say('words 2');
  await visitor.bubbles.getByText('words 2').waitFor();
  const ids = server.received.filter((frame) => frame.message === 'words 1').map((frame) => frame.id);
  await other.page.close();
  server.fault = null;
  await until(() => server.stored === 3, 'the words of the tab that is gone', 30000);
  assert.deepEqual(server.texts(), ['words 0', 'words 1', 'words 2']);
  if (ids.length) assert.equal(server.conversation().messages[1].id, ids[0]);
});

check('too fast: said in words with the seconds, then all is sent', async (all) => {
  const { server, visitor } = all;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  let refusals = 1;
  server.fault = (kind, frame) => (kind === 'frame' && frame.type === 'message' && refusals-- > 0 ? { reply: {
    type: 'error', code: 'rate_limited', message: 'x', re: frame.id, conversation: frame.conversation, retry: true, retry_after_ms: 3500,
  } } : undefined);
  const heard = await visitor.hear(/That was fast\. Sending goes on in \d seconds?\./);
  for (const text of words(3, 1)) await visitor.say(text);
  await all_arrived(all, words(4), 'after the pause');
  // A page that gets no time may skip a second, and never says one twice or a longer one later.
  const said = await heard();
  const seconds = said.map((text) => Number(text.match(/\d/)[0]));
  assert.equal(said[0], 'That was fast. Sending goes on in 4 seconds.');
  assert.ok(seconds.length >= 2 && seconds.every((n, i) => n >= 1 && (i === 0 || n < seconds[i - 1])), said.join(' '));
  assert.ok(!said.some((text) => text.includes(' 1 seconds')), said.join(' '));
});

check('nothing can be kept there: said in words, nothing lost, sent when it can be', async (all) => {
  const { server, visitor, page, app } = all;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  server.fault = (kind, frame) => (kind === 'frame' && frame.type === 'message' ? { reply: {
    type: 'error', code: 'storage', message: 'x', re: frame.id, conversation: frame.conversation, retry: true,
  } } : undefined);
  await visitor.say('words 1');
  const said = app.getByText('We cannot take messages just now. Your words are kept here and sent later.');
  await said.waitFor();
  assert.deepEqual(await axe(visitor.frame()), []);
  await visitor.say('words 2');
  assert.deepEqual((await kept_rows(visitor)).filter((row) => row.state === 'waiting').map((row) => row.text), words(2, 1));
  await page.reload();
  await until(() => visitor.frame(), 'the chat comes by itself');
  assert.equal(server.stored, 1);
  server.fault = null;
  await visitor.open();
  await all_arrived(all, words(3), 'when it can be kept');
  await said.waitFor({ state: 'hidden' });
  assert.equal(server.doubles, 0);
});

check('a gap: what the server expects is offered from there', async (all) => {
  const { server, visitor } = all;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  // The server forgets the last message, as after a restored file with the same epoch.
  const one = server.conversation();
  await visitor.say('words 1');
  await until(() => server.stored === 2, 'the second');
  one.messages.pop();
  one.last_n[Object.keys(one.last_n)[0]] = 1;
  await visitor.say('words 2');
  await until(() => server.texts().length === 3, 'both', 20000);
  assert.deepEqual(server.texts(), words(3));
});

check('not sent: said in red, "Try again" sends it, the next takes the number', async (all) => {
  const { server, visitor, app } = all;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  const refuse = (code) => {
    server.fault = (kind, frame) => (kind === 'frame' && frame.type === 'message' ? { reply: {
      type: 'error', code, message: 'x', re: frame.id, conversation: frame.conversation, retry: false,
    } } : undefined);
  };
  refuse('blocked');
  await visitor.say('words 2');
  await app.getByText('Not sent.').waitFor();
  assert.deepEqual(await axe(visitor.frame()), []);
  server.fault = null;
  await visitor.say('words 1');
  await until(() => server.stored === 2, 'the next message');
  await app.getByRole('button', { name: 'Try again' }).click();
  await all_arrived(all, words(3), 'tried again');
  refuse('id_conflict');
  await visitor.say('words 3');
  await app.getByText('Not sent.').waitFor();
});

check('closed while offline: the words begin a new conversation, in order', async ({ server, visitor, app }) => {
  await visitor.start({ message: 'before' });
  await until(() => server.stored === 1, 'the first message');
  server.fault = (kind, frame) => (kind === 'frame' && frame.type === 'message' ? { cut: true } : undefined);
  await visitor.say('one');
  await visitor.say('two');
  server.conversation().state = 'closed';
  server.fault = null;
  await until(() => server.conversation(1)?.messages.length === 2, 'a new conversation', 30000);
  assert.deepEqual(server.texts(server.conversation(1)), ['one', 'two']);
  assert.deepEqual(server.texts(), ['before']);
  await until(async () => await visitor.bubbles.count() === 2, 'the new one is shown');
  await visitor.say('three');
  await until(() => server.conversation(1).messages.length === 3, 'it goes on there');
});

check('a restored backup: all is loaded anew, the missing words are offered again', async (all) => {
  const { server, visitor } = all;
  await visitor.start({ message: 'words 0' });
  for (const text of words(5, 1)) await visitor.say(text);
  await until(() => server.stored === 6, 'all');
  server.restore(3);
  server.cut();
  await all_arrived(all, words(6), 'after the backup');
});

check('reset: the conversation is loaded anew', async ({ server, visitor }) => {
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  server.log.length = 0;
  one.messages.push({ ...one.messages[0], id: undefined, seq: ++server.seq, message_id: 'm99', message: 'missed', sender: { kind: 'agent', name: 'Ines' } });
  for (const line of server.lines) line.send({ type: 'reset', reason: 'log', epoch: server.epoch, seq: server.seq });
  await visitor.bubbles.getByText('missed').waitFor();
  assert.equal(await visitor.bubbles.count(), 2);
});

check('a token that died: a new session, nothing asked, the words go on', async ({ server, visitor }) => {
  await visitor.start({ message: 'before' });
  await until(() => server.stored === 1, 'the first message');
  server.visitors.clear();
  server.cut();
  await until(() => server.visitors.size === 1, 'a new session');
  await visitor.say('after');
  await until(() => server.texts().includes('after'), 'the message', 30000);
  assert.equal([...server.visitors.values()][0].profile.name, 'Jonas');
});

check('sockets blocked: the same by plain requests, and the socket when it can', async (all) => {
  const { server, visitor, app } = all;
  server.blocks_sockets = true;
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'by request', 30000);
  assert.ok(server.received.some((frame) => frame.type === 'POST message'));
  const one = server.conversation();
  server.join(one);
  server.say(one, 'An answer');
  await visitor.bubbles.getByText('An answer').waitFor();
  assert.equal(await app.getByText('No connection.').count(), 0);
  await visitor.say('words 1');
  await until(() => server.stored === 2, 'the second', 30000);
  server.blocks_sockets = false;
  await visitor.frame().evaluate(() => window.dispatchEvent(new Event('online')));
  await until(() => server.lines.size === 1, 'the socket');
  server.say(one, 'By socket');
  await visitor.bubbles.getByText('By socket').waitFor();
  assert.equal(await visitor.bubbles.count(), 4);
});

check('the site is off', async ({ server, visitor, app }) => {
  server.fault = (kind, { path }) => (kind === 'http' && /config/.test(path) ? { status: 404, body: { code: 'not_found' } } : undefined);
  await visitor.open();
  await app.getByText('This chat is closed.').waitFor();
});

check('cannot start: said in words, tried again', async ({ server, visitor, app }) => {
  let asked = 0;
  server.fault = (kind, { path }) => {
    if (kind !== 'http' || !/config/.test(path))
      return undefined;
    asked++;
    return { cut: true };
  };
  await visitor.open();
  await app.getByText('The chat cannot be reached. Your words are kept.').waitFor();
  assert.deepEqual(await axe(visitor.frame()), []);
  const before = asked;
  await app.getByRole('button', { name: 'Try again' }).click();
  await until(() => asked > before, 'that it asks again');
  server.fault = null;
  // It comes back by itself as well: whichever is first.
  const name = app.getByLabel('Your name');
  await Promise.any([app.getByRole('button', { name: 'Try again' }).click({ timeout: 20000 }), name.waitFor()]);
  await name.waitFor();
});

check('not even the chat\'s page: the loader says so and tries again', async ({ server, visitor, page, app }) => {
  await page.clock.install();
  server.fault = (kind, { path }) => (kind === 'http' && /app/.test(path) ? { cut: true } : undefined);
  await visitor.open();
  await pause(300);
  await page.clock.fastForward(11000);
  await page.getByText('The chat cannot be reached.').waitFor();
  server.fault = null;
  await page.locator('porchlight-chat').getByRole('button', { name: 'Try again' }).click();
  await app.getByLabel('Your name').waitFor();
});

const NO_DATABASE = () => Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } });
const NO_STORAGE = () => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });

// So Chromium answers a frame of another site's that may keep nothing.
const NO_LOCKS = () => Object.defineProperty(LockManager.prototype, 'request', {
  value: () => Promise.reject(new DOMException('The request was denied.', 'SecurityError')),
});

check('without IndexedDB the words live in localStorage', async (all) => {
  const { server, visitor, page, app } = all;
  await visitor.context.addInitScript(NO_DATABASE);
  await page.reload();
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  server.fault = (kind, frame) => (kind === 'frame' && frame.type === 'hello' ? { cut: true } : undefined);
  server.cut();
  await visitor.say('words 1');
  await page.reload();
  await pause(300);
  server.fault = null;
  await visitor.open();
  await app.getByText('words 1').waitFor();
  await all_arrived(all, words(2), 'from localStorage');
});

check('without IndexedDB two tabs stay in step as well', async ({ server, visitor, page }) => {
  await visitor.context.addInitScript(NO_DATABASE);
  await page.reload();
  await visitor.start({ message: 'words 0' });
  await until(() => server.stored === 1, 'the first message');
  const other = await visitor.tab(server);
  await other.open();
  await other.bubbles.getByText('words 0').waitFor();
  server.fault = (kind, frame) => (kind === 'frame' && frame.type === 'message' ? { cut: true } : undefined);
  await visitor.say('words 1');
  await other.bubbles.getByText('words 1').waitFor();
  server.fault = null;
  await until(() => server.stored === 2, 'sent');
  await other.app.locator('.own.waiting, .own.sending').waitFor({ state: 'detached' });
  assert.equal(await other.bubbles.count(), 2);
});

check('without any storage the chat works, and says that nothing is kept', async ({ server, visitor, page, app }) => {
  await visitor.context.addInitScript(NO_DATABASE);
  await visitor.context.addInitScript(NO_STORAGE);
  await visitor.context.addInitScript(NO_LOCKS);
  await page.reload();
  await visitor.open();
  await app.getByText('This browser keeps nothing.').waitFor();
  await visitor.fill();
  await until(() => server.stored === 1, 'the message');
});

/** Words as the page's owner, the agents and the visitor could send them. */
check('hostile words are words, wherever they stand', {
  pages: { '/hostile': shop().replace(/<title>.*<\/title>/, () => `<title>${PAYLOADS[3].replace(/</g, '&lt;')}</title>`) },
}, async ({ server, visitor, page, app }) => {
  const hits = [];
  page.on('request', (request) => { if (/\/hit/.test(request.url())) hits.push(request.url()); });
  page.on('dialog', (dialog) => { hits.push(dialog.message()); dialog.dismiss(); });
  const names = Array.from({ length: 5 }, (_, at) => ({ slug: `d${at}`, name: PAYLOADS[at * 5] }));
  server.config.business = PAYLOADS[0];
  server.config.departments = names;
  server.config.strings = { lead: PAYLOADS[1], write: PAYLOADS[7], greeting: PAYLOADS[11] };
  await page.goto(`${server.origin}/hostile`);
  await visitor.open();
  await app.getByLabel('Your name').waitFor();
  assert.equal(await app.locator('.title').innerText(), PAYLOADS[0]);
  await visitor.fill({ name: PAYLOADS[7], email: 'a@b.example', message: PAYLOADS[0] });
  await until(() => server.stored === 1, 'the first message');
  const one = server.conversation();
  for (const text of PAYLOADS) {
    server.add_message(one, { message: text, sender: { kind: 'agent', name: text, avatar: text } });
    server.add_message(one, { kind: 'system', code: 'joined', sender: { kind: 'system', name: text }, message: text });
  }
  one.agent = { name: PAYLOADS[2], avatar: PAYLOADS[8] };
  server.status(one, { state: PAYLOADS[1] });
  server.typing(one, true, PAYLOADS[6]);
  for (const text of PAYLOADS.slice(0, 20)) {
    await visitor.composer.fill(text);
    await visitor.composer.press('Enter');
  }
  await until(() => server.stored >= 20, 'sent');
  await until(async () => await visitor.bubbles.count() >= PAYLOADS.length + 20, 'shown');
  const shown = await app.locator('.other .bubble').evaluateAll((nodes) => nodes.map((node) => node.textContent));
  assert.deepEqual(shown, PAYLOADS);
  // Clicking what became a link leads only where links may lead.
  for (const href of await app.locator('.bubble a').evaluateAll((nodes) => nodes.map((node) => node.href))) {
    assert.match(href, /^(https?|mailto|tel):/);
  }
  // Nothing but what the chat itself is made of stands in the page.
  const tags = await visitor.frame().evaluate(() => [...new Set([...document.body.querySelectorAll('*')].map((node) => node.localName))]);
  const own = new Set(['div', 'header', 'main', 'p', 'h1', 'h2', 'span', 'button', 'svg', 'path', 'circle', 'form', 'textarea', 'a', 'time', 'i', 'noscript', 'em']);
  assert.deepEqual(tags.filter((tag) => !own.has(tag)), []);
  await app.getByRole('button', { name: 'More' }).click();
  await page.keyboard.press('Escape');
  await page.reload();
  await visitor.open();
  await visitor.bubbles.first().waitFor();
  await pause(300);
  for (const frame of page.frames()) assert.equal(await frame.evaluate(() => window.hit), undefined);
  assert.deepEqual(hits, []);
  visitor.problems.length = 0;
});

check('the server does not take the address: back to the form, nothing is sent twice', async ({ server, visitor, app }) => {
  server.fault = (kind, { path }) => (kind === 'http' && /session/.test(path)
    ? { status: 400, body: { code: 'bad_message', detail: 'profile.email is not an address' } } : undefined);
  await visitor.start({ email: 'a@b.c', message: 'Only once' });
  await app.getByText('Please check the address').waitFor();
  assert.equal(await app.getByLabel('Message', { exact: true }).inputValue(), 'Only once');
  server.fault = null;
  await app.getByLabel('E-mail').fill('a@b.example');
  await app.getByRole('button', { name: 'Start the chat' }).click();
  await until(() => server.stored === 1, 'the message');
  await pause(500);
  assert.deepEqual(server.texts(), ['Only once']);
  assert.equal(server.stored, 1);
});

check('the form is sent while the rest cannot be loaded: kept, and sent later', async ({ server, visitor, page, app }) => {
  server.fault = (kind, { path }) => (kind === 'http' && /room|session/.test(path) ? { cut: true } : undefined);
  await visitor.start({ message: 'Kept' });
  await app.getByText('No connection. What you write is kept and sent later.').waitFor();
  await page.reload();
  await visitor.open();
  await pause(300);
  server.fault = null;
  await until(() => server.stored === 1, 'sent later', 30000);
  await visitor.bubbles.getByText('Kept').waitFor();
  assert.deepEqual(server.texts(), ['Kept']);
});

check('several visitors do not see each other', async ({ server, visitor }) => {
  await visitor.start({ message: 'mine' });
  await until(() => server.stored === 1, 'the first');
  const other = await visit(browser, server);
  await other.start({ name: 'Mona', email: 'm@example.org', message: 'other' });
  await until(() => server.stored === 2, 'the second');
  assert.equal(server.visitors.size, 2);
  assert.equal(await visitor.bubbles.count(), 1);
  assert.equal(await other.bubbles.count(), 1);
  await other.end();
});
