// room.js - the conversations: which one is shown, and what the visitor's actions in it do
// SPDX-License-Identifier: GPL-3.0-or-later

import { download_conversations } from './download.js';
import { h } from './dom.js';
import { new_handle } from './ids.js';
import { allow_sound, ring } from './sound.js';
import { Talk } from './talk.js';
import { number, t, tn } from './text.js';
import { Typing } from './typing.js';
import { Chat } from './view-chat.js';
import { draw_list } from './view-list.js';
import { Rating } from './view-rating.js';

const OVER = ['resolved', 'closed'];
const DRAFT_MS = 200;

export class Room {
  constructor(app) {
    this.app = app;
    this.memo = app.memo;
    this.current = null;
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    // Beside /widget/, so that a proxy's prefix stays in front of both.
    const { pathname } = new URL('../livechat/ws/any/', new URL('./', location.href));
    const query = new URLSearchParams({ site: app.site });
    this.talk = new Talk({
      site: app.site,
      device: app.device,
      api: app.api,
      memo: app.memo,
      keep: app.keep,
      url: () => `${scheme}//${location.host}${pathname}?${query}`,
      about: () => ({ page: app.page, lang: app.lang }),
      channel: globalThis.BroadcastChannel && new BroadcastChannel(`porchlight:${app.site}`),
      locks: navigator.locks,
      on: {
        change: () => app.change(),
        ready: () => this.ready(),
        light: (is_on) => { app.light = is_on; },
        cut: (is_cut) => { app.is_cut = is_cut; },
        answer: (conversation, message) => this.answered(conversation, message),
        trouble: (kind) => this.trouble(kind),
        moved: (from, conversation) => this.moved(from, conversation),
        reload: (is_other) => this.reload(is_other),
      },
    });
    this.typing = new Typing((frame) => this.talk.wire.send(frame));
    this.opening = this.talk.open();
    this.listen();
  }

  listen() {
    const back = () => this.talk.kick();
    addEventListener('online', back);
    addEventListener('offline', () => this.app.change());
    addEventListener('pageshow', back);
    addEventListener('pagehide', () => this.keep_draft());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') back();
      else this.keep_draft();
      this.app.change();
    });
    // Where words lie in localStorage, another tab's may be seen only after it said that they are there.
    addEventListener('storage', (event) => {
      if (event.key?.includes(':out:')) this.talk.rescue(0);
    });
    for (const event of ['pointerdown', 'keydown']) addEventListener(event, allow_sound);
  }

  /** Goes in: to the conversation that a form began, or to what is known about the visitor. */
  async open(one) {
    await this.opening;
    if (one) {
      await this.talk.outbox.load();
      this.show_chat(this.begin(one));
      this.talk.outbox.pump();
      this.begin_session();
    } else if (this.app.screen === 'loading') {
      // Words that wait, or a chat just begun, are known here; the rest the server tells.
      if (this.talk.outbox.waits || this.memo.get('started')) this.ready();
      if (!this.talk.token) this.begin_session();
    }
  }

  /** A session is opened for somebody who said something, not for everybody who looks in. */
  begin_session() {
    if (this.talk.outbox.waits || this.memo.get('profile_owed')) this.talk.begin();
  }

  /** The conversations are known: the first page can be chosen. */
  ready() {
    if (this.app.screen !== 'loading' && this.app.screen !== 'gone') return;
    const { store, outbox } = this.talk;
    const started = this.memo.get('started');
    for (const ref of outbox.conversations()) store.ensure(ref, null);
    const waiting = outbox.conversations().map((ref) => store.find(ref));
    const open = store.all.filter((one) => !OVER.includes(one.state) && (one.id || one.at));
    const listed = store.list();
    if (waiting.length) this.show_chat(waiting[waiting.length - 1]);
    else if (started) this.show_chat(this.begin(started));
    else if (open.length === 1) this.show_chat(open[0]);
    else if (listed.length === 1 && listed[0].state !== 'closed') this.show_chat(listed[0]);
    else if (listed.length) this.show_list();
    else this.new_conversation();
  }

  new_conversation() {
    if (this.app.asks_first()) this.app.show_form();
    else this.show_chat(this.begin({ handle: new_handle(), department: null }));
  }

  begin({ handle, department }) {
    const one = this.talk.store.ensure(null, handle);
    if (!one.id) this.memo.set('started', { handle, department });
    one.department = one.department || department;
    one.loaded = one.loaded || !one.id;
    return one;
  }

  /** Another page takes the place of this one. */
  leave() {
    this.keep_draft();
    this.current = null;
    this.confirm = null;
  }

  show_list() {
    this.app.show('list');
    this.draw_list(Date.now());
    if (this.app.is_open) this.app.main.querySelector('button').focus();
  }

  show_chat(conversation) {
    const { app, talk } = this;
    app.show('chat');
    this.current = conversation;
    if (!conversation.id && !conversation.messages.length) conversation.loaded = true;
    this.view = app.view = new Chat({
      conversation,
      draft: this.memo.get(this.draft_key()) || '',
      most: app.most,
      on_send: (text) => this.say(text),
      on_typed: (text) => this.typed(text),
      on_top: () => {
        if (conversation.has_older) talk.fetch_history(conversation, true);
      },
      on_seen: () => this.seen(),
      on_retry: (uid) => {
        talk.outbox.retry(uid);
        this.view.focus();
      },
      on_new: () => this.new_conversation(),
    });
    app.main.replaceChildren(this.view.node);
    if (!conversation.loaded) talk.fetch_history(conversation, false);
    app.change();
    if (app.is_open) this.view.focus();
  }

  draft_key() {
    return `draft:${this.current.handle || this.current.id}`;
  }

  /** What stands in the composer outlives the page. */
  keep_draft() {
    clearTimeout(this.draft_timer);
    if (this.current) this.memo.set(this.draft_key(), this.view.text.value || null);
  }

  typed(text) {
    if (this.current.id) this.typing.typed(this.current.id, text);
    clearTimeout(this.draft_timer);
    this.draft_timer = setTimeout(() => this.keep_draft(), DRAFT_MS);
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

  is_watched() {
    return this.app.is_open && this.current && document.visibilityState === 'visible' &&
      this.view.log.is_at_end();
  }

  seen() {
    if (this.is_watched() && this.talk.mark_read(this.current)) this.app.change();
  }

  answered(conversation, message) {
    const is_here = conversation === this.current;
    if (is_here) this.view.count_below();
    this.app.say_aloud(t('said', { name: message.name || t('assistant'), text: message.text }));
    const watches = is_here && this.is_watched() && document.hasFocus();
    // Of several tabs only the first one to hear of it rings.
    if (watches || !this.app.has_sound || this.memo.get('rang') === message.message_id) return;
    if (ring()) this.memo.set('rang', message.message_id);
  }

  trouble(kind) {
    const { app } = this;
    if (kind !== 'profile') {
      app.show('gone', kind === 'blocked' ? 'blocked' : 'switched_off');
      return;
    }
    // The server did not take the form (it is strict about the address only): back to it, with what was
    // typed. The first message goes back into the form too, or it would be sent twice.
    const started = this.memo.get('started');
    this.memo.set('profile', null);
    this.memo.set('started', null);
    if (started) this.talk.outbox.withdraw(started.handle);
    app.show_form(app.form_values);
    app.view.refuse('email', t('email_wrong'));
  }

  /** A closed conversation goes on in a new one. */
  moved(from, conversation) {
    if (this.current && this.talk.store.find(from) === this.current) this.show_chat(conversation);
    this.app.change();
  }

  /** What was shown is gone: the conversation is asked for again, or begun anew as somebody else. */
  reload(is_other) {
    if (!this.current) return;
    const { id, handle } = this.current;
    this.app.show('loading');
    queueMicrotask(() => {
      if (handle || !is_other) this.show_chat(this.talk.store.ensure(is_other ? null : id, handle));
      else if (this.talk.is_listed) this.ready();
    });
  }

  menu_entries() {
    const entries = [];
    const { current, talk } = this;
    if (talk.store.list().length && this.app.screen !== 'form') {
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
    if (!(await download_conversations(this.talk, this.app.config.business))) this.app.flash('download_failed');
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
    this.view.focus();
  }

  /** Escape closes the innermost thing; false when that is the chat itself. */
  escape() {
    if (!this.confirm) return false;
    this.end_asked(false);
    return true;
  }

  /** The stars, a word of thanks, or nothing. */
  rating() {
    const one = this.current;
    const settled = this.memo.get('rated') || {};
    const asks = one.state === 'resolved' && one.rating_asked && !settled[one.id];
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
        this.settle_rating(one, true);
        this.app.change();
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
      await this.app.api.rate(one.id, score, comment);
    } catch {
      return false;
    }
    one.rating_thanks = h('p', { class: 'caption', role: 'status' }, t('rate_thanks'));
    this.settle_rating(one, true);
    this.app.change();
    this.view.focus();
    return true;
  }

  // What the bar on top and the loader ask.

  title() {
    return this.current?.agent?.name;
  }

  subtitle() {
    const { current } = this;
    if (!current || this.app.is_cut) return '';
    if (current.state === 'closed') return t('over');
    if (current.state === 'resolved') return t('this_done');
    if (current.agent && current.state === 'active') {
      return t(current.agent.is_in ?? this.app.light ? 'here_now' : 'nobody_now');
    }
    return '';
  }

  has_list() {
    const count = this.talk.store.list().length;
    return this.current ? count > 1 : this.app.screen === 'form' && count > 0;
  }

  is_going_on() {
    return this.talk.outbox.waits || Boolean(this.memo.get('started')) ||
      this.talk.store.all.some((one) => one.id && one.state !== 'closed');
  }

  draw(now) {
    if (this.current) this.draw_chat(now);
    else if (this.app.screen === 'list') this.draw_list(now);
    this.draw_again(now);
  }

  draw_chat(now) {
    const { talk, current } = this;
    this.view.draw({
      entries: talk.outbox.shown(current.id || current.handle),
      progress: (one, message) => talk.store.progress(one, message),
      is_up: !this.app.is_cut,
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
      this.skeleton = this.skeleton || this.app.skeleton();
      return this.skeleton;
    }
    if (!one.fetch_failed) return null;
    one.fetch_again = one.fetch_again || h('p', { class: 'caption' }, `${t('unreachable')} `,
      h('button', { type: 'button', class: 'link', onclick: () => this.talk.fetch_history(one, false) },
        t('try_again')));
    return one.fetch_again;
  }

  draw_list(now) {
    const { app } = this;
    const conversations = this.talk.store.list();
    const shown = JSON.stringify(conversations.map((one) =>
      [one.id, one.at, one.unread, one.agent, one.preview, one.messages.length]));
    if (app.view?.shown === shown) return;
    const at = [...app.main.querySelectorAll('button')].indexOf(document.activeElement);
    app.main.replaceChildren(draw_list({
      conversations, business: app.config.business, now,
      on_open: (one) => this.show_chat(one),
      on_new: () => this.new_conversation(),
      on_download: () => this.download(),
    }));
    app.view = { shown };
    if (at >= 0) app.main.querySelectorAll('button')[at]?.focus();
  }

  /** One line above the composer: why sending pauses, or where the visitor stands. */
  notice(now) {
    const { talk, current, app } = this;
    if (app.is_cut || OVER.includes(current.state)) return '';
    const held = Math.ceil((talk.outbox.held_until() - now) / 1000);
    if (held > 0 && talk.outbox.waits) return tn('fast', held);
    if (talk.outbox.is_refused_for_now && talk.outbox.waits) return t('not_kept');
    const last = current.messages.findLast((message) => message.kind === 'text');
    if (last?.from === 'assistant') return t('assistant_says');
    if (!['pending', 'waiting', 'missed'].includes(current.state) || last?.from !== 'visitor') return '';
    if (!app.light) return t('thanks_left');
    if (current.state === 'missed') return t('waited_long');
    return this.place_in_line(current);
  }

  place_in_line({ queue_position: place, wait_s }) {
    if (!place) return '';
    const key = `line_${place <= 3 ? place : 'n'}`;
    if (!wait_s) return t(`${key}_only`, { n: number(place) });
    return t(key, { n: number(place), wait: tn('wait', Math.max(1, Math.round(wait_s / 60))) });
  }

  /** What changes with time alone: the pause that counts down, somebody who stopped typing. */
  draw_again(now) {
    clearTimeout(this.again_timer);
    const moments = [];
    const held = this.talk.outbox.held_until() - now;
    if (held > 0) moments.push(held % 1000 || 1000);
    const typing = (this.current?.typing?.until || 0) - now;
    if (typing > 0) moments.push(typing);
    if (moments.length) this.again_timer = setTimeout(() => this.app.change(), Math.min(...moments) + 5);
  }
}
