// talk.js - everything between the views and the server: session, line, frames, outbox, other tabs
// SPDX-License-Identifier: GPL-3.0-or-later

import { Problem } from './api.js';
import { Outbox } from './outbox.js';
import { Store } from './store.js';
import { Wire, pause_ms } from './wire.js';

const MESSAGE_ID = /^[\w-]{22}:\d+$/;
const RESCUE_MS = 5000;

export class Talk {
  /**
   * `on` is told what happens. `change ()`: something that is shown. `light (is_on)`, `cut (is_cut)`.
   * `ready ()`: the list of conversations is known. `answer (conversation, message)`: somebody wrote.
   * `moved (from, conversation)`: words went to a new conversation. `trouble (kind)`: 'off',
   * 'blocked' or 'profile' (the server refused the form). `reload (is_other)`: all that was shown is
   * gone, because the server's memory was replaced or the visitor is another one now.
   */
  constructor({ site, device, api, memo, keep, url, about, channel, locks, on }) {
    Object.assign(this, { site, device, api, memo, keep, about, channel, locks, on });
    this.store = new Store();
    this.is_listed = false;
    this.is_cut = false;
    this.session_tries = 0;
    this.session_timer = null;
    this.first_rescue = null;
    this.outbox = new Outbox({
      keep,
      device: this.device,
      transmit: (entry, id) => this.transmit(entry, id),
      on_change: () => this.on.change(),
      on_write: () => this.tell_tabs({ outbox: true }),
      on_moved: (from, handle) => this.moved(from, handle, true),
    });
    this.wire = new Wire({
      url,
      hello: () => this.hello(),
      poll: () => this.poll(),
      on_frame: (frame) => this.take(frame),
      on_state: (state) => this.line_changed(state),
      on_refused: (reason) => this.refused(reason),
    });
    if (channel) channel.onmessage = (event) => this.hear_tab(event.data || {});
    // A page that lives holds the lock of its device: whoever gets it may send what is left of it.
    if (locks) {
      locks.request(this.lock_name(this.device), () => new Promise(() => {})).catch(() => {});
    }
  }

  get token() {
    return this.memo.get('token');
  }

  get is_up() {
    return this.wire.is_usable;
  }

  async open() {
    await this.outbox.load();
    this.first_rescue = this.rescue(3);
    if (this.token) this.wire.start();
  }

  /** Gets a session when there is none (a form was sent, a first message written), then the line. */
  async begin() {
    clearTimeout(this.session_timer);
    try {
      await this.alone('session', () => this.make_session());
      this.session_tries = 0;
      this.set_cut(false);
      this.tell_tabs({ session: true });
      this.wire.start();
    } catch (problem) {
      this.session_failed(problem);
    }
  }

  async make_session() {
    const profile = this.memo.get('profile') || undefined;
    const token = this.used_token = this.token;
    // Another tab may have been first; what this one knows about the visitor is told all the same.
    if (token && !this.memo.get('profile_owed')) return;
    const answer = await this.api.session({ site: this.site, token: token || undefined, profile });
    if (answer.token) this.memo.set('token', answer.token);
    this.meet(answer.visitor_id);
    this.memo.set('profile_owed', null);
    this.store.take_list(answer.conversations);
  }

  session_failed(problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401 && this.used_token) {
      this.drop_token();
      this.begin();
    } else if (problem.passes) {
      this.set_cut(true);
      const pause = problem.retry_after_ms || pause_ms(this.session_tries++, Math.random);
      this.session_timer = setTimeout(() => this.begin(), pause);
    } else if (problem.status === 404) {
      this.on.trouble('off');
    } else if (problem.status === 403) {
      this.on.trouble('blocked');
    } else {
      this.on.trouble('profile');
    }
  }

  /** What only one tab does at a time. A browser that lets a frame keep nothing denies it locks too: then nothing is shared. */
  async alone(what, work) {
    let has_begun = false;
    const begin = () => {
      has_begun = true;
      return work();
    };
    try {
      return await (this.locks ? this.locks.request(this.lock_name(what), begin) : begin());
    } catch (problem) {
      if (has_begun) throw problem;
      this.locks = null;
      return work();
    }
  }

  lock_name(what) {
    return `porchlight:${this.site}:${what}`;
  }

  /** The network or the page came back. */
  kick() {
    if (this.wire.state === 'idle') {
      if (this.session_tries) this.begin();
    } else {
      this.wire.kick();
    }
  }

  hello() {
    const since = this.store.since || undefined;
    const epoch = this.memo.get('epoch') || undefined;
    this.used_token = this.token;
    return { token: this.token || undefined, epoch: since && epoch, since, ...this.about() };
  }

  set_cut(is_cut) {
    if (this.is_cut === is_cut) return;
    this.is_cut = is_cut;
    this.on.cut(is_cut);
    this.on.change();
  }

  line_changed(state) {
    if (this.wire.is_usable) {
      this.set_cut(false);
      this.first_rescue.then(() => this.wire.is_usable && this.outbox.line_up());
    } else {
      this.outbox.line_down();
      if (state === 'down') this.set_cut(true);
    }
    this.on.change();
  }

  refused(reason) {
    if (reason === 'token') {
      this.drop_token();
      this.begin();
    } else {
      this.on.trouble(reason);
    }
  }

  /** Forgets the token that was refused, unless another tab has a new one by now. */
  drop_token() {
    if (this.token === this.used_token) this.memo.set('token', null);
    this.used_token = null;
  }

  /** A frame of the server. */
  take(frame) {
    switch (frame.type) {
      case 'welcome':
        this.take_welcome(frame);
        break;
      case 'ack':
        this.take_ack(frame);
        break;
      case 'gap':
        this.outbox.gap(String(frame.conversation), String(frame.device), Number(frame.expected) || 1);
        break;
      case 'error':
        this.take_error(frame);
        break;
      case 'reset':
        this.reset(frame.epoch, frame.seq);
        break;
      case 'presence':
        this.on.light(Boolean(frame.light));
        break;
      case 'ping':
      case 'pong':
        return;
      default:
        this.take_event(frame, true);
    }
    this.on.change();
  }

  /** The server says who the visitor is: after a token died somebody new, who has no past here. */
  meet(visitor_id) {
    const before = this.memo.get('visitor');
    if (!visitor_id || before === visitor_id) return;
    this.memo.set('visitor', visitor_id);
    if (!before) return;
    this.store.clear();
    this.outbox.forget_sent();
    this.on.reload(true);
  }

  take_welcome(frame) {
    if (frame.token) this.memo.set('token', String(frame.token));
    this.meet(frame.visitor_id);
    const known = this.memo.get('epoch');
    const is_other = known && frame.epoch && known !== frame.epoch;
    if (frame.epoch) this.memo.set('epoch', frame.epoch);
    if (is_other) this.forget();
    const resumes = this.store.since > 0;
    this.take_list(frame.conversations, frame.seq);
    // When resuming, what was missed comes now: the point to resume from moves with it, not before.
    if (!resumes) {
      this.store.since = Math.max(0, Number(frame.seq) || 0);
      for (const one of this.store.all) if (one.id && one.loaded) this.fetch_newer(one).catch(() => {});
    }
    this.is_listed = true;
    this.on.ready();
  }

  take_list(items, upto) {
    this.store.take_list(items, upto);
    for (const one of this.store.all) this.outbox.alias(one.handle, one.id);
  }

  take_ack(frame) {
    if (!frame.conversation) return;
    const conversation = String(frame.conversation);
    const entry = this.outbox.acknowledged(String(frame.id), conversation, frame.handle);
    this.store.ensure(conversation, typeof frame.handle === 'string' ? frame.handle : null);
    if (entry) this.store.take_ack(entry, frame);
    if (this.memo.get('started')?.handle === frame.handle) this.memo.set('started', null);
  }

  take_error(frame) {
    const id = String(frame.re || '');
    if (!MESSAGE_ID.test(id)) return;
    this.outbox.refused({
      id,
      conversation: frame.conversation && String(frame.conversation),
      code: String(frame.code || ''),
      retry: Boolean(frame.retry),
      retry_after_ms: Math.max(0, Number(frame.retry_after_ms) || 0),
    });
  }

  take_event(frame, is_ordered) {
    const handled = is_ordered || frame.type !== 'message'
      ? this.store.apply(frame)
      : this.store.apply_message(this.store.ensure(String(frame.conversation)), frame);
    if (!handled) return;
    const { conversation, message } = handled;
    this.outbox.alias(conversation.handle, conversation.id);
    if (!message) return;
    // Our own words came back before their ack did, or another tab sent them: they are stored.
    if (message.id) this.outbox.acknowledged(message.id, conversation.id, conversation.handle);
    if (!handled.is_answer) return;
    this.wire.send({ type: 'received', conversation: conversation.id, seq: message.seq });
    this.on.answer(conversation, message);
  }

  /** The server's log was replaced or does not reach back far enough: all is loaded anew. */
  reset(epoch, seq) {
    if (epoch) this.memo.set('epoch', epoch);
    this.forget();
    this.store.since = Math.max(0, Number(seq) || 0);
    this.api.conversations().then((answer) => {
      this.take_list(answer.items);
      this.on.change();
    }).catch(() => {});
    this.outbox.line_up();
  }

  forget() {
    this.store.clear();
    this.outbox.offer_again();
    this.on.reload(false);
  }

  /** Brings an entry to the server; the answer comes as a frame or as the request's reply. */
  transmit(entry, id) {
    const body = { id, message: entry.text };
    if (entry.department) body.department = entry.department;
    const { conversation } = entry;
    if (this.wire.send({ type: 'message', conversation, ...body })) return;
    if (this.wire.state !== 'polling') return;
    this.api.say(conversation, body).then((ack) => {
      this.take_ack(ack);
      this.on.change();
    }, (problem) => {
      if (problem.code === 'gap') {
        this.outbox.gap(conversation, entry.device, Number(problem.body.expected) || 1);
        return;
      }
      const { code, retry_after_ms } = problem;
      this.outbox.refused({ id, conversation, code, retry: problem.passes, retry_after_ms });
    });
  }

  moved(from, handle, is_ours) {
    if (is_ours) this.tell_tabs({ moved: { from, handle } });
    else this.outbox.follow(from, handle);
    const one = this.store.ensure(null, handle);
    one.department = this.store.find(from)?.department || null;
    this.on.moved(from, one);
  }

  /** What is new by plain requests, where sockets are blocked. */
  async poll() {
    if (!this.token) throw new Error('no session');
    const answer = await this.api.conversations();
    if (typeof answer.light === 'boolean') this.on.light(answer.light);
    this.take_list(answer.items);
    for (const one of this.store.all) {
      if (one.id && one.loaded && one.server_seq > (one.polled_seq || 0)) {
        await this.fetch_newer(one);
        one.polled_seq = one.server_seq;
      }
    }
    this.is_listed = true;
    this.on.ready();
    this.on.change();
  }

  async fetch_newer(one) {
    const newest = one.messages[one.messages.length - 1];
    if (!newest) {
      one.loaded = false;
      await this.fetch_history(one, false);
      return;
    }
    let after = newest.seq;
    for (let more = true; more;) {
      const answer = await this.api.messages(one.id, { after });
      for (const item of answer.items || []) {
        this.take_event({ ...item, type: 'message', conversation: one.id }, false);
        after = Math.max(after, item.seq);
      }
      more = Boolean(answer.has_more && answer.items?.length);
    }
    this.on.change();
  }

  /** The newest page of a conversation, or the page before what is known. */
  async fetch_history(one, is_older) {
    if (!one.id || one.fetches) return;
    one.fetches = true;
    this.on.change();
    try {
      const oldest = one.messages[0];
      const range = is_older && oldest ? { before: oldest.seq } : {};
      const answer = await this.api.messages(one.id, range);
      this.store.take_history(one, answer.items, answer.has_more, is_older);
      one.fetch_failed = false;
    } catch {
      one.fetch_failed = true;
    }
    one.fetches = false;
    this.on.change();
  }

  /** Says that the visitor saw everything up to now. */
  mark_read(one) {
    const last = one.messages.findLast((message) => message.from !== 'visitor');
    const had = one.unread;
    one.unread = 0;
    if (last && one.id && last.seq > one.read_seq) {
      if (this.wire.send({ type: 'read', conversation: one.id, seq: last.seq })) one.read_seq = last.seq;
    }
    if (had) this.tell_tabs({ read: { conversation: one.id, seq: last?.seq } });
    return had > 0;
  }

  tell_tabs(what) {
    this.channel?.postMessage(what);
  }

  hear_tab(what) {
    if (what.outbox) this.rescue(0);
    if (what.moved) this.moved(what.moved.from, what.moved.handle, false);
    if (what.session && this.wire.state === 'idle' && this.token) this.wire.start();
    if (what.read) {
      const one = this.store.find(what.read.conversation);
      if (one && one.messages.every((message) => message.seq <= what.read.seq)) one.unread = 0;
    }
    if (what.who === this.device) this.tell_tabs({ alive: this.device });
    if (what.alive) this.alive?.add(what.alive);
    this.on.change();
  }

  /** Takes over what pages that are gone left unsent. Tries again `more` times for a page just left. */
  async rescue(more) {
    clearTimeout(this.rescue_timer);
    await this.outbox.load();
    const devices = this.outbox.strangers();
    await Promise.all(devices.map((device) => this.take_over(device)));
    const left = this.outbox.strangers();
    if (!left.length) return;
    if (more > 0) {
      await new Promise((resolve) => { setTimeout(resolve, 150); });
      await this.rescue(more - 1);
      return;
    }
    this.rescue_timer = setTimeout(() => this.rescue(0), RESCUE_MS);
  }

  /** Resolves once it is known whether the device's words are ours to send. */
  async take_over(device) {
    if (!this.locks) {
      if (!(await this.is_alive(device))) this.outbox.adopt(device);
      return;
    }
    await new Promise((known) => {
      const hold = async (lock) => {
        if (!lock) return;
        // Read again under the lock: the page that held it may have changed something last.
        await this.outbox.load();
        this.outbox.adopt(device);
        known();
        await this.drained(device);
        this.outbox.abandon(device);
      };
      this.locks.request(this.lock_name(device), { ifAvailable: true }, hold).then(known, known);
    });
  }

  async drained(device) {
    while (this.outbox.owes(device)) {
      await new Promise((resolve) => { setTimeout(resolve, 250); });
    }
    await this.outbox.writing;
  }

  /** Without locks: asks the other tabs whose device that is. */
  async is_alive(device) {
    if (!this.channel) return false;
    this.alive = this.alive || new Set();
    this.alive.delete(device);
    this.tell_tabs({ who: device });
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    return this.alive.has(device);
  }
}
