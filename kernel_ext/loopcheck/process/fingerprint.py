"""What failures with one cause have in common: error types, lines, the pattern of the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from loopcheck.process import objects

ERRORS = 20  # of a chain
FRAMES = 200  # of all errors together
LONGEST = 500  # characters of a message that are compared
NUMBERS = re.compile(r"0x[0-9a-fA-F]+|\d+")
VALUES = re.compile(r"'[^']*'|\"[^\"]*\"")

Fingerprint = tuple[object, ...]


def of_error(error: BaseException) -> Fingerprint:
    """Return a value that is equal for errors of one type, with the same frames and message.

    Numbers may differ, and the values that an assertion compares. Names in quotes may not: another
    missing attribute is another fault.
    """
    found: list[object] = []
    frames = 0
    for one in _chain(error):
        found += [objects.module_of(type(one)), objects.type_name(one), _shape(one)]
        for at in _way(one):
            if frames == FRAMES:
                break
            frames += 1
            code = at.tb_frame.f_code
            found.append((code.co_filename, code.co_firstlineno, at.tb_lineno))
    return tuple(found)


def _chain(error: BaseException) -> Iterator[Any]:
    """Yield *error* and the errors behind it, up to a limit, each once."""
    todo: list[Any] = [error]
    seen: set[int] = set()
    while todo and len(seen) < ERRORS:
        now = todo.pop(0)
        if id(now) in seen:
            continue
        seen.add(id(now))
        yield now
        todo += (*objects.parts(now), *objects.behind(now))


def _way(error: BaseException) -> Iterator[TracebackType]:
    trace = objects.trace_of(error)
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _shape(error: BaseException) -> Fingerprint:
    """Return the message that *error* was raised with, without what differs between tests."""
    return tuple(_shape_of(one, type(error)) for one in objects.args_of(error)[:5])


def _shape_of(part: object, kind: type) -> object:
    if type(part) is str:
        words = VALUES.sub("'…'", part[:LONGEST]) if kind is AssertionError else part[:LONGEST]
        return NUMBERS.sub("#", words)
    if type(part) is int and issubclass(kind, OSError):
        return part  # the errno identifies the fault
    return id(type(part))
