// browser.mjs - what the browser tests share: Chromium, the website around the widget, waiting, axe
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

import { FakeServer } from './fake-server.mjs';

const FLAGS = [
  '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];
const BUILT = process.env.PORCH_WIDGET_DIR;
const SHOTS = process.env.PORCH_WIDGET_SHOTS;

export const shop = (attributes = '', head = '') => `<!doctype html><html lang="en" ${attributes}><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Juniper Row</title>
<link rel="icon" href="data:,">${head}
<script async src="/widget.js" data-site="KEY"></script></head>
<body style="margin:0;font:16px/1.5 sans-serif"><main style="padding:24px;max-width:720px"><h1>Bicycles</h1>
<p>Made by hand, ridden every day. <a href="/other">More</a></p></main></body></html>`;

export async function launch() {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: process.env.PORCH_CHROMIUM || '/usr/bin/chromium', args: FLAGS });
}

export async function serve(facts) {
  const server = new FakeServer(BUILT);
  Object.assign(server.config, facts);
  server.pages.set('/', shop());
  server.pages.set('/other', shop());
  server.pages.set('/rtl', shop('dir="rtl" lang="ar"').replace('lang="en" ', ''));
  await server.start();
  return server;
}

/** One visitor: a context of its own, and what is done most. */
export async function visit(browser, server, options = {}) {
  const { path = '/', ...more } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...more });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (problem) => problems.push(String(problem)));
  page.on('console', (message) => {
    const text = message.text();
    // A line that is cut on purpose is what these tests are about.
    if (message.type() === 'error' && !/WebSocket|Failed to load resource|net::/.test(text)) problems.push(text);
  });
  await page.goto(server.origin + path);
  return wrap(context, page, problems);
}

export function wrap(context, page, problems) {
  const app = page.frameLocator('porchlight-chat iframe');
  const launcher = page.locator('porchlight-chat button').last();
  return {
    context, page, app, launcher, problems,
    composer: app.locator('#composer'),
    bubbles: app.locator('.bubble'),
    open: () => launcher.click(),
    async start(values) {
      await launcher.click();
      await this.fill(values);
    },
    async fill(values = {}) {
      const { name = 'Jonas', email = 'jonas@posteo.example', message = 'Hello, is it there?' } = values;
      await app.getByLabel('Your name').fill(name);
      await app.getByLabel('E-mail').fill(email);
      await app.getByLabel('Message', { exact: true }).fill(message);
      await app.getByRole('button', { name: /Start the chat|Leave the message/ }).click();
    },
    async say(text) {
      await app.locator('#composer').fill(text);
      await app.locator('#composer').press('Enter');
    },
    async tab(server) {
      const other = await context.newPage();
      other.on('pageerror', (problem) => problems.push(String(problem)));
      await other.goto(`${server.origin}/`);
      return wrap(context, other, problems);
    },
    /** What the chat says of @pattern from now on, each time it says something else: words that pass are missed by a look. */
    async hear(pattern) {
      await this.frame().evaluate((source) => {
        window.heard = [];
        const listen = () => {
          const said = document.body.textContent.match(new RegExp(source));
          if (said && window.heard.at(-1) !== said[0]) window.heard.push(said[0]);
        };
        new MutationObserver(listen).observe(document.body, { childList: true, characterData: true, subtree: true });
      }, pattern.source);
      return () => this.frame().evaluate(() => window.heard);
    },
    frame: () => page.frames().find((frame) => frame.url().includes('/widget/app')),
    end: () => context.close(),
  };
}

export async function until(check, what, deadline_ms = 40000) {
  const end = Date.now() + deadline_ms;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 25); });
  }
}

const axe_source = createRequire(import.meta.url).resolve;

/** Serious and lesser findings of axe in the chat, as "rule: target". */
export async function axe(frame) {
  const source = await readFile(axe_source('axe-core/axe.min.js'), 'utf8');
  await frame.evaluate(source);
  const found = await frame.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    // A document in a panel has no need of landmarks of its own.
    rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
  }));
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`));
}

export async function shot(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), animations: 'disabled' });
}

/** Ends the program with a skipped plan where a browser or its driver is missing. */
export async function need_browser() {
  const missing = await import('playwright-core').then(() => null, () => 'playwright-core is not installed');
  const browser = process.env.PORCH_CHROMIUM || '/usr/bin/chromium';
  const reason = missing || (existsSync(browser) ? null : `${browser} is not there`) ||
    (BUILT ? null : 'PORCH_WIDGET_DIR is not set');
  if (!reason) return;
  console.log(`1..0 # SKIP ${reason}`);
  process.exit(0);
}

/** A test with a server and a visitor of its own; fails when the page reported a problem. */
export function tester(browser) {
  return (name, options, work) => {
    const body = work || options;
    const { config = {}, visitor = {}, pages } = work ? options : {};
    test(name, { timeout: 120000 }, async () => {
      const server = await serve(config);
      for (const [path, html] of Object.entries(pages || {})) server.pages.set(path, html);
      const one = await visit(browser, server, visitor);
      try {
        await body({ server, visitor: one, page: one.page, app: one.app });
        assert.deepEqual(one.problems, []);
      } catch (problem) {
        await shot(one.page, `failed-${name.replace(/\W+/g, '-').slice(0, 60)}`).catch(() => {});
        throw problem;
      } finally {
        await one.end();
        await server.stop();
      }
    });
  };
}
