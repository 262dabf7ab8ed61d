// app.js - the chat app in the iframe, as far as the first message: frame, form, and what is kept
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A visitor who only looks loads this and no more. room.js, with the line to the server and everything
// that a conversation needs, comes when there is a conversation.

import { Api } from './api.js';
import { parse, shades } from './colour.js';
import { h, icon, lamp, set_text } from './dom.js';
import { Host, read_page } from './host.js';
import { new_handle, random_id } from './ids.js';
import { Keep, Memo } from './keep.js';
import { by_day, direction, number, speak, t, tn } from './text.js';
import { Form } from './view-form.js';
import { Head } from './view-head.js';

const ROOM = './room.js';
const BANNER_AFTER_MS = 900;
const FLASH_MS = 3000;
const RETRY_MOST_MS = 30000;
const GROUNDS = { light: ['#ffffff', '#f1f3f6'], dark: ['#171a20', '#262b34'] };
const DEFAULT_COLOUR = '#2563eb';
const BANNER_ICONS = { online_again: 'check', offline: 'offline' };

const dark = matchMedia('(prefers-color-scheme: dark)');

class App {
  constructor() {
    const from_host = new URLSearchParams(location.hash.slice(1));
    this.site = new URLSearchParams(location.search).get('site') || '';
    this.lang = from_host.get('lang') || navigator.language || 'en';
    this.memo = new Memo(`porchlight:${this.site}:`, () => localStorage);
    this.device = random_id();
    this.page = { url: '', title: '', referrer: '' };
    this.screen = 'loading';
    this.view = null;
    this.config = null;
    this.room = null;
    this.light = false;
    this.is_cut = false;
    this.tries = 0;
    this.host = new Host({
      origin: from_host.get('origin'),
      on_open: (data) => this.opened(Boolean(data.phone)),
      on_close: () => this.closed(),
      on_page: (data) => this.on_page(read_page(data)),
    });
    this.is_open = !this.host.is_framed;
    this.api = new Api({ base: new URL('./', location.href).href, token: () => this.memo.get('token') });
    this.build();
    this.host.say('ready');
    this.show('loading');
    this.start();
  }

  build() {
    this.root = document.getElementById('app');
    this.head = new Head({
      on_back: () => this.room.show_list(),
      on_close: () => this.host.say('close'),
      entries: () => [this.sound_entry(), ...(this.room?.menu_entries() || [])],
    });
    this.banner = h('p', { class: 'banner', role: 'status', hidden: true });
    this.main = h('main', { class: 'main' });
    this.voice = h('p', { class: 'sr', role: 'status' });
    this.root.setAttribute('role', 'dialog');
    this.root.replaceChildren(this.head.node, this.banner, this.main, this.voice);
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing || this.room?.escape()) return;
      this.host.say('close');
    });
    addEventListener('online', () => this.retry?.());
    dark.addEventListener('change', () => this.paint());
  }

  /** Loads what the page needs; tries again by itself, since the words wait here. */
  async start() {
    this.retry = null;
    clearTimeout(this.retry_timer);
    try {
      const config = this.api.config(this.site, this.lang);
      this.opening = this.opening || Keep.open(`porchlight:${this.site}`, {
        factory: () => indexedDB, storage: () => localStorage,
      });
      this.config = await config;
      this.keep = await this.opening;
    } catch (problem) {
      this.cannot_start(problem);
      return;
    }
    this.tries = 0;
    this.speak();
    this.light = Boolean(this.config.light);
    this.paint();
    // Who was here before has a session, or at least words that wait.
    if (this.memo.get('token') || this.memo.get('started')) this.enter();
    else if (this.asks_first()) this.show_form();
    else this.enter({ handle: new_handle(), department: null });
  }

  /** Without translated words the page is English, from left to right, whatever the website is. */
  speak() {
    const english = /^en\b/.test(this.lang) ? this.lang : 'en-GB';
    this.lang = this.config.lang || this.lang;
    const said = this.config.strings ? this.lang : english;
    speak(said, this.config.strings);
    document.documentElement.lang = said;
    document.documentElement.dir = direction(said);
  }

  cannot_start(problem) {
    const is_off = problem.status === 404 || problem.status === 403;
    this.show('gone', is_off ? 'switched_off' : 'unreachable');
    if (!is_off) this.again(() => this.start());
  }

  /** Does it later, or as soon as the network is back. */
  again(work) {
    this.retry = () => {
      this.retry = null;
      clearTimeout(this.retry_timer);
      work();
    };
    this.retry_timer = setTimeout(() => this.retry?.(), Math.min(RETRY_MOST_MS, 1000 * 2 ** this.tries++));
  }

  /** Loads the room and goes in. `one` is the conversation to begin with: {handle, department}. */
  async enter(one) {
    let module;
    try {
      // Some browsers remember a failed import under its address for as long as the page lives.
      module = await import(this.tries ? `${ROOM}#${this.tries}` : ROOM);
    } catch {
      this.is_cut = true;
      this.again(() => this.enter(one));
      this.change();
      return;
    }
    this.tries = 0;
    this.is_cut = false;
    this.room = this.room || new module.Room(this);
    this.room.open(one);
  }

  /** Colours from the owner's one; without one the stylesheet's own are right. */
  paint() {
    const brand = parse(this.config?.colour);
    const [ground, soft] = GROUNDS[dark.matches ? 'dark' : 'light'].map(parse);
    if (brand && this.config.colour.toLowerCase() !== DEFAULT_COLOUR) {
      for (const [name, value] of Object.entries(shades(brand, ground, soft))) {
        document.documentElement.style.setProperty(`--pl-${name}`, value);
      }
    }
    this.change();
  }

  show(screen, what) {
    this.room?.leave();
    this.view?.end?.();
    this.view = null;
    this.screen = screen;
    if (screen === 'loading') this.main.replaceChildren(this.skeleton());
    if (screen === 'gone') this.main.replaceChildren(this.gone(what));
    this.change();
  }

  /** Three soft bubbles, after a moment only: a fast answer shows no flicker. */
  skeleton() {
    return h('div', { class: 'skeleton', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
  }

  gone(key) {
    return h('div', { class: 'page gone' }, lamp(false, 64), h('p', { class: 'lead', role: 'status' }, t(key)),
      key === 'unreachable' && h('button', { type: 'button', class: 'wide', onclick: () => {
        this.show('loading');
        this.retry?.();
      } }, t('try_again')));
  }

  show_form(values) {
    const { config, light } = this;
    const profile = this.memo.get('profile') || {};
    const asked = config.prechat || {};
    this.show('form');
    const privacy = /^https?:\/\//.test(config.privacy_url || '') && h('a', {
      href: config.privacy_url, target: '_blank', rel: 'noopener noreferrer',
    }, t('privacy'));
    this.view = new Form({
      lead: light ? config.greeting || t(profile.name ? 'greeting_again' : 'greeting') : this.closed_lead(),
      asks: {
        name: asked.name && !profile.name,
        email: asked.email && !profile.email,
        message: asked.message,
        departments: Array.isArray(config.departments) ? config.departments : [],
      },
      needs_message: !light,
      action: t(light ? 'start' : 'leave'),
      fine: light ? [t('why'), ' ', privacy || ''] : [t('any_time')],
      values: values || this.memo.get('form') || {},
      most: this.most,
      on_typed: (typed) => this.memo.set('form', typed),
      on_submit: (typed) => this.form_sent(typed),
    });
    this.main.replaceChildren(this.view.node);
    if (this.is_open) this.view.focus();
  }

  closed_lead() {
    const at = Date.parse(this.config.opens_at);
    return at ? by_day('closed', at, Date.now()) : t('nobody');
  }

  get most() {
    return Number(this.config.limits?.message) || 4000;
  }

  /** True when something is still to be asked before the first word. */
  asks_first() {
    const { prechat, departments } = this.config;
    const profile = this.memo.get('profile') || {};
    return !this.light || (prechat?.name && !profile.name) || (prechat?.email && !profile.email) ||
      (departments?.length > 1);
  }

  /** Keeps what was written, the first message too, and only then goes on. */
  async form_sent({ name, email, department, message }) {
    const had = this.memo.get('profile') || {};
    const one = { handle: new_handle(), department: department || null };
    const text = message.trim();
    this.memo.set('profile', { name: name.trim() || had.name, email: email.trim() || had.email });
    this.memo.set('profile_owed', true);
    this.form_values = { name, email, department, message };
    if (text) {
      await this.keep.write([{
        uid: `${this.device}/${one.handle}`, conversation: one.handle, device: this.device, n: 1, text,
        at: Date.now(), state: 'waiting', ...(department ? { department } : {}),
      }], []);
    }
    this.memo.set('started', one);
    this.memo.set('form', null);
    this.show('loading');
    this.enter(one);
  }

  /** The panel was opened by the visitor. */
  opened(is_phone) {
    document.documentElement.classList.toggle('phone', is_phone);
    if (this.is_open) return;
    this.is_open = true;
    this.change();
    if (this.view?.focus) this.view.focus();
    else this.main.querySelector('button')?.focus();
  }

  closed() {
    this.is_open = false;
    this.head.hide();
    this.room?.keep_draft();
  }

  on_page(page) {
    const is_other = this.page.url && page.url !== this.page.url;
    this.page = page;
    if (is_other) this.room?.talk.wire.send({ type: 'page', url: page.url, title: page.title });
  }

  get has_sound() {
    return this.memo.get('sound') ?? this.config.sound !== false;
  }

  sound_entry() {
    return {
      label: t(this.has_sound ? 'sound_on' : 'sound_off'), is_on: this.has_sound,
      act: () => this.memo.set('sound', !this.has_sound),
    };
  }

  /** Draws once after all that changed in this turn. */
  change() {
    if (this.will_draw) return;
    this.will_draw = true;
    queueMicrotask(() => {
      this.will_draw = false;
      this.draw();
    });
  }

  draw() {
    const now = Date.now();
    const { config, room } = this;
    const is_lit = this.light && !this.is_cut;
    const title = config?.business || t('chat');
    this.head.update({
      title: room?.title() || title,
      subtitle: config && this.screen !== 'gone' ? room?.subtitle() || this.subtitle(now) : '',
      is_lit,
      has_back: Boolean(room?.has_list()),
      has_close: this.host.is_framed,
      is_ready: Boolean(config) && this.screen !== 'gone',
    });
    this.root.setAttribute('aria-label', title);
    document.title = title;
    this.draw_banner(now);
    room?.draw(now);
    if (config) this.tell_host(is_lit);
  }

  /** Whether somebody is in, and when there will be an answer. */
  subtitle(now) {
    const { reply_minutes: minutes, opens_at: opens } = this.config;
    if (this.is_cut) return t('connecting_again');
    if (this.light) return minutes > 0 ? tn('answers', minutes) : t('answers_now');
    const opens_at = Date.parse(opens);
    return opens_at > now ? by_day('back', opens_at, now) : t('nobody_now');
  }

  /** The state of the line in words; a short cut that mends itself is not worth a word. */
  draw_banner(now) {
    const is_cut = this.is_cut && this.screen !== 'gone';
    this.cut_since = is_cut ? this.cut_since || now : 0;
    const shows_cut = is_cut && (now - this.cut_since >= BANNER_AFTER_MS || navigator.onLine === false);
    clearTimeout(this.banner_timer);
    if (is_cut && !shows_cut) this.banner_timer = setTimeout(() => this.change(), BANNER_AFTER_MS);
    if (!shows_cut && this.banner_key === 'offline') this.flash('online_again');
    const key = shows_cut ? 'offline' : this.flashed || (this.keep?.volatile ? 'memory_only' : null);
    if (this.banner_key === key) return;
    this.banner_key = key;
    this.banner.hidden = !key;
    this.banner.className = `banner ${key}`;
    this.banner.replaceChildren(...(key ? [icon(BANNER_ICONS[key] || 'alert', 16), h('span', null, t(key))] : []));
  }

  flash(key) {
    this.flashed = key;
    clearTimeout(this.flash_timer);
    this.flash_timer = setTimeout(() => {
      this.flashed = null;
      this.change();
    }, FLASH_MS);
    this.change();
  }

  say_aloud(text) {
    set_text(this.voice, text);
  }

  /** What the loader shows of us on the website's page. */
  tell_host(is_lit) {
    const unread = this.room?.talk.store.unread() || 0;
    const key = `launch${unread ? '_new' : ''}${is_lit ? '_in' : ''}`;
    const ink = getComputedStyle(document.documentElement).getPropertyValue('--pl-on-brand').trim();
    const facts = {
      unread,
      light: is_lit,
      keep: this.room ? this.room.is_going_on() : Boolean(this.memo.get('started')),
      colour: parse(this.config.colour) ? this.config.colour : DEFAULT_COLOUR,
      ink,
      side: String(this.config.position || ''),
      count: unread ? number(Math.min(unread, 99)) + (unread > 99 ? '+' : '') : '',
      label: unread ? tn(key, unread) : t(key),
      plain: t('launch'),
      close_label: t('close_chat'),
    };
    const said = JSON.stringify(facts);
    if (said === this.said) return;
    this.said = said;
    this.host.say('state', facts);
  }
}

new App();
