"""The ways out of a function on which what it opened is still open."""

import ast
import textwrap

import pytest

from loopcheck.source.nodes import calls_in
from loopcheck.source.statements.exit_paths import left_open


def exits(text: str) -> list[tuple[int, str]]:
    [block] = ast.parse(
        "def work():\n" + textwrap.indent(textwrap.dedent(text).strip(), "    ")
    ).body
    assert isinstance(block, ast.FunctionDef)
    calls = {
        name: [one for one in calls_in(block) if ast.unparse(one.func) == name] for name in OPS
    }
    return [(one.line, one.how) for one in left_open(block, *calls.values())]


OPS = ("take", "give")

CLOSED = [
    "take()\ngive()",
    "take()\ntry:\n    return one()\nfinally:\n    give()",
    "take()\ntry:\n    if bad():\n        return None\nfinally:\n    if free:\n        give()",
    "if not ready():\n    return None\ntake()\ngive()",
    "take()\nif bad():\n    give()\n    raise ValueError\ngive()",
    "while True:\n    take()\n    if bad():\n        give()\n        continue\n    give()",
    "while True:\n    try:\n        take()\n        continue\n    finally:\n        give()",
    "for one in many:\n    if bad():\n        continue\n    take()\n    give()",
    "take()\ntry:\n    one()\nexcept ValueError:\n    give()\n    return None\ngive()",
    "take()\nwith other():\n    give()",
    "give(take())",
    "def inner():\n    take()",
]
LEFT = [
    ("take()\nif bad():\n    return None\ngive()", [(4, "return")]),
    ("take()\nif bad():\n    raise ValueError\ngive()", [(4, "raise")]),
    ("while True:\n    take()\n    if bad():\n        continue\n    give()", [(5, "next")]),
    ("for one in many:\n    take()\n    if good():\n        give()", [(2, "end"), (4, "next")]),
    ("take()", [(2, "end")]),
    ("take()\ntry:\n    one()\nexcept ValueError:\n    return None\ngive()", [(6, "return")]),
    ("take()\ntry:\n    raise ValueError\nexcept ValueError:\n    pass", [(3, "end")]),
    ("take()\nmatch one():\n    case 1:\n        return 1\ngive()", [(5, "return")]),
    ("while one():\n    take()\n    if bad():\n        break\n    give()", [(2, "end")]),
]


@pytest.mark.parametrize("text", CLOSED)
def test_it_is_closed_on_every_way(text: str) -> None:
    assert exits(text) == []


@pytest.mark.parametrize(("text", "left"), LEFT)
def test_the_way_that_leaves_it_open_is_known(text: str, left: list[tuple[int, str]]) -> None:
    assert exits(text) == left
