"""A line that calls an async mock like a plain function, and drops or keeps the coroutine.

The test may pass: what the test configured the mock to return, raise or do never happens. Python's
own warning has the coroutine, and the coroutine has the mock.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.doubles import double_makers, doubles, truth_tests
from loopcheck.process.objects import UNKNOWN
from loopcheck.process.patches.replaced import Entry
from loopcheck.records import DoubleRecord, Place, Subject, Wanted
from loopcheck.source import calls, lines, parsed_files
from loopcheck.source.calls import Call
from loopcheck.source.coroutines import creating_calls, task_starters
from loopcheck.source.failing_line import FileLine, Look
from loopcheck.source.nodes import calls_in, names_in, nodes_of
from loopcheck.source.values import value_origins


def read(
    warned: Any,
    item: Any,
    labels: Labels,
    made_at: Callable[[object], FileLine | None],
    entries: Iterable[Entry] = (),
) -> DoubleRecord | None:
    """Return the mock whose coroutine *warned* is about, if a line took that for its result.

    A line that only tests the coroutine counts if the result itself has another outcome there.
    """
    mock = doubles.behind(warned.source)
    if mock is None:
        return None
    look = Look(item=item, made_at=made_at, made=list, puts=double_makers.puts(entries))
    file, number = str(warned.filename), int(warned.lineno)
    call = _dropped_call(lines.Line(file, number), next(doubles.up(mock))[1])
    if call is not None:
        return _record(mock, call, "nothing", (file, number), look, labels)
    line, tested = truth_tests.tested_calls(mock, warned)
    if len(tested) == 1 and truth_tests.matters(mock, warned.source, tested[0]):
        return _record(mock, tested[0].call, "branch", line, look, labels)
    return kept(warned.source, look, labels)


def kept(coroutine: object, look: Look, labels: Labels) -> DoubleRecord | None:
    """Return the mock whose *coroutine* a line keeps in an object or a table, as its result.

    Not if another line awaits what is kept there.
    """
    mock = doubles.behind(coroutine)
    if mock is None:
        return None
    created = creating_calls.node(coroutine, next(doubles.up(mock))[1])
    if created is None or not _keeps(*created):
        return None
    call, node = created
    return _record(mock, node, "result", (call.file, call.line), look, labels)


def passed(
    coroutine: object,
    taker: str,
    item: Any,
    labels: Labels,
    made_at: Callable[[object], FileLine | None],
) -> DoubleRecord | None:
    """Return the mock whose *coroutine* a line passes as a result to another mock, *taker*.

    What starts a task may be mocked, too: it would have got a coroutine.
    """
    mock = doubles.behind(coroutine)
    created = creating_calls.node(coroutine, next(doubles.up(mock))[1]) if mock else None
    if mock is None or created is None or taker in task_starters.STARTERS:
        return None
    call, node = created
    look = Look(item=item, made_at=made_at, made=list, puts=[])
    return _record(mock, node, "result", (call.file, call.line), look, labels)


def _keeps(call: Call, node: ast.Call) -> bool:
    around = parsed_files.standing_at(call.file, call.line)
    gives = [one for one in around if isinstance(one, ast.Assign) and one.value is node]
    targets = [target for one in gives for target in one.targets]
    kept = [one for one in targets if isinstance(one, ast.Attribute | ast.Subscript)]
    names = {one.id for one in targets if isinstance(one, ast.Name)}
    functions = parsed_files.enclosing(call.file, call.line)
    for name in names if functions else ():
        if _is_key(functions[0], name):
            return not calls.awaits_any(call.file, names)
        kept += _kept_under_name(functions[0], name)
    texts = {ast.unparse(one) for one in kept}
    tables = {ast.unparse(one.value) for one in kept if isinstance(one, ast.Subscript)}
    return (
        bool(kept)
        and not calls.awaits_any(call.file, names | texts)
        and not calls.awaits_parts_of(call.file, tables)
    )


def _kept_under_name(block: ast.AST, name: str) -> Iterator[ast.Attribute | ast.Subscript]:
    """Yield where *block* keeps what *name* is, unless a call gets it, which may run it."""
    taken = (part for call in calls_in(block) for part in (*call.args, *call.keywords))
    if name in names_in(*taken) or len(list(value_origins.given(block, name))) > 1:
        return
    for one in nodes_of(ast.Assign, block):
        if isinstance(one.value, ast.Name) and one.value.id == name:
            for to in one.targets:
                if isinstance(to, ast.Attribute | ast.Subscript):
                    yield to


def _is_key(block: ast.AST, name: str) -> bool:
    """Return whether *block* stores something under the key *name*: nothing awaits a key."""
    if len(list(value_origins.given(block, name))) > 1:
        return False
    return any(
        isinstance(one.ctx, ast.Store) and isinstance(one.slice, ast.Name) and one.slice.id == name
        for one in nodes_of(ast.Subscript, block)
    )


def _record(
    mock: object, call: ast.Call, wanted: Wanted, at: FileLine, look: Look, labels: Labels
) -> DoubleRecord | None:
    origin = double_makers.of(mock, call, [], look, labels)
    if origin.place is None:
        return None
    spec, member = double_makers.spec(mock)
    real = double_makers.real(mock, look)
    line = Place(labels.file(at[0]), at[1])
    return DoubleRecord(
        subject=Subject(name=origin.name, type=doubles.kind_of(mock)),
        kind="async",
        wanted=wanted,
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
        returned_by=origin.returned_by,
        class_passed=origin.class_passed,
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
