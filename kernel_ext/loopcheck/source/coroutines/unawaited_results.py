"""Coroutines that a failing line took for their results."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import CodeType, CoroutineType, FrameType, FunctionType, TracebackType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import objects
from loopcheck.records import NeverAwaited, Place
from loopcheck.runner import fixture_tables, fixtures
from loopcheck.source import calls, failing_line, parsed_files, project_files, user_code
from loopcheck.source.catching import swallowing_handlers
from loopcheck.source.coroutines import never_awaited, unawaited_warnings
from loopcheck.source.failing_line import At
from loopcheck.source.values import asserted_values, callees, meaning

# "a coroutine was expected", "a coroutine or an awaitable is required": there it got another type.
WANTED = re.compile(
    r"\ba coroutine\b.* (?:expected|required)\b|\bcoroutines\b"
    r"|\b(?:expects?|expected|requires?|must be|not) a coroutine\b",
    re.IGNORECASE,
)
MOST = 100  # parts of one list
DEEP = 5  # errors behind an error
ERRORS = (TypeError, AttributeError, AssertionError)
Line = tuple[str, int]
Made = tuple[Any, int]  # the coroutine, the line that may have created it


def _no_patch(owner: object, name: str) -> object:
    return objects.UNKNOWN


def read(
    error: BaseException, caught: Iterable[Any], item: Any, labels: Labels
) -> tuple[NeverAwaited, ...]:
    """Return the coroutines that the failing line used; *caught* are the test's warnings so far."""
    error = _first(error)
    trace = failing_line.trace_of(error)
    users = failing_line.users_of(trace)
    if not users:
        return ()
    below = trace[trace.index(users[-1]) + 1 :]
    if _mentioned(error):
        where = failing_line.at(users[-1], _no_patch)
        found = _of_line(error, where, below, caught, item, labels)
        found = [_of_fixture(one, where, item, labels) for one in found]
        used = Place(labels.file(where.frame.f_code.co_filename), where.line)
    elif type(error) not in ERRORS and _refused(error):
        line = users[-1].tb_frame.f_code.co_filename, users[-1].tb_lineno
        found = [_handed_in(one, below, line, item, labels) for one in _below(below)]
        used = None
    else:
        return ()
    # no later line was meant to await it
    return tuple(dict.fromkeys(replace(one, kept=False, used_at=used) for one in found))


def also_logged(
    error: BaseException, caught: Iterable[Any], item: Any, labels: Labels
) -> tuple[NeverAwaited, ...]:
    """Return the same, also for an error that the code logged before it continued."""
    found = read(error, caught, item, labels)
    logged = swallowing_handlers.logged(item) if not found and type(error) is AssertionError else ()
    return found or next(filter(None, (read(one, (), item, labels) for one in logged)), ())


def _first(error: BaseException) -> BaseException:
    """Return the error that made a user line raise *error*, else *error* itself."""
    for before in islice(_before(error), DEEP):
        users = failing_line.users_of(failing_line.trace_of(error))
        step = failing_line.at(users[-1], _no_patch).step if users else None
        if _mentioned(error) or not isinstance(step, ast.Raise):
            return error
        error = before
    return error


def _mentioned(error: BaseException) -> bool:
    """Return whether *error* reports a coroutine where something else should be."""
    said = objects.said(error)
    if type(error) not in ERRORS or (type(error) is TypeError and WANTED.search(said)):
        return False
    return "coroutine" in said


def _refused(error: BaseException) -> bool:
    """Return whether a library reports in its own error that it can't take a value."""
    checks = any(kind.__name__.endswith("ValidationError") for kind in objects.mro(type(error)))
    return checks or any(_mentioned(one) for one in islice(_before(error), DEEP))


def _before(error: BaseException) -> Iterator[BaseException]:
    """Yield the errors that *error* was raised from, or that were being handled then."""
    while behind := objects.behind(error):
        error = behind[0]
        yield error


def _of_line(
    error: BaseException,
    where: At,
    below: Sequence[TracebackType],
    caught: Iterable[Any],
    item: Any,
    labels: Labels,
) -> list[NeverAwaited]:
    file = where.frame.f_code.co_filename
    if held := _held(error, where, below):
        found = [
            never_awaited.record(
                one.__qualname__, one.cr_code, (file, line), item, labels, None, one
            )
            for one, line in held
        ]
        found = [_plainly(_not_of_others(one, item), file) for one in found]
    elif type(error) is TypeError and (called := _called(where)):
        name, code, line = called
        made = never_awaited.record(name, code, (file, line), item, labels)
        at = Place(labels.file(file), line, code.co_name)
        written = never_awaited.awaited_as(name, code, file, line)
        found = [replace(made, made_at=at, awaited_as=written)]
    else:
        found = [never_awaited.read(one, item, (), labels) for one in _gone(caught, where)]
    if len(found) == 1 and (call := _asked_of(where)) is not None:
        at = Place(labels.file(file), call.lineno, calls.last(call.func))
        code = where.frame.f_code
        plain = not code.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR)
        return [replace(found[0], made_at=at, made_by=code.co_name, in_plain=plain)]
    return found


def _asked_of(where: At) -> ast.Call | None:
    """Return the call whose direct result was read for an attribute or an item."""
    match where.node:
        case ast.Attribute(value=ast.Call() as call) | ast.Subscript(value=ast.Call() as call):
            return call
    return None


def _of_fixture(one: NeverAwaited, where: At, item: Any, labels: Labels) -> NeverAwaited:
    """Return *one* with the plain fixture whose value it is, if the failing lines use that."""
    if one.made_at is not None:
        return one
    for name, definition in fixtures.definitions(item).items():
        value: Any = fixture_tables.value_of(definition)
        given = _is_new(value) and any(each is value for each in where.frame.f_locals.values())
        if given and value.__qualname__ == one.name and fixtures.users(definition):
            made = _returned(definition, value.cr_code.co_name, labels)
            return replace(one, made_at=made, made_by=name, fixture=name)
    return one


def _returned(definition: Any, called: str, labels: Labels) -> Place | None:
    """Return the line of the fixture that returns the call of *called*, else its `def`."""
    code = fixtures.users_code(definition)
    if code is None:
        return None
    lines = {
        one.line
        for one in calls.within(code.co_filename, called)
        if (one.function, one.returned) == (code.co_name, True)
    }
    if len(lines) != 1:
        return fixtures.place(definition, labels)
    return Place(labels.file(code.co_filename), lines.pop(), called)


def _not_of_others(one: NeverAwaited, item: Any) -> NeverAwaited:
    """Leave out a line of another test: it did not create what this one has."""
    test = user_code.test(item)
    made_by = one.made_by or ""
    others = test is not None and made_by.startswith("test") and made_by != test.co_name
    return replace(one, made_at=None, made_by=None) if others else one


def _plainly(one: NeverAwaited, file: str) -> NeverAwaited:
    """Leave out the name of the call if the line has several: any choice would be a guess."""
    if one.owner == "user" or one.made_at is None:
        return one
    there = calls.at(file, one.made_at.line)
    return replace(one, made_at=replace(one.made_at, name=None)) if len(there) > 1 else one


def _handed_in(
    coroutine: Any, below: Sequence[TracebackType], line: Line, item: Any, labels: Labels
) -> NeverAwaited:
    """Return the coroutine that a library received, with the user line that returned it."""
    code = coroutine.cr_code
    made = []
    for function in _functions(below):
        file = function.__code__.co_filename
        for one in calls.calls([file], code.co_name):
            if one.function == function.__name__ and not one.awaited:
                made.append(one)
    said = never_awaited.record(coroutine.__qualname__, code, line, item, labels, None, coroutine)
    if len({(one.file, one.line) for one in made}) != 1:
        return said
    at = Place(labels.file(made[0].file), made[0].line, made[0].name)
    plain = calls.in_plain(made[0])
    return replace(said, made_at=at, made_by=made[0].function, in_plain=plain)


def _functions(below: Sequence[TracebackType]) -> list[FunctionType]:
    """Return the user functions that these frames were to call."""
    values = [value for one in below for value in one.tb_frame.f_locals.values()]
    steps = [part for one in values for _, part in islice(objects.steps(one), MOST)]
    found = {id(one): one for one in (*values, *steps) if type(one) is FunctionType}
    return [
        one for one in found.values() if project_files.owner(one.__code__.co_filename) == "user"
    ]


def _held(error: BaseException, where: At, below: Sequence[TracebackType]) -> list[Made]:
    if type(error) is AssertionError:
        return [*_asserted(where), *(_named(one, where) for one in _below(below))]
    if type(error) is AttributeError:
        asked = AttributeError.__dict__["obj"].__get__(error)
        return [_named(asked, where)] if _is_new(asked) else []
    held = _said(where) or _operands(where) or _below(below)
    return [_named(one, where) for one in held]


def _is_new(value: object) -> bool:
    return type(value) is CoroutineType and inspect.getcoroutinestate(value) == inspect.CORO_CREATED


def _operands(where: At) -> list[Any]:
    """Return the coroutines in an `assert`: pytest keeps its operands among the frame's locals."""
    return _once(one for one in asserted_values.operands(where.frame) if _is_new(one))


def _asserted(where: At) -> Iterator[Made]:
    """Yield what a failed `assert` took for a result: an operand, or a part of one."""
    found = _operands(where)
    match where.step:
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
            sides = [meaning.of_run(one, where.frame) for one in (left, right)]
            found += [one for one in sides if _is_new(one)]
            if not any(isinstance(one, ast.List) and not one.elts for one in (left, right)):
                found += [
                    part
                    for one in (*sides, *asserted_values.operands(where.frame))
                    for part in _parts(one)
                ]
        case ast.Assert(test=ast.UnaryOp(op=ast.Not(), operand=operand)):
            value = meaning.of_run(operand, where.frame)
            found += [value] if _is_new(value) else []
    yield from (_named(one, where) for one in _once(found))


def _said(where: At) -> list[Any]:
    """Return the coroutines that the failing expression has a name for, alone or in a list."""
    found: list[Any] = []
    for node in _nodes(where):
        value = meaning.of_run(node, where.frame) if isinstance(node, ast.expr) else None
        found += [value] if _is_new(value) else _parts(value)
    return _once(found)


def _below(trace: Sequence[TracebackType]) -> list[Any]:
    """Return the coroutines that the line passed to the library that failed."""
    values = [value for one in trace for value in one.tb_frame.f_locals.values()]
    return _once(value for one in values for value in (one, *_parts(one)) if _is_new(value))


def _parts(value: object) -> list[Any]:
    if type(value) not in (list, tuple, dict):
        return []
    return [one for _, one in islice(objects.steps(value), MOST) if _is_new(one)]


def _called(where: At) -> tuple[str, CodeType, int] | None:
    """Return the only `async def` that the failing expression calls without an `await`."""
    nodes = [*_nodes(where)]
    awaited = {id(node.value) for node in nodes if isinstance(node, ast.Await)}
    found = set()
    for node in nodes:
        if isinstance(node, ast.Call) and id(node) not in awaited:
            called = callees.function_of(where.mean(node.func))
            if type(called) is FunctionType and called.__code__.co_flags & inspect.CO_COROUTINE:
                found.add((called.__qualname__, called.__code__, node.lineno))
    return found.pop() if len(found) == 1 else None


def _nodes(where: At) -> Iterator[ast.AST]:
    """Yield the parts of the expression that failed, of its statement if that is unknown."""
    for root in [where.node] if isinstance(where.node, ast.expr) else where.heads():
        yield from ast.walk(root)


def _gone(caught: Iterable[Any], where: At) -> list[Any]:
    """Return the warnings about coroutines that the failing statement dropped."""
    file = where.frame.f_code.co_filename
    end = (where.step.end_lineno if where.step is not None else None) or where.line
    lines = range(min(where.line, getattr(where.step, "lineno", where.line)), end + 1)
    return [
        one
        for one in caught
        if unawaited_warnings.is_one(one) and one.filename == file and one.lineno in lines
    ]


def _named(coroutine: Any, where: At) -> Made:
    """Return the line that assigned it to the name on the failing line, else that line."""
    frame: FrameType = where.frame
    functions = parsed_files.enclosing(frame.f_code.co_filename, where.line)
    line = None
    for name, value in frame.f_locals.items():
        if value is coroutine and functions:
            line = line or parsed_files.assigned(functions[0], name)
    return coroutine, line or where.line


def _once(values: Iterable[Any]) -> list[Any]:
    return [*{id(one): one for one in values}.values()]
