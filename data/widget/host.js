// host.js - talks with the loader on the website's page, and with nobody else
// SPDX-License-Identifier: GPL-3.0-or-later

export class Host {
  /** `origin` is the website's, as the loader put it into our address; the browser enforces it. */
  constructor({ origin, on_open, on_close, on_page }) {
    this.origin = origin;
    this.is_framed = window.parent !== window && Boolean(origin);
    const heard = { open: on_open, close: on_close, page: on_page };
    addEventListener('message', (event) => {
      if (!this.is_framed || event.source !== window.parent || event.origin !== origin) return;
      const data = event.data;
      if (!data || typeof data !== 'object' || !Object.hasOwn(heard, data.porchlight)) return;
      heard[data.porchlight](data);
    });
  }

  say(word, facts) {
    if (this.is_framed) window.parent.postMessage({ porchlight: word, ...facts }, this.origin);
  }
}

/** A page's address and title as the loader told them: texts of sane length, or nothing. */
export function read_page(data) {
  const text = (value, most) => (typeof value === 'string' ? value.slice(0, most) : '');
  return {
    url: /^https?:/.test(data.url) ? text(data.url, 2048) : '',
    title: text(data.title, 300),
    referrer: /^https?:/.test(data.referrer) ? text(data.referrer, 2048) : '',
  };
}
