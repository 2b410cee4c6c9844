"""The double that an answer or the output tells of: its error was caught, its words are left.

`{"error": str(error)}`, `print(error)` and the like: no error is there to look into. Its words say
what was to be awaited; the user's lines and the calls of the doubles say which of them that was.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import TracebackType

from loopcheck.facts.probes import doubles, failing, made_up, objects, source, spaces
from loopcheck.facts.probes.failing import At, Look, Stumble
from loopcheck.facts.records import Wanted

DEEPEST = 4  # objects in objects
VALUES = 500  # looked into for one failure
LONGEST = 20_000  # of one text
SAID: tuple[tuple[Wanted, str], ...] = (
    ("await", r"object (\w+) can't be used in 'await' expression|'(\w+)' object can't be awaited"),
    ("async with", r"'(coroutine)' object does not support the asynchronous context manager"),
    ("async for", r"'async for' requires an object with __aiter__ method, got (coroutine)"),
)
Call = tuple[str, ast.Call, ast.Attribute]  # the file it stands in, and what is called


def read(error: BaseException, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the one double that fits what is said of an error where an assertion has failed."""
    users = failing.users_of(trace)
    if not users or not objects.is_a(error, AssertionError):
        return
    where = failing.at(users[-1], look.stood)
    for wanted, kind in dict.fromkeys(_told((*_texts(where, trace), *_printed(look.item)))):
        found = {
            id(double): (double, file, call)
            for file, call, func in _wanting(wanted)
            if (double := _double(func, kind, look)) is not None
        }
        for double, file, call in found.values() if len(found) == 1 else ():
            yield Stumble(
                double=double,
                wanted=wanted,
                node=call,
                at=where,
                kind=kind,
                called=(file, call.lineno),
            )


def _double(func: ast.Attribute, kind: str, look: Look) -> object | None:
    if kind == "coroutine":
        return look.called(func.attr, doubles.is_async)
    return look.called(func.attr, lambda one: doubles.gives_at_once(one, kind))


# What is said


def _told(texts: Iterable[str]) -> Iterator[tuple[Wanted, str]]:
    """Yield what was wanted and what stood there, as *texts* have it."""
    for text in texts:
        for wanted, words in SAID:
            if (said := re.search(words, text)) is not None:
                yield wanted, next(filter(None, said.groups()))


def _printed(item: object) -> Iterator[str]:
    """Yield what pytest has caught of the output by now."""
    kept = objects.peek(item, "_report_sections")
    for part in kept if type(kept) is list else ():
        if type(part) is tuple and type(part[-1]) is str:
            yield part[-1][-LONGEST:]


def _texts(where: At, trace: list[TracebackType]) -> Iterator[str]:
    """Yield the texts in what the assertion compares."""
    named = source.names_at(where.frame.f_code.co_filename, where.line)
    values = [(value, 0) for value in made_up.of_unittest(trace)]
    for name, value in list(where.frame.f_locals.items()):
        if name in named or name.startswith("@py_"):
            values.append((value, 0))
    seen: set[int] = set()
    while values and len(seen) < VALUES:
        value, depth = values.pop(0)
        if id(value) in seen or doubles.is_mock(value):
            continue
        seen.add(id(value))
        if type(value) is str:
            yield value[:LONGEST]
        elif type(value) is bytes:
            yield value[:LONGEST].decode(errors="replace")
        elif depth < DEEPEST:
            values += [(one, depth + 1) for one in _parts(value)]


def _parts(value: object) -> list[object]:
    if type(value) is dict:
        return list(value.values())
    if type(value) is list or type(value) is tuple:
        return list(value)
    return list((objects.own_dict(value) or {}).values())


# What the user's lines want


def _wanting(wanted: Wanted) -> Iterator[Call]:
    """Yield the calls of methods in the user's files whose results are awaited, or opened."""
    files = dict.fromkeys(file for one in spaces.spaces() for file in one.files())
    for file in list(files)[: spaces.FILES]:
        for call in _calls(source.text(file), wanted):
            if isinstance(call.func, ast.Attribute):
                yield file, call, call.func


@lru_cache(spaces.FILES)
def _calls(text: str, wanted: Wanted) -> tuple[ast.Call, ...]:
    module = source.parse(text) if wanted in text else None
    nodes = ast.walk(module) if module is not None else ()
    return tuple(one for node in nodes for one in _taken(node, wanted) if isinstance(one, ast.Call))


def _taken(node: ast.AST, wanted: Wanted) -> list[ast.expr]:
    match node:
        case ast.Await(value=value) if wanted == "await":
            return [value]
        case ast.AsyncWith(items=items) if wanted == "async with":
            return [one.context_expr for one in items]
        case ast.AsyncFor(iter=rows) if wanted == "async for":
            return [rows]
        case ast.comprehension(iter=rows, is_async=1) if wanted == "async for":
            return [rows]
    return []
