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
from loopcheck.light import frozen, replace
from loopcheck.modes.tasks.lc202_never_awaited.evidence import set_at
from loopcheck.process.doubles import doubles
from loopcheck.process.failure import Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import parsed_files
from loopcheck.source.nodes import nodes_of
from loopcheck.source.values import callees, meaning


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
    call, mock, function = found[0]
    return AsyncEffect(
        mock=plain(ast.unparse(call.func)),
        coroutine=await_chain.short(function.__qualname__),
        is_object=type(callees.function_of(doubles.effect(mock))) is not FunctionType,
        awaited_at=replace(step.place(live.labels), line=call.lineno),
        set_at=set_at(mock, "side_effect", live),
    )


def _awaited(step: Step) -> Iterator[tuple[ast.Call, object, FunctionType]]:
    """Yield the calls of mocks that *step* has awaited, with the coroutine function behind each."""
    for one in nodes_of(ast.Await, parsed_files.function_of(step.frame.f_code)):
        call = one.value
        if not isinstance(call, ast.Call) or call.lineno > step.line:
            continue
        mock = doubles.mock_of(meaning.of(call.func, step.frame))
        function = _behind(doubles.effect(mock)) if mock is not None else None
        if mock is not None and function is not None and doubles.is_async(mock):
            yield call, mock, function


def _behind(effect: object) -> FunctionType | None:
    """Return the function whose coroutine *effect* returns, if a mock doesn't await that."""
    called = callees.function_of(callees.called(effect))
    if type(called) is not FunctionType:
        return None
    if _is_async(called):
        return called if called is not callees.function_of(effect) else None
    env = meaning.in_call(called, {})
    for one in parsed_files.results_of_code(called.__code__):
        function = callees.function(one.func, env) if isinstance(one, ast.Call) else None
        if function is not None and _is_async(function):
            return function
    return None


def _is_async(function: FunctionType) -> bool:
    return bool(function.__code__.co_flags & inspect.CO_COROUTINE)
