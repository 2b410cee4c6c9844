"""`%%tryit`: a line of a project as the learner writes it, and what that changes."""

import json
import os
import tomllib
from pathlib import Path
from unittest.mock import patch

import pytest
from shells import Cells  # type: ignore[import-not-found]

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CHANGES = tomllib.loads(Path(__file__).with_name("tryit_changes.toml").read_text("utf-8"))
POND = """\
%%project pond
# file: pond.py
import asyncio

async def feed(ducks):
    await asyncio.sleep(0)
    return ducks * 2

# file: test_pond.py
import asyncio
import pytest
from pond import feed

pytestmark = pytest.mark.asyncio

async def test_one_duck():
    assert await feed(1) == 2

async def test_three_ducks():
    assert await feed(3) == 7
"""
LINE = "%%tryit pond pond.py:5\n"


@pytest.fixture
def pond(cells: Cells, warm: None) -> Cells:
    cells(POND)
    return cells


def test_the_lines_as_given_are_answered_with_what_the_tests_do(pond: Cells) -> None:
    said = pond(f"{LINE}    return ducks * 2")
    assert said.startswith("As given: 1 of 2 tests fails.\n  ✗ test_three_ducks fails: ")
    assert "Run it empty, and it comes back as it was." in said


def test_a_change_is_answered_with_what_it_changes(pond: Cells) -> None:
    said = pond(f"{LINE}    return ducks + 4")
    assert said.splitlines() == [
        "With your change: 1 of 2 tests fails.",
        "  ✗ test_one_duck fails: assert 5 == 2",
        "  ✓ test_three_ducks passes now",
    ]


def test_what_a_change_does_not_change_is_said_in_two_words(pond: Cells) -> None:
    said = pond(f"{LINE}    return 2 * ducks")
    assert said.splitlines()[1:] == ["  ✗ test_three_ducks fails as before"]


def test_a_new_cause_has_its_words_and_the_line_to_change(pond: Cells) -> None:
    said = pond("%%tryit pond pond.py:4\n    asyncio.run(asyncio.sleep(0))")
    assert "LC103 nested-run: " in said
    assert " ".join(said.split()).count("Line to change: pond.py:4.") == 1


def test_a_test_that_is_no_longer_collected_is_named(pond: Cells) -> None:
    said = pond("%%tryit pond test_pond.py:7\nasync def one_duck():")
    assert "· test_one_duck is not collected any more" in said


def test_a_change_that_hangs_is_ended(pond: Cells) -> None:
    said = pond("%%tryit pond pond.py:4 --loopcheck-hang=0.2\n    await asyncio.Event().wait()")
    assert "With your change: neither test passes." in said
    assert "✗ test_one_duck never ends" in said
    assert "LC203 hang: " in said


def test_a_change_that_breaks_the_import_is_said_once(pond: Cells) -> None:
    said = pond("%%tryit pond pond.py:1\nimport asincio")
    assert said == (
        "With your change: pytest can't run the tests: "
        "ModuleNotFoundError: No module named 'asincio'\n"
    )


def test_a_line_that_lost_its_blanks_is_remarked_on(pond: Cells) -> None:
    said = pond(f"{LINE}    return ducks * 2\nducks.clear()")
    assert "pytest can't run the tests: NameError: name 'ducks' is not defined" in said
    assert said.endswith("begins with 4 blanks, as the one before did.\n")


def test_an_empty_cell_comes_back_as_it_was(pond: Cells) -> None:
    assert pond(LINE) == "Here it is again, as it was.\n"
    assert pond.shell.rl_next_input == f"{LINE}    return ducks * 2"


def test_the_project_stays_as_it_is(pond: Cells) -> None:
    pond(f"{LINE}    return 0")
    assert pond(f"{LINE}    return ducks * 2").startswith("As given: ")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%%tryit lake lake.py:1\nx", "no project `lake`: there are pond."),
        ("%%tryit pond pnd.py:1\nx", "no file `pnd.py`: there are pond.py, test_pond.py."),
        ("%%tryit pond pond.py:9\nx", "pond.py has lines 1 to 5, so there is no 9."),
        ("%%tryit pond pond.py\nx", "`pond.py` names no line."),
        ("%%tryit pond\nx", "it needs FILE:LINE. Write: %%tryit NAME FILE:LINE"),
        (f"{LINE}    return (ducks", "pond.py:5 is no Python like this: '(' was never closed."),
        (f"{LINE}return ducks", "pond.py:5 is no Python like this: 'return' outside function."),
        (f"{LINE}  return ducks", "Every line that you write here begins with 4 blanks"),
    ],
)
def test_a_slip_is_answered_in_one_line(pond: Cells, cell: str, said: str) -> None:
    answer = pond(cell)
    assert said in answer
    assert answer.count("\n") == 1


def lesson_cells(stem: str) -> list[str]:
    cells = json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text("utf-8"))["cells"]
    return ["".join(one["source"]) for one in cells if one["cell_type"] == "code"]


@pytest.mark.parametrize("name", CHANGES)
def test_the_try_it_of_a_lesson_does_what_the_lesson_says(
    name: str, cells: Cells, warm: None
) -> None:
    """A changed cell, and words of the answer to it: the folded text below the try-it."""
    stem, _, number = name.partition("-")
    before = int(number or 1)
    with patch.dict(os.environ):
        for text in lesson_cells(stem):
            before -= text.startswith("%%tryit")
            if not before:
                break
            if text.startswith(("%%project", "%load_ext")):
                cells(text)
        for change, said in CHANGES[name]:
            assert said in " ".join(cells(f"{text.splitlines()[0]}\n{change}").split())
