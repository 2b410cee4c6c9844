"""A line of Python without its secrets: they stand in literals and comments, never in names.

`token = await fetch_token(session)` calls something, and a finding has to show what.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from loopcheck.labels import SECRET_WORDS, masked
from loopcheck.source import parsed_files

SECRET_NAMES = rf"(?i){SECRET_WORDS}|authorization|cookie"
HIDDEN = "***"
Text = ast.Constant | ast.JoinedStr


def masked_line(filename: str, number: int, line: str) -> str | None:
    """Return *line*, which is line *number*, without secrets; None if the file does not parse."""
    if parsed_files.tree(filename) is None:
        return None
    nodes = [*parsed_files.standing_at(filename, number)]
    secret = {id(one) for node in nodes for value in _secret_values(node) for one in _texts(value)}
    spans: dict[tuple[int, int], bool] = {}
    for node in nodes:
        for text in _texts(node) if isinstance(node, ast.expr) else ():
            span = _span_in(line, number, text)
            spans[span] = spans.get(span, False) or id(text) in secret
    parts, end = [], 0
    for (first, last), is_secret in sorted(spans.items()):
        if first < end:
            continue  # a part of an f-string, which is one text
        parts.append(line[end:first])
        parts.append(HIDDEN if is_secret else masked(line[first:last]))
        end = last
    code, mark, comment = line[end:].partition("#")
    return "".join([*parts, code, masked(f"{mark}{comment}")])


def _secret_values(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what *node* gives to a name, a key or a setting that says it is secret."""
    match node:
        case ast.Assign(targets=targets, value=value):
            if any(_is_secret(one) for one in targets):
                yield value
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            if _is_secret(target):
                yield value
        case ast.NamedExpr(target=target, value=value):
            if _is_secret(target):
                yield value
        case ast.keyword(arg=str(name), value=value) if _names_secret(name):
            yield value
        case ast.Dict(keys=keys, values=values):
            yield from (value for key, value in zip(keys, values, strict=True) if _is_secret(key))
        case ast.Compare(left=left, comparators=[right]) if _is_secret(left):
            yield right
        case ast.Call(args=args) | ast.Tuple(elts=args):
            yield from (after for name, after in pairwise(args) if _is_key(name))
        case ast.arguments() as all_of:
            given = [*all_of.posonlyargs, *all_of.args]
            pairs = [
                *zip(reversed(given), reversed(all_of.defaults), strict=False),
                *zip(all_of.kwonlyargs, all_of.kw_defaults, strict=True),
            ]
            yield from (value for one, value in pairs if value and _names_secret(one.arg))


def _is_secret(node: ast.expr | None) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _names_secret(name)
        case ast.Subscript(slice=key):
            return _is_key(key)
    return _is_key(node)


def _is_key(node: ast.expr | None) -> bool:
    """Return whether *node* is the name of a secret, as `"API_KEY"` is: one word."""
    match node:
        case ast.Constant(value=str(word)):
            return _names_secret(word) and re.fullmatch(r"[\w-]+", word) is not None
    return False


def _names_secret(name: str) -> bool:
    return re.search(SECRET_NAMES, name) is not None


def _texts(node: ast.AST) -> Iterator[Text]:
    """Yield the literals in *node*; an f-string is one."""
    match node:
        case ast.JoinedStr():
            yield node
        case ast.Constant(value=value) if not isinstance(value, bool) and value not in (None, ...):
            yield node
        case _:
            for part in ast.iter_child_nodes(node):
                yield from _texts(part)


def _span_in(line: str, number: int, node: Text) -> tuple[int, int]:
    """Return where *node* begins and ends in *line*: it may have begun above, or go on below."""
    begins = node.col_offset if node.lineno == number else 0
    ends = node.end_col_offset if node.end_lineno == number else None
    data = line.encode()  # what the tree counts
    return len(data[:begins].decode()), len(data[:ends].decode())
