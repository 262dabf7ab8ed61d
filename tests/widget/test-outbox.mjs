// test-outbox.mjs - what was typed is sent once and in order, whatever happens in between
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';

import { Keep } from '../../data/widget/keep.js';
import { new_handle, random_id } from '../../data/widget/ids.js';
import { Outbox } from '../../data/widget/outbox.js';
import { Clock, settle } from './clock.mjs';

globalThis.crypto ??= webcrypto;

/** A place that two outboxes (two page loads) share, as IndexedDB is. */
function shared_place() {
  const rows = new Map();
  return {
    rows,
    all: async () => [...rows.values()].map((row) => ({ ...row })),
    async write(puts, removes) {
      for (const row of puts) rows.set(row.uid, { ...row });
      for (const uid of removes) rows.delete(uid);
    },
  };
}

/** The server's rules for ids, without a network. */
class Rules {
  constructor() {
    this.conversations = new Map();
    this.seq = 0;
    this.doubles = 0;
  }

  take(ref, id, text) {
    const [device, number] = id.split(':');
    const n = Number(number);
    const key = [...this.conversations.values()].find((one) => one.id === ref || one.handle === ref);
    const one = key || { id: `c${this.conversations.size + 1}`, handle: ref, last: {}, messages: [] };
    if (!key) this.conversations.set(one.id, one);
    if (one.closed) return { error: 'closed' };
    const last = one.last[device] || 0;
    if (n > last + 1) return { gap: last + 1, conversation: one.id };
    if (n <= last) {
      this.doubles++;
      const stored = one.messages.find((message) => message.id === id);
      if (stored.text !== text) return { error: 'id_conflict' };
      return { ack: stored.seq, conversation: one.id, handle: one.handle };
    }
    one.last[device] = n;
    one.messages.push({ id, text, seq: ++this.seq });
    return { ack: this.seq, conversation: one.id, handle: one.handle };
  }
}

function setup({ place = shared_place(), device = random_id(), clock = new Clock() } = {}) {
  const sent = [];
  const moved = [];
  const outbox = new Outbox({
    keep: new Keep([place]),
    device,
    transmit: (entry, id) => sent.push({ entry, id, conversation: entry.conversation, text: entry.text }),
    on_moved: (from, handle) => moved.push({ from, handle }),
    now: clock.now,
    timers: clock,
  });
  return { outbox, sent, moved, clock, place, device };
}

const ids = (sent) => sent.map((one) => one.id.split(':')[1]);

test('an id is 22 characters of base64url, a handle says that it is new', () => {
  assert.match(random_id(), /^[\w-]{22}$/);
  assert.match(new_handle(), /^new-[\w-]{22}$/);
  assert.notEqual(random_id(), random_id());
});

test('a message is kept before it is shown or sent', async () => {
  const { outbox, sent, place } = setup();
  outbox.line_up();
  const adding = outbox.add('c1', 'one');
  assert.equal(outbox.shown('c1').length, 0);
  assert.equal(sent.length, 0);
  await adding;
  assert.equal([...place.rows.values()][0].text, 'one');
  assert.equal(outbox.shown('c1').length, 1);
  assert.equal(sent.length, 1);
});

test('only the oldest is under way; an ack brings the next', async () => {
  const { outbox, sent, device } = setup();
  outbox.line_up();
  await outbox.add('c1', 'one');
  await outbox.add('c1', 'two');
  await outbox.add('c1', 'three');
  assert.deepEqual(ids(sent), ['1']);
  assert.equal(outbox.acknowledged(`${device}:1`, 'c1').text, 'one');
  assert.deepEqual(ids(sent), ['1', '2']);
  outbox.acknowledged(`${device}:2`, 'c1');
  outbox.acknowledged(`${device}:3`, 'c1');
  assert.deepEqual(ids(sent), ['1', '2', '3']);
  assert.equal(outbox.waits, false);
  assert.equal(outbox.acknowledged(`${device}:2`, 'c1'), null);
});

test('conversations do not wait for each other, and count each for itself', async () => {
  const { outbox, sent } = setup();
  outbox.line_up();
  await outbox.add('c1', 'one');
  await outbox.add('c2', 'other');
  await outbox.add('c1', 'two');
  assert.deepEqual(sent.map((one) => [one.conversation, one.id.split(':')[1]]), [['c1', '1'], ['c2', '1']]);
});

test('without a line nothing is sent; then all is, from the oldest', async () => {
  const { outbox, sent, device } = setup();
  await outbox.add('c1', 'one');
  await outbox.add('c1', 'two');
  assert.equal(sent.length, 0);
  outbox.line_up();
  outbox.line_down();
  outbox.line_up();
  assert.deepEqual(ids(sent), ['1', '1']);
  outbox.acknowledged(`${device}:1`, 'c1');
  assert.deepEqual(ids(sent), ['1', '1', '2']);
});

test('no answer on a living line: asked again under the same id', async () => {
  const { outbox, sent, clock } = setup();
  outbox.line_up();
  await outbox.add('c1', 'one');
  await clock.pass(14000);
  assert.equal(sent.length, 1);
  await clock.pass(2000);
  assert.deepEqual(ids(sent), ['1', '1']);
});

test('a retryable error holds the conversation back, head first', async () => {
  const { outbox, sent, device, clock } = setup();
  outbox.line_up();
  await outbox.add('c1', 'one');
  outbox.refused({ id: `${device}:1`, conversation: 'c1', code: 'storage', retry: true });
  await outbox.add('c1', 'two');
  await outbox.add('c2', 'other');
  assert.deepEqual(sent.map((one) => one.text), ['one', 'other']);
  await clock.pass(1001);
  assert.deepEqual(sent.map((one) => one.text), ['one', 'other', 'one']);
});

test('that nothing can be kept is known until something was', async () => {
  const { outbox, device } = setup();
  outbox.line_up();
  await outbox.add('c1', 'one');
  assert.equal(outbox.is_refused_for_now, false);
  outbox.refused({ id: `${device}:1`, conversation: 'c1', code: 'storage', retry: true });
  assert.equal(outbox.is_refused_for_now, true);
  outbox.acknowledged(`${device}:1`, 'c1');
  assert.equal(outbox.is_refused_for_now, false);
});

test('the rate is the visitor\'s: all conversations wait as long as the server says', async () => {
  const { outbox, sent, device, clock } = setup();
  outbox.line_up();
  await outbox.add('c1', 'one');
  outbox.refused({ id: `${device}:1`, conversation: 'c1', code: 'rate_limited', retry: true, retry_after_ms: 4000 });
  await outbox.add('c2', 'other');
  assert.equal(outbox.held_until(), clock.time + 4000);
  await clock.pass(3900);
  assert.deepEqual(sent.map((one) => one.text), ['one']);
  await clock.pass(200);
  assert.deepEqual(sent.map((one) => one.text).sort(), ['one', 'one', 'other']);
});

test('a permanent error is shown, and the next message takes the number', async () => {
  const { outbox, sent, device, place } = setup();
  outbox.line_up();
  await outbox.add('c1', 'bad');
  await outbox.add('c1', 'good');
  outbox.refused({ id: `${device}:1`, conversation: 'c1', code: 'too_long', retry: false });
  assert.deepEqual(sent.map((one) => [one.text, one.id.split(':')[1]]), [['bad', '1'], ['good', '1']]);
  assert.deepEqual(outbox.shown('c1').map((entry) => entry.state), ['failed', 'waiting']);
  await outbox.writing;
  assert.deepEqual([...place.rows.values()].map((row) => [row.state, row.n]), [['failed', 1], ['waiting', 1]]);
});

test('"Try again" sends the same words as a new message, once', async () => {
  const { outbox, sent, device, place } = setup();
  outbox.line_up();
  const entry = await outbox.add('c1', 'words');
  outbox.refused({ id: `${device}:1`, conversation: 'c1', code: 'blocked', retry: false });
  await outbox.retry(entry.uid);
  assert.deepEqual(ids(sent), ['1', '1']);
  assert.equal(outbox.shown('c1').length, 1);
  assert.equal(place.rows.size, 1);
});

test('what was never sent can be taken back', async () => {
  const { outbox, sent, place } = setup();
  const handle = new_handle();
  await outbox.add(handle, 'one');
  await outbox.add('c1', 'other');
  await outbox.withdraw(handle);
  outbox.line_up();
  assert.deepEqual(sent.map((one) => one.text), ['other']);
  assert.equal(place.rows.size, 1);
});

test('an id conflict uses the number up', async () => {
  const { outbox, sent, device } = setup();
  outbox.line_up();
  await outbox.add('c1', 'one');
  await outbox.add('c1', 'two');
  outbox.refused({ id: `${device}:1`, conversation: 'c1', code: 'id_conflict', retry: false });
  assert.deepEqual(sent.map((one) => [one.text, one.id.split(':')[1]]), [['one', '1'], ['two', '2']]);
});

test('a closed conversation\'s words begin a new one, numbered anew', async () => {
  const { outbox, sent, device, moved } = setup();
  outbox.line_up();
  await outbox.add('c1', 'before');
  outbox.acknowledged(`${device}:1`, 'c1');
  await outbox.add('c1', 'one');
  await outbox.add('c1', 'two');
  outbox.refused({ id: `${device}:2`, conversation: 'c1', code: 'closed', retry: false });
  assert.equal(moved.length, 1);
  assert.match(moved[0].handle, /^new-/);
  assert.deepEqual(sent.map((one) => [one.text, one.id.split(':')[1]]), [['before', '1'], ['one', '2'], ['one', '1']]);
  outbox.acknowledged(`${device}:1`, 'c9', moved[0].handle);
  assert.equal(sent[3].text, 'two');
  assert.equal(sent[3].id, `${device}:2`);
});

test('another tab that moved a conversation is followed, not raced', async () => {
  const { outbox, sent, device } = setup();
  await outbox.add('c1', 'one');
  const handle = new_handle();
  outbox.follow('c1', handle);
  outbox.line_up();
  assert.equal(sent[0].conversation, handle);
  outbox.refused({ id: `${device}:1`, conversation: handle, code: 'busy', retry: true });
  assert.equal(outbox.shown(handle).length, 1);
});

test('a handle and its id are one conversation with one count', async () => {
  const { outbox, sent, device } = setup();
  const handle = new_handle();
  outbox.line_up();
  await outbox.add(handle, 'one');
  await outbox.add(handle, 'two');
  outbox.acknowledged(`${device}:1`, 'c5', handle);
  assert.deepEqual(ids(sent), ['1', '2']);
  outbox.acknowledged(`${device}:2`, 'c5', handle);
  await outbox.add('c5', 'three');
  assert.deepEqual(ids(sent), ['1', '2', '3']);
});

test('a gap is answered with what the server expects', async () => {
  const { outbox, sent, device } = setup();
  outbox.line_up();
  await outbox.add('c1', 'one');
  outbox.acknowledged(`${device}:1`, 'c1');
  await outbox.add('c1', 'two');
  outbox.gap('c1', device, 1);
  assert.deepEqual(sent.map((one) => one.text), ['one', 'two', 'one']);
  outbox.acknowledged(`${device}:1`, 'c1');
  assert.equal(sent[3].text, 'two');
});

test('a gap for what is not here any more: the rest is numbered from there', async () => {
  const place = shared_place();
  const device = random_id();
  place.rows.set('x', { uid: 'x', conversation: 'c1', device, n: 7, text: 'late', at: 1, state: 'waiting' });
  const { outbox, sent } = setup({ place, device });
  await outbox.load();
  outbox.line_up();
  outbox.gap('c1', device, 3);
  assert.deepEqual(ids(sent), ['7', '3']);
});

test('what a page left is sent by the next under its old ids, before its own', async () => {
  const place = shared_place();
  const first = setup({ place });
  await first.outbox.add('c1', 'one');
  await first.outbox.add('c1', 'two');
  const clock = new Clock(first.clock.time + 60000);
  const second = setup({ place, clock });
  await second.outbox.load();
  await second.outbox.add('c1', 'three');
  assert.deepEqual(second.outbox.strangers(), [first.device]);
  assert.deepEqual(second.outbox.shown('c1').map((entry) => entry.text), ['one', 'two', 'three']);
  second.outbox.adopt(first.device);
  second.outbox.line_up();
  assert.equal(second.sent[0].id, `${first.device}:1`);
  second.outbox.acknowledged(`${first.device}:1`, 'c1');
  second.outbox.acknowledged(`${first.device}:2`, 'c1');
  assert.equal(second.sent[2].id, `${second.device}:1`);
  assert.equal(second.outbox.owes(first.device), false);
});

test('entries of a tab that lives are shown, and not sent', async () => {
  const place = shared_place();
  const first = setup({ place });
  const second = setup({ place });
  await first.outbox.add('c1', 'mine');
  await second.outbox.load();
  second.outbox.line_up();
  assert.equal(second.outbox.shown('c1').length, 1);
  assert.equal(second.sent.length, 0);
  first.outbox.line_up();
  first.outbox.acknowledged(`${first.device}:1`, 'c1');
  await first.outbox.writing;
  await second.outbox.load();
  assert.equal(second.outbox.shown('c1').length, 0);
});

test('after a restored backup the last own messages are offered again, quietly', async () => {
  const { outbox, sent, device } = setup();
  outbox.line_up();
  for (const text of ['one', 'two', 'three']) await outbox.add('c1', text);
  for (const n of [1, 2, 3]) outbox.acknowledged(`${device}:${n}`, 'c1');
  outbox.offer_again();
  outbox.line_up();
  outbox.acknowledged(`${device}:1`, 'c1');
  outbox.acknowledged(`${device}:2`, 'c1');
  outbox.refused({ id: `${device}:3`, conversation: 'c1', code: 'closed', retry: false });
  assert.deepEqual(sent.slice(3).map((one) => one.text), ['one', 'two', 'three']);
  assert.equal(outbox.waits, false);
  assert.equal(outbox.shown('c1').length, 0);
});

test('of what was acknowledged only the newest hundred are kept', async () => {
  const { outbox, device, place, clock } = setup();
  outbox.line_up();
  for (let n = 1; n <= 130; n++) {
    await outbox.add('c1', `text ${n}`);
    outbox.acknowledged(`${device}:${n}`, 'c1');
    clock.time += 10;
  }
  await outbox.writing;
  assert.equal(place.rows.size, 100);
  assert.ok([...place.rows.values()].some((row) => row.text === 'text 130'));
});

test('a store that fails is left for the next; what cannot be kept says so', async () => {
  const broken = { all: async () => [], write: async () => { throw new Error('full'); } };
  const spare = shared_place();
  const keep = new Keep([broken, spare, shared_place()]);
  await keep.write([{ uid: 'a', text: 'x' }], []);
  assert.equal(spare.rows.size, 1);
  assert.equal(keep.volatile, false);
  assert.equal((await keep.all()).length, 1);
  const last = new Keep([broken, broken, shared_place()]);
  await last.write([{ uid: 'a', text: 'x' }], []);
  assert.equal(last.volatile, true);
});

/** Small random numbers that a seed repeats. */
function random_of(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

/** One life of a visitor: page loads end at random, acks get lost, errors come and go. */
async function live(seed) {
  const random = random_of(seed);
  const place = shared_place();
  const rules = new Rules();
  const clock = new Clock();
  const typed = [];
  const handle = new_handle();
  for (let load = 0; load < 6; load++) {
    const queue = [];
    const { outbox } = setup_on(queue, place, clock);
    await outbox.load();
    for (const device of outbox.strangers()) outbox.adopt(device);
    outbox.line_up();
    for (let step = 0; step < 30; step++) {
      if (random() < 0.3 && load < 5) {
        typed.push(`text ${typed.length}`);
        await outbox.add(handle, typed[typed.length - 1]);
      }
      if (random() < 0.1) {
        queue.length = 0;
        outbox.line_down();
        outbox.line_up();
      }
      await serve_one(queue, outbox, rules, load < 5 ? random : () => 0.99);
      await clock.pass(random() * 2000);
    }
    if (load === 5) await finish(queue, outbox, rules, clock);
    outbox.line_down();
    await outbox.writing;
  }
  return { typed, rules };
}

function setup_on(queue, place, clock) {
  const made = setup({ place, clock });
  made.outbox.transmit = (entry, id) => queue.push({ id, conversation: entry.conversation, text: entry.text });
  return made;
}

async function serve_one(queue, outbox, rules, random) {
  const one = queue.shift();
  if (!one) return;
  const device = one.id.split(':')[0];
  const luck = random();
  if (luck < 0.1) {
    outbox.refused({ id: one.id, conversation: one.conversation, code: 'storage', retry: true });
    return;
  }
  const result = rules.take(one.conversation, one.id, one.text);
  if (luck < 0.2) return; // stored, the ack is lost
  if (result.gap) outbox.gap(result.conversation, device, result.gap);
  else if (result.ack) outbox.acknowledged(one.id, result.conversation, result.handle);
  else outbox.refused({ id: one.id, conversation: one.conversation, code: result.error, retry: false });
  await settle();
}

async function finish(queue, outbox, rules, clock) {
  for (let turn = 0; turn < 600 && outbox.waits; turn++) {
    await serve_one(queue, outbox, rules, () => 0.99);
    await clock.pass(1000);
  }
  assert.equal(outbox.waits, false, 'something still waits');
}

test('two hundred random lives: every word once, in order', async () => {
  let doubles = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const { typed, rules } = await live(seed);
    const [one] = rules.conversations.values();
    assert.deepEqual(one ? one.messages.map((message) => message.text) : [], typed, `seed ${seed}`);
    doubles += rules.doubles;
  }
  assert.ok(doubles > 100, 'the test lost too few acks to mean anything');
});
