// sound.js - the two soft notes of a new answer
// SPDX-License-Identifier: GPL-3.0-or-later

let context = null;

/** Browsers allow sound only after the visitor did something: called on the first key or touch. */
export function allow_sound() {
  const Context = window.AudioContext || window.webkitAudioContext;
  if (context || !Context) return;
  try {
    context = new Context();
  } catch {
    context = null;
  }
}

function note(pitch, start, length) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = 'sine';
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.12, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + length);
}

/** True when it could be heard. */
export function ring() {
  if (!context) return false;
  if (context.state === 'suspended') context.resume();
  note(659, context.currentTime, 0.35);
  note(880, context.currentTime + 0.12, 0.45);
  return true;
}
