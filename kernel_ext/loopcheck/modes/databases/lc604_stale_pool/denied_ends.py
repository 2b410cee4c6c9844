"""An object that an assertion says is open, after a line of the same function has closed it.

Nothing refuses a call here: `assert not queue.closed` only reads a flag. The class shows that
`__init__` gives the flag the other value, and that `close` sets it whatever happens. The assertion
needs the first value. Or a later assertion shows it, if it expects what the failing one has got.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import takewhile
from types import FunctionType

from loopcheck.light import dataclass
from loopcheck.modes.databases.lc604_stale_pool.earlier_closings import Closed
from loopcheck.process import failure, objects
from loopcheck.source import parsed_files
from loopcheck.source.nodes import body_spans_line, calls_in, nodes_of, results_of
from loopcheck.source.statements import executed_statements
from loopcheck.source.values import assertions, callees, lifecycle_methods, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 4  # properties and methods that ask each other


@dataclass(frozen=True, eq=False)
class Denied:
    """The object, and the flag that decides. Lives only while loopcheck gathers evidence."""

    closed: Closed
    attribute: str
    now: bool


def of(link: failure.Link) -> Denied | None:
    """Return the object whose end the failing assertion of *link* denies, None if it denies none.

    None also if a later line closes it, too: the first call may not have been meant as the end.
    """
    step = link.user
    asserts = (
        step.source.simple
        if step is not None and objects.is_a(link.error, AssertionError)
        else None
    )
    if step is None or not isinstance(asserts, ast.Assert):
        return None
    for thing, attribute in _needed(asserts.test, True, meaning.names_of(step.frame)):
        writers = lifecycle_methods.writers(thing, attribute)
        methods = frozenset(
            name
            for name in filter(lifecycle_methods.closes, writers)
            if lifecycle_methods.surely_writes(thing, name, attribute)
        )
        if not methods or lifecycle_methods.is_new(thing, attribute) is not False:
            continue
        if not _is_closed_later(thing, step):
            closed = Closed(
                thing=thing,
                methods=methods,
                openers=lifecycle_methods.changers(thing, attribute),
                others=frozenset(),
                maybe_new=False,
            )
            return Denied(closed, attribute, now=objects.attribute(thing, attribute) is True)
    return None


@dataclass(frozen=True, eq=False)
class Contradicted:
    """What two assertions expect to differ. Lives only while loopcheck gathers evidence."""

    thing: object
    asked: str
    closed: ast.stmt
    later: ast.stmt  # which expects what the failing one has got


def by_a_later_line(link: failure.Link) -> Contradicted | None:
    """Return what the failing assertion of *link* and a later one contradict each other about.

    Only assertions are between them, and the last other line before them has closed the object.
    """
    step = link.user
    failed = step.source.simple if step is not None else None
    if step is None or not isinstance(failed, ast.Assert):
        return None
    body = _body_of(failed, step)
    above = [one for one in body[: body.index(failed)] if not isinstance(one, ast.Assert)][-1:]
    for call in (one for each in above for one in executed_statements.calls_of(each)):
        if not isinstance(call.func, ast.Attribute) or not lifecycle_methods.closes(call.func.attr):
            continue
        thing, asked = meaning.of(call.func.value, step.frame), _expected(failed)[0]
        later = takewhile(lambda one: isinstance(one, ast.Assert), body[body.index(failed) + 1 :])
        found = next((one for one in later if _expects_the_result(one, failed, link)), None)
        named = nodes_of((ast.Name, ast.Attribute), asked)
        about = meaning.known(thing) and any(meaning.of(one, step.frame) is thing for one in named)
        if found is not None and about:
            return Contradicted(thing, ast.unparse(asked), above[0], found)
    return None


def _body_of(statement: ast.stmt, step: failure.Step) -> list[ast.stmt]:
    for node in parsed_files.standing_at(step.frame.f_code.co_filename, statement.lineno):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and statement in body:
                return body
    return [statement]


def _expected(asserts: ast.Assert) -> tuple[ast.expr, object]:
    """Return what *asserts* is about, and the constant that it expects, True if it only asks."""
    match asserts.test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=value)]):
            return left, value
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand, False
    return asserts.test, True


def _expects_the_result(later: ast.stmt, failed: ast.Assert, link: failure.Link) -> bool:
    """Return whether *later* expects what *failed* has got, as the error's text shows it."""
    if not isinstance(later, ast.Assert):
        return False
    (asked, wanted), (same, result) = _expected(failed), _expected(later)
    if ast.unparse(asked) != ast.unparse(same) or type(wanted) is not type(result):
        return False
    if type(wanted) is bool:
        return wanted is not result
    return objects.said(link.error).splitlines()[:1] == [f"assert {result!r} == {wanted!r}"]


def _needed(
    test: ast.expr, wanted: bool, env: Env, deep: int = DEEPEST
) -> Iterator[tuple[object, str]]:
    """Yield the flags, each the opposite of what would make *test* as *wanted*."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _needed(operand, not wanted, env, deep)
        case ast.BoolOp(op=op, values=parts) if isinstance(op, ast.Or) is wanted:
            for one in parts:  # each would be enough
                yield from _needed(one, wanted, env, deep)
        case ast.BoolOp(values=parts):
            failed = [one for one in parts if assertions.told(one, env) is not wanted]
            if len(failed) == 1:
                yield from _needed(failed[0], wanted, env, deep)
        case ast.Compare(
            left=left, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=bool(value))]
        ):
            yield from _needed(left, value is wanted, env, deep)
        case (
            ast.Attribute(value=of, attr=name)
            | ast.Call(func=ast.Attribute(value=of, attr=name), args=[], keywords=[])
        ):
            thing = callees.value(of, env)
            if not meaning.known(thing) or objects.is_mock(thing) or objects.is_a(thing, type):
                return
            called = isinstance(test, ast.Call)
            function = _asked(thing, name, called=called)
            if function is not None and deep:
                yield from _needed_inside(function, thing, wanted, deep)
            elif not called and objects.attribute(thing, name) is (not wanted):
                yield thing, name


def _asked(thing: object, name: str, *, called: bool) -> FunctionType | None:
    """Return the function that computes the attribute, or the result of the method, *name*."""
    found = objects.class_attribute(type(thing), name)
    function = found if called else found.fget if type(found) is property else None
    return function if type(function) is FunctionType else None


def _needed_inside(
    function: FunctionType, thing: object, wanted: bool, deep: int
) -> Iterator[tuple[object, str]]:
    block = parsed_files.function_of(function.__code__)
    results = list(results_of(block))
    if block is None or len(results) != 1 or function.__code__.co_argcount != 1:
        return
    env = meaning.in_call(function, {function.__code__.co_varnames[0]: thing})
    yield from _needed(results[0], wanted, {**env, **callees.assigned_once(block, env)}, deep - 1)


def _is_closed_later(thing: object, step: failure.Step) -> bool:
    block = parsed_files.function_of(step.frame.f_code)
    return any(
        isinstance(call.func, ast.Attribute)
        and call.lineno > step.line
        and lifecycle_methods.closes(call.func.attr)
        and meaning.of(call.func.value, step.frame) is thing
        for call in calls_in(block)
    )


def is_expected_to_fail(line: int | None, step: failure.Step) -> bool:
    """Return whether *line* is in a block that is over: that may have caught its error."""
    block = parsed_files.function_of(step.frame.f_code)
    over = executed_statements.blocks_over(block.body, step.line) if block is not None else ()
    return line is not None and any(body_spans_line(one.body, line) for one in over)
