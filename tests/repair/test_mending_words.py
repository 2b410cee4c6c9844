"""The last lines of `loopcheck fix` leave out no failure."""

from pathlib import Path

from loopcheck.modes.finding import Finding
from loopcheck.records import Place
from loopcheck.repair.mending import Outcome
from loopcheck.repair.mending_words import summary
from loopcheck.repair.test_runs import Run

FOUND = Finding(
    code="LC202",
    slug="never-awaited",
    certainty="certain",
    what="",
    why="",
    fix="",
    where=Place("test_a.py", 2),
    test="test_a.py::test_b",
)


def ran(*failed: str, held: str = "") -> Run:
    outcomes = dict.fromkeys(failed, "failed") | {"test_a.py::test_c": "passed"}
    return Run(outcomes, {}, (FOUND,), Path(), (), 0.1, held=held)


def test_a_failure_that_no_mode_fits_is_named() -> None:
    first = ran("test_a.py::test_b", "test_a.py::test_total")
    said = summary(first, [Outcome(FOUND)], "", "")
    assert said.splitlines() == [
        "No mode fits the failure of test_a.py::test_total.",
        "",
        "1 fault: 1 without an edit",
    ]


def test_of_many_such_failures_the_first_are_named() -> None:
    first = ran("test_a.py::test_b", *(f"test_a.py::test_{n}" for n in range(5)))
    [line, *_] = summary(first, [Outcome(FOUND)], "", "").splitlines()
    assert line.endswith("test_a.py::test_2 and 2 more.")


def test_what_held_the_process_comes_first() -> None:
    said = summary(ran("test_a.py::test_b", held="It went on."), [Outcome(FOUND)], "", "")
    assert said == "It went on.\n\n1 fault: 1 without an edit"
