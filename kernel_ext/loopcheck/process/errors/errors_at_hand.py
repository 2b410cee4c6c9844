"""Errors that a failing line has at hand, though Python chains nothing there.

A hand-written retry raises outside every `except`, and the error that it kept is the cause.
`gather` returns errors among its results, and an assertion fails because of them. A job's result
has an empty value, and keeps the error beside it.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator, Sequence
from types import FrameType

from loopcheck.process import futures, objects
from loopcheck.source import parsed_files
from loopcheck.source.catching import handlers
from loopcheck.source.nodes import nodes_of, spans_line
from loopcheck.source.values import meaning

KEPT = 20  # errors of one list
_STATES = (type(None), bool, str, enum.Enum, BaseException)  # a result has these, too, if it failed


def before(
    frame: FrameType,
    line: int,
    span: tuple[int, int, int] | None,
    logged: Sequence[BaseException],
) -> tuple[BaseException, ...]:
    """Return the errors that led to the `raise` at *line*, newest first, also *logged* ones."""
    file = frame.f_code.co_filename
    if parsed_files.step_at(file, line, span) != "raise":
        return ()
    held = [(n, error) for n, value in list(frame.f_locals.items()) for error in _errors(value)]
    kept = [
        (name, error, came_up)
        for name, error in (*(("", one) for one in logged), *held)
        if (came_up := _caught_at(error, frame)) is not None
    ]
    blocks = parsed_files.enclosing(file, line) if kept else []
    if not blocks:
        return ()
    named = parsed_files.names_at(file, line) | set(_asked(blocks[0], line))
    return tuple(
        error
        for name, error, came_up in reversed(kept)
        if name in named or _only_way(blocks[0], came_up, line)
    )


def among_results(frame: FrameType, line: int) -> tuple[BaseException, ...]:
    """Return the errors among the results that the assertion at *line* is about.

    `gather(…, return_exceptions=True)` returns them as if they were results.
    """
    named = parsed_files.names_at(frame.f_code.co_filename, line)
    values = list(frame.f_locals.items())
    asked = [value for name, value in values if name in named]
    found = []
    for _, several in values:
        if type(several) is list or type(several) is tuple:
            whole = any(one is several for one in asked)
            found += [
                error
                for part in several[:KEPT]
                for error in _errors(part)
                if whole or any(one is error for one in asked)
            ]
    return tuple(one for one in found if objects.trace_of(one) is not None)


def beside_results(
    frame: FrameType, line: int, logged: Sequence[BaseException]
) -> tuple[BaseException, ...]:
    """Return the errors that the objects in the assertion at *line* keep instead of a result.

    A copy without a traceback stands for the *logged* error that it was made of.
    """
    found: dict[int, BaseException] = {}
    for node in parsed_files.nodes_at(frame.f_code.co_filename, line):
        if not isinstance(node, ast.Attribute | ast.Subscript):
            continue
        for owner in _results(node.value, frame, line):
            if _shows_failure(_part(owner, node, frame)):
                for error in _errors_in(owner):
                    source = _with_trace(error, logged)
                    if source is not None:
                        found[id(source)] = source
    return tuple(found.values())


def _results(node: ast.expr, frame: FrameType, line: int) -> list[object]:
    """Return the objects that *node* may stand for: in a comprehension those that it goes over."""
    value = meaning.of(node, frame)
    if meaning.known(value):
        return [value]
    if not isinstance(node, ast.Name):
        return []
    lists = (
        meaning.of(one.iter, frame)
        for one in parsed_files.standing_at(frame.f_code.co_filename, line)
        if isinstance(one, ast.comprehension) and ast.unparse(one.target) == node.id
    )
    return [
        one for many in lists if type(many) is list or type(many) is tuple for one in many[:KEPT]
    ]


def _part(owner: object, node: ast.Attribute | ast.Subscript, frame: FrameType) -> object:
    if isinstance(node, ast.Attribute):
        return objects.attribute(owner, node.attr)
    return meaning.part(owner, meaning.of(node.slice, frame))


def _shows_failure(value: object) -> bool:
    """True if an attribute with *value* may belong to a result that has failed."""
    if not meaning.known(value) or any(objects.is_a(value, kind) for kind in _STATES):
        return True
    plain = type(value) in (int, float, bytes, list, tuple, dict, set, frozenset)
    return plain and not value


def _errors_in(owner: object) -> list[BaseException]:
    """Return the errors that *owner* keeps under a name, or under a key if it is a dict."""
    if objects.is_mock(owner) or objects.is_a(owner, BaseException) or futures.is_future(owner):
        return []
    mark = "[" if type(owner) is dict else "."
    kept = [value for path, value in objects.steps(owner) if path.startswith(mark)]
    return [one for one in kept if objects.is_a(one, BaseException)]


def _with_trace(error: BaseException, logged: Sequence[BaseException]) -> BaseException | None:
    """Return *error*, or the logged one that it is a copy of, if one has a traceback."""
    if objects.trace_of(error) is not None:
        return error
    given = objects.args_of(error)
    for one in logged:
        others = objects.args_of(one)
        same = len(given) == len(others) and all(a is b for a, b in zip(given, others, strict=True))
        if type(one) is type(error) and given and same and objects.trace_of(one) is not None:
            return one
    return None


def _errors(value: object) -> list[BaseException]:
    values = value[-KEPT:] if type(value) is list else [value]
    return [one for one in values if objects.is_a(one, BaseException)]


def _caught_at(error: BaseException, frame: FrameType) -> int | None:
    """Return the line of *frame* that raised *error*, None if it was not caught there."""
    trace = objects.trace_of(error)
    return trace.tb_lineno if trace is not None and trace.tb_frame is frame else None


def _asked(block: ast.AST, line: int) -> Iterator[str]:
    """Yield the names in the conditions around *line*: `if errors: raise …`."""
    for node in nodes_of(ast.If, block):
        if spans_line(node, line):
            yield from (one.id for one in nodes_of(ast.Name, node.test))


def _only_way(block: ast.FunctionDef | ast.AsyncFunctionDef, came_up: int, line: int) -> bool:
    """Return whether *line* runs only if the `try` around *came_up* has failed."""
    around = handlers.path_to(block.body, came_up)
    tries = [node for node in around if isinstance(node, ast.Try | ast.TryStar)]
    return any(_leaves(one.orelse or one.body) and (one.end_lineno or 0) < line for one in tries)


def _leaves(body: list[ast.stmt]) -> bool:
    """Return whether the last statement of *body* returns."""
    last = body[-1]
    if isinstance(last, ast.With | ast.AsyncWith):
        return _leaves(last.body)
    return isinstance(last, ast.Return)
