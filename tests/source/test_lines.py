"""From a frame to what is written there: one line may hold several statements, one many lines."""

import ast
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from loopcheck.source import lines

TEXT = """\
def fail(*_, **__):
    raise LookupError

def two(): ok = 1; fail(ok)

def block():
    if fail(
        1,
    ):
        other = 2

def inside():
    with open(__file__):
        fail()

def chain():
    text = "a"
    return (
        text.strip()
        .join(fail())
    )

def decorated():
    @fail()
    def never():
        pass

def waits():
    for each in fail():
        pass
"""


@pytest.fixture
def module(tmp_path: Path) -> types.ModuleType:
    file = tmp_path / "shop.py"
    file.write_text(TEXT, encoding="utf-8")
    made = types.ModuleType("shop")
    made.__file__ = str(file)
    exec(compile(TEXT, str(file), "exec"), vars(made))
    return made


def failed(run: Callable[[], object]) -> lines.Line:
    """Return where *run* called what fails."""
    try:
        run()
    except LookupError as error:
        trace = error.__traceback__
        assert trace is not None
        assert trace.tb_next is not None
        return lines.of_trace(trace.tb_next)
    raise AssertionError("it did not fail")


@pytest.mark.parametrize(
    ("function", "statement"),
    [
        ("two", "fail(ok)"),
        ("block", "if fail(1):\n    other = 2"),
        ("inside", "fail()"),
        ("chain", "return text.strip().join(fail())"),
        ("decorated", "@fail()\ndef never():\n    pass"),
        ("waits", "for each in fail():\n    pass"),
    ],
)
def test_the_statement_is_the_one_that_runs(
    module: types.ModuleType, function: str, statement: str
) -> None:
    found = failed(getattr(module, function)).statement
    assert found is not None
    assert ast.unparse(found) == statement


def test_a_block_is_no_simple_statement_and_runs_with_its_head(module: types.ModuleType) -> None:
    line = failed(module.block)
    assert line.simple is None
    assert [ast.unparse(part) for part in line.heads()] == ["fail(1)"]


@pytest.mark.parametrize("function", ["two", "block", "inside", "chain", "decorated", "waits"])
def test_the_call_and_the_expression_are_those_of_the_instruction(
    module: types.ModuleType, function: str
) -> None:
    line = failed(getattr(module, function))
    assert line.expression is line.call
    assert isinstance(line.call, ast.Call)
    assert isinstance(line.call.func, ast.Name)
    assert line.call.func.id == "fail"


def test_without_an_instruction_the_line_alone_tells(module: types.ModuleType) -> None:
    line = lines.Line(str(module.__file__), 14)
    assert line.statement is not None
    assert ast.unparse(line.statement) == "fail()"
    assert line.node is line.call is None


def test_where_there_is_no_text_nothing_is_found() -> None:
    line = lines.of_frame(sys._getframe())
    assert line.statement is not None
    assert lines.Line("<no such file>", 1).statement is None
