// clock.mjs - time that a test moves by hand
// SPDX-License-Identifier: GPL-3.0-or-later
export class Clock {
  constructor(now = 1_800_000_000_000) {
    this.time = now;
    this.waiting = new Map();
    this.count = 0;
    this.now = () => this.time;
    this.setTimeout = (work, delay = 0) => {
      this.waiting.set(++this.count, { work, at: this.time + Math.max(0, delay) });
      return this.count;
    };
    this.clearTimeout = (id) => this.waiting.delete(id);
  }

  /** Lets time pass, running what falls due in its order, and promises in between. */
  async pass(ms) {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const due = [...this.waiting].filter(([, one]) => one.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.waiting.delete(due[0]);
      this.time = Math.max(this.time, due[1].at);
      due[1].work();
      await settle();
    }
    this.time = end;
  }

  /** The delays that are waited for, shortest first. */
  delays() {
    return [...this.waiting.values()].map((one) => one.at - this.time).sort((a, b) => a - b);
  }
}

export async function settle() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
