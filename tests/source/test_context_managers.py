"""What a `with` enters, as it is written."""

from pathlib import Path
from textwrap import dedent

import pytest

from loopcheck.source.catching import context_exits

TEXT = """
    with open("x", secret="y") as file:
        first()
    async with (
        shop.serving("name"),
        stack as one,
    ):
        second()
    with outer():
        with inner():
            third()
"""


@pytest.mark.parametrize(
    ("line", "entered"),
    [
        (1, ["open()"]),
        (2, []),
        (3, ["shop.serving()", "a manager"]),
        (5, ["shop.serving()", "a manager"]),
        (7, []),
        (8, ["outer()"]),
        (9, ["inner()"]),
        (99, []),
    ],
)
def test_a_line_of_a_with_tells_what_is_entered(
    line: int, entered: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "shop.py"
    file.write_text(dedent(TEXT).lstrip())
    assert context_exits.find_managers(str(file), line) == entered
