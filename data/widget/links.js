// links.js - finds the links in what somebody wrote
// SPDX-License-Identifier: GPL-3.0-or-later

const CANDIDATE = /(?:https?:\/\/|mailto:|tel:|www\.)[^\s<>"]+|[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi;
const ALLOWED = new Set(['http:', 'https:', 'mailto:', 'tel:']);
// Characters that turn the reading direction or have no shape: a link with one of them can look like
// another address than the one it leads to.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const PAIRS = { ')': '(', ']': '[', '}': '{' };

/** Where the address ends: a sentence's own punctuation does not belong to it. */
function trim_end(text) {
  let end = text.length;
  while (end > 0) {
    const last = text[end - 1];
    if (/[.,;:!?'\u2019\u201d*_~|]/.test(last)) end--;
    else if (PAIRS[last] && !balanced(text.slice(0, end), PAIRS[last], last)) end--;
    else break;
  }
  return text.slice(0, end);
}

const balanced = (text, open, close) =>
  text.split(open).length >= text.split(close).length;

/** The address a piece of text leads to, or null when it is not one of the four kinds. */
export function address(text) {
  if (HIDDEN.test(text)) return null;
  let target = text;
  if (/^www\./i.test(text)) target = `https://${text}`;
  else if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) target = `mailto:${text}`;
  let url;
  try {
    url = new URL(target);
  } catch {
    return null;
  }
  if (!ALLOWED.has(url.protocol)) return null;
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  // A name and password before the host only serve to make an address look like another one.
  if (web && (!url.hostname || url.username || url.password)) return null;
  if (!web && url.pathname.length < 3) return null;
  return url.href;
}

/** The text cut into pieces {text, href?}; joined they are the text again, character for character. */
export function split_links(text) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const before = text[match.index - 1];
    if (before && /[\w/@:]/.test(before)) continue;
    const found = trim_end(match[0]);
    const href = address(found);
    if (!href) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
