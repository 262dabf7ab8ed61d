// browser.mjs - a real Chromium that does what it is told, one JSON line at a time
// SPDX-License-Identifier: GPL-3.0-or-later
//
// {"do": NAME, "page": NAME, ...}  ->  {"is": VALUE} or {"wrong": TEXT}
// A page is a tab; pages of one visitor share a context (storage), so that two of them are two tabs.
import { createInterface } from 'node:readline';
import { chromium } from '../node_modules/playwright-core/index.mjs';

const PATIENCE_MS = 40000;
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--force-color-profile=srgb'],
});
const contexts = new Map();
const pages = new Map();
const noise = [];

async function get_context(visitor, { dark, width, height, lang }) {
  if (!contexts.has(visitor)) {
    const context = await browser.newContext({
      colorScheme: dark ? 'dark' : 'light', locale: lang || 'en-GB', timezoneId: 'UTC',
      viewport: { width: width || 1000, height: height || 760 },
    });
    context.setDefaultTimeout(PATIENCE_MS);
    contexts.set(visitor, context);
  }
  return contexts.get(visitor);
}

const chat = (name) => pages.get(name).frameLocator('porchlight-chat iframe');
const launcher = (name) => pages.get(name).locator('porchlight-chat button');

/** Waits for a condition that is computed in the page. */
async function until(what, test) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await test().catch(() => null);
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

const acts = {
  async open({ page, visitor, url, ...more }) {
    const context = await get_context(visitor || page, more);
    const tab = await context.newPage();
    tab.on('console', (line) => {
      // A cut line is no fault of the page's; the browser says it nevertheless.
      if (['error', 'warning'].includes(line.type()) && !/ERR_|WebSocket connection|Failed to load resource/.test(line.text())) {
        noise.push(`${page}: ${line.text()}`);
      }
    });
    tab.on('pageerror', (problem) => noise.push(`${page}: ${problem.message}`));
    pages.set(page, tab);
    await tab.goto(url, { waitUntil: 'load' });
  },
  reload: ({ page }) => pages.get(page).reload({ waitUntil: 'load' }),
  async close({ page }) {
    await pages.get(page).close();
    pages.delete(page);
  },
  launch: ({ page }) => launcher(page).click(),
  label: ({ page }) => launcher(page).getAttribute('aria-label'),
  badge: ({ page }) => pages.get(page).locator('porchlight-chat b').textContent(),
  fill: ({ page, label, text }) => chat(page).getByLabel(label, { exact: true }).fill(text),
  write: ({ page, text }) => chat(page).getByPlaceholder(/Write a message|Something else|Nachricht schreiben|Noch etwas/).fill(text),
  type: ({ page, text }) => chat(page).getByPlaceholder(/Write a message|Something else|Nachricht schreiben|Noch etwas/).pressSequentially(text, { delay: 10 }),
  press: ({ page, key }) => pages.get(page).keyboard.press(key),
  click: ({ page, name, role }) => chat(page).getByRole(role || 'button', { name, exact: true }).click(),
  submit: ({ page, css }) => chat(page).locator(`${css} button[type=submit]`).click(),
  check: ({ page, name }) => chat(page).getByRole('radio', { name, exact: true }).check({ force: true }),
  sees: ({ page, text }) => chat(page).getByText(text, { exact: false }).first().waitFor({ state: 'visible' }).then(() => true),
  gone: ({ page, text }) => chat(page).getByText(text, { exact: false }).first().waitFor({ state: 'hidden' }).then(() => true),
  // What the log says, in order: {own, text, state}.
  rows: ({ page }) => chat(page).locator('.log .row').evaluateAll((rows) => rows.map((row) => ({
    own: row.classList.contains('own'),
    text: [...row.querySelector('.bubble').childNodes].filter((node) => !(node.classList && node.classList.contains('sr')))
      .map((node) => node.textContent).join(''),
    state: ['sending', 'waiting', 'sent', 'received', 'read', 'failed'].find((word) => row.classList.contains(word)) || '',
  }))),
  own_until: ({ page, count, state }) => until(`${count} own messages ${state || ''}`, async () => {
    const rows = (await acts.rows({ page })).filter((row) => row.own && (!state || row.state === state));
    return rows.length >= count && rows;
  }),
  text: ({ page, css }) => chat(page).locator(css).first().textContent(),
  async shot({ page, path, chat_only }) {
    const target = chat_only ? pages.get(page).locator('porchlight-chat .p') : pages.get(page);
    await target.screenshot({ path, animations: 'disabled' });
  },
  eval: ({ page, code }) => pages.get(page).evaluate(code),
  visible: ({ page, hidden }) => pages.get(page).evaluate((is_hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => is_hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, Boolean(hidden)),
  noise: async () => noise.splice(0),
  async quit() {
    await browser.close();
  },
};

console.log(JSON.stringify({ is: browser.version() }));
for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ is: (await acts[name](given)) ?? null }));
  } catch (problem) {
    console.log(JSON.stringify({ wrong: `${name} ${JSON.stringify(given)}: ${problem.message.split('\n').slice(0, 3).join(' ')}` }));
  }
  if (name === 'quit') break;
}
