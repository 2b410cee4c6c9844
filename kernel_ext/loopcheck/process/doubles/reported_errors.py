"""The double behind an error that the code caught: a result or the output reports it, or nothing.

`{"error": str(error)}`, `print(error)` and the like leave no error to look into. Its message names
what should have been awaited. The lines of user code and the doubles' calls show which double that
was. If nothing reports the error, a double that was called and that user code only ever awaits has
failed anyway.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import CoroutineType, GeneratorType, TracebackType

from loopcheck.process import objects
from loopcheck.process.doubles import double_makers, doubles, made_up_data
from loopcheck.process.objects import UNKNOWN
from loopcheck.process.pending import premature_asserts
from loopcheck.records import Wanted
from loopcheck.source import calls, failing_line, modules, parsed_files
from loopcheck.source.failing_line import At, Look, Stumble
from loopcheck.source.statements import awaited_values
from loopcheck.source.values import asserted_values

DEEPEST = 4  # nesting of objects
VALUES = 500  # objects to look into for one failure
LONGEST = 20_000  # characters of one text
SAID: tuple[tuple[Wanted, str], ...] = (
    ("await", r"object (\w+) can't be used in 'await' expression|'(\w+)' object can't be awaited"),
    ("async with", r"'(coroutine)' object does not support the asynchronous context manager"),
    ("async for", r"'async for' requires an object with __aiter__ method, got (coroutine)"),
)
Fits = Callable[[object], bool]
Call = tuple[str, ast.Call, ast.Attribute]  # its file, and the called attribute


def read(error: BaseException, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the only double that fits the error reported by a failed assertion's values."""
    users = failing_line.users_of(trace)
    if not users or not (
        objects.is_a(error, AssertionError) or premature_asserts.did_not_raise(error)
    ):
        return
    where = failing_line.at(users[-1], look.stood)
    said: list[tuple[Wanted, str | None]] = []
    said += dict.fromkeys(_told((*_texts(where, trace), *_printed(look.item))))
    for wanted, kind in said or [(one, None) for one, _ in SAID]:
        known = look.called(_fit(kind, wanted))
        ways = {
            (func.attr, calls.last(func.value)): (known[func.attr], file, call, func)
            for file, call, func in _wanting(wanted, frozenset(known))
        }
        found = {
            id(double): (double, file, call)
            for double, file, call, func in ways.values()
            if kind is not None or _only_so(double, func, wanted, look)
        }
        for double, file, call in found.values() if len(found) == 1 else ():
            yield Stumble(
                double=double,
                wanted=wanted,
                node=call,
                at=where,
                got=doubles.given(double) if kind is None and wanted == "await" else UNKNOWN,
                kind=kind or "coroutine",
                called=(file, call.lineno),
            )


def _fit(kind: str | None, wanted: Wanted) -> Fits:
    if kind is None:
        return _fails_at_await if wanted == "await" else doubles.is_async
    return doubles.is_async if kind == "coroutine" else lambda one: doubles.gives_at_once(one, kind)


# No message reports the error


def _fails_at_await(mock: object) -> bool:
    """Return whether a call of *mock* certainly returns what can't be awaited."""
    result = doubles.given(mock)
    plain = doubles.effect(mock) is None and objects.peek(mock, "_mock_wraps") is None
    kinds = objects.mro(type(result))
    waits = any("__await__" in objects.class_dict(one) for one in kinds)
    own = type(result) in (CoroutineType, GeneratorType)
    return plain and not doubles.is_async(mock) and result is not UNKNOWN and not (waits or own)


def _only_so(double: object, func: ast.Attribute, wanted: Wanted, look: Look) -> bool:
    """Return whether user code calls *double* by its owner's name, always as *wanted*."""
    owner = calls.last(func.value) or ""
    parent = objects.peek(double, "_mock_new_parent")
    line = look.made_at(parent)
    kind = doubles.kind_of(parent)
    made = double_makers.name_at(*line, owner, kind)[0] if line is not None else None
    if not owner or (made or "").rpartition(".")[2] != owner:
        return False
    naming = [
        text for file in modules.files() if f".{func.attr}" in (text := parsed_files.text(file))
    ]
    return len(naming) <= modules.FILES and all(
        awaited_values.only_taken_so(text, owner, func.attr, wanted) for text in naming
    )


# A message reports the error


def _told(texts: Iterable[str]) -> Iterator[tuple[Wanted, str]]:
    """Yield what the line needed and what it got, as *texts* report it."""
    for text in texts:
        for wanted, words in SAID:
            if (said := re.search(words, text)) is not None:
                yield wanted, next(filter(None, said.groups()))


def _printed(item: object) -> Iterator[str]:
    """Yield the output that pytest has captured so far."""
    kept = objects.peek(item, "_report_sections")
    for part in kept if type(kept) is list else ():
        if type(part) is tuple and type(part[-1]) is str:
            yield part[-1][-LONGEST:]


def _texts(where: At, trace: list[TracebackType]) -> Iterator[str]:
    """Yield the texts in what the assertion compares."""
    there = parsed_files.nodes_at(where.frame.f_code.co_filename, where.line)
    compared = asserted_values.in_statement(where.frame, *there)
    values = [(value, 0) for value in (*made_up_data.of_unittest(trace), *compared)]
    seen: set[int] = set()
    while values and len(seen) < VALUES:
        value, depth = values.pop(0)
        if id(value) in seen or objects.is_mock(value):
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


# What user code does with the result


def _wanting(wanted: Wanted, names: frozenset[str]) -> Iterator[Call]:
    """Yield the calls of methods of these *names* whose results user code awaits or enters."""
    if not names:
        return
    said = re.compile(rf"\b{wanted}\b[^\n]*\.({'|'.join(map(re.escape, names))})\(")
    texts = ((file, parsed_files.text(file)) for file in modules.files())
    for file, text in islice((one for one in texts if said.search(one[1])), modules.FILES):
        for call in awaited_values.calls_taken(text, wanted):
            if isinstance(call.func, ast.Attribute) and call.func.attr in names:
                yield file, call, call.func
