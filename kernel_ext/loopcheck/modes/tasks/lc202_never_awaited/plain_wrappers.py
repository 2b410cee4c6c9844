"""What only LC202 asks: the plain function whose `except` is over before the coroutine runs.

A decorator or method that was written for plain functions calls an `async def`, and returns its
coroutine. Its caller awaits that later, when the `try` around the call has ended.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from types import CodeType, FunctionType

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import parsed_files
from loopcheck.source.assignments import assigned_values
from loopcheck.source.catching import handlers
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 4  # wrappers around one function
_NOT_PLAIN = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR
Returned = tuple[CodeType, ast.Call]  # a plain function, and the call whose coroutine it returns


@frozen
class PlainWrapper:
    """A plain function that returns a coroutine from within a `try`."""

    name: str  # "wrapper"
    qualname: str  # "optional.<locals>.wrapper"
    coroutine: str  # "Client.fetch"
    returns_at: Place
    handler: str  # "except OSError"
    handler_at: Place
    error: str
    raised_at: Place


def find_plain_wrapper(live: Live) -> PlainWrapper | None:
    """Return the first one on the way of the error, if its handler was to take that."""
    link = live.links[0]
    kinds = [objects.class_name(one).rpartition(".")[2] for one in objects.mro(type(link.error))]
    for above, below in pairwise(reversed(link.users)):
        code = below.frame.f_code
        for wrapper, call in _between(above, code) if code.co_flags & inspect.CO_COROUTINE else ():
            handler = handlers.taker(wrapper.co_filename, call.lineno, kinds)
            if handler is None or not _takes(handler):
                continue
            return PlainWrapper(
                name=wrapper.co_name,
                qualname=wrapper.co_qualname,
                coroutine=await_chain.short(code.co_qualname),
                returns_at=await_chain.place(wrapper, call.lineno, live.labels),
                handler=handlers.words(handler),
                handler_at=await_chain.place(wrapper, handler.node.lineno, live.labels),
                error=kinds[0],
                raised_at=link.users[0].place(live.labels),
            )
    return None


def _takes(handler: handlers.Handler) -> bool:
    """Return whether *handler* keeps its error from the caller."""
    return not isinstance(handler.node, ast.ExceptHandler) or not handlers.passes_on(handler.node)


def _between(above: Step, code: CodeType) -> Iterator[Returned]:
    """Yield the plain functions through which *above* has called *code*, outermost first."""
    env = meaning.names_of(above.frame)
    for call in calls_in(*above.source.nodes()):
        way = _way(callees.function(call.func, env), call, env, code, 0)
        if way:
            yield from way
            return


def _way(
    function: FunctionType | None, call: ast.Call | None, env: Env, wanted: CodeType, depth: int
) -> list[Returned]:
    """Return the plain functions from *function* down to the one that calls *wanted*."""
    if function is None or depth > DEEPEST or function.__code__.co_flags & _NOT_PLAIN:
        return []
    if not callees.of_user(function):  # a decorator of a library: it calls what it has taken
        taken = [one for one in objects.closed_over(function).values() if type(one) is FunctionType]
        ways = (_way(one, None, {}, wanted, depth + 1) for one in taken)
        return next(filter(None, ways), [])
    inner = callees.inside(call, env) if call is not None else None
    names = inner[0] if inner is not None else meaning.in_call(function, {})
    for one in _returned(function.__code__):
        called = callees.function(one.func, names)
        if called is not None and called.__code__ is wanted:
            return [(function.__code__, one)]
        below = _way(called, one, names, wanted, depth + 1)
        if below:
            return [(function.__code__, one), *below]
    return []


def _returned(code: CodeType) -> Iterator[ast.Call]:
    """Yield the calls whose results *code* returns as they are, also through a name."""
    block = parsed_files.function_of(code)
    for value in parsed_files.results_of_code(code):
        named = assigned_values(value.id, block) if isinstance(value, ast.Name) else [value]
        yield from (one for one in named if isinstance(one, ast.Call))
