"""What only LC202 asks: the plain function that is over before the coroutine it returns has run.

A decorator or method that was written for plain functions calls an `async def`, and returns its
coroutine. Its caller awaits that later, when the `try` around the call has ended, or when the
library that would call it again has taken the coroutine for its result.
"""

from __future__ import annotations

import ast
import inspect
import re
from itertools import pairwise
from types import CodeType, FunctionType

from loopcheck.case.live import Live
from loopcheck.light import dataclass, frozen, replace
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source.catching import handlers
from loopcheck.source.coroutines import hiding_wrappers
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 4  # wrappers around one function
RETRIES = re.compile(r"(?i)retr|attempt|backoff|breaker")  # in the names of what calls it again


@frozen
class PlainWrapper:
    """A plain function that returns a coroutine, where an error of that should be handled."""

    name: str  # "wrapper"
    qualname: str  # "optional.<locals>.wrapper"
    coroutine: str  # "Client.fetch"
    returns_at: Place
    error: str
    raised_at: Place
    handler: str = ""  # around that line: "except OSError"
    handler_at: Place | None = None
    library: str = ""  # if no handler: what would call it again, "tenacity"


@dataclass(frozen=True, eq=False)
class Layer:
    """A plain function around a coroutine function. Lives during a look only."""

    function: FunctionType
    call: ast.Call | None = None  # whose coroutine it returns, if it is the project's


def find_plain_wrapper(live: Live) -> PlainWrapper | None:
    """Return the first one on the way of the error, if something there was to handle that."""
    link = live.links[0]
    kinds = objects.class_names(link.error)
    for above, below in pairwise(reversed(link.users)):
        code = below.frame.f_code
        layers = _between(above, below, link) if code.co_flags & inspect.CO_COROUTINE else []
        for number, one in enumerate(layers):
            wrapper = one.function.__code__
            if one.call is None:
                continue
            found = PlainWrapper(
                name=wrapper.co_name,
                qualname=wrapper.co_qualname,
                coroutine=await_chain.short(code.co_qualname),
                returns_at=await_chain.place(wrapper, one.call.lineno, live.labels),
                error=kinds[0],
                raised_at=link.users[0].place(live.labels),
            )
            handler = handlers.taker(wrapper.co_filename, one.call.lineno, kinds)
            if handler is not None and _takes(handler):
                at = await_chain.place(wrapper, handler.node.lineno, live.labels)
                return replace(found, handler=handlers.words(handler), handler_at=at)
            library = next(filter(None, map(_retries, layers[:number])), "")
            if library:
                return replace(found, library=library)
    return None


def _takes(handler: handlers.Handler) -> bool:
    """Return whether *handler* keeps its error from the caller."""
    return not isinstance(handler.node, ast.ExceptHandler) or not handlers.passes_on(handler.node)


def _retries(layer: Layer) -> str:
    """Return the library of *layer*, if its decorator calls a function again when that fails."""
    if layer.call is not None:
        return ""
    # `functools.wraps` gives it the module and the name of what it calls.
    module, code = str(layer.function.__globals__.get("__name__")), layer.function.__code__
    kept = map(objects.type_name, objects.closed_over(layer.function).values())
    known = any(map(RETRIES.search, (module, code.co_qualname, *kept)))
    return module.partition(".")[0] if known else ""


def _between(above: Step, below: Step, link: Link) -> list[Layer]:
    """Return the plain functions through which *above* has called *below*, outermost first."""
    env, nodes = meaning.names_of(above.frame), [*above.source.nodes()]
    frames = [one.frame for one in link.trace]
    awaited = {id(one.value) for one in nodes_of(ast.Await, *nodes)}
    next_one = frames.index(above.frame) + 1 == frames.index(below.frame)
    for call in calls_in(*nodes):
        search = _Search(below.frame.f_code, next_one and id(call) in awaited)
        found = search.way(callees.function(call.func, env), call, env, 0)
        if found:
            return found
    return []


@dataclass(frozen=True, eq=False)
class _Search:
    wanted: CodeType  # of the coroutine
    awaited: bool  # the caller awaits just that coroutine

    def way(
        self, function: FunctionType | None, call: ast.Call | None, env: Env, depth: int
    ) -> list[Layer]:
        """Return the plain functions from *function* down to the one that returns the coroutine."""
        if (
            function is None
            or depth > DEEPEST
            or function.__code__.co_flags & hiding_wrappers.NOT_PLAIN
        ):
            return []
        if not callees.of_user(function):  # a decorator of a library: it calls what it has taken
            kept = objects.closed_over(function).values()
            taken = [one for one in kept if type(one) is FunctionType and one is not function]
            ways = (self.way(one, None, {}, depth + 1) for one in taken)
            return next(([Layer(function), *one] for one in ways if one), [])
        inner = callees.inside(call, env) if call is not None else None
        names = inner[0] if inner is not None else meaning.in_call(function, {})
        results = list(hiding_wrappers.returned_calls(function.__code__))
        unknown = False
        for one in results:
            called = callees.function(one.func, names)
            unknown = called is None
            if called is not None and called.__code__ is self.wanted:
                return [Layer(function, one)]
            below = self.way(called, one, names, depth + 1)
            if below:
                return [Layer(function, one), *below]
        # The only result of what the caller awaits is the coroutine, whatever makes it.
        if self.awaited and unknown and len(results) == 1:
            return [Layer(function, results[0])]
        return []
