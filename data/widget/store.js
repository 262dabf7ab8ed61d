// store.js - what this page knows about the visitor's conversations
// SPDX-License-Identifier: GPL-3.0-or-later

const TYPING_MS = 5000;

const text_of = (value) => (typeof value === 'string' ? value : '');
const seq_of = (value) => (Number.isSafeInteger(value) && value > 0 ? value : 0);
const time_of = (value) => Date.parse(value) || 0;

/** A server's message frame as the views use it; strange members become empty ones. */
export function read_message(frame) {
  const sender = frame.sender || {};
  return {
    message_id: String(frame.message_id ?? frame.seq),
    seq: seq_of(frame.seq),
    id: text_of(frame.id),
    kind: frame.kind === 'system' ? 'system' : 'text',
    code: text_of(frame.code),
    from: text_of(sender.kind) || 'system',
    name: text_of(sender.name),
    avatar: text_of(sender.avatar),
    text: text_of(frame.message),
    at: time_of(frame.at),
    edited: Boolean(frame.edited_at),
    deleted: Boolean(frame.deleted),
  };
}

export class Store {
  constructor({ now } = {}) {
    this.now = now || Date.now;
    this.all = [];
    this.since = 0; // the newest seq that came in order
  }

  clear() {
    this.all = [];
    this.since = 0;
  }

  find(ref) {
    if (!ref) return null;
    return this.all.find((one) => one.id === ref || one.handle === ref) || null;
  }

  /** The conversation of that id or handle, made when it is new. */
  ensure(id, handle) {
    let one = this.find(id) || this.find(handle);
    if (!one) {
      one = {
        id: null, handle: null, state: 'new', department: null, agent: null, unread: 0, read_seq: 0,
        received: 0, read: 0, messages: [], loaded: false, has_older: false, queue_position: 0,
        wait_s: 0, rating_asked: false, rated: false, typing: null, preview: '', at: 0,
      };
      this.all.push(one);
    }
    if (id && String(id).startsWith('new-')) one.handle = one.handle || id;
    else if (id) one.id = id;
    if (one.id && one.state === 'new') one.state = 'pending';
    if (handle) one.handle = handle;
    return one;
  }

  /** Newest first, as a list shows them. */
  list() {
    return this.all.filter((one) => one.id || one.at).sort((a, b) => b.at - a.at);
  }

  unread() {
    return this.all.reduce((sum, one) => sum + one.unread, 0);
  }

  /** What the server lists in `welcome`, or answers to a plain request. */
  take_list(items, upto) {
    for (const item of Array.isArray(items) ? items : []) {
      if (!item || !item.id) continue;
      const one = this.ensure(String(item.id), text_of(item.handle) || null);
      one.state = text_of(item.state) || one.state;
      one.department = text_of(item.department?.name ?? item.department) || one.department;
      one.agent = item.agent && item.agent.name ? item.agent : null;
      one.unread = Math.max(0, Number(item.unread) || 0);
      one.counted_to = Math.max(one.counted_to || 0, seq_of(upto), seq_of(item.seq));
      one.server_seq = seq_of(item.seq);
      one.received = Math.max(one.received, seq_of(item.received));
      one.read = Math.max(one.read, seq_of(item.read));
      if (item.rating_asked !== undefined) one.rating_asked = Boolean(item.rating_asked);
      if (item.queue_position !== undefined) one.queue_position = Number(item.queue_position) || 0;
      if (item.wait_s !== undefined) one.wait_s = Number(item.wait_s) || 0;
      if (!one.messages.length) {
        one.preview = text_of(item.preview) || one.preview;
        one.is_preview_mine = Boolean(item.is_preview_mine);
      }
      one.at = Math.max(one.at, time_of(item.at));
    }
  }

  /** Puts a message where its seq belongs. Returns true when it was not known yet. */
  put(one, message) {
    // What is older than the pages loaded so far comes with its page; put now, it would hide a hole.
    if (one.has_older && one.messages.length && message.seq < one.messages[0].seq) return false;
    return this.place(one, message);
  }

  place(one, message) {
    const known = one.messages.findIndex((other) => other.message_id === message.message_id);
    if (known >= 0) {
      one.messages[known] = { ...one.messages[known], ...message };
      return false;
    }
    let at = one.messages.length;
    while (at > 0 && one.messages[at - 1].seq > message.seq) at--;
    one.messages.splice(at, 0, message);
    one.at = Math.max(one.at, message.at);
    return true;
  }

  /** A page of history, in any order; `is_older` says that it was asked for by scrolling back. */
  take_history(one, items, has_more, is_older) {
    const page = (Array.isArray(items) ? items : [])
      .filter((item) => item && typeof item === 'object').map(read_message);
    if (is_older || !one.loaded) one.has_older = Boolean(has_more);
    if (!is_older && one.has_older && page.length) {
      const first = Math.min(...page.map((message) => message.seq));
      one.messages = one.messages.filter((message) => message.seq >= first);
    }
    for (const message of page) this.place(one, message);
    one.loaded = true;
  }

  /** An own message that the server acknowledged. */
  take_ack(entry, ack) {
    const one = this.ensure(String(ack.conversation), text_of(ack.handle) || null);
    this.put(one, read_message({
      ...ack, kind: 'text', sender: { kind: 'visitor' }, message: entry.text,
    }));
    return one;
  }

  /** A frame of the server. Returns {conversation, message?, is_new?} when it changed something. */
  apply(frame) {
    const seq = seq_of(frame.seq);
    // Only what comes in the log's order moves the point to resume from: an ack may run ahead of it.
    if (['message', 'status', 'update'].includes(frame.type) && seq > this.since) this.since = seq;
    if (!frame.conversation) return null;
    const ref = String(frame.conversation);
    switch (frame.type) {
      case 'message':
        return this.apply_message(this.ensure(ref, text_of(frame.handle) || null), frame);
      case 'update':
        return this.apply_update(this.find(ref), frame);
      case 'status':
        return this.apply_status(this.ensure(ref, text_of(frame.handle) || null), frame);
      case 'receipt':
        return this.apply_receipt(this.find(ref), frame);
      case 'typing':
        return this.apply_typing(this.find(ref), frame);
      default:
        return null;
    }
  }

  apply_message(one, frame) {
    const message = read_message(frame);
    const is_new = this.put(one, message);
    const is_answer = is_new && message.kind === 'text' && message.from !== 'visitor';
    if (is_answer) {
      one.typing = null;
      if (message.seq > (one.counted_to || 0)) one.unread++;
    }
    return { conversation: one, message, is_new, is_answer };
  }

  apply_update(one, frame) {
    const message = one?.messages.find((other) => other.message_id === String(frame.message_id));
    if (!message) return null;
    if (typeof frame.message === 'string') message.text = frame.message;
    if (frame.edited_at) message.edited = true;
    if (frame.deleted) Object.assign(message, { deleted: true, text: '' });
    return { conversation: one };
  }

  apply_status(one, frame) {
    one.state = text_of(frame.state) || one.state;
    one.agent = frame.agent && frame.agent.name ? frame.agent : null;
    one.queue_position = Math.max(0, Number(frame.queue_position) || 0);
    one.wait_s = Math.max(0, Number(frame.wait_s) || 0);
    one.rating_asked = Boolean(frame.rating_asked);
    return { conversation: one };
  }

  apply_receipt(one, frame) {
    if (!one) return null;
    one.received = Math.max(one.received, seq_of(frame.received), seq_of(frame.read));
    one.read = Math.max(one.read, seq_of(frame.read));
    return { conversation: one };
  }

  apply_typing(one, frame) {
    if (!one) return null;
    one.typing = frame.is_typing
      ? { name: text_of(frame.name), until: this.now() + TYPING_MS }
      : null;
    return { conversation: one };
  }

  /** How far an own message came; never more than the server said. */
  progress(one, message) {
    if (message.seq <= one.read) return 'read';
    return message.seq <= one.received ? 'received' : 'sent';
  }
}
