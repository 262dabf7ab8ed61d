// test-browser-look.mjs - every state of the widget as a picture, readable by everybody, nothing cut
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { ARABIC } from './arabic.mjs';
import { axe, launch, need_browser, serve, shot, until, visit } from './browser.mjs';

await need_browser();
const browser = await launch();
after(() => browser.close());

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const DEPARTMENTS = [
  { slug: 'sales', name: 'Sales' }, { slug: 'repairs', name: 'Repairs' }, { slug: 'other', name: 'Other' },
];
const WORDS = {
  en: {
    agent: 'Ines Castro', first: 'Do you have the rust one with a belt?', good: 'Good morning Jonas, Ines here.',
    rust: 'The rust one has the belt and the 8-speed hub: https://juniper-row.example/rust',
    perfect: 'Perfect, that is exactly the one', saturday: 'Could you hold it until Saturday? I can come at eleven 🚲',
    seat: 'Shall I fit the child seat as well?', yes: 'Yes please', light: 'And the rear light', basket: 'Is there a basket that fits?',
    name: 'Jonas', bad: 'jonas@posteo',
  },
  ar: {
    agent: 'سلمى حداد', first: 'هل لديكم اللون الأحمر؟', good: 'صباح الخير يا يوسف، معك سلمى.',
    rust: 'اللون الأحمر متوفر وفيه حزام وثماني سرعات: https://juniper-row.example/rust',
    perfect: 'هذه هي بالضبط', saturday: 'هل يمكن حجزها حتى يوم السبت؟ الطراز Norrland 54',
    seat: 'هل أركّب مقعد الطفل أيضا؟', yes: 'نعم من فضلك', light: 'والمصباح الخلفي كذلك', basket: 'والسلة؟',
    name: 'يوسف', bad: 'yousef@posteo',
  },
};

const LOOKS = {
  light: {},
  dark: { visitor: { colorScheme: 'dark' } },
  phone: { visitor: { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } },
  tiny: { visitor: { viewport: { width: 320, height: 256 } } },
  rtl: { visitor: { path: '/rtl' }, lang: 'ar' },
  'rtl-dark-phone': {
    visitor: { path: '/rtl', colorScheme: 'dark', viewport: { width: 360, height: 720 }, isMobile: true, deviceScaleFactor: 2 },
    lang: 'ar',
  },
  forced: { visitor: { forcedColors: 'active' } },
  yellow: { config: { colour: '#ffeb3b' } },
  black: { config: { colour: '#000000' } },
  'black-dark': { config: { colour: '#000000' }, visitor: { colorScheme: 'dark' } },
};

/** Text that does not fit its box, and controls too small for a thumb, as sentences. */
const MEASURE = () => {
  const found = [];
  const shown = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(node).visibility !== 'hidden';
  };
  for (const node of document.querySelectorAll('button, label, p, h1, h2, .bubble, .meta, .subtitle')) {
    if (!shown(node) || node.closest('.sr, .tool, .meta.wrong') || !node.textContent.trim()) continue;
    const style = getComputedStyle(node);
    if (node.scrollWidth > node.clientWidth + 1 && style.textOverflow !== 'ellipsis' && node.clientWidth > 0 &&
        style.display !== 'inline') found.push(`cut: ${node.className} ${node.textContent.slice(0, 40)}`);
  }
  for (const node of document.querySelectorAll('button, input, select, a[href]')) {
    if (!shown(node) || node.closest('.bubble, .fine')) continue;
    const box = node.getBoundingClientRect();
    const extra = getComputedStyle(node, '::after');
    const more = extra.content !== 'none' ? -2 * Number.parseFloat(extra.top || 0) : 0;
    if (box.height + more < 43.5 || box.width + more < 43.5) {
      found.push(`small: ${node.className} ${box.width}x${box.height}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  return found;
};

/** Takes the picture and notes what is wrong with it; the test fails at its end with all of it. */
async function judge(visitor, name) {
  await pause(250);
  await shot(visitor.page, name);
  const wrong = await visitor.frame().evaluate(MEASURE);
  if (!/forced/.test(name)) wrong.push(...await axe(visitor.frame()));
  visitor.problems.push(...wrong.map((one) => `${name}: ${one}`));
}

async function form_states({ server, visitor, app, look, words }) {
  await shot(visitor.page, `${look}-1-launcher`);
  await visitor.launcher.focus();
  await shot(visitor.page, `${look}-1-launcher-focus`);
  await visitor.page.keyboard.press('Enter');
  const fields = app.locator('.form input:not([type=radio])');
  await fields.first().waitFor();
  await fields.nth(0).fill(words.name);
  await fields.nth(1).fill(words.bad);
  await app.locator('.chip input').first().check();
  await app.locator('.form button').click();
  await app.locator('.error svg').waitFor();
  await judge(visitor, `${look}-2-form`);
  await fields.nth(1).fill(`${words.bad}.de`);
  await app.locator('.form textarea').fill(words.first);
  await app.locator('.form button').click();
  await until(() => server.stored === 1, 'the first message');
}

async function talk_states({ server, visitor, app, look, words }) {
  const one = server.conversation();
  server.status(one, { state: 'waiting', queue_position: 2, wait_s: 170 });
  await judge(visitor, `${look}-3-queue`);
  server.join(one, words.agent);
  server.say(one, words.good, words.agent);
  server.say(one, words.rust, words.agent);
  await visitor.say(words.perfect);
  await visitor.say(words.saturday);
  await until(() => server.stored === 3, 'three');
  server.receipt(one, server.seq, server.seq);
  server.typing(one, true, words.agent);
  await app.locator('.typing .dots').waitFor();
  await judge(visitor, `${look}-4-conversation`);
}

async function cut_states({ server, visitor, app, look, words }) {
  const one = server.conversation();
  server.typing(one, false);
  server.say(one, words.seat, words.agent);
  await visitor.say(words.yes);
  await until(() => server.stored === 4, 'four');
  server.receipt(one, server.seq, server.seq);
  await app.locator('.own.last.read').nth(2).waitFor();
  server.blocks_sockets = true;
  server.fault = (kind) => (kind === 'http' ? { cut: true } : undefined);
  server.cut();
  await visitor.say(words.light);
  await visitor.say(words.basket);
  await app.locator('.banner:not([hidden])').waitFor();
  await judge(visitor, `${look}-5-no-connection`);
  server.blocks_sockets = false;
  // Plain requests stay cut: on a busy machine the chat would else send by them before the socket is back.
  server.fault = (kind, frame) => {
    if (kind === 'http')
      return { cut: true };
    return kind === 'frame' && frame.type === 'message' ? { reply: {
      type: 'error', code: 'blocked', message: 'x', re: frame.id, conversation: frame.conversation, retry: false,
    } } : undefined;
  };
  await visitor.frame().evaluate(() => window.dispatchEvent(new Event('online')));
  await app.locator('.meta.wrong').last().waitFor();
  await judge(visitor, `${look}-6-not-sent`);
  server.fault = null;
}

async function done_states({ server, visitor, app, look, words }) {
  const one = server.conversation();
  server.add_message(one, { kind: 'system', code: 'resolved', sender: { kind: 'system', name: words.agent }, message: '' });
  server.status(one, { state: 'resolved', rating_asked: true });
  await app.locator('.rating').waitFor();
  await app.locator('.star input').nth(3).check();
  await app.locator('.star input').nth(3).focus();
  await judge(visitor, `${look}-7-rating`);
  await app.locator('.head [aria-haspopup]').click();
  await app.locator('.menu button').first().waitFor();
  await judge(visitor, `${look}-8-menu`);
  await visitor.page.keyboard.press('Escape');
}

async function list_states({ server, visitor, app, look }) {
  const [visitor_row] = server.visitors.values();
  const other = server.add_conversation(visitor_row, { handle: null, state: 'closed', agent: { name: 'Mona Lindqvist' } });
  const days = (n) => new Date(Date.now() - n * 864e5).toISOString();
  server.add_message(other, { message: 'The brakes are perfect now, thank you', sender: { kind: 'visitor' }, at: days(3) });
  const old = server.add_conversation(visitor_row, { handle: null, state: 'closed' });
  server.add_message(old, { message: 'Left a message while nobody was in', sender: { kind: 'visitor' }, at: days(48) });
  const [newest] = visitor_row.conversations;
  newest.state = 'active';
  await visitor.page.reload();
  await visitor.open();
  await app.locator('.head > .tool').first().click();
  await until(async () => await app.locator('.line').count() === 3, 'the list');
  server.say(newest, 'Yours is ready on Saturday at eleven');
  await app.locator('.line .unread').waitFor();
  await judge(visitor, `${look}-9-list`);
  await visitor.launcher.click({ force: true }).catch(() => {});
  if (await app.locator('.head').isVisible()) await app.locator('.head > .tool').nth(2).click();
  await until(async () => !(await visitor.page.locator('porchlight-chat iframe').isVisible()), 'closed');
  await shot(visitor.page, `${look}-9-badge`);
}

for (const [look, { visitor: options, config, lang }] of Object.entries(LOOKS)) {
  test(`the whole way, ${look}`, { timeout: 180000 }, async () => {
    const server = await serve({ departments: DEPARTMENTS, ...config });
    if (lang === 'ar') {
      Object.assign(server.config, { lang: 'ar', strings: ARABIC, business: 'متجر الدراجات' });
      server.config.departments = ['المبيعات', 'الصيانة', 'أخرى'].map((name, at) => ({ slug: `d${at}`, name }));
    }
    const visitor = await visit(browser, server, options);
    const all = { server, visitor, app: visitor.app, look, words: WORDS[lang || 'en'] };
    try {
      await form_states(all);
      await talk_states(all);
      await cut_states(all);
      await done_states(all);
      await list_states(all);
      assert.deepEqual(visitor.problems, []);
    } catch (problem) {
      await shot(visitor.page, `failed-look-${look}`).catch(() => {});
      throw problem;
    } finally {
      await visitor.end();
      await server.stop();
    }
  });
}

for (const look of ['light', 'dark']) {
  test(`nobody in, loading, cannot start, very full, ${look}`, { timeout: 120000 }, async () => {
    const opens = new Date(Date.now() + 3 * 864e5);
    opens.setHours(10, 0, 0, 0);
    const server = await serve({ light: false, reply_minutes: null, opens_at: opens.toISOString() });
    const visitor = await visit(browser, server, { colorScheme: look });
    try {
      let answer_config;
      server.fault = (kind, { path }) => {
        if (kind !== 'http' || !/config/.test(path)) return undefined;
        return answer_config ? { cut: true } : new Promise((resolve) => { answer_config = resolve; });
      };
      await visitor.open();
      await visitor.app.locator('.skeleton').waitFor();
      await judge(visitor, `${look}-a-loading`);
      answer_config({ cut: true });
      await visitor.app.getByText('The chat cannot be reached.').waitFor();
      await judge(visitor, `${look}-b-cannot-start`);
      server.fault = null;
      // It tries again by itself as well: whichever comes first takes the button away.
      await visitor.app.getByRole('button', { name: 'Try again' }).click({ timeout: 3000 }).catch(() => null);
      await visitor.app.getByText('The shop is closed right now.').waitFor();
      await visitor.app.getByLabel('Your name').fill('Amara');
      await visitor.app.getByLabel('E-mail').fill('amara@okonkwo.example');
      await visitor.app.getByLabel('Message', { exact: true }).fill('Is my order ready to be picked up? The name is Okonkwo, two inner tubes.');
      await judge(visitor, `${look}-c-nobody-in`);
      await visitor.app.getByRole('button', { name: 'Leave the message' }).click();
      await visitor.app.getByText('Thank you.').waitFor();
      await judge(visitor, `${look}-d-left`);
      server.light(true);
      const one = server.conversation();
      const long = 'Maximiliane-Konstantinopolitanische Dudelsackpfeifenmachergesellin';
      server.join(one, long);
      server.say(one, 'x'.repeat(300), long);
      server.say(one, `${'Many words in one message. '.repeat(148)}`.slice(0, 4000), long);
      server.add_message(one, { message: 'I can answer that: yes.', sender: { kind: 'assistant', name: '' } });
      await visitor.bubbles.getByText('I can answer that').waitFor();
      await visitor.composer.fill(`${'A draft of many lines.\n'.repeat(160)}`);
      await judge(visitor, `${look}-e-very-full`);
      server.status(one, { state: 'closed' });
      await visitor.app.getByRole('button', { name: 'New conversation' }).waitFor();
      await judge(visitor, `${look}-f-closed`);
      assert.deepEqual(visitor.problems, []);
    } catch (problem) {
      await shot(visitor.page, `failed-states-${look}`).catch(() => {});
      throw problem;
    } finally {
      await visitor.end();
      await server.stop();
    }
  });
}

test('less motion: nothing moves', async () => {
  const server = await serve();
  const visitor = await visit(browser, server, { reducedMotion: 'reduce' });
  await visitor.start();
  await until(() => server.stored === 1, 'the first message');
  server.typing(server.conversation());
  await visitor.app.locator('.typing .dots').waitFor();
  const moving = await visitor.frame().evaluate(() => document.getAnimations()
    .filter((one) => one.effect.getKeyframes().some((frame) => 'transform' in frame) ||
      one.effect.getComputedTiming().iterations === Infinity).length);
  assert.equal(moving, 0);
  await visitor.end();
  await server.stop();
});
