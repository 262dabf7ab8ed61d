// download.js - the visitor's conversations as one plain text file
// SPDX-License-Identifier: GPL-3.0-or-later

import { clock, short_day, t } from './text.js';

const PAGES_AT_MOST = 200;

/** Loads what is missing of each conversation. False when some of it could not be had. */
async function load_all(talk) {
  for (const one of talk.store.all) {
    if (!one.id) continue;
    if (!one.loaded) await talk.fetch_history(one, false);
    for (let page = 0; one.has_older && page < PAGES_AT_MOST; page++) {
      await talk.fetch_history(one, true);
      if (one.fetch_failed) break;
    }
    if (!one.loaded || one.has_older) return false;
  }
  return true;
}

/** One conversation as lines of "[day, time] name: text". */
export function transcript(one, business, now) {
  const lines = one.messages.filter((message) => message.kind === 'text').map((message) => {
    const name = message.from === 'visitor' ? t('you') : message.name || t('assistant');
    const text = message.deleted ? t('removed') : message.text;
    return `[${short_day(message.at, now + 8 * 864e5)}, ${clock(message.at)}] ${name}: ${text}`;
  });
  return [`${one.agent?.name || business}`, '', ...lines, ''].join('\n');
}

/** True when the file holds everything. */
export async function download_conversations(talk, business) {
  if (!(await load_all(talk))) return false;
  const known = talk.store.all.filter((one) => one.id).sort((a, b) => a.at - b.at);
  const text = known.map((one) => transcript(one, business, Date.now())).join('\n');
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'conversations.txt';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  return true;
}
