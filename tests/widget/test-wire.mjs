// test-wire.mjs - the line comes back by itself, at the right pace, and knows when it is dead
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Wire, pause_ms } from '../../data/widget/wire.js';
import { Typing } from '../../data/widget/typing.js';
import { Clock, settle } from './clock.mjs';

function setup({ random = () => 0.5, poll } = {}) {
  const clock = new Clock();
  const sockets = [];
  const states = [];
  const frames = [];
  const refused = [];
  class Socket {
    constructor(url) {
      this.url = url;
      this.readyState = 0;
      this.sent = [];
      this.is_closed = false;
      sockets.push(this);
    }

    send(text) {
      this.sent.push(JSON.parse(text));
    }

    close() {
      this.is_closed = true;
    }

    open() {
      this.readyState = 1;
      this.onopen();
    }

    say(frame) {
      this.onmessage({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
    }

    die(code = 1006) {
      this.readyState = 3;
      this.onclose?.({ code });
    }

    welcome() {
      this.open();
      this.say({ type: 'welcome', seq: 1 });
    }
  }
  const wire = new Wire({
    url: () => 'ws://x/', hello: () => ({ token: 't' }), poll, Socket, timers: clock, now: clock.now, random,
    on_frame: (frame) => frames.push(frame),
    on_state: (state) => states.push(state),
    on_refused: (reason) => refused.push(reason),
  });
  const last = () => sockets[sockets.length - 1];
  return { wire, clock, sockets, states, frames, refused, last };
}

test('hello is the first frame, welcome opens the line', () => {
  const { wire, last, states, frames } = setup();
  wire.start();
  last().open();
  assert.deepEqual(last().sent, [{ type: 'hello', token: 't' }]);
  assert.equal(wire.send({ type: 'typing' }), false);
  last().say({ type: 'welcome', seq: 1 });
  assert.deepEqual(states, ['connecting', 'open']);
  assert.equal(frames[0].type, 'welcome');
  assert.equal(wire.send({ type: 'typing' }), true);
});

test('a ping is answered, nonsense is not heard', () => {
  const { wire, last, frames } = setup();
  wire.start();
  last().welcome();
  last().say({ type: 'ping' });
  assert.deepEqual(last().sent.pop(), { type: 'pong' });
  last().say('{');
  last().say('null');
  last().say('5');
  assert.equal(frames.length, 2);
});

test('the pauses double from half a second to thirty, anywhere in between', () => {
  const most = [0, 1, 2, 3, 4, 5, 6, 7, 20].map((k) => pause_ms(k, () => 1));
  assert.deepEqual(most, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  assert.equal(pause_ms(5, () => 0), 0);
  assert.equal(pause_ms(5, () => 0.25), 4000);
});

test('each failed try waits longer; a welcome begins anew', async () => {
  const { wire, clock, sockets, last } = setup({ random: () => 0.999 });
  wire.start();
  const waits = [];
  for (let k = 0; k < 8; k++) {
    last().die();
    waits.push(Math.round(clock.delays()[0] / 500) * 500);
    await clock.pass(clock.delays()[0]);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  assert.equal(sockets.length, 9);
  last().welcome();
  last().die();
  assert.equal(Math.round(clock.delays()[0] / 500) * 500, 500);
});

test('silence for 35 seconds is a dead line, a frame before that is not', async () => {
  const { wire, clock, sockets, states, last } = setup();
  wire.start();
  last().welcome();
  await clock.pass(34000);
  last().say({ type: 'ping' });
  await clock.pass(34000);
  assert.equal(sockets.length, 1);
  await clock.pass(1100);
  assert.equal(states[states.length - 1], 'down');
  assert.equal(sockets[0].is_closed, true);
  await clock.pass(1000);
  assert.equal(sockets.length, 2);
});

test('a socket that never says welcome is given up', async () => {
  const { wire, clock, sockets, last } = setup();
  wire.start();
  last().open();
  await clock.pass(10500);
  assert.equal(sockets.length, 2);
});

test('what a left socket still says is not heard', async () => {
  const { wire, clock, sockets, frames, last } = setup();
  wire.start();
  last().welcome();
  const old = sockets[0];
  const late = old.onmessage;
  await clock.pass(36000);
  late({ data: '{"type":"message"}' });
  assert.equal(frames.filter((frame) => frame.type === 'message').length, 0);
});

test('when the network comes back nobody waits', async () => {
  const { wire, clock, sockets, last } = setup({ random: () => 0.999 });
  wire.start();
  for (let k = 0; k < 6; k++) {
    last().die();
    await clock.pass(clock.delays()[0]);
  }
  last().die();
  const before = sockets.length;
  wire.kick();
  assert.equal(sockets.length, before + 1);
});

test('kicked during a try that then fails, the next one comes soon', async () => {
  const { wire, clock, last } = setup({ random: () => 0.999 });
  wire.start();
  for (let k = 0; k < 6; k++) {
    last().die();
    await clock.pass(clock.delays()[0]);
  }
  wire.kick();
  last().die();
  assert.ok(clock.delays()[0] <= 500);
});

test('after sleep the clock tells: kicked, a silent line is left at once', () => {
  const { wire, clock, sockets, last } = setup();
  wire.start();
  last().welcome();
  clock.time += 3600e3;
  wire.kick();
  assert.equal(sockets[0].is_closed, true);
});

test('kicked while all is well it only asks', () => {
  const { wire, sockets, last } = setup();
  wire.start();
  last().welcome();
  wire.kick();
  assert.equal(sockets.length, 1);
  assert.deepEqual(last().sent.pop(), { type: 'ping' });
});

for (const [code, reason] of [[4401, 'token'], [4403, 'blocked'], [4404, 'off']]) {
  test(`close code ${code} ends the tries: ${reason}`, async () => {
    const { wire, clock, sockets, refused, states, last } = setup();
    wire.start();
    last().open();
    last().die(code);
    assert.deepEqual(refused, [reason]);
    assert.equal(states.pop(), 'refused');
    await clock.pass(60000);
    assert.equal(sockets.length, 1);
    wire.start();
    assert.equal(sockets.length, 2);
  });
}

for (const code of [1001, 1006, 4408]) {
  test(`close code ${code} is tried again`, async () => {
    const { wire, clock, sockets, last } = setup();
    wire.start();
    last().welcome();
    last().die(code);
    await clock.pass(600);
    assert.equal(sockets.length, 2);
  });
}

test('after three failed sockets plain requests do the work, every five seconds', async () => {
  let polls = 0;
  const { wire, clock, states, last } = setup({ poll: async () => { polls++; } });
  wire.start();
  for (let k = 0; k < 3; k++) {
    assert.equal(polls, 0);
    last().die();
    await clock.pass(clock.delays()[0]);
  }
  await clock.pass(10);
  assert.equal(states[states.length - 1], 'polling');
  assert.ok(wire.is_usable);
  const before = polls;
  await clock.pass(15000);
  assert.equal(polls, before + 3);
  last().welcome();
  assert.equal(states[states.length - 1], 'open');
  await clock.pass(20000);
  assert.equal(polls, before + 3);
});

test('without any network polling says so, and tells when it works again', async () => {
  let works = false;
  const { wire, clock, states, last } = setup({ poll: async () => { if (!works) throw new Error('no'); } });
  wire.start();
  for (let k = 0; k < 4; k++) {
    last().die();
    await clock.pass(clock.delays().filter((delay) => delay > 0)[0] ?? 1);
  }
  assert.equal(states[states.length - 1], 'down');
  works = true;
  await clock.pass(6000);
  await settle();
  assert.equal(states[states.length - 1], 'polling');
});

test('a request that works again after some that did not has the socket tried at once: the server woke up', async () => {
  let works = false;
  const { wire, clock, sockets, last } = setup({ poll: async () => { if (!works) throw new Error('no'); } });
  wire.start();
  // As long as it takes for the pause to be one of many seconds.
  for (let k = 0; k < 9; k++) {
    last().die();
    const n = sockets.length;
    while (sockets.length === n) await clock.pass(500);
  }
  last().die();
  works = true;
  const n = sockets.length;
  await clock.pass(5000);
  assert.equal(sockets.length, n + 1);
  last().welcome();
  assert.equal(wire.state, 'open');
});

test('where sockets are blocked, requests that work do not have one tried more often', async () => {
  const { wire, clock, sockets, last } = setup({ poll: async () => {} });
  wire.start();
  for (let k = 0; k < 8; k++) {
    last().die();
    const n = sockets.length;
    while (sockets.length === n) await clock.pass(500);
  }
  last().die();
  const n = sockets.length;
  await clock.pass(10000);
  assert.equal(sockets.length, n);
});

test('typing is told at most every three seconds, and its end after three idle ones', async () => {
  const clock = new Clock();
  const sent = [];
  const typing = new Typing((frame) => sent.push(frame), { now: clock.now, timers: clock });
  for (let k = 0; k < 10; k++) {
    typing.typed('c1', 'abc');
    await clock.pass(1000);
  }
  assert.deepEqual(sent.map((frame) => frame.is_typing), [true, true, true, true]);
  await clock.pass(3000);
  assert.deepEqual(sent.map((frame) => frame.is_typing), [true, true, true, true, false]);
  typing.typed('c1', 'a');
  typing.typed('c1', '');
  assert.deepEqual(sent.slice(5).map((frame) => frame.is_typing), [true, false]);
  typing.typed('c1', 'a');
  typing.typed('c2', 'a');
  assert.deepEqual(sent.slice(7).map((frame) => [frame.conversation, frame.is_typing]),
    [['c1', true], ['c1', false], ['c2', true]]);
});
