#!/bin/bash
# run-tests.sh [meson test options]: builds, runs the suite, ends with "N passed, N failed" counted over single checks.
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   B=DIR            the build folder (_build); it is set up when it is not there
#   SETUP="…"        options for meson setup
#   AGAIN=N          when up to N binaries fail, all of them with a screen or a browser, these run once more, alone: what
#                    passes then is named as flaky
#
# Everything runs inside xrun.sh: no display, bus or home of the caller's is ever touched.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 2
build=${B:-_build}
fail () { echo "FAILED $1"; echo '0 passed, 1 failed'; exit 1; }

if [ ! -f "$build/build.ninja" ]; then
  # shellcheck disable=SC2086
  meson setup "$build" ${SETUP:-} || fail 'meson setup'
fi
# Test binaries, libraries and all: what meson test needs must be there before the private home is made.
ninja -C "$build" || fail 'the build'

logs=$build/meson-logs
rm -f "$logs"/{testlog,first}.json
tests/xrun.sh meson test -C "$build" --no-rebuild --print-errorlogs --num-processes "${JOBS:-2}" "$@" < /dev/null
status=$?
mapfile -t failed < <(/usr/bin/python3 tests/count-tap.py --flaky "$logs/testlog.json")
if [ ${#failed[@]} = 0 ] || [ ${#failed[@]} -gt "${AGAIN:-0}" ]; then
  /usr/bin/python3 tests/count-tap.py "$logs/testlog.json" "$status"
  exit
fi
mv "$logs/testlog.json" "$logs/first.json"
echo "== once more, alone: ${failed[*]}"
tests/xrun.sh meson test -C "$build" --no-rebuild --print-errorlogs --num-processes 1 "${failed[@]}" < /dev/null
/usr/bin/python3 tests/count-tap.py "$logs/first.json" "$status" "$logs/testlog.json"
