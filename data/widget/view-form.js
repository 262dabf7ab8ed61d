// view-form.js - asks who is there before a conversation, or takes a message while nobody is in
// SPDX-License-Identifier: GPL-3.0-or-later

import { h, icon } from './dom.js';
import { department_name, t } from './text.js';

const CHIPS_AT_MOST = 6;

/** The key of the sentence that says what is wrong with an address, or null. */
export function email_problem(text) {
  const address = text.trim();
  if (!address) return 'email_missing';
  if (/^[^\s@]+@[^\s@.]+\.?$/.test(address)) return 'email_end';
  return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(address) && address.length <= 254 ? null : 'email_wrong';
}

export class Form {
  /**
   * `asks` says which fields there are: {name, email, message, departments[]}; `needs_message` that
   * the message is not optional. What is typed is given to `on_typed (values)` at once.
   */
  constructor({ lead, asks, needs_message, action, fine, values, most, on_typed, on_submit }) {
    this.most = most;
    this.needs_message = needs_message;
    this.on_submit = on_submit;
    this.fields = [];
    const form = h('form', { class: 'form page', novalidate: true });
    form.append(h('p', { class: 'lead' }, lead));
    if (asks.name) {
      form.append(this.field('name', 'input', t('name'), '', {
        autocomplete: 'name', maxlength: 200, dir: 'auto',
      }, values, (text) => (text.trim() ? null : t('name_missing'))));
    }
    if (asks.email) {
      const hint = needs_message ? '' : t('email_hint');
      form.append(this.field('email', 'input', t('email'), hint, {
        type: 'email', inputmode: 'email', autocomplete: 'email', maxlength: 254, dir: 'auto',
      }, values, (text) => {
        const problem = email_problem(text);
        return problem && t(problem);
      }));
    }
    if (asks.departments.length > 1) form.append(this.choice(asks.departments, values));
    if (asks.message || needs_message) {
      form.append(this.field('message', 'textarea', t('message'), needs_message ? '' : t('optional'),
        { rows: needs_message ? 3 : 2, dir: 'auto' }, values, (text) => this.message_problem(text)));
    }
    form.append(
      h('div', { class: 'grow' }),
      h('button', { type: 'submit', class: 'wide' }, action),
      h('p', { class: 'fine' }, ...fine));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    form.addEventListener('input', () => on_typed(this.values()));
    form.addEventListener('change', () => on_typed(this.values()));
    this.node = form;
  }

  field(name, tag, label, hint, attributes, values, check) {
    const id = `field-${name}`;
    const input = h(tag, { id, name, 'aria-describedby': `${id}-hint ${id}-error`, ...attributes });
    input.value = values[name] || '';
    const error = h('p', { id: `${id}-error`, class: 'error' });
    const field = { name, input, error, check };
    this.fields.push(field);
    // A mark that is no longer true goes away while the visitor corrects it.
    input.addEventListener('input', () => {
      if (error.hasChildNodes() && !check(input.value)) this.mark(field, null);
    });
    return h('div', { class: 'field' },
      h('div', { class: 'label' }, h('label', { for: id }, label),
        h('span', { id: `${id}-hint`, class: 'hint' }, hint)),
      input, error);
  }

  choice(departments, values) {
    if (departments.length > CHIPS_AT_MOST) {
      const select = h('select', { id: 'field-department', name: 'department' }, h('option', { value: '' }),
        departments.map((one) => h('option', { value: one.slug }, department_name(one))));
      select.value = values.department || '';
      return h('div', { class: 'field' },
        h('div', { class: 'label' }, h('label', { for: 'field-department' }, t('about'))), select);
    }
    const chips = departments.map((one) => {
      const radio = h('input', { type: 'radio', name: 'department', value: one.slug });
      radio.checked = values.department === one.slug;
      return h('label', { class: 'chip' }, radio, h('span', { dir: 'auto' }, icon('check', 14), department_name(one)));
    });
    return h('fieldset', { class: 'field' }, h('legend', { class: 'label' }, t('about')),
      h('div', { class: chips.length % 3 === 1 || chips.length === 2 ? 'chips two' : 'chips' }, chips));
  }

  message_problem(text) {
    if (this.needs_message && !text.trim()) return t('message_missing');
    const over = [...text].length - this.most;
    return over > 0 ? t('too_long', { n: over }) : null;
  }

  values() {
    const data = new FormData(this.node);
    return Object.fromEntries(['name', 'email', 'department', 'message']
      .map((name) => [name, String(data.get(name) || '')]));
  }

  mark({ input, error }, problem) {
    error.replaceChildren(...(problem ? [icon('alert', 14), problem] : []));
    if (problem) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  }

  submit() {
    let first = null;
    for (const field of this.fields) {
      const problem = field.check(field.input.value);
      this.mark(field, problem);
      if (problem && !first) first = field.input;
    }
    if (first) first.focus();
    else this.on_submit(this.values());
  }

  /** A field that the server did not take. */
  refuse(name, problem) {
    const field = this.fields.find((one) => one.name === name) || this.fields[0];
    if (!field) return;
    this.mark(field, problem);
    field.input.focus();
  }

  focus() {
    const empty = this.fields.find((field) => !field.input.value);
    (empty || this.fields[this.fields.length - 1])?.input.focus();
  }
}
