"""The error behind a 500 response: the server has logged it, and the test sees a number."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from loopcheck.process import failure, objects
from loopcheck.source.catching import swallowing_handlers
from loopcheck.source.nodes import nodes_of
from loopcheck.source.values import asserted_values

peek = objects.peek


def behind(error: BaseException, item: Any) -> tuple[BaseException, ...]:
    """Return the last error in a log of the test, if *error* is about a 500 response."""
    logged = [
        one for one in swallowing_handlers.unhandled(item) if one is not error and _of_users(one)
    ]
    return tuple(logged[-1:]) if logged and _is_about_500(error) else ()


def _of_users(error: BaseException) -> bool:
    links = failure.chain(error)
    return any(step.owner == "user" for link in links for step in link.trace)


def _is_about_500(error: BaseException) -> bool:
    said = peek(error, "status"), peek(peek(error, "response"), "status_code")
    return any(map(_is_500, (*said, *_compared(error))))


def _is_500(value: object) -> bool:
    return type(value) is int and 500 <= value < 600


def _compared(error: BaseException) -> Iterator[object]:
    """Yield the values of the assertion that *error* comes from."""
    if type(error) is not AssertionError:
        return
    link = next(failure.chain(error))
    step = link.trace[-1] if link.trace else None
    statement = (
        swallowing_handlers.assertion(step) if step is not None and step.owner == "user" else None
    )
    if step is None or statement is None or not _asks_for_status(statement):
        return
    wanted = [node.value for node in nodes_of(ast.Constant, statement)]
    for value in asserted_values.in_statement(step.frame, statement):
        if type(value) is int and value not in wanted:
            yield value


def _asks_for_status(statement: ast.stmt) -> bool:
    said = ast.unparse(statement)
    return "status" in said or "code" in said
