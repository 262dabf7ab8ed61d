"""the widget never makes code or markup out of text, and calls nobody else's host

SPDX-License-Identifier: GPL-3.0-or-later
"""
import re

from tree import blank, grep

BANNED = (
    (r'\.(innerHTML|outerHTML|srcdoc)\b', 'markup from text'),
    (r'\binsertAdjacentHTML\b', 'markup from text'),
    (r'\bdocument\.write(ln)?\b', 'markup from text'),
    (r'\bcreateContextualFragment\b|\bDOMParser\b', 'markup from text'),
    (r'\beval\s*\(|\bnew Function\b', 'code from text'),
    (r'\b(setTimeout|setInterval)\s*\(\s*[\'"`]', 'code from text'),
    (r'javascript:', 'code from text'),
    (r'\bdocument\.cookie\b', 'cookies; the token lives in localStorage'),
)
COMMENT = re.compile(r'/\*.*?\*/|(?<![:\'"])//[^\n]*|<!--.*?-->', re.S)


def find(tree):
    for path in tree.match(r'data/widget/.*\.(js|mjs|html|css)$'):
        text = COMMENT.sub(lambda m: blank(m[0]), tree.read(path))
        for pattern, why in BANNED:
            for line, match in grep(text, pattern):
                yield path, line, f'{match[0].strip()}: {why}'
        for line, match in grep(text, r'(https?:|wss?:)?//([a-z0-9-]+\.)+[a-z]{2,}'):
            if 'www.w3.org/' not in text[match.start():match.end() + 1]:
                yield path, line, f'{match[0]}: somebody else\'s host'
        if path.endswith('.html'):
            for line, match in grep(text, r'<[^>]*\s(on\w+|style)='):
                yield path, line, f'{match[1]}=: the page\'s policy forbids it'
            for line, match in grep(text, r'<script(?![^>]*\bsrc=)[^>]*>'):
                yield path, line, 'a script in the page; the page\'s policy forbids it'
