"""Plain functions around an `async def`: `iscoroutinefunction` says no of them.

So a dispatcher or a framework takes them for plain functions. It calls them in a thread, or drops
what they return: a coroutine.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import CodeType

from loopcheck.labels import Labels
from loopcheck.process import heap
from loopcheck.records import Place
from loopcheck.source import parsed_files, project_files
from loopcheck.source.assignments import assigned_values
from loopcheck.source.values import callees, meaning

NOT_PLAIN = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


def around(code: CodeType, labels: Labels) -> Place | None:
    """Return where a plain function of the project returns a call of the async function *code*.

    Its name is that of the plain function. A class may have several: then the first.
    """
    if not code.co_flags & inspect.CO_COROUTINE or project_files.owner(code.co_filename) != "user":
        return None
    for wrapper in heap.wrappers(code):
        own = wrapper.__code__
        if own.co_flags & NOT_PLAIN or project_files.owner(own.co_filename) != "user":
            continue
        names = meaning.in_call(wrapper, {})
        for call in returned_calls(own):
            called = callees.function(call.func, names)
            if called is not None and called.__code__ is code:
                return Place(labels.file(own.co_filename), call.lineno, own.co_name)
    return None


def returned_calls(code: CodeType) -> Iterator[ast.Call]:
    """Yield the calls whose results *code* returns as they are, also through a name."""
    block = parsed_files.function_of(code)
    for value in parsed_files.results_of_code(code):
        named = assigned_values(value.id, block) if isinstance(value, ast.Name) else [value]
        yield from (one for one in named if isinstance(one, ast.Call))
