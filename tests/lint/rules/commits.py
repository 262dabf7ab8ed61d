"""subjects read "area: Verb thing" in at most 60 characters (shown, not failed)

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import shutil
import subprocess

from rules import Skip


def find(tree):
    if not os.path.exists(os.path.join(tree.root, '.git')) or shutil.which('git') is None:
        raise Skip('no git, or not a checkout')
    out = subprocess.run(['git', '-c', f'safe.directory={tree.root}', '-C', tree.root, 'log', '--no-merges', '-n', '100', '--format=%h %s'],
                         capture_output=True, text=True)
    if out.returncode:
        raise Skip('git cannot read this checkout')
    for line in out.stdout.splitlines():
        commit, _, subject = line.partition(' ')
        if len(subject) > 60 or not re.match(r'[\w/.-]+: [A-Z]', subject):
            yield commit, 0, f'warning: "{subject}"'
