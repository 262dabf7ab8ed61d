// outbox.js - what the visitor wrote and the server has not acknowledged yet
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An entry is {uid, conversation, device, n, text, at, state, department?, code?}. `conversation` is an
// id from the server or a handle ("new-" and 22 characters). `device` belongs to one page load, `n`
// counts 1, 2, 3 ... per device and conversation and is used up only by storing: the server takes n
// when it is the last one plus one. Of each conversation only the oldest entry is under way, so nothing
// can overtake a message that failed. States: waiting, failed (shown, with its code), sent (kept to be
// offered again to a server that was restored from a backup; the newest 100 of them).

import { new_handle } from './ids.js';

const OFFERED_AGAIN = 100;
const ANSWER_WITHIN_MS = 15000;
const RETRY_MS = 1000;
const RETRY_MOST_MS = 30000;

const by_age = (one, other) => one.at - other.at || one.n - other.n;

export class Outbox {
  /**
   * `transmit (entry)` gives an entry to the line; the answer comes back through `acknowledged`, `gap`
   * or `refused`. `on_change ()` says that something shown changed, `on_write ()` that what is kept did
   * (for other tabs), `on_moved (from, handle)` that a closed conversation's words went to a new one.
   */
  constructor({ keep, device, transmit, on_change, on_write, on_moved, now, timers }) {
    this.keep = keep;
    this.device = device;
    this.transmit = transmit;
    this.on_change = on_change || (() => {});
    this.on_write = on_write || (() => {});
    this.on_moved = on_moved || (() => {});
    this.now = now || Date.now;
    this.timers = timers || globalThis;
    this.entries = new Map();
    this.names = new Map(); // handle -> id, once the server told
    this.stored = new Map(); // "device conversation" -> the last n that the server stored
    this.sending = new Set([device]); // devices whose entries this page sends
    this.under_way = new Map(); // conversation -> {entry, timer}
    this.moves = new Map(); // closed conversation -> the handle that its words went to
    this.is_refused_for_now = false; // the server has no place to keep anything
    this.held = new Map(); // conversation, or '' for all -> moment from which to go on
    this.failures = 0;
    this.is_up = false;
    this.count = 0;
    this.last_at = 0;
    this.writing = Promise.resolve();
    this.pump_timer = null;
  }

  /** A handle and the id that the server gave it are the same conversation. */
  alias(handle, id) {
    if (!handle || !id || handle === id || this.names.get(handle) === id) return;
    for (const key of [...this.stored.keys()]) {
      if (!key.endsWith(` ${handle}`)) continue;
      this.count_stored(key.slice(0, key.indexOf(' ')), id, this.stored.get(key));
      this.stored.delete(key);
    }
    this.names.set(handle, id);
    for (const map of [this.under_way, this.held]) {
      if (!map.has(handle)) continue;
      map.set(id, map.get(handle));
      map.delete(handle);
    }
  }

  canonical(conversation) {
    return this.names.get(conversation) || conversation;
  }

  /** Entries of one conversation that are to be shown, oldest first. */
  shown(conversation) {
    const key = this.canonical(conversation);
    return [...this.entries.values()]
      .filter((entry) => entry.state !== 'sent' && !entry.unwritten &&
        this.canonical(entry.conversation) === key)
      .sort(by_age);
  }

  conversations() {
    const open = [...this.entries.values()].filter((entry) => entry.state !== 'sent');
    return [...new Set(open.map((entry) => this.canonical(entry.conversation)))];
  }

  get waits() {
    return [...this.entries.values()].some((entry) => entry.state === 'waiting');
  }

  /** Devices other than this page's with entries that wait: of pages gone, or of other tabs. */
  strangers() {
    const waiting = [...this.entries.values()].filter((entry) => entry.state === 'waiting');
    const devices = new Set(waiting.map((entry) => entry.device));
    return [...devices].filter((device) => !this.sending.has(device));
  }

  /** Reads what is kept again: at the start, and when another tab changed something. */
  async load() {
    await this.writing;
    const rows = await this.keep.all();
    const busy = new Set([...this.under_way.values()].map((work) => work.entry.uid));
    const kept = new Set(rows.map((row) => row.uid));
    for (const row of rows) {
      const mine = this.entries.has(row.uid) && this.sending.has(row.device);
      if (!mine && !busy.has(row.uid)) this.entries.set(row.uid, row);
    }
    for (const [uid, entry] of this.entries) {
      if (!kept.has(uid) && !this.sending.has(entry.device)) this.entries.delete(uid);
    }
    this.on_change();
  }

  /** One change of the store after the other, each whole. */
  write(puts, removes = []) {
    const copies = puts.map((entry) => ({ ...entry }));
    this.writing = this.writing.then(() => this.keep.write(copies, removes)).catch(() => {});
    return this.writing.then(() => this.on_write());
  }

  next_n(device, conversation) {
    const key = this.canonical(conversation);
    let last = this.stored.get(`${device} ${key}`) || 0;
    for (const entry of this.entries.values()) {
      const same = entry.device === device && this.canonical(entry.conversation) === key;
      if (same && entry.state !== 'failed') last = Math.max(last, entry.n);
    }
    return last + 1;
  }

  count_stored(device, conversation, n) {
    const key = `${device} ${this.canonical(conversation)}`;
    this.stored.set(key, Math.max(this.stored.get(key) || 0, n));
  }

  /**
   * Keeps a message, then shows and sends it. Resolves when it is kept. Where a handle is known it is
   * given rather than the id: the next page load knows the one before the server told it the other.
   */
  async add(conversation, text, extra, replaces = []) {
    // Order is by this number, so it must rise even when the clock is set back.
    this.last_at = Math.max(this.now(), this.last_at + 1);
    const entry = {
      uid: `${this.device}/${++this.count}`,
      conversation,
      device: this.device,
      n: this.next_n(this.device, conversation),
      text,
      at: this.last_at,
      state: 'waiting',
      unwritten: true,
      ...extra,
    };
    this.entries.set(entry.uid, entry);
    for (const uid of replaces) this.entries.delete(uid);
    await this.write([{ ...entry, unwritten: undefined }], replaces);
    delete entry.unwritten;
    this.on_change();
    this.pump();
    return entry;
  }

  /** "Try again": the same words as a new message of this page. */
  async retry(uid) {
    const entry = this.entries.get(uid);
    if (!entry || entry.state !== 'failed') return null;
    const extra = entry.department ? { department: entry.department } : undefined;
    return this.add(entry.conversation, entry.text, extra, [uid]);
  }

  /** Takes back what was never sent. */
  withdraw(conversation) {
    const gone = this.shown(conversation).filter((entry) => entry.device === this.device);
    for (const entry of gone) this.entries.delete(entry.uid);
    return this.write([], gone.map((entry) => entry.uid));
  }

  /** The line is there: everything that waits goes out, oldest first. */
  line_up() {
    this.is_up = true;
    this.failures = 0;
    this.held.clear();
    this.pump();
  }

  /** The line is gone: what was under way is not acknowledged, so it will be sent again. */
  line_down() {
    this.is_up = false;
    for (const work of this.under_way.values()) this.timers.clearTimeout(work.timer);
    this.under_way.clear();
  }

  /** This page sends the entries of another, because that one is gone (the caller holds its lock). */
  adopt(device) {
    this.sending.add(device);
    this.pump();
  }

  abandon(device) {
    if (device !== this.device) this.sending.delete(device);
  }

  owes(device) {
    return [...this.entries.values()].some(
      (entry) => entry.device === device && entry.state === 'waiting');
  }

  queue(key) {
    return [...this.entries.values()]
      .filter((entry) => entry.state === 'waiting' && !entry.unwritten &&
        this.sending.has(entry.device) && this.canonical(entry.conversation) === key)
      .sort(by_age);
  }

  /** The moment until which nothing is sent, because the server asked for it. */
  held_until() {
    return this.held.get('') || 0;
  }

  pump() {
    this.timers.clearTimeout(this.pump_timer);
    if (!this.is_up) return;
    const now = this.now();
    let wake = Infinity;
    for (const key of this.conversations()) {
      if (this.under_way.has(key)) continue;
      const [head] = this.queue(key);
      if (!head) continue;
      const until = Math.max(this.held.get(key) || 0, this.held_until());
      if (until > now) {
        wake = Math.min(wake, until);
        continue;
      }
      this.send(key, head);
    }
    if (wake < Infinity) {
      this.pump_timer = this.timers.setTimeout(() => this.pump(), wake - now);
    }
  }

  send(key, entry) {
    const timer = this.timers.setTimeout(() => {
      // No answer on a living line: asking again is safe, the id is the same.
      this.under_way.delete(this.canonical(key));
      this.pump();
    }, ANSWER_WITHIN_MS);
    this.under_way.set(key, { entry, timer });
    this.transmit(entry, `${entry.device}:${entry.n}`);
  }

  /** Ends what is under way in a conversation. */
  settle(conversation) {
    const key = this.canonical(conversation);
    const work = this.under_way.get(key);
    if (work) this.timers.clearTimeout(work.timer);
    this.under_way.delete(key);
  }

  /** The entry that an answer speaks of; without a conversation it is one of those under way. */
  find(id, conversation) {
    const key = conversation && this.canonical(conversation);
    const under_way = [...this.under_way.values()].map((work) => work.entry);
    for (const entry of key ? this.entries.values() : under_way) {
      if (`${entry.device}:${entry.n}` !== id || entry.state === 'failed') continue;
      if (!key || this.canonical(entry.conversation) === key) return entry;
    }
    return null;
  }

  /** The server has it. Returns the entry when this was news. */
  acknowledged(id, conversation, handle) {
    if (handle) this.alias(handle, conversation);
    const entry = this.find(id, conversation);
    const [device, n] = String(id).split(':');
    if (Number.isInteger(+n)) this.count_stored(device, conversation, +n);
    if (!entry || entry.state === 'sent') return null;
    if (this.under_way.get(this.canonical(conversation))?.entry === entry) this.settle(conversation);
    this.failures = 0;
    this.is_refused_for_now = false;
    entry.state = 'sent';
    delete entry.again;
    const sent = [...this.entries.values()].filter((other) => other.state === 'sent').sort(by_age);
    const old = sent.slice(0, Math.max(0, sent.length - OFFERED_AGAIN)).map((other) => other.uid);
    for (const uid of old) this.entries.delete(uid);
    this.write(old.includes(entry.uid) ? [] : [entry], old);
    this.on_change();
    this.pump();
    return entry;
  }

  /** The server misses something before the number it was given. */
  gap(conversation, device, expected) {
    let key = this.canonical(conversation);
    // The server may name a conversation by an id that it has not told yet.
    for (const [other, work] of this.under_way) {
      if (!this.under_way.has(key) && work.entry.device === device) key = other;
    }
    this.settle(key);
    const line = [...this.entries.values()]
      .filter((entry) => entry.device === device && entry.state !== 'failed' &&
        this.canonical(entry.conversation) === key && this.sending.has(device))
      .sort((one, other) => one.n - other.n);
    const changed = [];
    this.stored.set(`${device} ${key}`, expected - 1);
    if (line.some((entry) => entry.n === expected)) {
      // It is still here: offered again from there on.
      for (const entry of line.filter((other) => other.n >= expected && other.state === 'sent')) {
        entry.state = 'waiting';
        entry.again = true;
        changed.push(entry);
      }
    } else {
      // What the server asks for is not here any more; it never stored a number from there on.
      let n = expected;
      for (const entry of line.filter((other) => other.state === 'waiting')) {
        if (entry.n !== n) changed.push(entry);
        entry.n = n++;
      }
    }
    if (changed.length) this.write(changed);
    // Once is answered at once; a server that keeps saying so gets time.
    if (this.failures++) this.hold(key, Math.min(RETRY_MS * 2 ** this.failures, RETRY_MOST_MS));
    this.on_change();
    this.pump();
  }

  hold(key, delay_ms) {
    this.held.set(key, this.now() + delay_ms);
  }

  /** An error about the message `id`. Returns true when it was about one of ours. */
  refused({ id, conversation, code, retry, retry_after_ms }) {
    const entry = this.find(id, conversation);
    if (!entry || entry.state !== 'waiting') return false;
    const key = this.canonical(entry.conversation);
    this.settle(key);
    if (retry) {
      const wait = retry_after_ms || Math.min(RETRY_MS * 2 ** this.failures, RETRY_MOST_MS);
      this.failures++;
      this.is_refused_for_now = code === 'storage';
      // The rate is the visitor's, the rest may concern one conversation only.
      this.hold(code === 'rate_limited' ? '' : key, wait);
    } else if (entry.again) {
      // Offered again to a restored server that has no place for it: the visitor did not ask for that.
      entry.state = 'sent';
      delete entry.again;
      this.write([entry]);
    } else if (code === 'closed' || code === 'not_found') {
      this.move(key);
    } else {
      this.fail(entry, key, code);
    }
    this.on_change();
    this.pump();
    return true;
  }

  fail(entry, key, code) {
    entry.state = 'failed';
    entry.code = code;
    const changed = [entry];
    if (code === 'id_conflict') {
      // The one error where the number is taken, by other words.
      this.count_stored(entry.device, key, entry.n);
    } else {
      // The number was not used up: the next message of that device takes it.
      for (const other of this.queue(key)) {
        if (other.device !== entry.device || other.n < entry.n) continue;
        other.n--;
        changed.push(other);
      }
    }
    this.write(changed);
  }

  /** The conversation is over: its waiting words begin a new one, in the same order. */
  move(key) {
    const handle = this.moves.get(key) || new_handle();
    this.follow(key, handle);
    this.on_moved(key, handle);
  }

  /** Takes this page's share of a move that it or another tab began. */
  follow(from, handle) {
    const key = this.canonical(from);
    this.moves.set(key, handle);
    const busy = this.under_way.get(key)?.entry;
    const moving = this.queue(key).filter((entry) => entry !== busy);
    for (const entry of moving) {
      entry.n = this.next_n(entry.device, handle);
      entry.conversation = handle;
    }
    if (moving.length) this.write(moving);
  }

  /** Another visitor now: what was sent as the one before is not offered in their name. */
  forget_sent() {
    const sent = [...this.entries.values()].filter((entry) => entry.state === 'sent');
    for (const entry of sent) this.entries.delete(entry.uid);
    this.names.clear();
    this.stored.clear();
    this.line_down();
    this.write([], sent.map((entry) => entry.uid));
  }

  /** After a reset or a restored backup: the newest own messages are offered under their old ids. */
  offer_again() {
    const changed = [...this.entries.values()].filter((entry) => entry.state === 'sent');
    for (const entry of changed) {
      entry.state = 'waiting';
      entry.again = true;
    }
    this.line_down();
    if (changed.length) this.write(changed);
    this.on_change();
  }
}
