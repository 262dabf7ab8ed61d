// api.js - the widget's plain requests
// SPDX-License-Identifier: GPL-3.0-or-later

const REPLY_WITHIN_MS = 20000;

/** What went wrong with a request; `code` is the server's word, '' when it could not be reached. */
export class Problem extends Error {
  constructor(status, body) {
    const code = typeof body?.code === 'string' ? body.code : '';
    super(code || `status ${status}`);
    this.status = status;
    this.code = code;
    this.body = body || {};
    this.retry_after_ms = Number(body?.retry_after_ms) || 0;
  }

  /** True when the same request may succeed later. */
  get passes() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export class Api {
  /** `base` ends in "/widget/", `token ()` is the visitor's bearer token or null. */
  constructor({ base, token, fetch }) {
    this.base = base;
    this.token = token;
    this.fetch = fetch || globalThis.fetch.bind(globalThis);
  }

  async ask(verb, path, body) {
    const headers = {};
    const token = this.token();
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers['Content-Type'] = 'application/json';
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), REPLY_WITHIN_MS);
    let answer;
    let value;
    try {
      answer = await this.fetch(this.base + path, {
        method: verb,
        headers,
        body: body && JSON.stringify(body),
        credentials: 'omit',
        cache: 'no-store',
        signal: stop.signal,
      });
      value = answer.status === 204 ? null : await answer.json().catch(() => null);
    } catch {
      throw new Problem(0);
    } finally {
      clearTimeout(timer);
    }
    if (!answer.ok) throw new Problem(answer.status, value);
    // Something between the server and us may answer 200 with a page of its own.
    if (answer.status !== 204 && (!value || typeof value !== 'object')) throw new Problem(0);
    return value;
  }

  config(site, lang) {
    const query = new URLSearchParams({ site, lang });
    return this.ask('GET', `config?${query}`);
  }

  session(body) {
    return this.ask('POST', 'session', body);
  }

  conversations() {
    return this.ask('GET', 'conversations');
  }

  messages(conversation, range) {
    const query = new URLSearchParams({ ...range, limit: 50 });
    return this.ask('GET', `conversations/${encodeURIComponent(conversation)}/messages?${query}`);
  }

  say(conversation, body) {
    return this.ask('POST', `conversations/${encodeURIComponent(conversation)}/messages`, body);
  }

  rate(conversation, score, comment) {
    const path = `conversations/${encodeURIComponent(conversation)}/rating`;
    return this.ask('POST', path, { score, comment });
  }
}
