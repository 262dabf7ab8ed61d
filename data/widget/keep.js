// keep.js - where the browser keeps what was typed: IndexedDB, else localStorage, else memory
// SPDX-License-Identifier: GPL-3.0-or-later

const OPEN_WITHIN_MS = 8000;

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Rows in IndexedDB. `write` resolves when the browser says that they are on the disk. */
async function open_database(name, factory) {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore('outbox', { keyPath: 'uid' });
  // Some private modes neither open nor fail.
  const db = await Promise.race([
    answered(request),
    new Promise((_, reject) => { setTimeout(() => reject(new Error('slow')), OPEN_WITHIN_MS); }),
  ]);
  db.onversionchange = () => db.close();
  return {
    all: () => answered(db.transaction('outbox').objectStore('outbox').getAll()),
    write: (puts, removes) =>
      new Promise((resolve, reject) => {
        const change = db.transaction('outbox', 'readwrite', { durability: 'strict' });
        const rows = change.objectStore('outbox');
        for (const row of puts) rows.put(row);
        for (const uid of removes) rows.delete(uid);
        change.oncomplete = () => resolve();
        change.onerror = change.onabort = () => reject(change.error);
      }),
  };
}

/** One localStorage item a row, so that two tabs never write the same item. */
function open_items(storage, prefix) {
  const probe = `${prefix}probe`;
  storage.setItem(probe, '1');
  storage.removeItem(probe);
  return {
    async all() {
      const rows = [];
      for (let at = 0; at < storage.length; at++) {
        const key = storage.key(at);
        if (!key.startsWith(prefix)) continue;
        try {
          rows.push(JSON.parse(storage.getItem(key)));
        } catch {
          // Not ours, or half written: the other rows still count.
        }
      }
      return rows.filter((row) => row && row.uid);
    },
    async write(puts, removes) {
      for (const row of puts) storage.setItem(prefix + row.uid, JSON.stringify(row));
      for (const uid of removes) storage.removeItem(prefix + uid);
    },
  };
}

function open_memory() {
  const rows = new Map();
  return {
    async all() {
      return [...rows.values()];
    },
    async write(puts, removes) {
      for (const row of puts) rows.set(row.uid, { ...row });
      for (const uid of removes) rows.delete(uid);
    },
  };
}

/** The best place there is. When a place fails later (a full disk), the next one takes over. */
export class Keep {
  constructor(places) {
    this.places = places;
    this.at = 0;
  }

  static async open(name, { factory, storage } = {}) {
    const places = [];
    try {
      places.push(await open_database(name, factory()));
    } catch {
      // No IndexedDB here: blocked, private or broken.
    }
    try {
      places.push(open_items(storage(), `${name}:out:`));
    } catch {
      // No localStorage either.
    }
    places.push(open_memory());
    return new Keep(places);
  }

  /** True when what is written would be lost with the page. */
  get volatile() {
    return this.at === this.places.length - 1;
  }

  async all() {
    const rows = new Map();
    for (const place of this.places) {
      for (const row of await place.all().catch(() => [])) rows.set(row.uid, row);
    }
    return [...rows.values()];
  }

  async write(puts, removes) {
    for (; this.at < this.places.length; this.at++) {
      try {
        await this.places[this.at].write(puts, removes);
        break;
      } catch (problem) {
        if (this.volatile) throw problem;
      }
    }
    // A row may still lie in a better place from before that one failed.
    const better = this.places.slice(0, this.at);
    const gone = [...removes, ...puts.map((row) => row.uid)];
    for (const place of better) await place.write([], gone).catch(() => {});
  }
}

/** Small settings that survive the page where the browser allows it. */
export class Memo {
  constructor(prefix, storage) {
    this.prefix = prefix;
    this.spare = new Map();
    try {
      this.storage = storage();
    } catch {
      this.storage = null;
    }
  }

  get(key) {
    try {
      const text = this.storage.getItem(this.prefix + key);
      if (text !== null) return JSON.parse(text);
    } catch {
      // Blocked or unreadable: what this page knows is all there is.
    }
    return this.spare.get(key) ?? null;
  }

  set(key, value) {
    if (value === null || value === undefined) {
      this.spare.delete(key);
    } else {
      this.spare.set(key, value);
    }
    try {
      if (value === null || value === undefined) this.storage.removeItem(this.prefix + key);
      else this.storage.setItem(this.prefix + key, JSON.stringify(value));
    } catch {
      // Kept for this page in `spare`.
    }
  }
}
