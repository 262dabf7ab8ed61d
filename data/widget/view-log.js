// view-log.js - the transcript: rows that group, keep their place and never jump
// SPDX-License-Identifier: GPL-3.0-or-later

import { avatar, h, icon } from './dom.js';
import { split_links } from './links.js';
import { clock, day_name, days_between, t } from './text.js';

const GROUP_MS = 5 * 60 * 1000;

/** What a system line says; codes are ours, their sentences the visitor's language. */
function system_text(message) {
  const name = message.name;
  switch (message.code) {
    case 'joined': return name ? t('talking', { name }) : '';
    case 'assigned': return name ? t('handed_over', { name }) : '';
    case 'resolved': return name ? t('done_by', { name }) : t('done');
    case 'idle': return t('done_idle');
    case 'ended': return t('you_ended');
    case 'closed': return t('over');
    case 'reopened': return t('reopened');
    default: return message.text;
  }
}

/**
 * What is to be seen, top to bottom: {key, kind: 'day' | 'system' | 'message', ...}. A pure function of
 * messages (by seq), entries that wait or failed, and the line's state.
 */
export function build_rows({ conversation, entries, progress, is_up, now }) {
  const known = new Set(conversation.messages.map((message) => message.id).filter(Boolean));
  const items = conversation.messages.map((message) => ({
    key: `m${message.message_id}`,
    kind: message.kind,
    own: message.from === 'visitor',
    state: message.from === 'visitor' ? progress(conversation, message) : '',
    ...message,
  }));
  for (const entry of entries) {
    if (known.has(`${entry.device}:${entry.n}`) && entry.state !== 'failed') continue;
    const waiting = is_up ? 'sending' : 'waiting';
    items.push({
      key: `e${entry.uid}`, uid: entry.uid, kind: 'text', own: true, from: 'visitor', name: '',
      text: entry.text, at: entry.at, state: entry.state === 'failed' ? 'failed' : waiting,
      code: entry.code,
    });
  }

  const rows = [];
  let before = null;
  for (const item of items) {
    const new_day = !before || days_between(before.at, item.at) !== 0;
    const day = day_name(item.at, now);
    if (item.kind === 'system') {
      const text = system_text(item);
      if (!text) continue;
      const parts = new_day ? `${day} ${clock(item.at)} · ${text}` : `${text} · ${clock(item.at)}`;
      rows.push({ key: item.key, kind: 'system', text: parts });
    } else {
      if (new_day) rows.push({ key: `d${item.key}`, kind: 'day', text: day });
      const kept = (one) => !['sending', 'waiting', 'failed'].includes(one.state);
      const joins = before && before.kind === 'text' && !new_day && before.own === item.own &&
        before.name === item.name && before.from === item.from && item.at - before.at < GROUP_MS &&
        kept(before) === kept(item) && before.state !== 'failed';
      if (joins) rows[rows.length - 1].last = false;
      rows.push({ ...item, kind: 'message', first: !joins, last: true });
    }
    before = item;
  }
  return rows;
}

/** The words of a message, its links made ready to follow. */
function bubble_content(row) {
  if (row.deleted) return [h('em', null, t('removed'))];
  return split_links(row.text).map((piece) => piece.href
    ? h('a', { href: piece.href, target: '_blank', rel: 'noopener noreferrer nofollow ugc' }, piece.text)
    : piece.text);
}

const STATE_ICON = {
  sending: 'clock', waiting: 'clock', sent: 'check', received: 'checks', read: 'checks', failed: 'alert',
};
const STATE_TEXT = {
  sending: 'sending', waiting: 'waiting_line', sent: 'sent', received: 'received', read: 'read',
};
// Sent and received are plain from the ticks; their words are in the tooltip and for readers.
const QUIET = ['sent', 'received'];

function draw_meta(row, on_retry) {
  const meta = h('div', { class: 'meta' });
  if (row.state === 'failed') {
    meta.classList.add('wrong');
    meta.append(icon('alert', 13), h('span', null, t('not_sent')),
      h('button', { type: 'button', class: 'link', onclick: () => on_retry(row.uid) }, t('try_again')));
    return meta;
  }
  const open = row.state === 'sending' || row.state === 'waiting';
  if (open) meta.append(icon('clock', 13), h('span', null, t(STATE_TEXT[row.state])));
  else meta.append(h('time', { datetime: new Date(row.at).toISOString() }, clock(row.at)));
  if (row.edited && !row.deleted) meta.append(h('span', null, `· ${t('edited')}`));
  if (row.own && !open) {
    const word = t(STATE_TEXT[row.state]);
    const quiet = QUIET.includes(row.state);
    meta.append(
      h('span', { class: quiet ? 'sr' : '' }, quiet ? word : `· ${word}`),
      h('span', { class: `tick ${row.state}`, title: word }, icon(STATE_ICON[row.state], 14)));
  }
  return meta;
}

function draw_row(row, on_retry) {
  if (row.kind !== 'message') return h('p', { class: `caption ${row.kind}`, dir: 'auto' }, row.text);
  const is_assistant = row.from === 'assistant';
  const name = row.name || (is_assistant ? t('assistant') : '');
  const classes = ['row', row.own ? 'own' : 'other', row.first && 'first', row.last && 'last',
    is_assistant && 'assistant', row.own && row.state];
  const cell = h('div', { class: 'cell' });
  if (row.first && !row.own) {
    cell.append(h('div', { class: 'who', dir: 'auto' }, is_assistant && icon('spark', 12),
      is_assistant ? t('assistant') : name));
  }
  cell.append(h('div', { class: 'bubble', dir: 'auto' },
    row.own && row.first && h('span', { class: 'sr' }, `${t('you')}: `), bubble_content(row)));
  if (row.last || row.state === 'failed') cell.append(draw_meta(row, on_retry));
  return h('div', { class: classes.filter(Boolean).join(' ') },
    !row.own && (row.last ? avatar(name || '?', row.avatar) : h('span', { class: 'avatar none' })), cell);
}

export class Log {
  /** `on_top ()` asks for older messages, `on_seen ()` says that the end is in view. */
  constructor({ on_top, on_seen, on_retry }) {
    this.on_top = on_top;
    this.on_seen = on_seen;
    this.on_retry = on_retry;
    this.nodes = new Map(); // key -> {signature, node}
    this.rows = h('div', { class: 'rows' });
    this.older = h('p', { class: 'caption older', hidden: true }, t('older'));
    this.tail = h('div', { class: 'tail' });
    // What is new is said by the status line of the page, in one sentence; the log itself stays silent,
    // or every tick and every older page would be read aloud.
    this.node = h('div', {
      class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': t('transcript'), tabindex: 0,
    }, this.older, this.rows, this.tail);
    this.sticks = true;
    this.is_first = true;
    this.drift = 0;
    this.node.addEventListener('scroll', () => this.on_scroll(), { passive: true });
    this.observer = new ResizeObserver(() => this.keep_end());
    this.observer.observe(this.node);
    this.observer.observe(this.rows);
    this.observer.observe(this.tail);
  }

  /** What scrolls: the log, or the whole page where the window is very low. */
  get scroller() {
    const own = getComputedStyle(this.node).overflowY;
    return own === 'visible' ? document.scrollingElement : this.node;
  }

  is_at_end() {
    const box = this.scroller;
    return box.scrollHeight - box.scrollTop - box.clientHeight < 48;
  }

  to_end() {
    this.sticks = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  keep_end() {
    if (this.sticks) this.to_end();
  }

  on_scroll() {
    this.sticks = this.is_at_end();
    if (this.sticks) this.on_seen();
    if (this.scroller.scrollTop < 120 && !this.is_first) this.on_top();
  }

  /** The rows from the first in view on, and where they stand, so that they can be put there again. */
  anchors() {
    const { top } = this.scroller.getBoundingClientRect();
    return [...this.rows.children]
      .map((node) => ({ node, box: node.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > top);
  }

  draw(rows, { loads_older }) {
    const anchors = this.sticks ? [] : this.anchors();
    this.older.hidden = !loads_older;
    const left = new Set(this.nodes.keys());
    // A page of history does not rise: only what is said just now does.
    const rises = !this.is_first && this.sticks && rows.filter(({ key }) => !this.nodes.has(key)).length < 4;
    let at = 0;
    for (const row of rows) {
      const signature = JSON.stringify(row);
      const had = this.nodes.get(row.key);
      left.delete(row.key);
      let node = had?.node;
      if (!had || had.signature !== signature) {
        node = draw_row(row, this.on_retry);
        if (!had && rises && row.kind === 'message') node.classList.add('new');
        if (had) had.node.replaceWith(node);
        this.nodes.set(row.key, { signature, node });
      }
      if (this.rows.children[at] !== node) this.rows.insertBefore(node, this.rows.children[at] || null);
      at++;
    }
    for (const key of left) {
      this.nodes.get(key).node.remove();
      this.nodes.delete(key);
    }
    this.is_first = this.is_first && rows.length === 0;
    // The first row may have been drawn anew (it is not the first of its group any more).
    const anchor = anchors.find(({ node }) => node.isConnected);
    if (this.sticks) this.to_end();
    else if (anchor) this.put_back(anchor);
  }

  /**
   * A browser scrolls by whole pixels, rows stand at parts of them: what could not be put right this time is
   * remembered, or several drawings would move the words by several halves.
   */
  put_back({ node, box }) {
    const wanted = box.top - this.drift;
    this.scroller.scrollTop += node.getBoundingClientRect().top - wanted;
    const left = node.getBoundingClientRect().top - wanted;
    this.drift = Math.abs(left) < 1 ? left : 0;
  }

  end() {
    this.observer.disconnect();
  }
}
