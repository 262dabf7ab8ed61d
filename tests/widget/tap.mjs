// tap.mjs - a reporter for node's test runner: flat TAP, since meson does not read nested points
// SPDX-License-Identifier: GPL-3.0-or-later
export default async function* tap(source) {
  let count = 0;
  for await (const event of source) {
    const { type, data } = event;
    if (type === 'test:stdout' || type === 'test:stderr') {
      for (const line of data.message.trimEnd().split('\n')) yield `# ${line}\n`;
    } else if (type === 'test:pass' || type === 'test:fail') {
      if (data.details?.type === 'suite') continue;
      const name = data.name.replace(/#/g, 'No.');
      const note = data.skip === undefined ? '' : ` # SKIP ${data.skip}`;
      yield `${type === 'test:pass' ? 'ok' : 'not ok'} ${++count} - ${name}${note}\n`;
      const cause = data.details?.error?.cause ?? data.details?.error;
      if (type === 'test:fail' && cause) {
        for (const line of String(cause.stack || cause).split('\n')) yield `# ${line}\n`;
      }
    }
  }
  yield `1..${count}\n`;
}
