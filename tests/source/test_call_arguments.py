"""Which parameter of a function gets which argument of a call."""

import ast

import pytest

from loopcheck.source import calls

PASSED = [
    ("f(a, b)", {"first": "a", "second": "b"}),
    ("f(a, second=b)", {"first": "a", "second": "b"}),
    ("f(second=b)", {"second": "b"}),
    ("f(a, *rows, b)", {"first": "a"}),
    ("f(*rows, b)", {}),
    ("f(a, b, c)", {"first": "a", "second": "b"}),
    ("f(a, limit=5, **more)", {"first": "a", "limit": "5"}),
]


@pytest.mark.parametrize(("text", "expected"), PASSED)
def test_each_parameter_gets_its_argument(text: str, expected: dict[str, str]) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    passed = calls.by_parameter(call, ["first", "second"])
    assert {name: ast.unparse(one) for name, one in passed.items()} == expected
