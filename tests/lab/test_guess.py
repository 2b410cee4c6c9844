"""`%guess`: what a learner expects, beside what the next run of the tests did."""

import pytest
from shells import Cells  # type: ignore[import-not-found]

POND = """\
%%project pond
# file: test_pond.py
def test_one_duck():
    assert 1 + 1 == 2

def test_three_ducks():
    assert 3 + 3 == 7
"""
HOW = (
    "Write your guess after %guess, such as %guess a, and run this cell again: the next run of "
    "the tests is the answer.\n"
)
WHY = "The folded answer above says why."


@pytest.fixture
def pond(cells: Cells, warm: None) -> Cells:
    cells(POND)
    return cells


def last_line(said: str) -> str:
    return said.splitlines()[-1]


def test_without_a_guess_it_says_how_to_write_one(cells: Cells) -> None:
    assert cells("%guess") == HOW


def test_the_guess_stands_below_what_the_next_run_did(pond: Cells) -> None:
    assert pond("%guess b") == "Noted: b. The next run answers.\n"
    assert last_line(pond("%pytest pond")) == f"You guessed: b. You saw: 1 of 2 tests failed. {WHY}"


def test_a_cell_with_several_runs_is_answered_once_at_its_end(pond: Cells) -> None:
    pond("%guess only the ducks")
    said = pond("%pytest pond\n%pytest pond -k one")
    assert said.count("You guessed") == 1
    assert last_line(said) == (
        f"You guessed: only the ducks. You saw: 1 of 2 tests failed, then no test failed. {WHY}"
    )


def test_a_run_without_a_guess_says_nothing_more(pond: Cells) -> None:
    assert "You guessed" not in pond("%pytest pond")
    pond("%guess b")
    pond("%pytest pond")
    assert "You guessed" not in pond("%pytest pond")


def test_a_run_that_only_collects_answers_no_guess(pond: Cells) -> None:
    pond("%guess b")
    assert "You guessed" not in pond("%pytest pond --collect-only")
    assert "You guessed: b." in pond("%pytest pond")


def test_a_guess_that_was_empty_is_not_kept(pond: Cells) -> None:
    pond("%guess b")
    pond("%guess")
    assert "You guessed" not in pond("%pytest pond")


def test_a_guess_is_text_and_no_code(pond: Cells) -> None:
    assert pond("%guess {pond} it's $PATH").startswith("Noted: {pond} it's $PATH. ")


def test_a_run_that_is_ended_answers_too(pond: Cells) -> None:
    pond("%%project wait\n# file: test_wait.py\nimport time\ndef test_it():\n    time.sleep(60)")
    pond("%guess it is slow")
    assert last_line(pond("%pytest wait --seconds 1")) == (
        f"You guessed: it is slow. You saw: no end, and the run was ended. {WHY}"
    )


def test_a_project_that_cannot_run_leaves_the_guess_open(pond: Cells) -> None:
    pond("%guess b")
    assert "You guessed" not in pond("%pytest lake")
    assert "You guessed: b." in pond("%pytest pond")
