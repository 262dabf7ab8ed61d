// view-rating.js - five stars and a word, when a conversation is done
// SPDX-License-Identifier: GPL-3.0-or-later

import { h, icon, set_text } from './dom.js';
import { t } from './text.js';

const STARS = [1, 2, 3, 4, 5];

export class Rating {
  /** `on_send (score, comment)` resolves when the server has it. */
  constructor({ on_send, on_later }) {
    this.on_send = on_send;
    this.score = 0;
    this.word = h('p', { class: 'word', role: 'status' });
    this.stars = STARS.map((score) => {
      const radio = h('input', {
        type: 'radio', name: 'score', value: score, 'aria-label': t(`star_${score}`),
        onchange: () => this.choose(score),
      });
      return h('label', { class: 'star', title: t(`star_${score}`) }, radio,
        h('span', null, icon('star', 32), icon('star_empty', 32)));
    });
    this.comment = h('textarea', {
      rows: 2, maxlength: 2000, dir: 'auto', placeholder: t('better'), 'aria-label': t('better'),
    });
    this.send = h('button', { type: 'submit', class: 'wide' }, t('send'));
    const heading = h('h2', { id: 'rating-title' }, t('rate'));
    this.node = h('form', { class: 'rating', 'aria-labelledby': 'rating-title' },
      heading,
      h('div', { class: 'stars', role: 'radiogroup', 'aria-labelledby': 'rating-title' }, this.stars),
      this.word, this.comment,
      h('div', { class: 'pair' },
        h('button', { type: 'button', class: 'wide soft', onclick: on_later }, t('not_now')), this.send));
    this.node.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  choose(score) {
    this.score = score;
    this.stars.forEach((star, at) => star.classList.toggle('on', at < score));
    set_text(this.word, t('rate_said', { n: score, word: t(`star_${score}`) }));
    this.word.classList.remove('wrong');
  }

  async submit() {
    if (!this.score) {
      set_text(this.word, t('rate_choose'));
      this.word.classList.add('wrong');
      this.stars[0].querySelector('input').focus();
      return;
    }
    this.send.setAttribute('aria-disabled', 'true');
    const has_it = await this.on_send(this.score, this.comment.value.trim());
    this.send.removeAttribute('aria-disabled');
    if (has_it) return;
    set_text(this.word, t('rate_failed'));
    this.word.classList.add('wrong');
  }
}
