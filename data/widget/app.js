// app.js - the chat app in the iframe: which page is shown, and what the visitor's actions do
// SPDX-License-Identifier: GPL-3.0-or-later

import { Api } from './api.js';
import { parse, shades } from './colour.js';
import { download_conversations } from './download.js';
import { h, icon, lamp, set_text } from './dom.js';
import { Host, read_page } from './host.js';
import { Keep, Memo } from './keep.js';
import { new_handle } from './outbox.js';
import { allow_sound, ring } from './sound.js';
import { Talk } from './talk.js';
import { by_day, direction, number, speak, spoken, t, tn } from './text.js';
import { Typing } from './typing.js';
import { Chat } from './view-chat.js';
import { Form } from './view-form.js';
import { Head } from './view-head.js';
import { draw_list } from './view-list.js';
import { Rating } from './view-rating.js';

const BANNER_AFTER_MS = 900;
const AGAIN_FOR_MS = 3000;
const OVER = ['resolved', 'closed'];
const GROUNDS = { light: ['#ffffff', '#f1f3f6'], dark: ['#171a20', '#262b34'] };

const dark = matchMedia('(prefers-color-scheme: dark)');

class App {
  constructor() {
    const from_host = new URLSearchParams(location.hash.slice(1));
    this.site = new URLSearchParams(location.search).get('site') || '';
    this.lang = from_host.get('lang') || navigator.language || 'en';
    this.memo = new Memo(`porchlight:${this.site}:`, () => localStorage);
    this.page = { url: '', title: '', referrer: '' };
    this.screen = 'loading';
    this.current = null;
    this.view = null;
    this.config = null;
    this.host = new Host({
      origin: from_host.get('origin'),
      on_open: (data) => this.opened(Boolean(data.phone)),
      on_close: () => this.closed(),
      on_page: (data) => this.on_page(read_page(data)),
    });
    this.is_open = !this.host.is_framed;
    this.api = new Api({ base: new URL('./', location.href).href, token: () => this.memo.get('token') });
    this.build();
    this.listen();
    this.host.say('ready');
    this.show('loading');
    this.start();
  }

  build() {
    this.root = document.getElementById('app');
    this.head = new Head({
      on_back: () => this.show_list(),
      on_close: () => this.host.say('close'),
      entries: () => this.menu_entries(),
    });
    this.banner = h('p', { class: 'banner', role: 'status', hidden: true });
    this.main = h('main', { class: 'main' });
    this.voice = h('p', { class: 'sr', role: 'status' });
    this.root.setAttribute('role', 'dialog');
    this.root.replaceChildren(this.head.node, this.banner, this.main, this.voice);
  }

  listen() {
    const back = () => this.talk?.kick();
    addEventListener('online', back);
    addEventListener('offline', () => this.change());
    addEventListener('pageshow', back);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible') this.keep_draft();
      else {
        back();
        this.seen();
      }
    });
    addEventListener('pagehide', () => this.keep_draft());
    for (const event of ['pointerdown', 'keydown']) addEventListener(event, allow_sound);
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      if (this.confirm) this.end_asked(false);
      else this.host.say('close');
    });
    dark.addEventListener('change', () => this.paint());
  }

  /** Loads what the page needs; tries again by itself, since the words wait here. */
  async start() {
    clearTimeout(this.start_timer);
    try {
      this.keep = this.keep || await Keep.open(`porchlight:${this.site}`, {
        factory: () => indexedDB, storage: () => localStorage,
      });
      this.config = await this.api.config(this.site, this.lang);
    } catch (problem) {
      this.cannot_start(problem);
      return;
    }
    this.start_tries = 0;
    this.lang = this.config.lang || this.lang;
    speak(this.lang, this.config.strings);
    document.documentElement.lang = this.config.strings ? spoken() : 'en';
    document.documentElement.dir = direction(this.lang);
    this.paint();
    this.open_talk();
  }

  cannot_start(problem) {
    const is_off = problem.status === 404 || problem.status === 403;
    this.show('gone', is_off ? 'switched_off' : 'unreachable');
    if (is_off) return;
    this.start_tries = (this.start_tries || 0) + 1;
    this.start_timer = setTimeout(() => this.start(), Math.min(30000, 2000 * 2 ** this.start_tries));
  }

  open_talk() {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const query = new URLSearchParams({ site: this.site });
    this.talk = new Talk({
      site: this.site,
      api: this.api,
      memo: this.memo,
      keep: this.keep,
      url: () => `${scheme}//${location.host}${this.socket_path()}?${query}`,
      about: () => ({ page: this.page, lang: this.lang }),
      channel: globalThis.BroadcastChannel && new BroadcastChannel(`porchlight:${this.site}`),
      locks: navigator.locks,
      on: {
        change: () => this.change(),
        ready: () => this.ready(),
        answer: (conversation, message) => this.answered(conversation, message),
        trouble: (kind, code) => this.trouble(kind, code),
        moved: (from, conversation) => this.moved(from, conversation),
        reload: (is_other) => this.reload(is_other),
      },
    });
    this.talk.light = Boolean(this.config.light);
    this.typing = new Typing((frame) => this.talk.wire.send(frame));
    this.talk.open().then(() => {
      if (!this.talk.token) this.ready();
    });
  }

  /** The socket's path beside /widget/, so that a prefix of a proxy stays in front of both. */
  socket_path() {
    return new URL('../livechat/ws/any/', new URL('./', location.href)).pathname;
  }

  /** Colours from the owner's one; without one the stylesheet's own are right. */
  paint() {
    const brand = parse(this.config?.colour);
    const [ground, soft] = GROUNDS[dark.matches ? 'dark' : 'light'].map(parse);
    const style = document.documentElement.style;
    if (brand && this.config.colour.toLowerCase() !== '#2563eb') {
      for (const [name, value] of Object.entries(shades(brand, ground, soft))) {
        style.setProperty(`--pl-${name}`, value);
      }
    }
    this.change();
  }

  /** The conversations are known: the first page can be chosen. */
  ready() {
    if (this.screen !== 'loading' && this.screen !== 'gone') return;
    const { store, outbox } = this.talk;
    const started = this.memo.get('started');
    for (const ref of outbox.conversations()) store.ensure(ref, null);
    const open = store.all.filter((one) => !OVER.includes(one.state) && (one.id || one.at));
    const waiting = outbox.conversations().map((ref) => store.find(ref));
    if (waiting.length) this.show_chat(waiting[waiting.length - 1]);
    else if (started) this.show_chat(this.begin_chat(started.handle, started.department));
    else if (open.length === 1) this.show_chat(open[0]);
    else if (store.list().length === 1 && store.list()[0].state !== 'closed') this.show_chat(store.list()[0]);
    else if (store.list().length) this.show_list();
    else this.new_conversation();
  }

  show(screen, what) {
    this.keep_draft();
    this.view?.end?.();
    this.view = null;
    this.current = null;
    this.confirm = null;
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
        this.start();
      } }, t('try_again')));
  }

  show_list() {
    this.show('list');
    if (this.is_open) this.main.querySelector('button')?.focus();
  }

  show_form(values) {
    const { config } = this;
    const profile = this.memo.get('profile') || {};
    const asked = config.prechat || {};
    const is_in = this.talk.light;
    this.show('form');
    const privacy = /^https?:\/\//.test(config.privacy_url || '') && h('a', {
      href: config.privacy_url, target: '_blank', rel: 'noopener noreferrer',
    }, t('privacy'));
    this.view = new Form({
      lead: is_in ? t(profile.name ? 'greeting_again' : 'greeting') : this.closed_lead(),
      asks: {
        name: asked.name && !profile.name,
        email: asked.email && !profile.email,
        message: asked.message,
        departments: Array.isArray(config.departments) ? config.departments : [],
      },
      needs_message: !is_in,
      action: t(is_in ? 'start' : 'leave'),
      fine: is_in ? [t('why'), ' ', privacy || ''] : [t('any_time')],
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
    return Number(this.config?.limits?.message) || 4000;
  }

  /** True when something is still to be asked before the first word. */
  asks_first() {
    const { prechat, departments } = this.config;
    const profile = this.memo.get('profile') || {};
    return !this.talk.light || (prechat?.name && !profile.name) || (prechat?.email && !profile.email) ||
      (departments?.length > 1);
  }

  new_conversation() {
    if (this.asks_first()) this.show_form();
    else this.show_chat(this.begin_chat(new_handle(), null));
  }

  begin_chat(handle, department) {
    this.memo.set('started', { handle, department });
    const one = this.talk.store.ensure(null, handle);
    one.department = department;
    one.loaded = true;
    return one;
  }

  async form_sent({ name, email, department, message }) {
    const had = this.memo.get('profile') || {};
    const profile = { name: name.trim() || had.name, email: email.trim() || had.email };
    this.memo.set('profile', profile);
    this.memo.set('profile_owed', true);
    this.memo.set('form', null);
    this.form_values = { name, email, department, message };
    const one = this.begin_chat(new_handle(), department || null);
    const text = message.trim();
    if (text) await this.talk.outbox.add(one.handle, text, department ? { department } : undefined);
    this.show_chat(one);
    this.talk.begin();
  }

  show_chat(conversation) {
    this.show('chat');
    this.current = conversation;
    if (!conversation.id && !conversation.messages.length) conversation.loaded = true;
    this.view = new Chat({
      conversation,
      draft: this.memo.get(this.draft_key()) || '',
      most: this.most,
      on_send: (text) => this.say(text),
      on_typed: (text) => this.typed(text),
      on_top: () => {
        if (conversation.has_older) this.talk.fetch_history(conversation, true);
      },
      on_seen: () => this.seen(),
      on_retry: (uid) => {
        this.talk.outbox.retry(uid);
        this.view.focus();
      },
      on_new: () => this.new_conversation(),
    });
    this.main.replaceChildren(this.view.node);
    if (!conversation.loaded) this.talk.fetch_history(conversation, false);
    this.change();
    if (this.is_open) this.view.focus();
  }

  draft_key() {
    return `draft:${this.current.handle || this.current.id}`;
  }

  typed(text) {
    if (this.current.id) this.typing.typed(this.current.id, text);
    clearTimeout(this.draft_timer);
    this.draft_timer = setTimeout(() => this.keep_draft(), 200);
  }

  /** What stands in the composer outlives the page. */
  keep_draft() {
    clearTimeout(this.draft_timer);
    if (this.screen === 'chat' && this.view) this.memo.set(this.draft_key(), this.view.text.value || null);
  }

  async say(text) {
    const { current } = this;
    const { outbox } = this.talk;
    this.typing.stop();
    const is_first = !current.id && !outbox.shown(current.handle).length;
    const extra = is_first && current.department ? { department: current.department } : undefined;
    await outbox.add(current.handle || current.id, text, extra);
    this.keep_draft();
    if (!this.talk.token) this.talk.begin();
  }

  /** The panel was opened by the visitor. */
  opened(is_phone) {
    document.documentElement.classList.toggle('phone', is_phone);
    if (this.is_open) return;
    this.is_open = true;
    this.seen();
    this.change();
    if (this.screen === 'list') this.main.querySelector('button')?.focus();
    else this.view?.focus();
  }

  closed() {
    this.is_open = false;
    this.head.hide();
    this.keep_draft();
  }

  on_page(page) {
    const is_other = this.page.url && page.url !== this.page.url;
    this.page = page;
    if (is_other) this.talk?.wire.send({ type: 'page', url: page.url, title: page.title });
  }

  is_watched() {
    return this.is_open && this.screen === 'chat' && document.visibilityState === 'visible' &&
      this.view.log.is_at_end();
  }

  seen() {
    if (this.screen === 'chat' && this.talk && this.is_watched() && this.talk.mark_read(this.current)) {
      this.change();
    }
  }

  answered(conversation, message) {
    const is_here = conversation === this.current;
    if (is_here) this.view.count_below();
    const name = message.name || t('assistant');
    set_text(this.voice, t('said', { name, text: message.text }));
    const watches = is_here && this.is_watched() && document.hasFocus();
    // Of several tabs only the first one to hear of it rings.
    if (watches || !this.has_sound || this.memo.get('rang') === message.message_id) return;
    if (ring()) this.memo.set('rang', message.message_id);
  }

  get has_sound() {
    return this.memo.get('sound') ?? this.config.sound !== false;
  }

  trouble(kind, code) {
    if (kind !== 'profile') {
      this.show('gone', kind === 'blocked' ? 'blocked' : 'switched_off');
      return;
    }
    // The server did not take the form: back to it, with what was typed.
    this.memo.set('profile', null);
    this.show_form(this.form_values);
    const is_email = code.includes('email');
    this.view.refuse(is_email ? 'email' : 'name', t(is_email ? 'email_wrong' : 'name_missing'));
  }

  /** A closed conversation goes on in a new one. */
  moved(from, conversation) {
    if (this.screen === 'chat' && this.talk.store.find(from) === this.current) {
      this.show_chat(conversation);
    }
    this.change();
  }

  /** What was shown is gone: the conversation is asked for again, or begun anew as somebody else. */
  reload(is_other) {
    if (this.screen !== 'chat') return;
    const { id, handle } = this.current;
    this.show('loading');
    queueMicrotask(() => {
      if (handle || !is_other) this.show_chat(this.talk.store.ensure(is_other ? null : id, handle));
      else if (this.talk.is_listed) this.ready();
    });
  }

  menu_entries() {
    const entries = [{
      label: t(this.has_sound ? 'sound_on' : 'sound_off'), is_on: this.has_sound, act: () => this.memo.set('sound', !this.has_sound),
    }];
    const { current, talk } = this;
    if (talk.store.list().length && this.screen !== 'form') {
      entries.push({ label: t('new'), act: () => this.new_conversation() });
    }
    if (talk.store.all.some((one) => one.id)) {
      entries.push({ label: t('download'), act: () => this.download() });
    }
    if (current?.id && !OVER.includes(current.state) && talk.wire.state === 'open') {
      entries.push({ label: t('end'), act: () => this.ask_end() });
    }
    return entries;
  }

  async download() {
    const is_complete = await download_conversations(this.talk, this.config.business);
    if (!is_complete) set_text(this.voice, t('download_failed'));
    if (!is_complete) this.flash('download_failed');
  }

  ask_end() {
    const no = h('button', { type: 'button', class: 'wide soft', onclick: () => this.end_asked(false) },
      t('end_no'));
    const yes = h('button', { type: 'button', class: 'wide', onclick: () => this.end_asked(true) },
      t('end_yes'));
    this.confirm?.remove();
    this.confirm = h('div', { class: 'confirm', role: 'group', 'aria-labelledby': 'end-sure' },
      h('p', { id: 'end-sure' }, t('end_sure')), h('div', { class: 'pair' }, no, yes));
    this.view.foot.prepend(this.confirm);
    no.focus();
  }

  end_asked(is_sure) {
    this.confirm?.remove();
    this.confirm = null;
    if (is_sure) this.talk.wire.send({ type: 'end', conversation: this.current.id });
    this.view?.focus();
  }

  /** The stars, a word of thanks, or nothing. */
  rating() {
    const one = this.current;
    const settled = this.memo.get('rated') || {};
    const asks = one.state === 'resolved' && one.rating_asked && settled[one.id] !== 'later';
    if (one.rating_thanks && OVER.includes(one.state)) return one.rating_thanks;
    one.rating_thanks = null;
    if (!asks) {
      if (one.state === 'active' && settled[one.id]) this.settle_rating(one, undefined);
      one.rating_form = null;
      return null;
    }
    one.rating_form = one.rating_form || new Rating({
      on_send: (score, comment) => this.rate(one, score, comment),
      on_later: () => {
        this.settle_rating(one, 'later');
        this.change();
        this.view.focus();
      },
    });
    return one.rating_form.node;
  }

  settle_rating(one, how) {
    this.memo.set('rated', { ...this.memo.get('rated'), [one.id]: how });
  }

  async rate(one, score, comment) {
    try {
      await this.api.rate(one.id, score, comment);
    } catch {
      return false;
    }
    one.rating_thanks = h('p', { class: 'caption', role: 'status' }, t('rate_thanks'));
    this.settle_rating(one, 'later');
    this.change();
    this.view.focus();
    return true;
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
    const { talk, current } = this;
    const now = Date.now();
    const is_lit = Boolean(talk?.light) && !talk.is_cut;
    const has_list = Boolean(talk) && talk.store.list().length > (this.screen === 'form' ? 0 : 1);
    this.head.update({
      title: (this.screen === 'chat' && current?.agent?.name) || this.config?.business || t('chat'),
      subtitle: this.subtitle(now),
      is_lit,
      has_back: has_list && (this.screen === 'chat' || this.screen === 'form'),
      has_close: this.host.is_framed,
      is_ready: Boolean(talk) && this.screen !== 'gone',
    });
    this.root.setAttribute('aria-label', this.config?.business || t('chat'));
    document.title = this.config?.business || t('chat');
    this.draw_banner();
    if (this.screen === 'chat') this.draw_chat(now);
    if (this.screen === 'list') this.draw_list(now);
    if (talk) this.tell_host(is_lit);
    this.draw_again(now);
  }

  draw_chat(now) {
    const { talk, current } = this;
    this.view.draw({
      entries: talk.outbox.shown(current.id || current.handle),
      progress: (one, message) => talk.store.progress(one, message),
      is_up: !talk.is_cut,
      now,
      loads_older: Boolean(current.fetches && current.messages.length),
      notice: this.notice(now),
      extra: current.loaded ? this.rating() : this.unloaded(),
      is_over: current.state === 'closed',
      is_done: current.state === 'resolved',
    });
    this.seen();
  }

  /** In place of a transcript that is not here yet. */
  unloaded() {
    const one = this.current;
    if (one.fetches) {
      this.skeleton_node = this.skeleton_node || this.skeleton();
      return this.skeleton_node;
    }
    if (!one.fetch_failed) return null;
    one.fetch_again = one.fetch_again || h('p', { class: 'caption' }, `${t('unreachable')} `,
      h('button', { type: 'button', class: 'link', onclick: () => this.talk.fetch_history(one, false) },
        t('try_again')));
    return one.fetch_again;
  }

  draw_list(now) {
    const conversations = this.talk.store.list();
    const shown = JSON.stringify(conversations.map((one) =>
      [one.id, one.at, one.unread, one.agent, one.preview, one.messages.length]));
    if (this.view?.shown === shown) return;
    const had = document.activeElement;
    const at = [...this.main.querySelectorAll('button')].indexOf(had);
    this.main.replaceChildren(draw_list({
      conversations, business: this.config.business, now,
      on_open: (one) => this.show_chat(one),
      on_new: () => this.new_conversation(),
      on_download: () => this.download(),
    }));
    this.view = { shown, focus: () => {} };
    if (at >= 0) this.main.querySelectorAll('button')[at]?.focus();
  }

  subtitle(now) {
    const { talk, config, current } = this;
    if (!config || this.screen === 'gone') return '';
    if (talk?.is_cut) return t('connecting_again');
    if (this.screen === 'chat' && current) {
      if (current.state === 'closed') return t('over');
      if (current.state === 'resolved') return t('this_done');
      if (current.agent && current.state === 'active') return t(talk.light ? 'here_now' : 'nobody_now');
    }
    if (talk?.light) {
      return config.reply_minutes > 0 ? tn('answers', config.reply_minutes) : t('answers_now');
    }
    const opens_at = Date.parse(config.opens_at);
    return opens_at > now ? by_day('back', opens_at, now) : t('nobody_now');
  }

  /** One line above the composer: why sending pauses, or where the visitor stands. */
  notice(now) {
    const { talk, current } = this;
    const held = Math.ceil((talk.outbox.held_until() - now) / 1000);
    if (held > 0 && talk.outbox.waits && !talk.is_cut) return tn('fast', held);
    if (talk.is_cut) return '';
    const last = current.messages.findLast((message) => message.kind === 'text');
    if (last?.from === 'assistant') return t('assistant_says');
    if (!['pending', 'waiting', 'missed'].includes(current.state) || last?.from !== 'visitor') return '';
    if (!talk.light) return t('thanks_left');
    if (current.state === 'missed') return t('waited_long');
    return this.place_in_line(current);
  }

  place_in_line({ queue_position: place, wait_s }) {
    if (!place) return '';
    const key = `line_${place <= 3 ? place : 'n'}`;
    if (!wait_s) return t(`${key}_only`, { n: number(place) });
    return t(key, { n: number(place), wait: tn('wait', Math.max(1, Math.round(wait_s / 60))) });
  }

  /** The state of the line in words; a short cut that mends itself is not worth a word. */
  draw_banner() {
    const is_cut = Boolean(this.talk?.is_cut) && this.screen !== 'gone';
    if (is_cut && !this.cut_since) this.cut_since = Date.now();
    const shows_cut = is_cut && (Date.now() - this.cut_since >= BANNER_AFTER_MS || navigator.onLine === false);
    if (is_cut && !shows_cut) {
      clearTimeout(this.banner_timer);
      this.banner_timer = setTimeout(() => this.change(), BANNER_AFTER_MS);
    }
    if (!is_cut) this.cut_since = 0;
    if (!shows_cut && this.banner_key === 'offline') this.flash('online_again');
    const key = shows_cut ? 'offline' : this.flashed || (this.keep?.volatile ? 'memory_only' : null);
    if (this.banner_key === key) return;
    this.banner_key = key;
    this.banner.hidden = !key;
    const picture = { online_again: 'check', offline: 'offline' }[key] || 'alert';
    this.banner.replaceChildren(...(key ? [icon(picture, 16), h('span', null, t(key))] : []));
  }

  flash(key) {
    this.flashed = key;
    clearTimeout(this.flash_timer);
    this.flash_timer = setTimeout(() => {
      this.flashed = null;
      this.change();
    }, AGAIN_FOR_MS);
    this.change();
  }

  /** What changes with time alone: the pause that counts down, somebody who stopped typing. */
  draw_again(now) {
    clearTimeout(this.again_timer);
    const moments = [];
    const held = (this.talk?.outbox.held_until() || 0) - now;
    if (held > 0) moments.push(held % 1000 || 1000);
    const typing = (this.current?.typing?.until || 0) - now;
    if (typing > 0) moments.push(typing);
    if (moments.length) this.again_timer = setTimeout(() => this.change(), Math.min(...moments) + 5);
  }

  /** What the loader shows of us on the website's page. */
  tell_host(is_lit) {
    const { store, outbox } = this.talk;
    const unread = store.unread();
    const key = `launch${unread ? '_new' : ''}${is_lit ? '_in' : ''}`;
    const style = getComputedStyle(document.documentElement);
    const facts = {
      unread,
      light: is_lit,
      keep: outbox.waits || store.all.some((one) => one.id && one.state !== 'closed'),
      colour: parse(this.config.colour) ? this.config.colour : '#2563eb',
      ink: style.getPropertyValue('--pl-on-brand').trim(),
      side: String(this.config.position || ''),
      count: number(Math.min(unread, 99)) + (unread > 99 ? '+' : ''),
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
