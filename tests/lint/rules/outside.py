"""outside text meets no careless reader: JSON getters, markup, SQL from pieces

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

from tree import grep

READERS = r'src/wire/porch-(codec|shape)[\w-]*\.[ch]$'
# Statements made of our own names: the field tables', and what today's schema calls its tables and columns.
FROM_TABLES = re.compile(r'src/store/porch-(row|salvage-(fill|mend|orphans|rows|source))\.c$')
# A constant, a translated constant, or something that escapes by itself.
MARKUP = r'\b(\w*set_markup(?:_with_mnemonic)?|pango_parse_markup|\w*insert_markup) \(([^;]*?)\);'
SAFE_MARKUP = re.compile(r'(,|\() *(_|C_)? ?\(?"[^;]*$|g_markup_(printf_escaped|escape_text)')


def find(tree):
    for path in tree.match(r'src/.*\.[ch]$'):
        code, text = tree.code(path), tree.code(path, strings=True)
        if not re.match(READERS, path):
            for line, match in grep(code, r'\bjson_(object_get_(string|int|boolean|double|array|object)_member\w*|node_get_(string|int|double|boolean)) \('):
                yield path, line, f'json_{match[1]} lies or aborts on foreign input; use porch_shape_*'
        for line, match in grep(code, r'\bjson_gobject_\w+'):
            yield path, line, f'{match[0]} is not for outside input'
        for line, match in grep(text, MARKUP, re.S):
            if not SAFE_MARKUP.search(match[2]):
                yield path, line, f'{match[1]} with a text that is no constant'
        yield from find_sql(tree, path, text)
    for path in tree.match(r'src/.*\.ui$'):
        for line, _ in grep(tree.read(path), r'name="use-markup">\s*(true|True|1|yes)'):
            yield path, line, 'use-markup in a template; outside text could reach it'


def find_sql(tree, path, text):
    for line, _ in grep(text, r'"[^"\n]*\bSELECT \*'):
        yield path, line, 'SELECT *: name the columns'
    for line, match in grep(text, r'\b(sqlite3_prepare\w*|porch_(?:sql|db|statement)_(?:new|prepare)\w*) \([^;]*;', re.S):
        if re.search(r'g_strdup_printf|g_strconcat|->str\b', match[0]):
            yield path, line, 'SQL glued from pieces; bind what varies'
    # A PRAGMA takes no parameters; a number can be no more than a number.
    for line, match in grep(text, r'g_strdup_printf \(\s*"((?:SELECT|INSERT|UPDATE|DELETE|ATTACH|PRAGMA)\b[^"]*)"'):
        if not FROM_TABLES.match(path) and '%s' in match[1]:
            yield path, line, 'SQL glued from pieces; bind what varies'
    for line, match in grep(text, r'\bsqlite3_(exec|mprintf|snprintf) \('):
        if not path.startswith('src/sql/'):
            yield path, line, f'sqlite3_{match[1]} outside sql/'
