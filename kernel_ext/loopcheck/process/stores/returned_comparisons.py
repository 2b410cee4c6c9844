"""A comparison of a client's bytes in a function that the failing `assert` has called.

`assert await book.finished("j1")`: the bytes were compared in there, and nothing keeps them. The
watch over stores has the last answers of the test.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import CodeType

from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.stores.bytes_and_text import Mixed, parted
from loopcheck.source import parsed_files
from loopcheck.source.nodes import results_of
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

Latest = Callable[[object, str], bytes | None]  # the last answer to a command, by a client's pool


def read(step: Step, latest: Latest) -> Mixed | None:
    """Return the comparison behind the call that *step* asserts, if it would hold for text."""
    match step.source.statement:
        case ast.Assert(test=ast.Await(value=ast.Call() as call) | (ast.Call() as call)):
            inside = callees.inside(call, meaning.names_of(step.frame))
            return _compared(*inside, latest) if inside is not None else None
    return None


def _compared(env: Env, code: CodeType, latest: Latest) -> Mixed | None:
    results = list(results_of(parsed_files.function_of(code)))
    match results:
        case [ast.Compare(left=left, ops=[ast.Eq() | ast.In() as how], comparators=[right])]:
            for asked in (left, right):
                client, answer = _answered(asked, env, latest)
                if answer is None:
                    continue
                one, other = (
                    answer if each is asked else callees.value(each, env) for each in (left, right)
                )
                known = meaning.known(one) and meaning.known(other)
                found = parted(how, one, other, "bytes") if known else None
                if found is not None:
                    place = (code.co_filename, asked.lineno, code.co_name)
                    return Mixed(
                        found[0],
                        "bytes",
                        (asked,),
                        *found[1:],
                        proved=False,  # another command may have got that answer
                        by=client,
                        place=place,
                    )
    return None


def _answered(asked: ast.expr, env: Env, latest: Latest) -> tuple[object, bytes | None]:
    """Return the client that *asked* awaits an answer of, and that answer."""
    match asked:
        case ast.Await(value=ast.Call(func=ast.Attribute(value=of, attr=command))):
            client = callees.value(of, env)
            pool = objects.peek(client, "connection_pool") if meaning.known(client) else None
            return client, latest(pool, command.upper()) if pool is not None else None
    return None, None
