"""The error that a `gather` returned among its results, and the line that drops those.

It explains a failure only if the function that raised it would have changed what the line reads,
and if the project does not raise it on purpose: then the test may well expect it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice
from types import CodeType, FunctionType

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.pending import premature_asserts
from loopcheck.records import LoggedError, Place
from loopcheck.source import calls, effects, lines, modules, parsed_files
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.values import callees, meaning
from loopcheck.watch import gather_errors

MOST = 50  # objects whose method may have raised the error


def of_failure(error: BaseException, labels: Labels) -> LoggedError | None:
    """Return the error of this test that a `gather` returned, and that *error* is a result of."""
    entries = gather_errors.in_this_test()
    asked = premature_asserts.asked(error) if entries else None
    if asked is None:
        return None
    for entry in entries:
        dropped = entry.awaited
        if dropped is None or not _drops(*dropped) or _is_raise(*entry.raised[-1][:2]):
            continue
        for code, line, own in reversed(entry.raised):
            undone = _undone(code, line, own, asked)
            if undone is not None:
                last, number, _ = entry.raised[-1]
                key = entry.type == "KeyError"
                return LoggedError(
                    name=code.co_qualname.rpartition("<locals>.")[2],
                    type=entry.type.rpartition(".")[2],
                    message=repr(entry.said) if key else entry.said,
                    place=Place(labels.file(last.co_filename), number, last.co_name),
                    logger="",
                    logged_at=None,
                    undone=undone,
                    used_at=asked.place(labels),
                    dropped_at=Place(
                        labels.file(dropped[0].co_filename), dropped[1], dropped[0].co_name
                    ),
                )
    return None


def _drops(code: CodeType, line: int) -> bool:
    """Return whether the statement awaits a `gather` of its own, and drops what it returns."""
    match lines.of_code(code, line).statement:
        case ast.Expr(value=ast.Await()) as statement:
            once = len(list(nodes_of(ast.Await, statement))) == 1
            return once and any(calls.last(one.func) == "gather" for one in calls_in(statement))
    return False


def _is_raise(code: CodeType, line: int) -> bool:
    return isinstance(lines.of_code(code, line).statement, ast.Raise)


def _undone(code: CodeType, line: int, own: int, asked: premature_asserts.Asked) -> str | None:
    """Return what the failing line reads that the rest of the function of *code* would change.

    *own* is the id of its first argument.
    """
    block = parsed_files.function_of(code)
    rest = effects.rest(block.body, line) if block is not None else []
    for function, given in _calls_of(code, own, asked):
        sight = effects.Sight()
        effects.changed_by(rest, meaning.in_call(function, given), code, sight)
        text = effects.common(asked.sight, sight)
        if text is not None:
            return text
    return None


def _calls_of(
    code: CodeType, own: int, asked: premature_asserts.Asked
) -> Iterator[tuple[FunctionType, dict[str, object]]]:
    """Yield the function of *code* with the object that it may have been called of, if any."""
    env = meaning.names_of(asked.frame)
    named = [callees.value(one, env) for one in nodes_of((ast.Name, ast.Attribute), asked.step)]
    near = [*named, *meaning.own_names(asked.frame).values()]
    for one in islice(near, MOST):
        if type(one) is FunctionType and one.__code__ is code:
            yield one, {}
        if id(one) == own and code.co_argcount:
            kind = one if objects.is_a(one, type) else type(one)
            method = objects.function_of(objects.class_attribute(kind, code.co_name))
            if method is not None and method.__code__ is code:
                yield method, {code.co_varnames[0]: one}
    for space in modules.spaces():
        function = space.held.get(code.co_name)
        if type(function) is FunctionType and function.__code__ is code:
            yield function, {}
