// fake-server.mjs - a server that speaks the visitor's wire truly, and fails where a test says so
// SPDX-License-Identifier: GPL-3.0-or-later
//
// It keeps what it acknowledged over `stop ()` and `start ()`, as a restarted program does. Its rules for
// ids are the real ones: n is stored when it is the last of its device and conversation plus one; a known
// one is acknowledged again; a higher one gets a gap.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { accept } from './websocket.mjs';

const TYPES = { js: 'text/javascript', css: 'text/css', html: 'text/html' };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'";

export class FakeServer {
  constructor(folder) {
    this.folder = folder; // where the built widget lies
    this.pages = new Map(); // path -> html, the website around the widget
    this.config = {
      business: 'Juniper Row Bicycles', site: 'KEY', colour: '#2563eb', position: 'end', languages: ['en'],
      light: true, reply_minutes: 2, prechat: { name: true, email: true, message: true },
      departments: [], sound: true, limits: { message: 4000 }, heartbeat_s: 25,
    };
    this.port = 0;
    this.reset_memory();
  }

  reset_memory() {
    this.epoch = randomBytes(8).toString('hex');
    this.seq = 0;
    this.visitors = new Map(); // token -> {id, profile, conversations}
    this.log = []; // events with a seq
    this.received = []; // every frame and body that came in
    this.requests = []; // every request's verb and path
    this.stored = 0;
    this.doubles = 0; // messages acknowledged again
    this.lines = new Set();
    this.fault = null; // (kind, body) -> how to fail, or undefined
    this.blocks_sockets = false;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.on('upgrade', (request, socket) => this.upgrade(request, socket));
    this.sockets = new Set();
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise((resolve) => { this.server.listen(this.port, '127.0.0.1', resolve); });
    this.port = this.server.address().port;
    return this;
  }

  async stop() {
    const ended = new Promise((resolve) => { this.server.close(resolve); });
    for (const socket of this.sockets) socket.destroy();
    await ended;
    this.lines.clear();
  }

  /** A restored backup: another epoch, and only the first `kept` messages of each conversation. */
  restore(kept) {
    this.epoch = randomBytes(8).toString('hex');
    for (const visitor of this.visitors.values()) {
      for (const one of visitor.conversations) {
        one.messages.length = Math.min(kept, one.messages.length);
        one.last_n = {};
        for (const message of one.messages) {
          if (!message.id) continue;
          const [device, n] = message.id.split(':');
          one.last_n[device] = Number(n);
        }
      }
    }
    this.log = [];
  }

  cut() {
    for (const line of this.lines) line.cut();
  }

  // ---- HTTP

  async answer(request, response) {
    const url = new URL(request.url, this.origin);
    this.requests.push(`${request.method} ${url.pathname}`);
    let body = '';
    for await (const part of request) body += part;
    const reply = (status, value) => {
      response.writeHead(status, {
        'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
        'Cache-Control': 'no-store',
      });
      response.end(JSON.stringify(value));
    };
    try {
      const failure = this.fault && await this.fault('http', { path: url.pathname, body });
      if (failure?.cut) {
        request.socket.destroy();
        return;
      }
      if (failure) reply(failure.status, failure.body || {});
      else await this.route(request.method, url, body && JSON.parse(body), request, response, reply);
    } catch (problem) {
      reply(500, { code: 'internal', title: String(problem) });
    }
  }

  async route(verb, url, body, request, response, reply) {
    const path = url.pathname;
    if (this.pages.has(path)) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(this.pages.get(path));
    } else if (path === '/widget.js') {
      await this.send_file(this.config.light ? 'loader-lit.js' : 'loader.js', request, response);
    } else if (path === '/widget/app') {
      await this.send_file('app.html', request, response);
    } else if (path.startsWith('/widget/assets/')) {
      await this.send_file(path.slice('/widget/assets/'.length), request, response);
    } else if (path === '/widget/config') {
      reply(200, this.config);
    } else if (path === '/widget/session') {
      this.received.push({ type: 'POST session', ...body });
      this.session(body, reply);
    } else if (path.startsWith('/widget/conversations')) {
      const visitor = this.visitors.get((request.headers.authorization || '').replace('Bearer ', ''));
      if (!visitor) reply(401, { code: 'unauthorized' });
      else this.conversation_route(visitor, verb, url, body, reply);
    } else {
      reply(404, { code: 'not_found' });
    }
  }

  async send_file(name, request, response) {
    const zip = /gzip/.test(request.headers['accept-encoding'] || '');
    const bytes = await readFile(join(this.folder, zip ? `${name}.gz` : name)).catch(() => null);
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    const headers = { 'Content-Type': `${TYPES[name.split('.').pop()]}; charset=utf-8`, 'Content-Length': bytes.length };
    if (zip) headers['Content-Encoding'] = 'gzip';
    if (name === 'app.html') headers['Content-Security-Policy'] = POLICY;
    response.writeHead(200, headers);
    response.end(bytes);
  }

  session(body, reply) {
    let token = body.token;
    if (token && !this.visitors.has(token)) {
      reply(401, { code: 'unauthorized' });
      return;
    }
    if (!token) {
      token = `vt_${randomBytes(16).toString('base64url')}`;
      this.visitors.set(token, { id: `v${this.visitors.size + 1}`, profile: {}, conversations: [] });
    }
    const visitor = this.visitors.get(token);
    Object.assign(visitor.profile, body.profile);
    reply(200, { token, visitor_id: visitor.id, conversations: this.list(visitor) });
  }

  conversation_route(visitor, verb, url, body, reply) {
    const [, , , id, what] = url.pathname.split('/');
    if (!id) {
      reply(200, { items: this.list(visitor) });
      return;
    }
    if (verb === 'POST' && what === 'messages') {
      this.received.push({ type: 'POST message', conversation: decodeURIComponent(id), ...body });
      const result = this.store_message(visitor, { conversation: decodeURIComponent(id), ...body });
      if (result.type === 'ack') reply(200, result);
      else reply(result.retry === false ? 422 : 409, { ...result, code: result.code || 'gap' });
      return;
    }
    const one = this.find(visitor, decodeURIComponent(id));
    if (!one) {
      reply(404, { code: 'not_found' });
    } else if (what === 'rating') {
      one.rating = body;
      one.rating_asked = false;
      reply(200, {});
    } else {
      const before = Number(url.searchParams.get('before')) || Infinity;
      const after = Number(url.searchParams.get('after')) || 0;
      const found = one.messages.filter((message) => message.seq < before && message.seq > after);
      const items = after ? found.slice(0, 50) : found.slice(-50);
      reply(200, { items, has_more: items.length < found.length });
    }
  }

  // ---- sockets

  upgrade(request, socket) {
    this.requests.push(`WS ${new URL(request.url, this.origin).pathname}`);
    if (this.blocks_sockets) {
      socket.destroy();
      return;
    }
    const line = accept(request, socket);
    line.on_message = (frame) => this.take(line, frame);
    line.on_close = () => this.lines.delete(line);
    this.lines.add(line);
  }

  async take(line, frame) {
    this.received.push(frame);
    const failure = this.fault && await this.fault('frame', frame);
    if (failure?.cut) line.cut();
    else if (failure?.close) line.close(failure.close);
    else if (failure?.reply) line.send(failure.reply);
    else if (failure?.store_and_cut) this.store_and_cut(line, frame);
    else if (!failure) this.take_frame(line, frame);
  }

  /** Stored, but the ack is lost with the line: what makes clients send twice. */
  store_and_cut(line, frame) {
    line.is_open = false;
    line.cut();
    this.store_message(line.visitor, frame);
  }

  take_frame(line, frame) {
    switch (frame.type) {
      case 'hello':
        this.hello(line, frame);
        break;
      case 'message':
        line.send(this.store_message(line.visitor, frame));
        break;
      case 'end': {
        const one = this.find(line.visitor, frame.conversation);
        this.status(one, { state: 'resolved', rating_asked: true });
        break;
      }
      case 'ping':
        line.send({ type: 'pong' });
        break;
      default:
    }
  }

  hello(line, frame) {
    const visitor = this.visitors.get(frame.token);
    if (!visitor) {
      line.close(4401);
      return;
    }
    line.visitor = visitor;
    line.send({
      type: 'welcome', visitor_id: visitor.id, epoch: this.epoch, seq: this.seq, heartbeat_s: 25,
      conversations: this.list(visitor),
    });
    line.send({ type: 'system', message: 'You are connected.' });
    if (frame.since === undefined || frame.epoch !== this.epoch) return;
    for (const event of this.log) {
      if (event.visitor === visitor && event.frame.seq > frame.since) line.send(event.frame);
    }
  }

  // ---- what the server knows

  list(visitor) {
    return visitor.conversations.map((one) => ({
      id: one.id, handle: one.handle, state: one.state, department: one.department, agent: one.agent,
      unread: one.messages.filter((m) => m.sender.kind === 'agent' && m.seq > one.read_by_visitor).length,
      seq: one.seq, preview: one.messages[one.messages.length - 1]?.message || '',
      is_preview_mine: one.messages[one.messages.length - 1]?.sender.kind === 'visitor',
      at: one.messages[one.messages.length - 1]?.at, rating_asked: one.rating_asked,
      received: one.received, read: one.read,
    }));
  }

  find(visitor, ref) {
    return visitor.conversations.find((one) => one.id === ref || one.handle === ref);
  }

  store_message(visitor, frame) {
    const { id, conversation: ref, message: text } = frame;
    const [device, number] = id.split(':');
    const n = Number(number);
    let one = this.find(visitor, ref);
    const refuse = (code, retry) =>
      ({ type: 'error', code, message: code, re: id, retry, conversation: ref });
    if (!one && !ref.startsWith('new-')) return refuse('not_found', false);
    if (one?.state === 'closed') return refuse('closed', false);
    if (!text) return refuse('empty', false);
    if ([...text].length > 4000) return refuse('too_long', false);
    if (!one) {
      one = this.add_conversation(visitor, { handle: ref, department: frame.department });
    }
    const last = one.last_n[device] || 0;
    const ack = (stored) => ({
      type: 'ack', id, conversation: one.id, handle: one.handle, message_id: stored.message_id,
      seq: stored.seq, at: stored.at,
    });
    if (n <= last) {
      this.doubles++;
      const stored = one.messages.find((other) => other.id === id);
      return stored.message === text ? ack(stored) : refuse('id_conflict', false);
    }
    if (n > last + 1) return { type: 'gap', conversation: one.id, device, expected: last + 1, retry: true };
    one.last_n[device] = n;
    if (one.state === 'resolved') one.state = 'active';
    this.stored++;
    return ack(this.add_message(one, { id, message: text, sender: { kind: 'visitor', name: visitor.profile.name } }));
  }

  add_conversation(visitor, facts) {
    const one = {
      visitor, id: `c${++this.seq}`, handle: null, state: 'waiting', department: null, agent: null, seq: 0,
      messages: [], last_n: {}, read_by_visitor: 0, received: 0, read: 0, rating_asked: false, ...facts,
    };
    visitor.conversations.push(one);
    return one;
  }

  add_message(one, facts) {
    const seq = ++this.seq;
    const frame = {
      type: 'message', conversation: one.id, handle: one.handle, seq, message_id: `m${seq}`, kind: 'text',
      files: [], at: new Date().toISOString(), ...facts,
    };
    one.seq = seq;
    one.messages.push(frame);
    this.publish(one, frame);
    return frame;
  }

  publish(one, frame) {
    if (frame.seq) this.log.push({ visitor: one.visitor, frame });
    for (const line of this.lines) if (line.visitor === one.visitor) line.send(frame);
  }

  // ---- what the agents' side does

  /** The only visitor's only conversation, or the given one of the first visitor. */
  conversation(at = 0) {
    return [...this.visitors.values()][0]?.conversations[at];
  }

  join(one, name = 'Ines Castro') {
    one.agent = { name };
    this.status(one, { state: 'active' });
    this.add_message(one, { kind: 'system', code: 'joined', sender: { kind: 'system', name }, message: '' });
  }

  say(one, message, name = 'Ines Castro') {
    return this.add_message(one, { message, sender: { kind: 'agent', name } });
  }

  status(one, facts) {
    Object.assign(one, facts);
    one.seq = ++this.seq;
    this.publish(one, {
      type: 'status', conversation: one.id, seq: one.seq, state: one.state, agent: one.agent,
      queue_position: one.queue_position || 0, wait_s: one.wait_s || null, rating_asked: one.rating_asked,
    });
  }

  typing(one, is_typing = true, name = 'Ines Castro') {
    this.publish(one, { type: 'typing', conversation: one.id, is_typing, name });
  }

  receipt(one, received, read) {
    Object.assign(one, { received, read });
    this.publish(one, { type: 'receipt', conversation: one.id, received, read });
  }

  light(is_on) {
    this.config.light = is_on;
    for (const line of this.lines) line.send({ type: 'presence', light: is_on });
  }

  texts(one = this.conversation()) {
    return (one?.messages || []).filter((message) => message.kind === 'text').map((message) => message.message);
  }
}
