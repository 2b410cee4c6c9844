"""The failing line that took an async double's coroutine for the result."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import CoroutineType, FunctionType, TracebackType

from loopcheck.process import objects
from loopcheck.process.doubles import double_makers, doubles
from loopcheck.process.objects import UNKNOWN
from loopcheck.source import calls, failing_line
from loopcheck.source.failing_line import At, Look, Stumble
from loopcheck.source.nodes import calls_in, nodes_entering
from loopcheck.source.values import asserted_values, callees

WORD = "coroutine"
DEEPEST = 3  # nesting of containers
WIDEST = 50
PLAIN = ("pipeline", "pubsub", "lock", "register_script", "scan_iter")  # sync in all known clients


def read(error: BaseException, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the async double whose coroutine is in the failing line."""
    if objects.is_a(error, Warning):
        yield from _warned_of(trace, look)
        return
    last = failing_line.at(trace[-1], look.stood)
    thing = _about(error)
    if thing is not None and (mock := doubles.behind(thing)) is not None:
        node = last.node.value if isinstance(last.node, ast.Attribute) else None
        yield _stumble(mock, node, last)
        return
    if thing is not None and (function := _fakes(thing, look)) is not None:
        node = last.node.value if isinstance(last.node, ast.Attribute) else None
        yield _stumble(function, node, last)
        return
    asserted = objects.is_a(error, AssertionError)
    if not asserted and not _says(error):
        if objects.is_a(error, TypeError) and last.owner == "user":
            yield from _refused(last, look)
        return
    users = failing_line.users_of(trace)
    for one in dict.fromkeys((*users[-1:], trace[-1])):
        where = failing_line.at(one, look.stood)
        found = next(_in_line(where, asserted, look), None) or next(
            _kept(where, asserted, look), None
        )
        if found is not None:
            yield found
            return
    yield from _freed(trace, look) if not asserted else ()


def _refused(where: At, look: Look) -> Iterator[Stumble]:
    """Yield the double whose coroutine the failing call got: "can only join an iterable"."""
    given = where.node.args if isinstance(where.node, ast.Call) else []
    here = where.frame.f_code.co_filename, where.line
    for warned in look.warned if given else ():
        mock = doubles.behind(warned.source)
        if mock is not None and (warned.filename, warned.lineno) == here:
            name = objects.peek(mock, "_mock_new_name")
            own = [
                one for one in given if isinstance(one, ast.Call) and calls.last(one.func) == name
            ]
            if len(own) == 1:
                yield Stumble(double=mock, wanted="result", node=own[0], at=where, kind=WORD)


def _warned_of(trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the double whose coroutine Python warns of with an error: `-W error`.

    The error stands where the coroutine was freed, in whatever line ran then. Python's own function
    that warns has it as an argument.
    """
    where = failing_line.at(trace[-1], look.stood)
    for value in where.frame.f_locals.values() if where.owner != "user" else ():
        mock = doubles.behind(value) if type(value) is CoroutineType else None
        if mock is not None:
            yield Stumble(double=mock, wanted="result", node=None, at=where, kind=WORD, freed=True)
            return


def _freed(trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the double whose coroutine the failing line freed: no name of a frame led to it."""
    for one in failing_line.users_of(trace)[-1:]:
        where = failing_line.at(one, look.stood)
        here = where.frame.f_code.co_filename, where.line
        for warned in look.warned:
            mock = doubles.behind(warned.source)
            if mock is not None and (warned.filename, warned.lineno) == here:
                name = objects.peek(mock, "_mock_new_name")
                named = [node for node in calls_in(*where.heads()) if calls.last(node.func) == name]
                yield _stumble(mock, named[0] if len(named) == 1 else None, where)


def _about(error: BaseException) -> object | None:
    """Return the object that *error* is about, if it names it."""
    if objects.is_a(error, AttributeError):
        found: object = AttributeError.__dict__["obj"].__get__(error)
        return found
    args = objects.args_of(error)
    return next((one for one in args if type(one) is CoroutineType), None)


def _says(error: BaseException) -> bool:
    checked = objects.type_name(error).startswith("pydantic")  # it keeps its message to itself
    return WORD in objects.said(error) or checked


def _stumble(mock: object, node: ast.AST | None, where: At) -> Stumble:
    sure = type(mock) is not doubles.Fake  # a fake is known by its name only, not by an original
    return Stumble(double=mock, wanted="result", node=node, at=where, kind=WORD, sure=sure)


def _in_line(where: At, asserted: bool, look: Look) -> Iterator[Stumble]:
    """Yield the values of the failing line's expressions, in the order of the text."""
    exact = isinstance(where.node, ast.expr) and not asserted
    parts = [where.node, *where.heads()] if exact else where.heads()  # for `a, b = …` the names
    for part in filter(None, parts):
        yield from _expressions(part, where, look)


def _expressions(part: ast.AST, where: At, look: Look) -> Iterator[Stumble]:
    known = set[ast.AST]()

    def enters(node: ast.AST) -> bool:
        return not isinstance(node, ast.Await | ast.Lambda) and node not in known

    for node in nodes_entering(enters, [part]):
        if not isinstance(node, ast.Call | ast.Name | ast.Attribute | ast.Subscript):
            continue
        found = where.mean(node)
        if type(found) is doubles.Coroutine:
            double = found.of if doubles.calls(found.of) else None
        else:
            double = _new(found, look) or _called(node, where, look)
        if double is not None:
            known.add(node)
            yield _stumble(double, node, where)


def _new(thing: object, look: Look) -> object | None:
    """Return the double behind a coroutine that was never awaited."""
    if type(thing) is not CoroutineType:
        return None
    new = inspect.getcoroutinestate(thing) == inspect.CORO_CREATED
    return (doubles.behind(thing) or _fakes(thing, look)) if new else None


def _called(node: ast.AST, where: At, look: Look) -> object | None:
    """Return the `async def` that *node* calls, if it replaced a plain function."""
    callee = where.mean(node.func) if isinstance(node, ast.Call) else UNKNOWN
    function = callees.function_of(callee)
    if type(function) is not FunctionType or not function.__code__.co_flags & 0x80:
        return None
    return function if double_makers.real(function, look) == "sync" else None


def _fakes(coroutine: object, look: Look) -> object | None:
    """Return the `async def` behind a coroutine, if it replaced a plain function."""
    double = double_makers.fake_of(coroutine, look)
    if double is None:
        return None
    real = double_makers.real(double, look)
    plainly = real is None and type(double) is doubles.Fake and double.code.co_name in PLAIN
    return double if real == "sync" or plainly else None


def _kept(where: At, asserted: bool, look: Look) -> Iterator[Stumble]:
    """Yield the values that the frame's names lead to; pytest keeps the operands of an `assert`."""
    operands = asserted and where.owner == "user"
    space = where.frame.f_locals
    for value in asserted_values.operands(space) if operands else list(space.values()):
        mock = next(filter(None, (_new(one, look) for one in within(value))), None)
        if mock is not None:
            yield _stumble(mock, None, where)


def within(thing: object, depth: int = 0) -> Iterator[object]:
    """Yield *thing* and what it contains, a few levels deep."""
    yield thing
    if depth >= DEEPEST or objects.is_mock(thing):
        return
    kinds = (dict, list, tuple, set)
    if (
        type(thing) in kinds
        or type(thing).__dict__.get("__dataclass_fields__", UNKNOWN) is not UNKNOWN
    ):
        for number, (_, value) in enumerate(objects.steps(thing)):
            if number >= WIDEST:
                return
            yield from within(value, depth + 1)
