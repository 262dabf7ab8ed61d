// view-list.js - the visitor's conversations, newest first
// SPDX-License-Identifier: GPL-3.0-or-later

import { avatar, h, icon } from './dom.js';
import { short_day, t, tn, number } from './text.js';

/** The last line of a conversation, as one sees it without opening it. */
function last_line(one) {
  const last = one.messages.findLast((message) => message.kind === 'text' && !message.deleted);
  const text = last ? last.text : one.preview;
  if (!text) return t('nothing_yet');
  return (last ? last.from === 'visitor' : one.is_preview_mine) ? t('you_said', { text }) : text;
}

function row(one, business, now, on_open) {
  const name = one.agent?.name || business;
  return h('li', null, h('button', { type: 'button', class: 'line', onclick: () => on_open(one) },
    avatar(name, one.agent?.avatar, 'big'),
    h('span', { class: 'what' },
      h('span', { class: 'top' },
        h('span', { class: 'name', dir: 'auto' }, name),
        h('span', { class: 'when' }, one.at ? short_day(one.at, now) : '')),
      h('span', { class: 'bottom' },
        h('span', { class: 'words', dir: 'auto' }, last_line(one)),
        one.unread > 0 && h('span', { class: 'unread' },
          h('span', { 'aria-hidden': 'true' }, number(one.unread)),
          h('span', { class: 'sr' }, tn('unread', one.unread)))))));
}

export function draw_list({ conversations, business, now, on_open, on_new, on_download }) {
  return h('div', { class: 'page list' },
    h('h2', { class: 'sr' }, t('conversations')),
    h('ul', null, conversations.map((one) => row(one, business, now, on_open))),
    h('div', { class: 'grow' }),
    h('button', { type: 'button', class: 'wide', onclick: on_new }, icon('plus'), t('new')),
    h('button', { type: 'button', class: 'wide quiet', onclick: on_download }, t('download')));
}
