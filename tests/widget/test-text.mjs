// test-text.mjs - the words are complete, and are the ones that were agreed on
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { ENGLISH, by_day, day_name, days_between, direction, number, speak, t, tn } from '../../data/widget/text.js';

const folder = new URL('../../data/widget/', import.meta.url);
const sources = readdirSync(folder).filter((name) => name.endsWith('.js') && name !== 'text.js')
  .map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
// Keys that are put together: `star_${score}`, `line_${place}` and the like.
const MADE = /^(star_|line_|launch|back_|closed|wait_|answers_|fast_|unread_|new_below_|today|yesterday|department_)/;

test('every word that is asked for exists', () => {
  for (const [, key] of sources.matchAll(/\bt\('(\w+)'/g)) assert.ok(key in ENGLISH, key);
  for (const [, key] of sources.matchAll(/\btn\('(\w+)'/g)) assert.ok(`${key}_other` in ENGLISH, key);
  for (const [, one, other] of sources.matchAll(/\bt\([^()]*\? '(\w+)' : '(\w+)'\)/g)) {
    assert.ok(one in ENGLISH && other in ENGLISH, `${one} ${other}`);
  }
});

test('every word is asked for', () => {
  for (const key of Object.keys(ENGLISH)) {
    const base = key.replace(/_(one|other)$/, '');
    assert.ok(MADE.test(key) || sources.includes(`'${key}'`) || sources.includes(`'${base}'`), key);
  }
});

test('what counts has both English forms', () => {
  for (const key of Object.keys(ENGLISH)) {
    if (key.endsWith('_one')) assert.ok(key.replace(/_one$/, '_other') in ENGLISH, key);
  }
});

test('nothing shouts, nothing begs', () => {
  for (const text of Object.values(ENGLISH)) assert.doesNotMatch(text, /!|oops|please wait|error/i);
});

const AGREED = {
  launch: 'Open chat', greeting: 'Hello. Who are we talking to?', name: 'Your name', email: 'E-mail',
  email_hint: 'so the answer can reach you', about: 'What is it about', message: 'Message',
  optional: 'optional', start: 'Start the chat', why: 'We use this to answer you.', privacy: 'Privacy',
  here_now: 'Here now', leave: 'Leave the message', write: 'Write a message',
  assistant_says: 'This is the assistant. Ask for a person at any time.', sending: 'Sending', sent: 'Sent',
  received: 'Received', read: 'Read', waiting_line: 'Waiting for a connection',
  offline: 'No connection. What you write is kept and sent later.', online_again: 'Connected again',
  email_end: 'Please check the address, the end is missing', rate: 'How was it?', star_1: 'Poor',
  star_2: 'Fair', star_3: 'Good', star_4: 'Very good', star_5: 'Excellent',
  better: 'What could be better? Optional', rate_thanks: 'Thank you, that helps.', new: 'New conversation',
  download: 'Download my conversations', end_sure: 'End this chat? You can come back within a day.',
  unreachable: 'The chat cannot be reached. Your words are kept.', try_again: 'Try again', not_now: 'Not now',
};

test('the agreed sentences are word for word', () => {
  for (const [key, text] of Object.entries(AGREED)) assert.equal(ENGLISH[key], text);
  speak('en', {});
  assert.equal(`${t('not_sent')} ${t('try_again')}`, 'Not sent. Try again');
  assert.equal(t('talking', { name: 'Ines' }), 'You are talking to Ines');
  assert.equal(t('typing', { name: 'Ines' }), 'Ines is typing');
  assert.equal(t('done_by', { name: 'Ines' }), 'Ines marked this as done');
  assert.equal(tn('answers', 2), 'Answers in about 2 minutes');
  assert.equal(tn('answers', 1), 'Answers in about 1 minute');
  assert.equal(tn('fast', 4), 'That was fast. Sending goes on in 4 seconds.');
  assert.equal(t('line_2', { wait: tn('wait', 3) }), 'You are second in line, about 3 minutes');
  assert.equal(tn('launch_new_in', 2), 'Open chat, 2 new answers, somebody is in');
});

test('a language has its own plurals, digits and direction', () => {
  speak('pl', { answers_one: '{n} minuta', answers_few: '{n} minuty', answers_other: '{n} minut' });
  assert.equal(tn('answers', 1), '1 minuta');
  assert.equal(tn('answers', 3), '3 minuty');
  assert.equal(tn('answers', 5), '5 minut');
  speak('ar-EG', { unread_two: 'اثنان' });
  assert.equal(tn('unread', 2), 'اثنان');
  assert.equal(number(12), '١٢');
  assert.equal(direction('ar-EG'), 'rtl');
  assert.equal(direction('he'), 'rtl');
  assert.equal(direction('en'), 'ltr');
  assert.equal(direction('arn'), 'ltr');
  speak('en', {});
});

test('what a server sends as words can only be words', () => {
  speak('en', { send: 5, start: null, unknown_thing: 'x', __proto__: { write: 'evil' } });
  assert.equal(t('send'), 'Send');
  assert.equal(t('start'), 'Start the chat');
  assert.equal(t('write'), 'Write a message');
  assert.equal(t('unknown_thing'), 'unknown_thing');
  speak('not a language', {});
  assert.equal(tn('answers', 2), 'Answers in about 2 minutes');
  speak('en', {});
});

test('a value that looks like a place stays a value', () => {
  assert.equal(t('talking', { name: '{name} $& $1' }), 'You are talking to {name} $& $1');
});

test('days are the visitor\'s own', () => {
  const noon = new Date(2026, 10, 20, 12).getTime();
  const hours = (n) => n * 3600e3;
  assert.equal(days_between(noon - hours(13), noon), 1);
  assert.equal(days_between(noon - hours(11), noon), 0);
  assert.equal(day_name(noon, noon), 'Today');
  assert.equal(day_name(noon - hours(24), noon), 'Yesterday');
  assert.match(day_name(noon - hours(24 * 7), noon), /Friday/);
  assert.match(day_name(noon - hours(24 * 400), noon), /2025/);
  assert.equal(by_day('back', noon + hours(1), noon).slice(0, 10), 'Back today');
  assert.equal(by_day('back', noon + hours(24), noon).slice(0, 13), 'Back tomorrow');
  assert.match(by_day('back', noon + hours(72), noon), /^Back on Monday at /);
});
