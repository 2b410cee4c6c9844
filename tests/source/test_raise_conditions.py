"""The conditions that led to a `raise`: those around it, and those that would have left before."""

import ast
from pathlib import Path

import pytest

from loopcheck.source.statements import raise_conditions

CODE = """\
def take(pool):
    if pool.closed:
        raise RuntimeError
    if pool.free:
        return pool.free.pop()
    for one in pool.all:
        if not one.busy:
            return one
    if pool.strict:
        with pool.lock:
            raise LookupError
    else:
        raise KeyError
"""


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (3, [("pool.closed", True)]),
        (11, [("pool.free", False), ("not one.busy", False), ("pool.strict", True)]),
        (13, [("pool.free", False), ("not one.busy", False), ("pool.strict", False)]),
        (5, []),
    ],
)
def test_a_raise_is_reached_by_these_answers(
    tmp_path: Path, line: int, found: list[tuple[str, bool]]
) -> None:
    file = tmp_path / "pool.py"
    file.write_text(CODE)
    decided = raise_conditions.decided_by(str(file), line)
    assert [(ast.unparse(test), answer) for test, answer in decided] == found
