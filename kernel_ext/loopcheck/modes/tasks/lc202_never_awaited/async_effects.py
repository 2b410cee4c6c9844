"""What only LC202 asks: which side effect gave a mock the coroutine that it returned as a result.

`AsyncMock` awaits what an `async def` function returns. A lambda and an object with an
`async def __call__` are none, so it returns their coroutine as it is.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import FunctionType

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen
from loopcheck.modes.tasks.lc202_never_awaited.evidence import set_at
from loopcheck.process import objects
from loopcheck.process.doubles import doubles
from loopcheck.process.failure import Step
from loopcheck.records import Place
from loopcheck.source import parsed_files
from loopcheck.source.nodes import nodes_of
from loopcheck.source.values import meaning


@frozen
class AsyncEffect:
    """A side effect that returns a coroutine, and is no coroutine function."""

    mock: str  # as the line writes it: "self.source.table"
    coroutine: str  # "Rates.__call__"
    is_object: bool  # an object with an async `__call__`; else a function that calls one
    awaited_at: Place
    set_at: Place | None


def find_async_effect(live: Live) -> AsyncEffect | None:
    """Return the side effect behind the only mock that the failing function has awaited so far."""
    step = live.links[0].user if live.links else None
    found = list(_awaited(step)) if step is not None else []
    if step is None or len({id(mock) for _, mock, _ in found}) != 1:
        return None
    node, mock, function = found[0]
    is_object = doubles.effect(mock) is not function
    name = function.__qualname__ if is_object else _returned(function)
    place = step.place(live.labels)
    return AsyncEffect(
        mock=plain(ast.unparse(node.func)),
        coroutine=name.rpartition("<locals>.")[2],
        is_object=is_object,
        awaited_at=Place(place.file, node.lineno, place.name),
        set_at=set_at(mock, "side_effect", live),
    )


def _awaited(step: Step) -> Iterator[tuple[ast.Call, object, FunctionType]]:
    """Yield the calls of mocks that *step* has awaited, with the function of their side effect."""
    for one in nodes_of(ast.Await, parsed_files.function_of(step.frame.f_code)):
        call = one.value
        if not isinstance(call, ast.Call) or call.lineno > step.line:
            continue
        mock = doubles.mock_of(meaning.of(call.func, step.frame))
        function = _function(doubles.effect(mock)) if mock is not None else None
        if mock is not None and function is not None and doubles.is_async(mock):
            yield call, mock, function


def _function(effect: object) -> FunctionType | None:
    """Return what a call of *effect* runs, if that gives a coroutine which a mock doesn't await."""
    if type(effect) is FunctionType:
        plain_one = not effect.__code__.co_flags & inspect.CO_COROUTINE
        return effect if plain_one and _returned(effect) else None
    found = objects.class_attribute(type(effect), "__call__")
    if type(found) is FunctionType and found.__code__.co_flags & inspect.CO_COROUTINE:
        return found
    return None


def _returned(function: FunctionType) -> str:
    """Return the name of the `async def` function whose call is the result of *function*."""
    for node in _results(function):
        called = meaning.of(node.func, function) if isinstance(node, ast.Call) else None
        if type(called) is FunctionType and called.__code__.co_flags & inspect.CO_COROUTINE:
            return called.__qualname__
    return ""


def _results(function: FunctionType) -> Iterator[ast.expr]:
    for one in parsed_files.body_of(function.__code__):
        if isinstance(one, ast.expr):  # of a lambda
            yield one
        yield from (node.value for node in nodes_of(ast.Return, one) if node.value is not None)
