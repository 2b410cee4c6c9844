"""Failed assertions about too much: they expect nothing, or less than has happened."""

from __future__ import annotations

import ast

from loopcheck.process.doubles import doubles
from loopcheck.process.pending import premature_asserts
from loopcheck.source.nodes import names_in
from loopcheck.source.values import assertions, callees, compared_values, meaning
from loopcheck.source.values.callees import Env

NOTHING = ("assert_not_called", "assert_not_awaited", "assertFalse", "assertIsNone")
EQUAL = ("assertEqual", "assertListEqual", "assertDictEqual")
EMPTY = (0, "", b"", None, False)


def expects_less(asked: premature_asserts.Asked) -> bool:
    """Return whether the line asserts that nothing has happened, or less than has."""
    step = asked.step
    if expects_nothing(step) or _expects_one_call(step, meaning.names_of(asked.frame)):
        return True
    match step:
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()]) as test):
            there, wanted = compared_values.operands(test, asked.frame)
            if not names_in(left):  # `assert [] == rows`
                there, wanted = wanted, there
            return bool(compared_values.surplus(there, wanted))
    return False


def expects_nothing(step: ast.stmt) -> bool:
    """Return whether *step* asserts that nothing has happened: `assert rows == []`."""
    match step:
        case ast.Assert(test=ast.UnaryOp(op=ast.Not())):
            return True
        case ast.Assert(test=ast.Compare(left=one, ops=[ast.Eq() | ast.Is()], comparators=[other])):
            return _is_empty(one) or _is_empty(other)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name), args=given)):
            return name in NOTHING or (name in EQUAL and any(map(_is_empty, given[:2])))
    return False


def fails_on_anything(test: ast.expr) -> bool:
    """Return whether `if test: raise …` asserts that nothing has happened: `if errors: raise …`."""
    match test:
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call(func=ast.Name()):
            return True
        case ast.Compare(ops=[ast.Gt() | ast.NotEq() | ast.IsNot()], comparators=[other]):
            return _is_empty(other)
    return False


def _expects_one_call(step: ast.stmt, env: Env) -> bool:
    """Return whether *step* asserts one call of a mock that has had more."""
    match assertions.of_mock(step):
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if "_once" in name:
            mock = doubles.mock_of(callees.value(owner, env))
            return mock is not None and len(doubles.arguments(mock)) > 1
    return False


def _is_empty(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return any(value is one or (value == one and type(value) is type(one)) for one in EMPTY)
        case ast.List(elts=[]) | ast.Dict(keys=[]) | ast.Tuple(elts=[]):
            return True
        case ast.Call(func=ast.Name(id="set" | "list" | "dict"), args=[]):
            return True
    return False
