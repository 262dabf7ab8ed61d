#!/usr/bin/python3
"""Counts the checks of a meson test run, not its binaries.

usage: count-tap.py TESTLOG.json [STATUS [AGAIN.json]]      last line: N passed, N failed[, N skipped]
       count-tap.py --flaky TESTLOG.json                    the names of those that failed, when all have a screen or browser
SPDX-License-Identifier: GPL-3.0-or-later

AGAIN.json is of a second run, of those that failed: what passed in it is named as flaky.
"""
import json
import re
import sys

POINT = re.compile(r'\s*(not )?ok\b(.*)')
FINE = ('OK', 'SKIP', 'EXPECTEDFAIL')


def count_test(test):
    """One binary's (passed, [failed], skipped). A binary that dies without a "not ok" is one failure."""
    passed = skipped = 0
    failed = []
    for line in (test.get('stdout') or '').splitlines():
        point = POINT.match(line)
        if not point:
            continue
        if re.search(r'#\s*skip', point[2], re.I):
            skipped += 1
        elif point[1] and not re.search(r'#\s*todo', point[2], re.I):
            failed.append(test['name'] + point[2])
        else:
            passed += 1
    if test['result'] not in FINE and not failed:
        failed.append(f"{test['name']}: {test['result']}")
    if not passed + skipped + len(failed):
        if test['result'] == 'SKIP':
            skipped = 1
        else:
            passed = 1
    return passed, failed, skipped


def tell_times(tests):
    """From the first start to the last end in each suite; they run side by side."""
    spans = {}
    for test in tests:
        if 'starttime' in test:
            begin, end = test['starttime'], test['starttime'] + test['duration']
            suite = re.sub(r'^[^:]*:', '', test['name']).split(' / ')[0].strip()
            first, last = spans.get(suite, (begin, end))
            spans[suite] = min(first, begin), max(last, end)
    if spans:
        spans['all'] = min(first for first, _ in spans.values()), max(last for _, last in spans.values())
        print('seconds: ' + ', '.join(f'{name} {last - first:.0f}' for name, (first, last) in spans.items()))


def read(path):
    """The binaries of a run; none when there was none."""
    try:
        with open(path, encoding='utf-8') as log:
            return [json.loads(line) for line in log if line.strip()]
    except OSError:
        return []


def take_again(tests, again):
    """The first run with what the second one says of those that failed in the first."""
    second = {test['name']: test for test in again}
    for number, test in enumerate(tests):
        _, bad, _ = count_test(test)
        if bad and test['name'] in second:
            tests[number] = second[test['name']]
            if not count_test(tests[number])[1]:
                print('\n'.join(f'FLAKY {name}' for name in bad))
    return tests


def main():
    if sys.argv[1] == '--flaky':
        failed = [test['name'] for test in read(sys.argv[2]) if count_test(test)[1]]
        if all(re.search(r'screen|browser', name.split(' / ')[0]) for name in failed):
            print(''.join(name.split(' / ')[-1] + '\n' for name in failed), end='')
        return 0
    passed, failed, skipped = 0, [], 0
    tests = read(sys.argv[1])
    if not tests:
        failed.append('no test ran')
    again = read(sys.argv[3]) if len(sys.argv) > 3 else []
    for test in take_again(tests, again):
        more, bad, left = count_test(test)
        passed, failed, skipped = passed + more, failed + bad, skipped + left
    status = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if status and not failed and not again:
        failed.append(f'meson test ended with status {status}')
    tell_times(tests)
    for name in failed:
        print('FAILED', name)
    print(f'{passed} passed, {len(failed)} failed' + (f', {skipped} skipped' if skipped else ''))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
