// wire.js - the line to the server: a socket that comes back by itself, plain requests where none can
// SPDX-License-Identifier: GPL-3.0-or-later

const SILENCE_MS = 35000;
const WELCOME_WITHIN_MS = 10000;
const RECONNECT_MS = 500;
const RECONNECT_MOST_MS = 30000;
const POLL_MS = 5000;
const SOCKETS_BEFORE_POLLING = 3;

// What the server says by closing; after these trying again would only be noise.
const REFUSED = { 4401: 'token', 4403: 'blocked', 4404: 'off' };

/** The pause before try number k: half a second, doubling to 30, anywhere in between. */
export const pause_ms = (k, random) => random() * Math.min(RECONNECT_MOST_MS, RECONNECT_MS * 2 ** k);

export class Wire {
  /**
   * `hello ()` makes the first frame, `poll ()` fetches what is new by plain requests and rejects
   * without network, `on_frame (frame)` gets what the server says, `on_state (state)` one of
   * 'connecting', 'open', 'polling', 'down', 'refused'.
   */
  constructor({ url, hello, poll, on_frame, on_state, on_refused, Socket, timers, now, random }) {
    Object.assign(this, { url, hello, poll, on_frame, on_state, on_refused });
    this.Socket = Socket || globalThis.WebSocket;
    this.timers = timers || globalThis;
    this.now = now || Date.now;
    this.random = random || Math.random;
    this.state = 'idle';
    this.socket = null;
    this.welcomed = false;
    this.tries = 0;
    this.failed = 0;
    this.has_missed = false;
    this.heard_at = 0;
    this.retry_at = 0;
    this.retry_timer = null;
    this.watch_timer = null;
    this.poll_timer = null;
  }

  get is_usable() {
    return this.state === 'open' || this.state === 'polling';
  }

  start() {
    if (this.state !== 'idle' && this.state !== 'refused') return;
    this.tries = 0;
    this.failed = 0;
    this.set_state('connecting');
    this.connect();
  }

  stop() {
    this.timers.clearTimeout(this.retry_timer);
    this.timers.clearTimeout(this.poll_timer);
    this.poll_timer = null;
    this.drop();
    this.set_state('idle');
  }

  /** The network or the page came back: no reason to wait any longer. */
  kick() {
    if (this.state === 'idle' || this.state === 'refused') return;
    this.tries = 0;
    if (!this.socket) {
      this.connect();
    } else if (this.welcomed && this.now() - this.heard_at > SILENCE_MS) {
      this.lost();
    } else if (this.welcomed) {
      this.send({ type: 'ping' });
    }
  }

  /** False when there is no socket to send on. */
  send(frame) {
    if (!this.socket || !this.welcomed || this.socket.readyState !== 1) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  set_state(state) {
    if (this.state === state) return;
    this.state = state;
    this.on_state(state);
  }

  connect() {
    this.timers.clearTimeout(this.retry_timer);
    this.drop();
    let socket;
    try {
      socket = new this.Socket(this.url());
    } catch {
      this.lost();
      return;
    }
    this.socket = socket;
    this.welcomed = false;
    this.heard_at = this.now();
    socket.onopen = () => {
      if (socket === this.socket) socket.send(JSON.stringify({ type: 'hello', ...this.hello() }));
    };
    socket.onmessage = (event) => {
      if (socket === this.socket) this.heard(event.data);
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.lost(event.code);
    };
    this.watch();
  }

  /** Leaves the socket, so that nothing it still says is heard. */
  drop() {
    this.timers.clearTimeout(this.watch_timer);
    const socket = this.socket;
    this.socket = null;
    this.welcomed = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close();
    } catch {
      // Closing a socket that never opened may throw.
    }
  }

  /** Watches that something is heard: the browser itself may not notice for minutes. */
  watch() {
    this.timers.clearTimeout(this.watch_timer);
    const limit = this.welcomed ? SILENCE_MS : WELCOME_WITHIN_MS;
    const left = this.heard_at + limit - this.now();
    if (left <= 0) this.lost();
    else this.watch_timer = this.timers.setTimeout(() => this.watch(), left);
  }

  heard(data) {
    this.heard_at = this.now();
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (!frame || typeof frame !== 'object') return;
    if (frame.type === 'ping') this.send({ type: 'pong' });
    if (frame.type === 'welcome') {
      this.welcomed = true;
      this.tries = 0;
      this.failed = 0;
      this.has_missed = false;
      this.timers.clearTimeout(this.poll_timer);
      this.poll_timer = null;
      this.watch();
      this.on_frame(frame);
      this.set_state('open');
      return;
    }
    this.on_frame(frame);
  }

  lost(code) {
    if (!this.welcomed) this.failed++;
    this.drop();
    if (REFUSED[code]) {
      this.timers.clearTimeout(this.poll_timer);
      this.poll_timer = null;
      this.set_state('refused');
      this.on_refused(REFUSED[code]);
      return;
    }
    const polls = this.failed >= SOCKETS_BEFORE_POLLING && this.poll;
    if (!polls) this.set_state('down');
    else if (!this.poll_timer) this.poll_soon(0);
    const pause = pause_ms(this.tries++, this.random);
    this.retry_at = this.now() + pause;
    this.retry_timer = this.timers.setTimeout(() => this.connect(), pause);
  }

  /**
   * Without sockets: the same by requests, while a socket is still tried now and then. A request that works after one
   * that did not means that the network, or a server that slept, is back.
   */
  poll_soon(delay) {
    this.poll_timer = this.timers.setTimeout(async () => {
      const timer = this.poll_timer;
      let state = 'polling';
      try {
        await this.poll();
      } catch {
        state = 'down';
      }
      // A socket, or the end, may have come in the meantime.
      if (timer !== this.poll_timer) return;
      const is_back = state === 'polling' && this.has_missed;
      this.has_missed = state === 'down';
      this.set_state(state);
      this.poll_soon(POLL_MS);
      if (is_back) this.kick();
    }, delay);
  }
}
