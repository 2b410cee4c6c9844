"""The nodes of a tree: which lines they span, and which of them run with a block."""

import ast
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent

import pytest

from loopcheck.source.nodes import (
    body_spans_line,
    calls_in,
    head_spans_line,
    inner_nodes,
    names_in,
    nodes_run_by,
    nodes_with_parents,
    own_nodes,
    parents,
    spans_line,
)


def block(text: str) -> ast.stmt:
    return ast.parse(dedent(text).strip()).body[0]


def numbers(nodes: Iterable[ast.AST]) -> list[object]:
    return [node.value for node in nodes if isinstance(node, ast.Constant)]


# One object for all of a tree, with many parents.
SHARED = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
FUNCTION = """
    def test():
        first = 1
        def helper(): return 2
        class Fake:
            size = 3
        later = lambda: 4
        return 5
"""


def test_of_a_function_the_nodes_of_inner_functions_and_classes_are_left_out() -> None:
    assert numbers(own_nodes(block(FUNCTION))) == [1, 5]


def test_a_step_that_only_defines_a_function_does_not_run_its_body() -> None:
    function = block(FUNCTION)
    assert isinstance(function, ast.FunctionDef)
    assert numbers(nodes_run_by(function.body)) == [1, 5]
    assert numbers(nodes_run_by([function])) == []


def test_parents_come_with_each_node_and_inner_functions_if_asked() -> None:
    function = block(FUNCTION)
    assert numbers(node for node, _ in nodes_with_parents(function)) == [1, 5]
    assert numbers(node for node, _ in nodes_with_parents(function, deep=True)) == [1, 2, 3, 4, 5]
    kinds = {
        node.value: [type(one).__name__ for one in above]
        for node, above in nodes_with_parents(function)
        if isinstance(node, ast.Constant)
    }
    assert kinds == {1: ["FunctionDef", "Assign"], 5: ["FunctionDef", "Return"]}


def test_the_parents_of_all_nodes_are_in_the_order_of_the_text() -> None:
    tree = ast.parse(Path(__file__).read_text("utf-8"))
    found = [one for one in parents(tree).items() if not isinstance(one[0], SHARED)]
    assert found == [
        (node, above[-1])
        for node, above in nodes_with_parents(tree, deep=True)
        if not isinstance(node, SHARED)
    ]


def test_a_walk_through_inner_nodes_meets_all_but_names_and_constants() -> None:
    tree = ast.parse(Path(__file__).read_text("utf-8"))
    todo, met = list[ast.AST]([tree]), list[ast.AST]()
    while todo:
        met += (inner := [*inner_nodes(todo.pop())])
        todo += inner
    calls = {id(node) for node in ast.walk(tree) if isinstance(node, ast.Call | ast.stmt)}
    assert calls <= {id(node) for node in met}
    assert len(met) < len(list(ast.walk(tree))) * 2 / 3


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        ("with one:\n    two()\n    three()", [1], [2, 3]),
        ("with (\n    one,\n):\n    two()", [1, 2, 3], [4]),
        ("with one: two()", [1], [1]),
        ("for one in two:\n    three()\nelse:\n    four()", [1], [2]),
    ],
)
def test_a_line_is_in_the_head_or_in_the_body(text: str, head: list[int], body: list[int]) -> None:
    found = block(text)
    assert isinstance(found, ast.With | ast.For)
    here = range(1, text.count("\n") + 2)
    assert [line for line in here if head_spans_line(found, line)] == head
    assert [line for line in here if body_spans_line(found.body, line)] == body
    assert all(spans_line(found, line) for line in here)
    assert not spans_line(found, 0)
    assert not body_spans_line([], 1)


def test_a_node_without_a_position_spans_no_line() -> None:
    assert not spans_line(ast.parse("one"), 1)


def test_a_sum_of_many_parts_is_walked_to_its_end() -> None:
    assert numbers(own_nodes(block(" + ".join(["1"] * 900)))) == [1] * 900


def test_calls_come_outer_ones_first_and_nothing_has_none() -> None:
    step = block("get(first(one), two.second(three))")
    assert [ast.unparse(call.func) for call in calls_in(step, None)] == [
        "get",
        "first",
        "two.second",
    ]
    assert list(calls_in(None)) == []


def test_names_are_those_of_the_text_without_attributes() -> None:
    first, second = block("store.keys[name]"), block("rows = store")
    assert names_in(first) == {"store", "name"}
    assert names_in(first, second) == {"store", "name", "rows"}
