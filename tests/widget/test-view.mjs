// test-view.mjs - rows of the transcript, the store behind them, colours and the form's checks
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contrast, parse, readable, shades } from '../../data/widget/colour.js';
import { initials } from '../../data/widget/dom.js';
import { read_page } from '../../data/widget/host.js';
import { Store } from '../../data/widget/store.js';
import { email_problem } from '../../data/widget/view-form.js';
import { build_rows } from '../../data/widget/view-log.js';

const NOW = new Date(2026, 10, 20, 12, 0).getTime();
const MINUTE = 60000;
let count = 0;

const frame = (seq, text, facts = {}) => ({
  type: 'message', conversation: 'c1', seq, message_id: `m${seq}`, kind: 'text', message: text,
  sender: { kind: 'agent', name: 'Ines' }, at: new Date(NOW - 60 * MINUTE + seq * 1000).toISOString(), ...facts,
});
const own = (seq, text, facts) => frame(seq, text, { sender: { kind: 'visitor' }, ...facts });
const system = (seq, code, name) => frame(seq, '', { kind: 'system', code, sender: { kind: 'system', name } });
const entry = (text, state, facts = {}) => ({
  uid: `u${++count}`, device: 'd', n: count, text, at: NOW, state, conversation: 'c1', ...facts,
});

function rows_of(frames, entries = [], is_up = true) {
  const store = new Store({ now: () => NOW });
  for (const one of frames) store.apply(one);
  return build_rows({
    conversation: store.ensure('c1'), entries, is_up, now: NOW,
    progress: (one, message) => store.progress(one, message),
  });
}

test('a group is one sender within five minutes', () => {
  const later = new Date(NOW).toISOString();
  const rows = rows_of([frame(1, 'a'), frame(2, 'b'), own(3, 'c'), frame(4, 'd'), frame(5, 'e', { at: later })]);
  const bubbles = rows.filter((row) => row.kind === 'message');
  assert.deepEqual(bubbles.map((row) => [row.text, row.first, row.last]), [
    ['a', true, false], ['b', false, true], ['c', true, true], ['d', true, true], ['e', true, true],
  ]);
});

test('days stand between messages; a system line that opens a day carries it', () => {
  const before = new Date(NOW - 24 * 60 * MINUTE).toISOString();
  const rows = rows_of([frame(1, 'a', { at: before }), system(2, 'joined', 'Ines'), own(3, 'b')]);
  assert.deepEqual(rows.map((row) => row.kind), ['day', 'message', 'system', 'message']);
  assert.equal(rows[0].text, 'Yesterday');
  assert.match(rows[2].text, /^Today .* · You are talking to Ines$/);
});

test('system lines are said in the visitor\'s words, unknown ones as the server says', () => {
  const says = (code, name, message) => rows_of([own(1, 'x'), frame(2, message || '', {
    kind: 'system', code, sender: { kind: 'system', name },
  })]).pop().text;
  assert.match(says('resolved', 'Ines'), /^Ines marked this as done · /);
  assert.match(says('resolved'), /^This was marked as done · /);
  assert.match(says('closed'), /^This conversation is over · /);
  assert.match(says('other', '', 'Something else'), /^Something else · /);
  assert.equal(rows_of([own(1, 'x'), frame(2, '', { kind: 'system', code: 'secret', sender: {} })]).pop().kind, 'message');
  // Every code of the wire has its sentence.
  for (const code of ['joined', 'resolved', 'closed', 'reopened', 'idle', 'ended']) assert.match(says(code, 'Ines'), /^\w.* · /, code);
});

test('ticks claim what the server said and not more', () => {
  const store = new Store({ now: () => NOW });
  for (const seq of [1, 2, 3]) store.apply(own(seq, `t${seq}`));
  const one = store.ensure('c1');
  const states = () => one.messages.map((message) => store.progress(one, message));
  assert.deepEqual(states(), ['sent', 'sent', 'sent']);
  store.apply({ type: 'receipt', conversation: 'c1', received: 2, read: 1 });
  assert.deepEqual(states(), ['read', 'received', 'sent']);
  store.apply({ type: 'receipt', conversation: 'c1', received: 1, read: 0 });
  assert.deepEqual(states(), ['read', 'received', 'sent']);
  store.apply({ type: 'receipt', conversation: 'c1', received: 'x', read: -4 });
  assert.deepEqual(states(), ['read', 'received', 'sent']);
});

test('unsent words stand last, say why, and keep to themselves', () => {
  const rows = rows_of([own(1, 'a')], [entry('b', 'waiting'), entry('c', 'failed'), entry('d', 'waiting')], false);
  const bubbles = rows.filter((row) => row.kind === 'message');
  assert.deepEqual(bubbles.map((row) => [row.text, row.state]),
    [['a', 'sent'], ['b', 'waiting'], ['c', 'failed'], ['d', 'waiting']]);
  assert.deepEqual(bubbles.map((row) => row.last), [true, false, true, true]);
  assert.equal(rows_of([], [entry('b', 'waiting')], true).pop().state, 'sending');
});

test('a message that is stored is not shown a second time as unsent', () => {
  const waiting = entry('b', 'waiting');
  const rows = rows_of([own(1, 'b', { id: `d:${waiting.n}` })], [waiting]);
  assert.equal(rows.filter((row) => row.kind === 'message').length, 1);
});

test('messages go where their seq belongs, each once', () => {
  const store = new Store({ now: () => NOW });
  for (const seq of [5, 2, 9, 2, 5]) store.apply(frame(seq, `t${seq}`));
  assert.deepEqual(store.ensure('c1').messages.map((message) => message.seq), [2, 5, 9]);
  store.take_history(store.ensure('c1'), [frame(1, 't1'), frame(2, 't2')], true, true);
  assert.deepEqual(store.ensure('c1').messages.map((message) => message.seq), [1, 2, 5, 9]);
  assert.equal(store.ensure('c1').has_older, true);
});

test('an old message that comes alone leaves no hole in the history', () => {
  const store = new Store({ now: () => NOW });
  const one = store.ensure('c1');
  const ack = { conversation: 'c1', message_id: 'm2', seq: 2, at: new Date(NOW).toISOString() };
  store.take_ack(entry('old', 'waiting'), ack);
  store.take_history(one, [frame(70, 'a'), frame(71, 'b')], true, false);
  assert.deepEqual(one.messages.map((message) => message.seq), [70, 71]);
  store.take_ack(entry('old', 'waiting'), ack);
  assert.deepEqual(one.messages.map((message) => message.seq), [70, 71]);
  store.take_history(one, [frame(2, 'old'), frame(69, 'c')], false, true);
  assert.deepEqual(one.messages.map((message) => message.seq), [2, 69, 70, 71]);
});

test('an ack may run ahead and does not move the point to resume from', () => {
  const store = new Store({ now: () => NOW });
  store.apply(frame(3, 'a'));
  store.take_ack(entry('b', 'waiting'), { conversation: 'c1', message_id: 'm9', seq: 9, at: new Date(NOW).toISOString() });
  store.apply({ type: 'receipt', conversation: 'c1', received: 9, read: 9 });
  assert.equal(store.since, 3);
});

test('unread counts what is new since the server counted', () => {
  const store = new Store({ now: () => NOW });
  store.take_list([{ id: 'c1', state: 'active', unread: 2, seq: 8, agent: null }], 10);
  for (const seq of [7, 8]) store.apply(frame(seq, 'old'));
  assert.equal(store.unread(), 2);
  store.apply(frame(11, 'new'));
  store.apply(own(12, 'mine'));
  store.apply(frame(11, 'new'));
  assert.equal(store.unread(), 3);
});

test('a handle and its id become one conversation', () => {
  const store = new Store({ now: () => NOW });
  const one = store.ensure(null, 'new-abc');
  store.apply(frame(1, 'a', { handle: 'new-abc' }));
  assert.equal(store.all.length, 1);
  assert.equal(one.id, 'c1');
  assert.equal(store.find('new-abc'), one);
});

test('typing lasts five seconds, and ends with the message', () => {
  const store = new Store({ now: () => NOW });
  store.ensure('c1');
  store.apply({ type: 'typing', conversation: 'c1', is_typing: true, name: 'Ines' });
  assert.equal(store.ensure('c1').typing.until, NOW + 5000);
  store.apply(frame(1, 'a'));
  assert.equal(store.ensure('c1').typing, null);
});

test('strange frames do no harm', () => {
  const store = new Store({ now: () => NOW });
  for (const value of [null, 5, [], {}, 'x', -1, 1e99]) {
    store.apply({ type: 'message', conversation: 'c1', seq: value, message_id: value, sender: value, message: value, at: value });
    store.apply({ type: 'status', conversation: 'c1', seq: value, state: value, agent: value, queue_position: value });
    store.apply({ type: 'receipt', conversation: 'c1', received: value, read: value });
    store.apply({ type: 'update', conversation: 'c1', message_id: value });
    store.apply({ type: 'typing', conversation: 'c9', is_typing: value });
    store.take_list(value);
    store.take_list([value]);
    store.take_history(store.ensure('c1'), [value], value);
  }
  assert.ok(build_rows({ conversation: store.ensure('c1'), entries: [], is_up: true, now: NOW, progress: () => 'sent' }));
});

test('an edited and a removed message show it', () => {
  const rows = (update) => {
    const store = new Store({ now: () => NOW });
    store.apply(frame(1, 'a'));
    store.apply({ type: 'update', conversation: 'c1', seq: 2, message_id: 'm1', ...update });
    return build_rows({ conversation: store.ensure('c1'), entries: [], is_up: true, now: NOW, progress: () => '' }).pop();
  };
  assert.deepEqual([rows({ message: 'b', edited_at: 'x' }).text, rows({ message: 'b', edited_at: 'x' }).edited], ['b', true]);
  assert.deepEqual([rows({ deleted: true }).text, rows({ deleted: true }).deleted], ['', true]);
});

const ADDRESSES = [
  ['', 'email_missing'], ['  ', 'email_missing'], ['jonas', 'email_wrong'], ['jonas@posteo', 'email_end'],
  ['jonas@posteo.', 'email_end'], ['jonas@posteo.de', null], [' jonas@posteo.de ', null], ['a@b.c.d', null],
  ['a b@c.de', 'email_wrong'], ['@c.de', 'email_wrong'], ['a@@c.de', 'email_wrong'], ['a@c..de', 'email_wrong'],
  [`${'a'.repeat(250)}@c.de`, 'email_wrong'], ['名@例え.jp', null],
];
test('addresses are checked kindly', () => {
  for (const [text, problem] of ADDRESSES) assert.equal(email_problem(text), problem, text);
});

test('every brand colour stays readable, light and dark', () => {
  const grounds = [['#ffffff', '#f1f3f6'], ['#171a20', '#262b34']].map((pair) => pair.map(parse));
  for (const colour of ['#2563eb', '#ffeb3b', '#000000', '#ffffff', '#ff0000', '#00ff00', '#808080', '#757575', '#6f2da8']) {
    for (const [ground, soft] of grounds) {
      const made = shades(parse(colour), ground, soft);
      assert.ok(contrast(parse(made.brand), parse(made['on-brand'])) >= 4.5, `${colour} ink`);
      assert.ok(contrast(parse(made.link), ground) >= 4.5 && contrast(parse(made.link), soft) >= 4.5, `${colour} link`);
      assert.ok(contrast(parse(made.ring), ground) >= 3, `${colour} ring`);
      assert.ok(made.edge !== 'transparent' || contrast(parse(colour), ground) >= 3, `${colour} edge`);
    }
  }
  assert.equal(parse('red'), null);
  assert.equal(parse('#fff;background:url(x)'), null);
  assert.equal(readable(parse('#ffff00'), [parse('#ffffff')], 21), '#000000');
});

test('initials come from names of any kind', () => {
  assert.deepEqual(['Ines Castro', 'mona', 'Anna Maria von Berg', '', '  ', '👩‍🚀 Ida', 'سلمى حداد'].map(initials),
    ['IC', 'M', 'AB', '?', '?', '👩I', 'سح']);
});

test('a page is told as texts of sane length', () => {
  assert.deepEqual(read_page({ url: 'javascript:1', title: 5, referrer: null }), { url: '', title: '', referrer: '' });
  assert.equal(read_page({ url: `https://x.example/${'a'.repeat(9000)}` }).url.length, 2048);
});
