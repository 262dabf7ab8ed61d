// text.js - every word the widget says, and how numbers and times are said
// SPDX-License-Identifier: GPL-3.0-or-later

// English is built in; the server sends the same keys in the page's language, from po/widget. A key that ends
// in _one/_other (also _zero _two _few _many) is chosen by the language's own plural rule. words.py reads this
// table: one word a line, in single quotes.
export const ENGLISH = {
  chat: 'Chat',
  launch: 'Open chat',
  launch_in: 'Open chat, somebody is in',
  launch_new_one: 'Open chat, {n} new answer',
  launch_new_other: 'Open chat, {n} new answers',
  launch_new_in_one: 'Open chat, {n} new answer, somebody is in',
  launch_new_in_other: 'Open chat, {n} new answers, somebody is in',
  close_chat: 'Close chat',
  back: 'Back to the list',
  more: 'More',
  send: 'Send',

  greeting: 'Hello. Who are we talking to?',
  greeting_again: 'Hello. What can we do for you?',
  name: 'Your name',
  email: 'E-mail',
  email_hint: 'so the answer can reach you',
  about: 'What is it about',
  department_general: 'General',
  department_sales: 'Sales',
  department_support: 'Support',
  department_billing: 'Billing',
  message: 'Message',
  optional: 'optional',
  start: 'Start the chat',
  why: 'We use this to answer you.',
  privacy: 'Privacy',
  any_time: 'You can come back to this chat any time.',
  name_missing: 'Please write your name',
  email_missing: 'Please write your e-mail address',
  email_end: 'Please check the address, the end is missing',
  email_wrong: 'Please check the address',
  message_missing: 'Please write a few words',

  light_on: 'The light is on',
  light_off: 'Nobody is in',
  answers_now: 'Somebody is in',
  answers_one: 'Answers in about {n} minute',
  answers_other: 'Answers in about {n} minutes',
  here_now: 'Here now',
  nobody_now: 'Nobody is in right now',
  back_on: 'Back on {day} at {time}',
  back_today: 'Back today at {time}',
  back_tomorrow: 'Back tomorrow at {time}',
  nobody: 'Nobody is in right now. Leave a few words and we answer here.',
  closed_on: 'The shop is closed right now. Leave a few words and we answer on {day}, here.',
  closed_today: 'The shop is closed right now. Leave a few words and we answer later today, here.',
  closed_tomorrow: 'The shop is closed right now. Leave a few words and we answer tomorrow, here.',
  leave: 'Leave the message',
  thanks_left: 'Thank you. We have it and answer here.',

  write: 'Write a message',
  write_again: 'Something else?',
  talking: 'You are talking to {name}',
  assistant: 'Assistant',
  assistant_says: 'This is the assistant. Ask for a person at any time.',
  typing: '{name} is typing',
  somebody_typing: 'Somebody is typing',
  sending: 'Sending',
  sent: 'Sent',
  received: 'Received',
  read: 'Read',
  not_sent: 'Not sent.',
  try_again: 'Try again',
  waiting_line: 'Waiting for a connection',
  you: 'You',
  you_said: 'You: {text}',
  edited: 'edited',
  removed: 'This message was removed',
  transcript: 'Conversation',
  older: 'Loading what was said before',
  to_end: 'To the newest message',
  new_below_one: '{n} new message',
  new_below_other: '{n} new messages',
  count: '{n} of {most}',
  too_long: 'This is too long by {n} characters',
  memory_only: 'This browser keeps nothing. What you write is lost when the page closes.',

  offline: 'No connection. What you write is kept and sent later.',
  online_again: 'Connected again',
  connecting_again: 'Connecting again',
  fast_one: 'That was fast. Sending goes on in {n} second.',
  fast_other: 'That was fast. Sending goes on in {n} seconds.',
  unreachable: 'The chat cannot be reached. Your words are kept.',
  not_kept: 'We cannot take messages just now. Your words are kept here and sent later.',
  switched_off: 'This chat is closed.',
  blocked: 'Messages from here are not accepted.',

  line_1: 'You are first in line, {wait}',
  line_2: 'You are second in line, {wait}',
  line_3: 'You are third in line, {wait}',
  line_n: 'You are number {n} in line, {wait}',
  wait_one: 'about {n} minute',
  wait_other: 'about {n} minutes',
  line_1_only: 'You are first in line',
  line_2_only: 'You are second in line',
  line_3_only: 'You are third in line',
  line_n_only: 'You are number {n} in line',
  waited_long: 'It takes longer than usual. Your message is not forgotten.',

  done_by: '{name} marked this as done',
  done: 'This was marked as done',
  done_idle: 'It was quiet for a while, so this was marked as done',
  you_ended: 'You ended the conversation',
  this_done: 'This conversation is done',
  over: 'This conversation is over',
  reopened: 'The conversation goes on',
  handed_over: '{name} takes over',
  rate: 'How was it?',
  star_1: 'Poor',
  star_2: 'Fair',
  star_3: 'Good',
  star_4: 'Very good',
  star_5: 'Excellent',
  rate_said: '{n} of 5, {word}',
  rate_choose: 'Please choose one to five stars',
  better: 'What could be better? Optional',
  not_now: 'Not now',
  rate_thanks: 'Thank you, that helps.',
  rate_failed: 'Not sent. Try again',

  conversations: 'Conversations',
  new: 'New conversation',
  download: 'Download my conversations',
  download_failed: 'The conversations could not be loaded. Try again',
  end: 'End this chat',
  end_sure: 'End this chat? You can come back within a day.',
  end_yes: 'End the chat',
  end_no: 'Go on talking',
  sound_on: 'Sound on',
  sound_off: 'Sound off',
  unread_one: '{n} new answer',
  unread_other: '{n} new answers',
  nothing_yet: 'Nothing written yet',
  today: 'Today',
  yesterday: 'Yesterday',
  said: '{name}: {text}',
};

const RIGHT_TO_LEFT = /^(ar|arc|azb|ckb|dv|fa|he|iw|ks|ku-arab|mzn|nqo|pnb|ps|sd|syr|ug|ur|yi)\b/i;

let words = ENGLISH;
let language = 'en';
let plural = new Intl.PluralRules('en');
let numbers = new Intl.NumberFormat('en');

/** Chooses the language of all that is said from now on; an unknown tag falls back to English. */
export function speak(tag, translated) {
  try {
    plural = new Intl.PluralRules(tag);
    numbers = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
    language = tag;
  } catch {
    plural = new Intl.PluralRules('en');
    numbers = new Intl.NumberFormat('en');
    language = 'en';
  }
  words = { ...ENGLISH };
  // Only known keys and only texts: what the server sends cannot add anything else here.
  for (const [key, value] of Object.entries(translated || {})) {
    const known = Object.hasOwn(ENGLISH, key) || /_(zero|one|two|few|many|other)$/.test(key);
    if (known && typeof value === 'string') words[key] = value;
  }
}

export const spoken = () => language;
export const direction = (tag) => (RIGHT_TO_LEFT.test(tag || '') ? 'rtl' : 'ltr');

/** One sentence, its {places} filled in. */
export function t(key, values) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (all, name) =>
    values && values[name] !== undefined ? String(values[name]) : all);
}

/** A department as the visitor calls it: those that every shop begins with are translated until they are renamed. */
export function department_name({ slug, name }) {
  const key = `department_${slug}`;
  return Object.hasOwn(ENGLISH, key) && ENGLISH[key] === name ? t(key) : name;
}

/** One sentence that counts. */
export function tn(key, n, values) {
  const form = `${key}_${plural.select(n)}`;
  return t(form in words ? form : `${key}_other`, { n: number(n), ...values });
}

export const number = (n) => numbers.format(n);

const format = (at, options) => new Intl.DateTimeFormat(language, options).format(at);

/** The number of midnights between two moments, in the visitor's own zone. */
export function days_between(from, to) {
  const midnight = (moment) => {
    const day = new Date(moment);
    return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  };
  return Math.round((midnight(to) - midnight(from)) / 864e5);
}

export const clock = (at) => format(new Date(at), { hour: 'numeric', minute: '2-digit' });
export const weekday = (at) => format(new Date(at), { weekday: 'long' });

/** "Today", "Yesterday" or a date, for the line between two days. */
export function day_name(at, now) {
  const days = days_between(at, now);
  if (days <= 0) return t('today');
  if (days === 1) return t('yesterday');
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return format(new Date(at), { weekday: 'long', day: 'numeric', month: 'long', year });
}

/** A time for the list: the clock today, the weekday this week, else the date. */
export function short_day(at, now) {
  const days = days_between(at, now);
  if (days <= 0) return clock(at);
  if (days === 1) return t('yesterday');
  if (days < 7) return weekday(at);
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return format(new Date(at), { day: 'numeric', month: 'short', year });
}

/** The sentence whose key ends in _today, _tomorrow or _on, by the day it speaks of. */
export function by_day(key, at, now) {
  const days = days_between(now, at);
  const form = days <= 0 ? `${key}_today` : days === 1 ? `${key}_tomorrow` : `${key}_on`;
  return t(form, { day: weekday(at), time: clock(at) });
}
