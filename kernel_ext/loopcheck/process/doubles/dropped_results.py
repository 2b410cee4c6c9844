"""A line that calls an async mock like a plain function, and drops the coroutine that it gets.

The test may pass: what the test configured the mock to return, raise or do never happens. Python's
own warning has the coroutine, and the coroutine has the mock.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.doubles import double_makers, doubles
from loopcheck.process.objects import UNKNOWN
from loopcheck.process.patches.replaced import Entry
from loopcheck.records import DoubleRecord, Place, Subject
from loopcheck.source import calls, lines
from loopcheck.source.failing_line import FileLine, Look


def read(
    warned: Any,
    item: Any,
    labels: Labels,
    made_at: Callable[[object], FileLine | None],
    entries: Iterable[Entry] = (),
) -> DoubleRecord | None:
    """Return the mock whose coroutine *warned* is about, if its own line called and dropped it.

    A coroutine that was passed to a task or to another mock, or that a name kept, is dropped
    elsewhere.
    """
    mock = doubles.behind(warned.source)
    file, number = str(warned.filename), int(warned.lineno)
    if mock is None:
        return None
    _, name = next(doubles.up(mock))
    call = _dropped_call(lines.Line(file, number), name)
    if call is None:
        return None
    look = Look(item=item, made_at=made_at, made=list, puts=double_makers.puts(entries))
    origin = double_makers.of(mock, call, [], look, labels)
    if origin.place is None:
        return None
    spec, member = double_makers.spec(mock)
    real = double_makers.real(mock, look)
    line = Place(labels.file(file), number)
    return DoubleRecord(
        subject=Subject(name=origin.name, type=doubles.kind_of(mock)),
        kind="async",
        wanted="nothing",
        said=doubles.words(call),
        sure=real is not None,
        made_at=origin.place,
        used_at=line,
        called_at=line,
        spec=spec,
        in_spec=member is not UNKNOWN,
        real=real,
        original=origin.original,
        unnamed=origin.unnamed,
        told=_told(mock),
    )


def _told(mock: object) -> bool:
    """Return whether the test configured what a call of *mock* returns or raises."""
    given = doubles.given(mock)
    plain = given is not UNKNOWN and not objects.is_mock(given)
    return plain or doubles.effect(mock) is not None


def _dropped_call(line: lines.Line, name: str) -> ast.Call | None:
    """Return the call at *line* whose result is dropped, if it calls the mock of that *name*.

    A mock that the test created has no name. Then `register(job())` may have dropped its coroutine
    just like `job()` itself, so a line with a call among the arguments proves nothing.
    """
    call = line.dropped
    if call is None:
        return None
    nameless = name in ("", "mock")
    is_its = not calls.has_inner_call(call) if nameless else calls.last(call.func) == name
    return call if is_its else None
