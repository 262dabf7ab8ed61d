// typing.js - tells the other side that the visitor writes, seldom enough
// SPDX-License-Identifier: GPL-3.0-or-later

const AGAIN_MS = 3000;
const IDLE_MS = 3000;

export class Typing {
  constructor(send, { now, timers } = {}) {
    this.send = send;
    this.now = now || Date.now;
    this.timers = timers || globalThis;
    this.said_at = 0;
    this.conversation = null;
    this.timer = null;
  }

  typed(conversation, text) {
    if (!text) {
      this.stop();
      return;
    }
    if (this.conversation !== conversation) this.stop();
    if (!this.conversation || this.now() - this.said_at >= AGAIN_MS) {
      this.said_at = this.now();
      this.conversation = conversation;
      this.send({ type: 'typing', conversation, is_typing: true });
    }
    this.timers.clearTimeout(this.timer);
    this.timer = this.timers.setTimeout(() => this.stop(), IDLE_MS);
  }

  stop() {
    this.timers.clearTimeout(this.timer);
    if (!this.conversation) return;
    this.send({ type: 'typing', conversation: this.conversation, is_typing: false });
    this.conversation = null;
  }
}
