"""The failing line that took a mock's made-up value for data."""

from __future__ import annotations

import ast
import operator
import re
from collections import Counter
from collections.abc import Iterator
from types import TracebackType

from loopcheck.process import objects
from loopcheck.process.doubles import doubles, mock_settings, unawaited_doubles
from loopcheck.process.frames import module_of
from loopcheck.process.objects import UNKNOWN
from loopcheck.source import failing_line
from loopcheck.source.failing_line import At, Look, Stumble
from loopcheck.source.nodes import calls_in, nodes_of, used_values
from loopcheck.source.values import asserted_values

CLASS = re.compile(r"\b(?:Magic|Async|NonCallable|NonCallableMagic)?Mock\b")
SHOWN = re.compile(r"<\w*Mock (?:name='(?P<name>[^']*)' )?(?:spec\w*='\w+' )?id='(?P<id>\d+)'>")
REFUSED = re.compile(r"Mock object has no attribute|^Mock object|has no attribute 'assert")
ASKS = frozenset(
    {
        *("isinstance", "len", "int", "float", "str", "bool", "list", "tuple", "set", "dict"),
        *("sorted", "sum", "min", "max", "abs", "round", "any", "all", "issubclass", "hasattr"),
    }
)
# A MagicMock supports these, and returns a mock for each.
OPERATORS = frozenset(
    f"__{side}{name}__"
    for side in ("", "r", "i")
    for name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow")
) | {"__neg__", "__pos__", "__abs__"}
FRAMES = 60  # of a recursion, to look into
_USED_UP = (StopAsyncIteration, StopIteration)


def read(error: BaseException, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the mock whose made-up value the failing line contains."""
    users = failing_line.users_of(trace)
    if not users:
        return
    where = failing_line.at(users[-1], look.stood)
    if type(error) in _USED_UP:
        yield from _used_up(trace[-1], where, look)
    elif objects.is_a(error, AssertionError):
        yield from _asserted(where, trace, look)
    elif (_names_a_mock(error) or objects.is_a(error, RecursionError)) and not _of_mock(trace[-1]):
        yield from _refused(error, where, trace)
    elif "NoneType" in objects.said(error):
        yield from mock_settings.none(error, failing_line.at(trace[-1], look.stood), look)


def is_made_up(thing: object, look: Look) -> bool:
    """Return whether *thing* is a mock's default result, which no test configured."""
    return objects.is_mock(thing) and _came_out(thing) and look.made_at(thing) is None


def _came_out(mock: object) -> bool:
    return objects.is_mock(objects.peek(mock, "_mock_new_parent"))


def _of_mock(trace: TracebackType) -> bool:
    return module_of(trace.tb_frame).endswith("mock")


# Side effects that ran out


def _used_up(last: TracebackType, where: At, look: Look) -> Iterator[Stumble]:
    space = last.tb_frame.f_locals
    mock = space.get("self")
    if not doubles.is_mocks_code(last.tb_frame.f_code) or "result" in space:
        return  # an item of the list itself was raised
    effects = doubles.effect(mock) if objects.is_mock(mock) else None
    if effects is None or objects.module_of(type(effects)) != "builtins":
        return
    if not operator.length_hint(effects, 1):
        said = mock_settings.settings(mock, "side_effect", look)
        yield Stumble(
            double=mock,
            wanted="more",
            node=_call_of(mock, where),
            at=where,
            sure=True,
            detail=str(doubles.calls(mock) - 1),
            set_at=said[0].line if len(said) == 1 else None,
        )


def _call_of(mock: object, where: At) -> ast.AST | None:
    nodes = calls_in(*where.heads())
    return next((one for one in nodes if doubles.mock_of(where.mean(one.func)) is mock), None)


# Asserts


def _asserted(where: At, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the mock that is compared with something that is not a mock."""
    nodes = list(_operands(where))
    values = [(node, where.mean(node)) for node in nodes]
    asked = _asked_about(where, nodes)
    kept = list(of_unittest(trace) or _of_pytest(where, asked))
    known = [(node, value) for node, value in values if value is not UNKNOWN]
    found = [*known, *((None, one) for one in kept)]
    mocks = {id(value): (node, value) for node, value in reversed(found) if objects.is_mock(value)}
    if len(mocks) > 1 or not nodes:
        return  # a mock is compared with a mock
    asked_back = {id(value) for node, value in known if _reads_back(node, where)}
    handed = {id(where.mean(one)) for node in nodes for one in _handed(node)}
    for node, value in found:
        if id(value) in asked_back:
            continue
        for one in unawaited_doubles.within(value):
            data = id(one) not in handed and _stands_for_data(one, where)
            if data or is_made_up(one, look):
                one = _worked_on(one, look)
                yield Stumble(double=one, wanted="value", node=node, at=where, got=one, sure=True)
                return
            if type(one) is str and (shown := SHOWN.search(one)) is not None:
                if int(shown["id"]) not in asked_back | asked:
                    yield from _shown(shown, node, where, look)
                return


def _worked_on(mock: object, look: Look) -> object:
    """Return the first mock in a sum of mocks whose result is *mock*."""
    steps = list(doubles.up(mock))
    while len(steps) > 2 and steps[0][1] == doubles.RESULT and steps[1][1] in OPERATORS:
        if not is_made_up(steps[2][0], look):
            break
        steps = steps[2:]
    return steps[0][0]


def _reads_back(node: ast.expr, where: At) -> bool:
    """Return whether the line reads from a created mock what the code should have set there.

    The test does not set that value, and should not: if the test set `order.status` itself, the
    assertion would hold whatever the code does.
    """
    while isinstance(node, ast.Attribute):
        node = node.value
        of = where.mean(node)
        if objects.is_mock(of) and not _came_out(of):
            return True
    return False


def _operands(where: At) -> Iterator[ast.expr]:
    """Yield what the failing `assert` compares or tests."""
    step = where.step
    if isinstance(step, ast.Assert):
        yield from _compared(step.test)
    elif isinstance(step, ast.Expr) and isinstance(step.value, ast.Call):
        called = step.value.func
        if isinstance(called, ast.Attribute) and re.match(r"assert[A-Z]", called.attr):
            yield from step.value.args


def _compared(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left=left, comparators=others):
            for one in (left, *others):
                yield from _asked(one)
        case ast.BoolOp(values=values):
            for one in values:
                yield from _compared(one)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _compared(operand)
        case _:
            yield from _asked(node)


def _asked(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKS:
        for one in node.args:
            yield from _asked(one)
    else:
        yield node


def _of_pytest(where: At, asked: set[int]) -> Iterator[object]:
    """Yield the operands that pytest keeps, without the mocks whose calls the line checks."""
    yield from (one for one in asserted_values.operands(where.frame) if id(one) not in asked)


def _asked_about(where: At, nodes: list[ast.expr]) -> set[int]:
    """Return the ids of the mocks that the operands belong to: `api.get.await_count`."""
    inner = {id(where.mean(one.value)) for one in nodes_of(ast.Attribute, *nodes)}
    return inner | {id(where.mean(one.func)) for one in calls_in(*nodes)}


def of_unittest(trace: list[TracebackType]) -> list[object]:
    """Return the arguments of a unittest assertion."""
    for one in trace:
        code, space = one.tb_frame.f_code, one.tb_frame.f_locals
        if module_of(one.tb_frame) == "unittest.case" and code.co_name.startswith("assert"):
            return [value for name, value in space.items() if name not in ("self", "msg")]
    return []


def _handed(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the arguments of the calls in *node*: the called code builds the compared value."""
    for call in calls_in(node):
        yield from (*call.args, *(one.value for one in call.keywords))


def _stands_for_data(thing: object, where: At) -> bool:
    """Return whether a mock that the code created is compared with a text or a number."""
    if not objects.is_mock(thing) or objects.peek(thing, "_mock_new_name") != doubles.RESULT:
        return False
    test = where.step.test if isinstance(where.step, ast.Assert) else None
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return False
    plain = (ast.Constant, ast.Dict, ast.List, ast.JoinedStr, ast.Tuple)
    return any(isinstance(one, plain) for one in (test.left, *test.comparators))


def _shown(shown: re.Match[str], node: ast.AST | None, where: At, look: Look) -> Iterator[Stumble]:
    """Yield the mock whose repr is part of a text."""
    found = next((one for one in look.all_mocks() if str(id(one)) == shown["id"]), None)
    if found is not None and _came_out(found):
        yield Stumble(double=found, wanted="value", node=node, at=where, got=found, sure=True)


# Errors


def _names_a_mock(error: BaseException) -> bool:
    said = objects.said(error)
    if objects.type_name(error).startswith("pydantic_core."):
        return True  # it keeps its message to itself
    if REFUSED.search(said) or objects.is_a(error, AttributeError):
        return False  # a spec refused, as intended
    args = objects.args_of(error)
    return CLASS.search(said) is not None or any(objects.is_mock(one) for one in args)


def _refused(error: BaseException, where: At, trace: list[TracebackType]) -> Iterator[Stumble]:
    """Yield the mock that was used where the code needed a value."""
    if objects.is_a(error, RecursionError):
        mocks = list(_in_libraries(_recursion(trace), where))
    else:
        mocks = [*_in_line(where), *_in_libraries(trace, where)]
    exact = [one for one in mocks if doubles.kind_of(one[1]) in objects.said(error)]
    checked = objects.is_a(error, RecursionError) or not CLASS.search(objects.said(error))
    for node, mock in exact or (mocks if checked else []):
        sure = not objects.is_a(error, RecursionError)
        yield Stumble(double=mock, wanted="value", node=node, at=where, got=mock, sure=sure)
        return


def _recursion(trace: list[TracebackType]) -> list[TracebackType]:
    """Return where an endless recursion was entered."""
    count = Counter(one.tb_frame.f_code for one in trace)
    code, times = count.most_common(1)[0]
    if times < FRAMES:
        return []
    return next([one] for one in trace if one.tb_frame.f_code is code)


def _in_line(where: At) -> Iterator[tuple[ast.AST | None, object]]:
    exact = [where.node] if isinstance(where.node, ast.expr) else []
    for part in (*exact, *where.heads()):
        for node in used_values(part):
            found = where.mean(node)
            if objects.is_mock(found) and _came_out(found):
                yield node, found


def _in_libraries(trace: list[TracebackType], where: At) -> Iterator[tuple[ast.AST | None, object]]:
    """Yield the mocks that frames below the line of user code work on, innermost first."""
    frames = [one.tb_frame for one in trace]
    begin = frames.index(where.frame) + 1 if where.frame in frames else 0
    for frame in reversed(frames[begin:][-FRAMES:]):
        for name, value in list(frame.f_locals.items()):
            for one in unawaited_doubles.within(value):
                if name not in ("self", "cls") and objects.is_mock(one) and _came_out(one):
                    yield None, one
