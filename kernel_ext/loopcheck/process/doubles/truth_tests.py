"""Coroutines of doubles that were tested for truth, or formatted into a text.

No line fails because of that: a coroutine is always true. Reported only if the result would have
been false, or if the text itself differs from the expected one. Code that takes a part of a
coroutine does fail, even if something dropped that error.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from types import CoroutineType, TracebackType
from typing import Any

from loopcheck.process import objects
from loopcheck.process.doubles import coroutine_results, doubles
from loopcheck.process.pending import premature_asserts
from loopcheck.source import failing_line, modules, parsed_files, project_files
from loopcheck.source.coroutines import creating_calls
from loopcheck.source.failing_line import Look, Stumble
from loopcheck.source.nodes import body_spans_line, nodes_of, spans_line
from loopcheck.source.statements import tested_results
from loopcheck.source.statements.tested_results import TestedCall
from loopcheck.source.values import meaning

OWN = frozenset(dir(CoroutineType))
SHOWN = "<coroutine object AsyncMock"
_PLAIN = frozenset(
    map(id, (bool, int, float, str, bytes, type(None), list, tuple, dict, set, frozenset))
)


def read(error: BaseException, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the async double whose dropped coroutine hid a result that changes the outcome."""
    users = failing_line.users_of(trace)
    for warned in look.warned if users else ():
        mock = doubles.behind(warned.source)
        if mock is None:
            continue
        line = str(warned.filename), int(warned.lineno)
        asserted = (
            objects.is_a(error, AssertionError)
            or isinstance(failing_line.at(users[-1], look.stood).step, ast.Assert)
            or premature_asserts.did_not_raise(error) is not None
        )
        taken = _taken(*line, objects.peek(mock, "_mock_new_name")) if asserted else []
        if len(taken) == 1:
            where = failing_line.at(users[-1], look.stood)
            yield Stumble(
                double=mock, wanted="result", node=taken[0], at=where, kind="coroutine", called=line
            )
            continue
        line, calls = tested_calls(mock, warned)
        if not calls and asserted:
            kept = list(_kept(objects.peek(mock, "_mock_new_name")))
            own = users[-1].tb_frame.f_code.co_filename
            kept = [one for one in kept if one[0] == own] or kept
            line = (kept[0][0], kept[0][1].call.lineno) if kept else line
            calls = [one for _, one in kept]
        near = asserted or _passed(users, *line)
        if (near and len(calls) == 1) and (
            (calls[0].text and SHOWN in objects.said(error))
            or matters(mock, warned.source, calls[0])
            or (_unset(mock) and _turns_away(error, users, line[0], calls[0].call))
        ):
            yield Stumble(
                double=mock,
                wanted="result",
                node=calls[0].call,
                at=failing_line.at(users[-1], look.stood),
                kind="coroutine",
                called=line,
            )


def _taken(file: str, line: int, name: object) -> list[ast.Call]:
    """Return the calls of a method *name* in that line of whose result a part is taken.

    A coroutine has no parts. If the function itself catches the error there, it may be intended.
    """
    known = project_files.owner(file) == "user" and not _caught(file, line)
    found = []
    for node in parsed_files.standing_at(file, line) if known else ():
        match node:
            case (
                ast.Subscript(value=ast.Call() as call)
                | ast.For(iter=ast.Call() as call)
                | ast.comprehension(iter=ast.Call() as call, is_async=0)
                | ast.Attribute(value=ast.Call() as call)
            ) if spans_line(call, line):
                own = isinstance(node, ast.Attribute) and node.attr in OWN
                if not own and isinstance(call.func, ast.Attribute) and call.func.attr == name:
                    found.append(call)
    return found


def _caught(file: str, line: int) -> bool:
    """Return whether the function around *line* handles an error from it."""
    tries = nodes_of((ast.Try, ast.TryStar), *parsed_files.enclosing(file, line)[:1])
    return any(bool(one.handlers) and body_spans_line(one.body, line) for one in tries)


def _kept(name: object) -> Iterator[tuple[str, TestedCall]]:
    """Yield the calls of a method *name* whose result has a name that is then tested.

    `row = result.first()`, `if row is None`: the coroutine is dropped far from both lines.
    """
    if type(name) is not str or not name:
        return
    given = re.compile(rf"^[ \t]*(\w+)[ \t]*=(?!\s*await\b)[^\n]*\.{re.escape(name)}\(", re.M)
    for file in modules.files():
        text = parsed_files.text(file)
        for found in given.finditer(text):
            line = text.count("\n", 0, found.start(1)) + 1
            one = tested_results.call_tested_later(file, line, found[1])
            called = one.call.func if one is not None else None
            if one is not None and isinstance(called, ast.Attribute) and called.attr == name:
                yield file, one


def _passed(users: list[TracebackType], file: str, line: int) -> bool:
    """Return whether the function of that line later failed."""
    return any(
        block.lineno <= line <= one.tb_lineno
        for one in users
        if one.tb_frame.f_code.co_filename == file
        for block in parsed_files.enclosing(file, one.tb_lineno)[:1]
    )


def _unset(mock: object) -> bool:
    """Return whether the test has not said what a call of *mock* returns."""
    return doubles.effect(mock) is None and not meaning.known(doubles.given(mock))


def _turns_away(
    error: BaseException, users: list[TracebackType], file: str, call: ast.Call
) -> bool:
    """Return whether an `if` on *call* does nothing but leave, and the failure comes of that.

    `if socket.closed(): raise ConnectionError`, or `if gate.is_shut(): return None`, and the test
    gets that None. A longer block can be what the test is about.
    """
    for node in parsed_files.standing_at(file, call.lineno):
        if not isinstance(node, ast.If) or node.test is not call or len(node.body) != 1:
            continue
        match node.body[0]:
            case ast.Raise() as left:
                last = users[-1]
                here = last.tb_frame.f_code.co_filename == file
                return here and spans_line(left, last.tb_lineno)
            case ast.Return(value=ast.Constant(value=given)):
                return _got(error, given)
            case ast.Return(value=None):
                return _got(error, None)
    return False


def _got(error: BaseException, given: object) -> bool:
    """Return whether a failed assertion compared the constant *given* with something else."""
    if not objects.is_a(error, AssertionError):
        return False
    compared = rf"(?:assert )?{re.escape(repr(given))}(?: (?:==|!=|is|in)(?: .*)?)?"
    return re.search(rf"^{compared}$", objects.said(error), re.M) is not None


def tested_calls(mock: object, warned: Any) -> tuple[tuple[str, int], list[TestedCall]]:
    """Return the calls that may be of *mock*, whose result a line tests, and that line.

    It is the line that dropped the coroutine of *warned*, or the one that created it: a `match`
    keeps its subject until the last `case`.
    """
    dropped = str(warned.filename), int(warned.lineno)
    created = creating_calls.of(warned.source)
    lines = [dropped, *([(created.file, created.line)] if created is not None else [])]
    for line in lines:
        found = [one for one in tested_results.calls_tested_at(*line) if _may_be(mock, one.call)]
        if found:
            return line, found
    return dropped, []


def _may_be(mock: object, call: ast.Call) -> bool:
    """Return whether *call* may be a call of *mock*, by the mock's name in its parent."""
    if not isinstance(call.func, ast.Attribute):
        return True
    return objects.peek(mock, "_mock_new_name") in (call.func.attr, "", None)


def matters(mock: object, coroutine: object, tested: TestedCall) -> bool:
    """Return whether the double's own result would have led to another outcome."""
    values = coroutine_results.results(mock, coroutine) if not tested.text else ()
    return any(id(type(one)) in _PLAIN and tested.differs(one) for one in values)
