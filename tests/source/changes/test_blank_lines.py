"""Blank lines around what a change removes."""

import pytest

from loopcheck.records import Edit
from loopcheck.source.changes.blank_lines import closed_gaps
from loopcheck.source.changes.edited_text import applied


def removed(first: int, last: int) -> Edit:
    return Edit(file="a.py", start=(first, 0), end=(last + 1, 0), text="")


@pytest.mark.parametrize(
    ("before", "lines", "after"),
    [
        ("import a\n\n\ndef f(): ...\n", (1, 1), "def f(): ...\n"),
        ("import a\r\n\r\nimport b\r\n", (1, 1), "import b\r\n"),
        ("x = 1\n\n\ndef f(): ...\n\n\ny = 2\n", (4, 4), "x = 1\n\n\ny = 2\n"),
        ("import a\n\nimport b\n\n\nx = 1\n", (3, 3), "import a\n\n\nx = 1\n"),
        ("x = 1\n\n\ndef f(): ...\n", (4, 4), "x = 1\n"),
        ("def f():\n    a = 1\n\n    b = 2\n", (2, 2), "def f():\n    b = 2\n"),
        ("def f():\n    a = 1\n    b = 2\n\n    c\n", (3, 3), "def f():\n    a = 1\n\n    c\n"),
        ("import a\nimport b\n\nx = 1\n", (1, 1), "import b\n\nx = 1\n"),
    ],
)
def test_no_gap_is_left_where_lines_go(before: str, lines: tuple[int, int], after: str) -> None:
    assert applied(before, closed_gaps(before, [removed(*lines)])) == after


def test_a_gap_stays_where_another_change_puts_lines() -> None:
    text = "import a\n\n\ndef f(): ...\n"
    added = Edit(file="a.py", start=(2, 0), end=(2, 0), text="import b\n")
    assert applied(text, closed_gaps(text, [removed(1, 1), added])) == (
        "import b\n\n\ndef f(): ...\n"
    )


def test_a_change_of_the_line_below_leaves_no_gap() -> None:
    text = "import a\n\n\ndef f(): ...\n"
    inner = Edit(file="a.py", start=(4, 0), end=(4, 0), text="async ")
    assert applied(text, closed_gaps(text, [removed(1, 1), inner])) == "async def f(): ...\n"
