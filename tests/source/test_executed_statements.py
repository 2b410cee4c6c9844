"""What has surely run: conditions, but no branch, no loop, no `try` that may be cut short."""

import ast

import pytest

from loopcheck.source.statements import executed_statements


def body_of(text: str) -> list[ast.stmt]:
    block = ast.parse(text).body[0]
    assert isinstance(block, ast.FunctionDef | ast.AsyncFunctionDef)
    return block.body


def texts(steps: object) -> list[str]:
    return [ast.unparse(one) for one in steps]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "line", "ran"),
    [
        ("def f():\n a()\n b()\n c()", 4, ["a()", "b()"]),
        ("def f():\n if x:\n  a()\n else:\n  b()\n  c()", 6, ["x", "b()"]),
        ("def f():\n if x:\n  a()\n c()", 4, ["x"]),
        ("def f():\n for x in y:\n  a()\n  c()", 4, ["y", "a()"]),
        ("def f():\n with m():\n  a()\n c()", 4, ["a()"]),
        ("def f():\n with m():\n  a()\n  c()", 4, ["m()", "a()"]),
        ("def f():\n try:\n  a()\n except E:\n  b()\n c()", 6, []),
        ("def f():\n try:\n  a()\n finally:\n  b()\n c()", 6, ["a()", "b()"]),
        ("def f():\n try:\n  a()\n except E:\n  b()\n  c()", 6, ["b()"]),
        ("def f():\n match x:\n  case 1:\n   a()\n   c()", 5, ["x", "a()"]),
        ("def f():\n def inner():\n  a()\n c()", 4, []),
    ],
)
def test_what_has_run_before_a_line(text: str, line: int, ran: list[str]) -> None:
    assert texts(executed_statements.before(body_of(text), line)) == ran


@pytest.mark.parametrize(
    ("text", "ran"),
    [
        ("def f():\n a()\n b()", ["a()", "b()"]),
        ("def f():\n a()\n yield\n b()", ["a()", "yield"]),
        ("def f():\n a()\n x = yield\n b()", ["a()", "x = (yield)"]),
        ("def f():\n try:\n  a()\n  yield\n finally:\n  b()", ["a()", "yield"]),
        ("async def f():\n async with m() as x:\n  yield x\n b()", ["m() as x", "yield x"]),
        ("def f():\n while x:\n  a()\n b()", ["x", "b()"]),
    ],
)
def test_what_a_whole_call_runs(text: str, ran: list[str]) -> None:
    assert texts(executed_statements.up_to_end(body_of(text))) == ran


@pytest.mark.parametrize(
    ("written", "surely"),
    [
        ("await shop.close()", ["shop.close()"]),
        ("later = lambda: shop.close()", []),
        ("open and shop.close()", []),
        ("is_open() and shop.close()", ["is_open()"]),
        ("shop.close() if is_open() else None", ["is_open()"]),
        ("assert is_open(), shop.close()", ["is_open()"]),
        ("gone = [one.close() for one in shops()]", ["shops()"]),
        ("put(shop.close())", ["put(shop.close())", "shop.close()"]),
    ],
)
def test_the_calls_that_run_whenever_their_statement_does(written: str, surely: list[str]) -> None:
    [statement] = ast.parse(written).body
    assert [ast.unparse(one) for one in executed_statements.calls_of(statement)] == surely
