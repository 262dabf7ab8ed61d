#!/usr/bin/python3
"""Times windows from exec to their first painted frame; run by xrun.sh.

usage: frames.py EMPTY-WINDOW PORCHLIGHT FOLDER ROUNDS      prints [[ms of the empty one …], [ms of the program …]]
SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import subprocess
import sys
import time

LINE = 'first frame'


def time_frame(*command):
    env = dict(os.environ, G_MESSAGES_DEBUG='porch-start')
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
    said = next((line for line in process.stdout if LINE in line), None)
    took = time.monotonic() - begin
    process.terminate()
    process.stdout.read()
    process.wait()
    if said is None:
        sys.exit(f'{command[0]} never painted')
    return took * 1000


def main():
    empty, program, folder, rounds = sys.argv[1:]
    ours = (program, '--data', folder, '--listen', '127.0.0.1:0')
    # What is read for the first time comes from the disk: not counted.
    time_frame(empty)
    time_frame(*ours)
    times = [], []
    for _ in range(int(rounds)):
        times[0].append(time_frame(empty))
        times[1].append(time_frame(*ours))
    print(json.dumps(times))


if __name__ == '__main__':
    main()
