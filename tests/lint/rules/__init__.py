"""The lint rules: one module each. SPDX-License-Identifier: GPL-3.0-or-later"""


class Skip(Exception):
    """A rule cannot be checked here; the text says why."""
