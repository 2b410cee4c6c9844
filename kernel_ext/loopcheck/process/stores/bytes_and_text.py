"""Bytes where the failing line expects text, or the other way round: what was mixed, and where.

We compare the values as they would be if everything were text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.source import parsed_files
from loopcheck.source.assignments import assigned_values
from loopcheck.source.nodes import calls_in, literal_parts, nodes_of, spans_line
from loopcheck.source.values import asserted_values, compared_values, meaning, value_origins

How = Literal["equal", "member", "key", "asked", "number", "repr", "call", "keywords"]
MOST = 500  # parts of a container to compare
# The type that a built-in function got: "must be str, bytes or bytearray, not int"
REFUSED = re.compile(r"\b(?:not|got) (?:<class )?['\"]?(\w+)")


@dataclass(frozen=True, eq=False)
class Mixed:
    """The mixed values on the failing line. Lives only during a look: it holds the values."""

    how: How
    gave: Literal["bytes", "text"]  # the type that the line's own constants do not have
    nodes: tuple[ast.AST, ...]  # the expressions of the values
    answer: object = None
    wanted: object = None
    proved: bool = True
    line: int | None = None  # if that is not the line that failed
    by: object = None  # the client, if the values themselves do not lead to it
    place: tuple[str, int, str] | None = None  # file, line and function, if not of the failing code


def read(link: Link, step: Step) -> tuple[Mixed, ...]:
    """Return what may have been mixed, the likeliest first: the client behind it decides."""
    error, last = link.error, link.trace[-1]
    if last is step and (refused := _refused(step)) is not None:
        return (refused,)
    if objects.is_a(error, KeyError):
        return tuple(_key(error, step)) if last is step else ()
    found = None
    if objects.is_a(error, AssertionError):
        found = _asserted(step) if last is step else None
    elif objects.is_a(error, AttributeError):
        found = _method(error, step)
    elif objects.is_a(error, TypeError):
        found = _type_error(error, step)
    elif objects.is_a(error, ValueError) and last.module == "enum":
        found = _member(last, step)
    if found is None or (found.how == "call" and _written(found, link, step)):
        return ()
    return (found,)


def _written(mixed: Mixed, link: Link, step: Step) -> bool:
    """Return whether the mixed value is a constant in user code: then no client returned it."""
    kind = bytes if mixed.gave == "bytes" else str
    named = [n for one in mixed.nodes for n in nodes_of(ast.Name, one)]
    said = (mixed.answer, *(meaning.of_run(node, step.frame) for node in named))
    values = [value for value in said if type(value) is kind]
    codes = [one.frame.f_code for one in link.users]
    consts = [const for code in codes for const in code.co_consts]
    consts += [part for const in consts if type(const) is tuple for part in const]
    return bool(values) and all(any(value is const for const in consts) for value in values)


def _asserted(step: Step) -> Mixed | None:
    for node in parsed_files.standing_at(step.frame.f_code.co_filename, step.line):
        if isinstance(node, ast.Assert):
            for one in nodes_of((ast.Compare, ast.Call), node.test):
                if isinstance(one, ast.Compare) and len(one.ops) == 1:
                    found = _compared(one, node.test, step) or _looked_up(one, step)
                    if found is not None:
                        return found
                elif isinstance(one, ast.Call) and (asked := _asked(one, step)) is not None:
                    return asked
    return None


def _asked(node: ast.Call, step: Step) -> Mixed | None:
    """Return the argument of an `isinstance(value, str)`, if that is bytes."""
    match node:
        case ast.Call(
            func=ast.Name(id="isinstance"), args=[one, ast.Name(id="str" | "bytes" as kind)]
        ):
            gave: Literal["bytes", "text"] = "bytes" if kind == "str" else "text"
            found = meaning.of_run(one, step.frame)
            values = [found] if isinstance(one, ast.Name) else asserted_values.operands(step.frame)
            if not isinstance(one, ast.Name | ast.Await):
                return None  # what a call made from the answer is not what the client returned
            answers = [value for value in values if type(value) in (str, bytes)]
            wrong = [value for value in answers if _kind(value) == gave]
            if len(wrong) == 1:
                return Mixed("call", gave, (one,), wrong[0])
    return None


def _compared(node: ast.Compare, test: ast.expr, step: Step) -> Mixed | None:
    op, sides = node.ops[0], (node.left, node.comparators[0])
    if not isinstance(op, ast.Eq | ast.In | ast.Is):
        return None
    one, other = compared_values.operands(node, step.frame, whole=node is test)
    if not meaning.known(one) or not meaning.known(other):
        return None
    texts = _constants(sides, str)
    gave: Literal["bytes", "text"] = "text" if _constants(sides, bytes) and not texts else "bytes"
    found = parted(op, one, other, gave)
    return Mixed(found[0], gave, sides, *found[1:]) if found is not None else None


def parted(
    op: ast.cmpop, one: object, other: object, gave: str
) -> tuple[How, object, object] | None:
    """Return how both sides are mixed, then the client's answer, then the wanted value."""
    for number in (False, True):
        for answer, wanted, turned in ((one, other, False), (other, one, True)):
            how = _fits(op, answer, wanted, number, turned=turned)
            if how == "repr":  # both are text: the side with the `b'…'` is the answer
                return how, answer, wanted
            if how is not None:
                return (how, one, other) if _of(one, gave) else (how, other, one)
    return None


def _constants(nodes: Iterable[ast.AST], kind: type) -> bool:
    found = (
        one.value for node in nodes for one in literal_parts(node) if isinstance(one, ast.Constant)
    )
    return any(type(value) is kind for value in found)


def _of(value: object, gave: str) -> bool:
    wanted = bytes if gave == "bytes" else str
    return any(type(one) is wanted for one in _leaves(value))


def _fits(
    op: ast.cmpop, one: object, other: object, number: bool, turned: bool = False
) -> How | None:
    """Return in which way *one* and *other* would be equal, were both text; else None."""
    if isinstance(op, ast.In):
        return None if turned else _within(one, other)
    if not _mix(one, other, number):
        return None
    if _decoded(one, number) == _decoded(other, number):
        return "number" if number else "equal"
    if type(one) is str and type(other) is str and not number:
        return "repr" if one != other and _unsaid(one) == other else None
    return None


def _within(one: object, other: object) -> How | None:
    if type(one) not in (str, bytes) or type(other) not in (list, tuple, set, frozenset, dict):
        return None
    parts = [part for part, _ in zip(_keys(other), range(MOST), strict=False)]
    if one in [part for part in parts if type(part) in (str, bytes)]:
        return None
    wanted = _text(one)
    same = [part for part in parts if type(part) in (str, bytes) and _text(part) == wanted]
    return "member" if same and wanted is not None else None


def _keys(container: Any) -> Iterator[object]:
    kind = type(container)
    return iter(kind.__iter__(container))


def _mix(one: object, other: object, number: bool) -> bool:
    """Return whether one of them has bytes where the other has text, or a number."""
    if type(one) is str and type(other) is str:
        return "b'" in one or 'b"' in one
    kinds = ({type(leaf) for leaf in _leaves(one)}, {type(leaf) for leaf in _leaves(other)})
    others = {int, float} if number else {str}
    return any(bytes in a and (others & b) and bytes not in b for a, b in (kinds, kinds[::-1]))


def _leaves(value: object, depth: int = 0) -> Iterator[object]:
    """Yield the plain values in *value*."""
    if type(value) in (list, tuple, set, frozenset) and depth < 4:
        for part, _ in zip(_keys(value), range(MOST), strict=False):
            yield from _leaves(part, depth + 1)
    elif type(value) is dict and depth < 4:
        for key, part in list(value.items())[:MOST]:
            yield from _leaves(key, depth + 1)
            yield from _leaves(part, depth + 1)
    else:
        yield value


def _decoded(value: object, number: bool, depth: int = 0) -> object:
    """Return *value* with all bytes decoded; containers as copies, other objects by identity."""
    if type(value) is bytes:
        return _text(value)
    if number and type(value) in (int, float):
        return str(value)
    if type(value) in (str, int, float, bool, type(None)) or depth > 4:
        return value
    if type(value) is dict:
        items = list(value.items())[:MOST]
        return {_decoded(k, number, 5): _decoded(v, number, depth + 1) for k, v in items}
    if type(value) in (list, tuple):
        parts = [_decoded(part, number, depth + 1) for part in _keys(value)]
        return parts if type(value) is list else tuple(parts)
    if type(value) in (set, frozenset):
        return frozenset(_decoded(part, number, 5) for part in _keys(value))
    return id(value)


def _text(value: object) -> str | None:
    if type(value) is bytes:
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    return value if type(value) is str else None


def _unsaid(text: str) -> str:
    """Return *text* without the `b'…'` that formatting bytes leaves."""
    found = text
    for quote in "'\"":
        parts = found.split(f"b{quote}")
        found = parts[0] + "".join(part.replace(quote, "", 1) for part in parts[1:])
    return found


# Keys


def _looked_up(node: ast.Compare, step: Step) -> Mixed | None:
    """Return the `user.get("name")` that returned None because the dict has the key as bytes."""
    for one in calls_in(node):
        match one:
            case ast.Call(
                func=ast.Attribute(value=owner, attr="get"), args=[ast.Constant(value=key), *_]
            ):
                found = _twin(meaning.of_run(owner, step.frame), key)
                if found is not None:
                    return Mixed("key", _kind(found), (owner,), found, key)
    return None


def _refused(step: Step) -> Mixed | None:
    """Return the key that a dict has in the other type, where a `raise` reports it as missing."""
    around = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)
    for node in nodes_of(ast.If, *around[:1]):
        if any(_raises(one, step.line) for one in node.body):
            for owner, key in _lacking(node.test, around[0]):
                found = _twin(meaning.of_run(owner, step.frame), key)
                if found is not None:
                    return Mixed("key", _kind(found), (owner,), found, key, line=owner.lineno)
    return None


def _raises(node: ast.stmt, line: int) -> bool:
    return isinstance(node, ast.Raise) and spans_line(node, line)


def _lacking(test: ast.expr, block: ast.AST) -> Iterator[tuple[ast.expr, object]]:
    """Yield the dicts that lack a key, each with that key, if *test* is true for nothing else."""
    match test:
        case ast.Compare(left=asked, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(None)]):
            yield from _got(asked, block)
        case ast.UnaryOp(op=ast.Not(), operand=asked):
            yield from _got(asked, block)
        case ast.Compare(left=ast.Constant(value=key), ops=[ast.NotIn()], comparators=[owner]):
            yield owner, key


def _got(asked: ast.expr, block: ast.AST) -> Iterator[tuple[ast.expr, object]]:
    """Yield the dict and the key of a `get`, also if its result was first assigned to a name."""
    match asked:
        case ast.NamedExpr(value=value):
            yield from _got(value, block)
        case ast.Name(id=name):
            given = list(value_origins.given(block, name))
            if len(given) == 1 and isinstance(given[0], ast.Call):
                yield from _got(given[0], block)
        case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[ast.Constant(value=key)]):
            yield owner, key


def _key(error: BaseException, step: Step) -> Iterator[Mixed]:
    args = objects.args_of(error)
    if len(args) != 1 or type(args[0]) not in (str, bytes):
        return
    key = args[0]
    nodes = [
        node
        for node in parsed_files.nodes_at(step.frame.f_code.co_filename, step.line)
        if isinstance(node, ast.Subscript | ast.Attribute)
        and parsed_files.covers(node, step.line, step.span)
    ]
    for node in nodes:
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Constant):
            known = _twin(meaning.of_run(node.value, step.frame), key) or _own(
                node.value, key, step
            )
            if known is not None:
                yield Mixed("asked", _kind(key), (node.slice,), key, known)
    for node in nodes:
        found = _twin(meaning.of_run(node.value, step.frame), key)
        if found is not None:
            yield Mixed("key", _kind(found), (node.value,), found, key)
    for name, value in list(step.frame.f_locals.items()):
        found = _twin(value, key)
        if found is not None and name in parsed_files.names_at(
            step.frame.f_code.co_filename, step.line
        ):
            yield Mixed("key", _kind(found), (ast.Name(id=name, ctx=ast.Load()),), found, key)


def _twin(owner: object, key: object) -> object | None:
    """Return the key of *owner* that equals *key*, in the other type."""
    if type(owner) is not dict or type(key) not in (str, bytes) or key in owner:
        return None
    other: object = key.encode() if isinstance(key, str) else _text(key)
    return other if other is not None and other in owner else None


def _own(node: ast.expr, key: object, step: Step) -> object | None:
    """Return the key that equals *key* in the other type, of a dict literal in the code."""
    if isinstance(node, ast.Name):
        written = assigned_values(node.id, parsed_files.tree(step.frame.f_code.co_filename))
        node = written[0] if len(written) == 1 else node
    if not isinstance(node, ast.Dict):
        return None
    keys = [one.value for one in node.keys if isinstance(one, ast.Constant)]
    return _twin(dict.fromkeys(keys), key)


def _kind(value: object) -> Literal["bytes", "text"]:
    return "bytes" if type(value) is bytes else "text"


# Errors of the built-in types


def _method(error: BaseException, step: Step) -> Mixed | None:
    """Return the method of text that bytes don't have, or the other way round."""
    owner = AttributeError.__dict__["obj"].__get__(error)
    name = AttributeError.__dict__["name"].__get__(error)
    if type(name) is not str or type(owner) not in (str, bytes):
        return None
    twin = bytes if type(owner) is str else str
    if name not in vars(twin):
        return None
    return Mixed("call", _kind(owner), _failing(step), owner, None)


def _type_error(error: BaseException, step: Step) -> Mixed | None:
    said = objects.said(error)
    if said.endswith("keywords must be strings"):
        return _keywords(step)
    if "bytes" not in said or not any(word in said for word in ("str", "JSON serializable")):
        return None
    refused = REFUSED.findall(said)
    if refused and refused[-1] not in ("bytes", "str"):  # an `int`, a `coroutine`
        return None
    return Mixed("call", "bytes", _failing(step), proved=False)


def _keywords(step: Step) -> Mixed | None:
    """Return the dict of bytes that was unpacked into a call: `Session(**answer)`."""
    for statement in _failing(step):
        for node in nodes_of(ast.keyword, statement):
            if node.arg is None:
                value = meaning.of_run(node.value, step.frame)
                keys = [key for key in value if type(key) is bytes] if type(value) is dict else []
                if keys or isinstance(node.value, ast.Await):
                    first = keys[0] if keys else None
                    return Mixed("keywords", "bytes", (node.value,), first, proved=bool(keys))
    return None


def _failing(step: Step) -> tuple[ast.AST, ...]:
    return tuple(value_origins.statements(step))


def _member(last: Step, step: Step) -> Mixed | None:
    """Return the value that an enum has, but as text."""
    space = last.frame.f_locals
    value, kind = space.get("value"), space.get("cls")
    if type(value) is not bytes or not objects.is_a(kind, type):
        return None
    known = objects.attribute(kind, "_value2member_map_")
    text = _text(value)
    if type(known) is not dict or text not in known:
        return None
    return Mixed("member", "bytes", _failing(step), value, text)
