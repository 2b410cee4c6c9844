"""Reads of a middleware that has returned: what it wrote down is what the test compares.

A `BaseHTTPMiddleware` runs the endpoint in a task of its own, so below `call_next` it reads what
was there before. The value that the test finds has the default in it, in a thing that these lines
change.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType, FunctionType

from loopcheck.light import dataclass
from loopcheck.modes.tasks.lc214_lost_context import reading_lines, returned_reads
from loopcheck.modes.tasks.lc214_lost_context.reading_lines import Got
from loopcheck.modes.tasks.lc214_lost_context.setting_lines import Search
from loopcheck.process import asgi_apps, objects
from loopcheck.process.asgi_apps import AppFunction
from loopcheck.process.failure import Link
from loopcheck.source import effects, parsed_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.values import called_bodies, compared_values, meaning

DEEPEST = 3  # functions that the middleware calls


@dataclass(frozen=True, eq=False)
class WrittenRead:
    """A read below `call_next`, and the endpoint that ran there. Lives during a look only."""

    got: Got
    code: CodeType  # of the function that reads
    endpoint: FunctionType


def reads_behind(link: Link) -> Iterator[WrittenRead]:
    """Yield the reads whose default is in what the failed line compares, and is not expected."""
    step = link.user
    if step is None or type(link.error) is not AssertionError:
        return
    tests = [one.test for one in nodes_of(ast.Assert, *step.source.nodes())]
    found = [pair for test in tests for pair in compared_values.sides(test, step.frame)]
    names = meaning.names_of(step.frame)
    asked = effects.read_by(tests, names, step.frame.f_code)
    for route in asgi_apps.requests(step) if found else ():
        for middleware in asgi_apps.dispatchers(route.app):
            for got, code in _reads(middleware, asked):
                default = got.default
                if any(_shows(one, other, default) for one, other in found):
                    yield WrittenRead(got, code, route.endpoint)


def _shows(actual: object, expected: object, default: object) -> bool:
    return returned_reads.holds(actual, default) and not returned_reads.holds(expected, default)


def _reads(middleware: AppFunction, asked: effects.Sight) -> Iterator[tuple[Got, CodeType]]:
    """Yield the reads of *middleware* below `call_next`, if it then changes what is *asked*."""
    code = middleware.function.__code__
    block = parsed_files.function_of(code)
    names = meaning.in_call(middleware.function, middleware.given)
    answered = _answered(code, block) if block is not None else None
    if block is None or answered is None:
        return
    after = effects.rest(block.body, answered)
    sight = effects.Sight()
    effects.changed_by(after, names, code, sight)
    if effects.common(asked, sight) is None:
        return
    for got, reader in _got(called_bodies.Body(after, names, code)):
        own = Search(got.variable).before_line(code, names, block, answered)
        if got.default is not objects.ABSENT and not own:
            yield got, reader


def _answered(code: CodeType, block: Def) -> int | None:
    """Return the line that awaits the last parameter: `response = await call_next(request)`."""
    given = code.co_varnames[code.co_argcount - 1 : code.co_argcount]
    for one in nodes_of(ast.Await, block):
        match one.value:
            case ast.Call(func=ast.Name(id=name)) if name in given:
                return one.end_lineno or one.lineno
    return None


def _got(start: called_bodies.Body) -> Iterator[tuple[Got, CodeType]]:
    """Yield the reads of *start*, and of the project's functions that it calls."""
    for body in called_bodies.reached(start, deepest=DEEPEST):
        block = parsed_files.function_of(body.code)
        for call in calls_in(*body.steps):
            got = reading_lines.got_by(call, body.env, block, reading_lines.DEEPEST)
            if got is not None:
                yield got, body.code
