// view-chat.js - one conversation: transcript, notices, composer
// SPDX-License-Identifier: GPL-3.0-or-later

import { avatar, h, icon, set_text } from './dom.js';
import { number, t, tn } from './text.js';
import { Log, build_rows } from './view-log.js';

const COUNTER_FROM = 3500 / 4000;

export class Chat {
  constructor({ conversation, draft, most, on_send, on_typed, on_top, on_seen, on_retry, on_new }) {
    this.conversation = conversation;
    this.most = most;
    this.on_send = on_send;
    this.on_typed = on_typed;
    this.new_below = 0;
    this.log = new Log({ on_top, on_retry, on_seen: () => this.seen(on_seen) });
    this.jump = h('button', { type: 'button', class: 'jump', hidden: true, onclick: () => {
      this.log.to_end();
      this.text.focus();
    } }, icon('arrow', 18), this.jump_count = h('span', { class: 'unread', hidden: true }));
    this.typing = h('div', { class: 'typing', hidden: true });
    this.extra = h('div', { class: 'extra' });
    this.log.tail.append(this.extra, this.typing);
    this.notice = h('p', { class: 'notice', role: 'status' });
    this.build_composer(draft, on_new);
    this.node = h('div', { class: 'chat' },
      h('div', { class: 'middle' }, this.log.node, this.jump), this.notice, this.foot);
  }

  build_composer(draft, on_new) {
    this.text = h('textarea', {
      id: 'composer', rows: 1, dir: 'auto', 'aria-label': t('write'), 'aria-describedby': 'counter',
      enterkeyhint: 'send', autocomplete: 'off',
    });
    this.text.value = draft;
    this.text.addEventListener('input', () => {
      this.fit();
      this.on_typed(this.text.value);
    });
    this.text.addEventListener('keydown', (event) => {
      // An input method's Enter chooses a word, it does not send.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit();
    });
    this.button = h('button', { type: 'submit', class: 'send', 'aria-label': t('send'), title: t('send') },
      icon('send', 18));
    this.counter = h('p', { id: 'counter', class: 'counter' });
    this.composer = h('form', { class: 'composer' }, this.text, this.button, this.counter);
    this.composer.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.over = h('div', { class: 'over', hidden: true },
      h('button', { type: 'button', class: 'wide', onclick: on_new }, icon('plus'), t('new')));
    this.foot = h('div', { class: 'foot' }, this.composer, this.over);
    // The height is known only once it stands in the page.
    requestAnimationFrame(() => this.fit());
  }

  /** Grows with the words and says when they are too many. */
  fit() {
    this.text.style.height = 'auto';
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, 156)}px`;
    const length = [...this.text.value].length;
    const over = length - this.most;
    set_text(this.counter, over > 0 ? t('too_long', { n: number(over) })
      : length >= this.most * COUNTER_FROM
        ? t('count', { n: number(length), most: number(this.most) }) : '');
    this.counter.classList.toggle('wrong', over > 0);
    const ready = this.text.value.trim() !== '' && over <= 0;
    this.button.classList.toggle('ready', ready);
    this.button.setAttribute('aria-disabled', String(!ready));
  }

  submit() {
    const text = this.text.value.trim();
    if (!text || [...text].length > this.most) {
      this.text.focus();
      return;
    }
    this.text.value = '';
    this.fit();
    this.log.sticks = true;
    this.on_send(text);
    this.text.focus();
  }

  seen(on_seen) {
    this.new_below = 0;
    this.draw_jump();
    on_seen();
  }

  draw_jump() {
    this.jump.hidden = this.log.sticks;
    this.jump_count.hidden = this.new_below === 0;
    set_text(this.jump_count, number(this.new_below));
    const label = this.new_below ? tn('new_below', this.new_below) : t('to_end');
    this.jump.setAttribute('aria-label', label);
    this.jump.title = label;
  }

  /** A message came while the visitor reads further up. */
  count_below() {
    if (!this.log.sticks) this.new_below++;
  }

  draw({ entries, progress, is_up, now, loads_older, notice, extra, is_over, is_done }) {
    const rows = build_rows({ conversation: this.conversation, entries, progress, is_up, now });
    set_text(this.notice, notice);
    this.notice.hidden = !notice;
    if (this.shown_extra !== extra) {
      this.shown_extra = extra;
      this.extra.replaceChildren(...(extra ? [extra] : []));
    }
    this.draw_typing(now);
    this.composer.hidden = is_over;
    this.over.hidden = !is_over;
    this.text.placeholder = is_done ? t('write_again') : t('write');
    this.log.draw(rows, { loads_older });
    this.draw_jump();
  }

  draw_typing(now) {
    const typing = this.conversation.typing;
    const shows = Boolean(typing && typing.until > now);
    if (shows === !this.typing.hidden) return;
    this.typing.hidden = !shows;
    const name = typing?.name || this.conversation.agent?.name || '';
    this.typing.replaceChildren(...(shows ? [
      avatar(name || '?', this.conversation.agent?.avatar),
      h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
      h('span', { class: 'sr', role: 'status' }, name ? t('typing', { name }) : t('somebody_typing')),
    ] : []));
  }

  focus() {
    if (this.composer.hidden) this.over.querySelector('button').focus();
    else this.text.focus();
  }

  end() {
    this.log.end();
  }
}
