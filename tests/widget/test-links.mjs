// test-links.mjs - which words become links, and which never do
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { address, split_links } from '../../data/widget/links.js';
import { PAYLOADS } from './payloads.mjs';

const CASES = [
  ['no link here', []],
  ['see https://example.org/a', ['https://example.org/a']],
  ['see https://example.org/a.', ['https://example.org/a']],
  ['(https://example.org/a)', ['https://example.org/a']],
  ['https://en.wikipedia.org/wiki/Lamp_(lantern)', ['https://en.wikipedia.org/wiki/Lamp_(lantern)']],
  ['HTTP://EXAMPLE.ORG', ['http://example.org/']],
  ['www.example.org/x?y=1&z=2, please', ['https://www.example.org/x?y=1&z=2']],
  ['a@b.example', ['mailto:a@b.example']],
  ['mailto:a@b.example?subject=x', ['mailto:a@b.example?subject=x']],
  ['tel:+4930123456', ['tel:+4930123456']],
  ['https://a.example https://b.example', ['https://a.example/', 'https://b.example/']],
  ['https://a.example/1\nhttps://b.example/2!', ['https://a.example/1', 'https://b.example/2']],
  ['"https://a.example/q"', ['https://a.example/q']],
  ['https://ünïcode.example/ä', ['https://xn--ncode-cta3g.example/%C3%A4']],
  ['https://127.0.0.1:8080/x', ['https://127.0.0.1:8080/x']],
  ['javascript:alert(1)', []],
  ['JaVaScRiPt:alert(1)', []],
  ['data:text/html,x', []],
  ['vbscript:x', []],
  ['file:///etc/passwd', []],
  ['ftp://example.org/x', []],
  ['blob:https://example.org/x', []],
  ['https://', []],
  ['https://user:secret@example.org/', []],
  ['https://good.example@evil.example/', []],
  ['https://example.org/\u202egnp.exe', []],
  ['https://exam\u200bple.org/', []],
  ['mailto:', []],
  ['tel:', []],
  ['xhttps://example.org', []],
  ['https://example.org/<script>', ['https://example.org/']],
  ['a@b', []],
];

for (const [text, wanted] of CASES) {
  test(`links in ${JSON.stringify(text)}`, () => {
    const pieces = split_links(text);
    assert.equal(pieces.map((piece) => piece.text).join(''), text);
    assert.deepEqual(pieces.filter((piece) => piece.href).map((piece) => piece.href), wanted);
  });
}

test('no hostile text leads anywhere but to the four kinds of address', () => {
  for (const text of PAYLOADS) {
    const pieces = split_links(text);
    assert.equal(pieces.map((piece) => piece.text).join(''), text);
    for (const { href } of pieces) if (href) assert.match(href, /^(https?|mailto|tel):/);
  }
});

test('an address is refused when it is none', () => {
  for (const text of ['', ' ', 'javascript:0', 'https://[', '//example.org']) assert.equal(address(text), null);
});

test('a long line is cut up in no time', () => {
  const text = `${'https://a.example/'.repeat(200)}${')'.repeat(400)}`;
  const begin = performance.now();
  split_links(text);
  assert.ok(performance.now() - begin < 200);
});
