// view-head.js - the bar on top: whom one talks to, the light, the menu
// SPDX-License-Identifier: GPL-3.0-or-later

import { h, icon, lamp, set_text } from './dom.js';
import { t } from './text.js';

export class Head {
  /** `entries ()` lists the menu: {label, act, is_on?} each. */
  constructor({ on_back, on_close, entries }) {
    this.entries = entries;
    this.lamp = h('span', { class: 'light' });
    this.title = h('h1', { class: 'title', dir: 'auto' });
    this.subtitle = h('p', { class: 'subtitle' });
    this.back = h('button', { type: 'button', class: 'tool', hidden: true, onclick: on_back },
      icon('back', 20));
    this.more = h('button', {
      type: 'button', class: 'tool', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
      'aria-controls': 'menu', onclick: () => this.toggle(),
    }, icon('more', 18));
    this.close = h('button', { type: 'button', class: 'tool', onclick: on_close },
      h('span', { class: 'wide-only' }, icon('down', 20)),
      h('span', { class: 'phone-only' }, icon('close', 20)));
    this.menu = h('div', { id: 'menu', class: 'menu', role: 'menu', hidden: true });
    this.menu.addEventListener('keydown', (event) => this.on_menu_key(event));
    this.menu.addEventListener('focusout', (event) => {
      if (event.relatedTarget && !this.menu.contains(event.relatedTarget) &&
          event.relatedTarget !== this.more) this.hide();
    });
    document.addEventListener('pointerdown', (event) => {
      if (!this.menu.contains(event.target) && !this.more.contains(event.target)) this.hide();
    });
    this.node = h('header', { class: 'head' },
      this.back, this.lamp, h('div', { class: 'titles' }, this.title, this.subtitle),
      this.more, this.close, this.menu);
  }

  update({ title, subtitle, is_lit, has_back, has_close, is_ready }) {
    set_text(this.title, title);
    set_text(this.subtitle, subtitle);
    if (this.lit !== is_lit) {
      this.lit = is_lit;
      this.lamp.className = is_lit ? 'light on' : 'light';
      this.lamp.replaceChildren(lamp(is_lit, 28),
        h('span', { class: 'sr' }, t(is_lit ? 'light_on' : 'light_off')));
    }
    this.back.hidden = !has_back;
    this.close.hidden = !has_close;
    this.more.hidden = !is_ready;
    for (const [button, key] of [[this.back, 'back'], [this.more, 'more'], [this.close, 'close_chat']]) {
      button.setAttribute('aria-label', t(key));
      button.title = t(key);
    }
    this.menu.setAttribute('aria-label', t('more'));
  }

  get is_open() {
    return !this.menu.hidden;
  }

  toggle() {
    if (this.is_open) {
      this.hide(true);
      return;
    }
    const items = this.entries().map((entry) => h('button', {
      type: 'button', tabindex: -1, role: 'menuitem',
      onclick: () => {
        this.hide(true);
        entry.act();
      },
    }, h('span', { class: 'mark' }, entry.is_on ? icon('check', 14) : null), entry.label));
    this.menu.replaceChildren(...items);
    this.menu.hidden = false;
    this.more.setAttribute('aria-expanded', 'true');
    items[0].focus();
  }

  hide(takes_focus) {
    if (!this.is_open) return;
    this.menu.hidden = true;
    this.more.setAttribute('aria-expanded', 'false');
    if (takes_focus) this.more.focus();
  }

  on_menu_key(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
    if (event.key in steps) {
      event.preventDefault();
      items[steps[event.key] % items.length].focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.hide(true);
    } else if (event.key === 'Tab') {
      this.hide(true);
    }
  }
}
