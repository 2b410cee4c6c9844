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
from loopcheck.light import replace
from loopcheck.process import objects
from loopcheck.process.pending import premature_asserts
from loopcheck.records import LoggedError, Place
from loopcheck.source import calls, effects, lines, modules, parsed_files
from loopcheck.source.nodes import calls_in, nodes_of, spans_line
from loopcheck.source.values import callees, meaning
from loopcheck.watch import gather_errors

MOST = 50  # objects whose method may have raised the error


def of_failure(error: BaseException, labels: Labels) -> LoggedError | None:
    """Return the error of this test that a `gather` returned, and that *error* is a result of."""
    dropped = [(one, at) for one in gather_errors.in_this_test() if (at := _dropped_at(one))]
    if not dropped:
        return None
    if (missed := premature_asserts.did_not_raise(error)) is not None:
        expected = (one for one in dropped if _is_expected(one[0], missed))
        return next((_record(*one, missed, labels) for one in expected), None)
    asked = premature_asserts.asked(error)
    if asked is None:
        return None
    for entry, at in dropped:
        if _is_raise(*entry.raised[-1][:2]):
            continue
        for code, line, own in reversed(entry.raised):
            undone = _undone(code, line, own, asked)
            if undone is not None:
                found = _record(entry, at, asked, labels)
                return replace(found, name=_name(code), undone=undone, expected_at=None)
    return None


def _record(
    entry: gather_errors.Entry,
    dropped: gather_errors.Line,
    asked: premature_asserts.Asked,
    labels: Labels,
) -> LoggedError:
    raised, line, _ = entry.raised[-1]
    return LoggedError(
        name=_name(raised),
        type=entry.type.rpartition(".")[2],
        message=repr(entry.said) if entry.type == "KeyError" else entry.said,
        place=_place((raised, line), labels),
        logger="",
        logged_at=None,
        undone=None,
        used_at=asked.place(labels),
        gathered_at=_place(entry.awaited[0], labels),
        dropped_at=_place(dropped, labels),
        expected_at=asked.place(labels),
    )


def _name(code: CodeType) -> str:
    return code.co_qualname.rpartition("<locals>.")[2]


def _place(line: gather_errors.Line, labels: Labels) -> Place:
    code, number = line
    return Place(labels.file(code.co_filename), number, code.co_name)


def _dropped_at(entry: gather_errors.Entry) -> gather_errors.Line | None:
    """Return the line that drops what the `gather` returns: its own, or one that called it."""
    for code, line in entry.awaited:
        statement = lines.of_code(code, line).statement
        match statement:
            case ast.Expr(value=ast.Await()) | ast.Return(value=ast.Await()):
                once = len(list(nodes_of(ast.Await, statement))) == 1
                called = {calls.last(one.func) for one in calls_in(statement)}
            case _:
                return None
        if not once or ((code, line) == entry.awaited[0] and "gather" not in called):
            return None
        if isinstance(statement, ast.Expr):
            return code, line
    return None


def _is_expected(entry: gather_errors.Entry, missed: premature_asserts.Asked) -> bool:
    """Return whether the `with pytest.raises(…)` of *missed* waits for that error, and ran it."""
    block, code = missed.step, missed.frame.f_code
    if not isinstance(block, ast.With):
        return False
    ran = any(one is code and spans_line(block, line) for one, line in entry.awaited)
    wanted = (one for item in block.items for one in getattr(item.context_expr, "args", ())[:1])
    env = meaning.names_of(missed.frame)
    kinds = [kind for one in wanted for kind in _classes(meaning.of(one, env))]
    return ran and any(objects.class_name(one) in entry.kinds for one in kinds)


def _classes(wanted: object) -> list[type]:
    many = wanted if type(wanted) is tuple else (wanted,)
    return [one for one in many if objects.is_a(one, type)]


def _is_raise(code: CodeType, line: int) -> bool:
    return isinstance(lines.of_code(code, line).statement, ast.Raise)


def _undone(code: CodeType, line: int, own: int, asked: premature_asserts.Asked) -> str | None:
    """Return what the failing line reads that the rest of the function of *code* would change.

    *own* is the id of its first argument.
    """
    block = parsed_files.function_of(code)
    rest = effects.rest(block.body, line) if block is not None else []
    for function, given in _calls_of(code, own, asked):
        sight = premature_asserts.helpful_sight(asked)
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
