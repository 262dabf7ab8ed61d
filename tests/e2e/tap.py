"""A few lines of test harness: cases with names and deadlines, TAP on stdout.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import os
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))


def own_frames(error):
    """Where in these tests it happened, without the library's frames."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if HERE in f.filename and not f.filename.endswith('tap.py')]
    return '\n'.join(f'  {os.path.basename(f.filename)}:{f.lineno}: {f.line}' for f in frames[-4:])


async def end(*tasks):
    """Cancels until it is heard: wait_for loses a cancellation that comes together with a result."""
    waiting = {task for task in tasks if task and not task.done()}
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=0.5)


class Skip(Exception):
    """A case that cannot be run here, and why."""


class Suite:
    def __init__(self):
        self.cases = []
        self.number = self.failed = 0

    def case(self, name, timeout=60):
        """The decorated coroutine function is called with what open () gave."""
        def add(func):
            self.cases.append((name, func, timeout))
            return func
        return add

    def cases_of(self, rows, timeout=60):
        """One case for each (name, *values): the function is called with the opened thing and the values."""
        def add(func):
            for name, *values in rows:
                self.cases.append((name, lambda opened, values=values: func(opened, *values), timeout))
            return func
        return add

    def tell(self, good, name, detail=''):
        self.number += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.number} - {name}', flush=True)
        for line in str(detail).splitlines():
            print(f'# {line}', flush=True)

    async def run_case(self, opened, name, func, timeout):
        start, before = time.monotonic(), asyncio.all_tasks()
        try:
            await self.ready(opened)
            note = await asyncio.wait_for(func(opened), timeout)
            took = time.monotonic() - start
            self.tell(True, name, note or (f'{took:.1f} s' if took > 2 else ''))
        except Skip as reason:
            self.tell(True, f'{name} # SKIP {reason}')
        except Exception as error:  # a case may fail in any way; it is told and the next one runs
            what = f'no end within {timeout} s' if isinstance(error, (TimeoutError, asyncio.TimeoutError)) and not error.args else ''
            self.tell(False, name, f'{type(error).__name__}: {error} {what}\n' + own_frames(error))
            # Visitors whose case broke would come back for ever, and the suite not to its end.
            await end(*asyncio.all_tasks() - before)

    async def _run(self, make, healthy):
        async with make() as opened:
            wanted = sys.argv[1:]
            for name, func, timeout in self.cases:
                if not wanted or any(word in name for word in wanted):
                    await self.run_case(opened, name, func, timeout)
            if healthy:
                self.tell_health(opened)
            if self.failed:
                # With KEEP in the environment the evidence stays.
                getattr(opened, 'house', opened).is_kept = bool(os.environ.get('KEEP'))

    async def ready(self, house):
        """What one case broke is not the next one's fault; that it died is told at the end."""
        await house.revive()

    def tell_health(self, house):
        well = house.is_alive() and not house.deaths
        self.tell(well, 'the server lives', '' if well else f'{house.deaths}\n{house.log()[-3000:]}')
        bad = house.bad_lines()
        self.tell(not bad, 'its log has no warning and no critical', '\n'.join(bad[:10]))

    def run(self, make, healthy=True):
        """@make gives an asynchronous context manager: a House, mostly."""
        try:
            asyncio.run(self._run(make, healthy))
        except Exception as error:
            self.tell(False, 'the test itself', f'{type(error).__name__}: {error}\n{traceback.format_exc()}')
        print(f'1..{self.number}')
        return 1 if self.failed else 0


def expect(condition, message='not as expected'):
    if not condition:
        raise AssertionError(message)


def equal(got, wanted, what=''):
    if got != wanted:
        raise AssertionError(f'{what}: {got!r} instead of {wanted!r}'.lstrip(': '))
