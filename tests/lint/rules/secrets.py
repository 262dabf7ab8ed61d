"""what is called a secret is overwritten before it is freed

SPDX-License-Identifier: GPL-3.0-or-later
"""
from tree import grep

NAMES = r'(?:\w+_)?(?:secret|passphrase|password|token|bearer)'
# Names that desktops give to requests and activations, and that open nothing.
NO_SECRETS = ('src/app/porch-background.c', 'src/ui/porch-bell.c')


def find(tree):
    for path in tree.match(r'src/.*\.[ch]$'):
        if path in NO_SECRETS:
            continue
        code = tree.code(path)
        freed = rf'\b(?:g_free \(|g_clear_pointer \(&)(?:\w+->|\w+\.)*({NAMES})(?:\)|, g_free\))'
        for line, match in grep(code, freed):
            yield path, line, f'{match[1]} is left in memory; porch_secret_free'
        for line, match in grep(code, rf'\bg_autofree char [^;]*\*({NAMES})\b'):
            yield path, line, f'{match[1]} is left in memory; g_autoptr (PorchSecretText)'
