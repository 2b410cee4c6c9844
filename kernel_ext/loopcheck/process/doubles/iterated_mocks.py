"""A value that lacks something, because the code iterated over a mock: a mock is empty.

No line fails because of that: a MagicMock can be iterated, and yields nothing. Reported only if
three things hold: the mock counted the iteration, the test never configured what it yields, and a
function behind the compared value iterates over something of that name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType, FunctionType, TracebackType
from typing import Any

from loopcheck.process import objects
from loopcheck.process.doubles import doubles, made_up_data
from loopcheck.process.failure import Step
from loopcheck.process.objects import UNKNOWN
from loopcheck.process.patches import patch_origins
from loopcheck.source import failing_line, parsed_files
from loopcheck.source.failing_line import At, FileLine, Look, Stumble
from loopcheck.source.statements import iterated_values
from loopcheck.source.values import asserted_values

KEPT = 40  # names of one frame to look into
DEEPEST = 3  # nesting of the compared values
_COLLECTIONS = (str, bytes, list, tuple, dict, set, frozenset)


def read(trace: list[TracebackType], step: Step, look: Look) -> Iterator[Stumble]:
    """Yield the mock that was iterated, if the assertion of *step* found too little."""
    users = failing_line.users_of(trace)
    if not users:
        return  # a library's own assertion, whose error it turned into another
    where = failing_line.at(users[-1], look.stood)
    if not _too_little(where, trace):
        return
    gone = {id(one): one for one in _reached(trace, look) if _gave_nothing(one, look)}
    found = {}
    for line, node, name in _gone_over(step) if gone else ():
        for key, mock in gone.items():
            if name is not None and name == _last(mock):
                found[key] = line, node
    if len(found) == 1:
        [(key, (line, node))] = found.items()
        yield Stumble(double=gone[key], wanted="rows", node=node, at=where, called=line)


# The value that lacks something


def _too_little(where: At, trace: list[TracebackType]) -> bool:
    kept = asserted_values.in_statement(where.frame, *where.heads())
    values = made_up_data.of_unittest(trace) or list(kept)
    test = where.step.test if isinstance(where.step, ast.Assert) else None
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.In):
        return any(type(one) in _COLLECTIONS and not one for one in values)
    if test is None or (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq)):
        pairs = [(one, other) for one in values for other in values if one is not other]
        return any(_lacks(one, other) for one, other in pairs)
    truth = isinstance(test, ast.Name | ast.Call | ast.Await | ast.Attribute)
    return truth and any(type(one) in _COLLECTIONS and not one for one in values)


def _lacks(one: Any, other: Any, depth: int = 0) -> bool:
    """Return whether *one* is *other* without a part of it. No user code runs."""
    if type(one) is not type(other):
        return False
    if type(one) is str:
        return _without_a_piece(one, other)
    if type(one) is int:
        return bool(one == 0 < other)
    if type(one) is dict and one and set(map(type, one)) == {str} and depth < DEEPEST:
        same = one.keys() == other.keys()
        return same and any(_lacks(one[key], other[key], depth + 1) for key in one)
    return type(one) in _COLLECTIONS and not one and bool(other)


def _without_a_piece(text: str, whole: str) -> bool:
    begins = 0
    while begins < min(len(text), len(whole)) and text[begins] == whole[begins]:
        begins += 1
    return len(text) < len(whole) and whole.endswith(text[begins:])


# The mock


def _reached(trace: list[TracebackType], look: Look) -> Iterator[object]:
    """Yield the mocks that this test refers to: other tests' mocks may also be alive."""
    given = objects.peek(look.item, "funcargs") if look.item is not None else None
    values: list[object] = [one.double for one in look.puts]
    values += list(given.values())[:KEPT] if type(given) is dict else []
    for one in failing_line.users_of(trace):
        values += list(one.tb_frame.f_locals.values())[:KEPT]
    for value in values:
        mine = not objects.is_a(value, type) and objects.users_class(type(value)) is not None
        kept = list((objects.own_dict(value) or {}).values())[:KEPT] if mine else []
        for each in (value, *kept):
            if objects.is_mock(each):
                yield from doubles.out_of(each)


def _gave_nothing(mock: object, look: Look) -> bool:
    """Return whether *mock* was iterated, though the test never configured its items."""
    if not made_up_data.is_made_up(mock, look):
        return False
    for name in ("__iter__", "__aiter__"):
        over = doubles.child(mock, name)
        if objects.is_mock(over) and doubles.calls(over) and doubles.given(over) is UNKNOWN:
            effect = doubles.effect(over)  # the mock library's default, which returns `iter([])`
            if type(effect) is FunctionType and _of_mock(effect.__code__):
                return True
    return False


def _of_mock(code: CodeType) -> bool:
    return code.co_filename.replace("\\", "/").endswith("mock.py")


def _last(mock: object) -> str | None:
    """Return the last step to *mock*: "all()", "scopes"."""
    steps = [step for _, step in doubles.up(mock)][:2]
    return f"{steps[1]}()" if steps[0] == doubles.RESULT and len(steps) > 1 else steps[0]


# The line that iterated over it


def _gone_over(step: Step) -> Iterator[tuple[FileLine, ast.expr, str | None]]:
    """Yield what the code behind the value of *step* iterates: the line and the last step."""
    code = step.frame.f_code
    blocks = [(code.co_filename, one) for one in patch_origins.made_of(step)]
    for function in patch_origins.functions(step):
        inner = function.__code__
        block = parsed_files.function_of(inner)
        blocks += [(inner.co_filename, block)] if block is not None else []
    for file, around in blocks:
        for line, said, name in iterated_values.iterated_in(around):
            yield (file, line), said, name
