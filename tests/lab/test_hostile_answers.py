"""Answers that hang, crash, fork or flood: each in a process of its own, as learners run them."""

from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import ClassVar, Self

import pytest

from loopcheck.children.process_tree import Child, Ended
from loopcheck.lab import exercises, graded_run, verdicts
from loopcheck.lab.graded_run import Clock
from loopcheck.lab.grading import Checked, Verdict, grade
from loopcheck.lab.workbook.lesson_files import solution_file

EXERCISE = exercises.load("lc102_loop_mismatch")
ANSWERS = import_module("answers.lc102_loop_mismatch")  # beside this file; mypy does not look there
RIGHT: dict[str, str] = ANSWERS.RIGHT
HOSTILE: dict[str, tuple[str, str]] = ANSWERS.HOSTILE
LONG = 60.0  # seconds for what ends by itself, on a machine that is busy or stands still


def graded(answer: str) -> Verdict:
    """Return the verdict on *answer*."""
    return grade(replace(EXERCISE, seconds=LONG), answer, lambda one: None)


def first_unmet(verdict: Verdict) -> Checked:
    """Return the requirement that the verdict stops at."""
    return next(one for one in verdict.checked if not one.met)


class Watched(Child):
    """A run that notes when it begins and how it ended."""

    noted: ClassVar[list[str]]

    def __enter__(self) -> Self:
        self.noted.append("begun")
        return super().__enter__()

    def ended(self) -> Ended:
        end = super().ended()
        self.noted.append(end.why)
        return end


class Limit(Clock):
    """A limit that notes what it gives."""

    noted: ClassVar[list[float]]

    def __init__(self, seconds: float) -> None:
        self.noted.append(seconds)
        super().__init__(seconds)


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what happens, in order: the runs of an answer and the requirements that are shown."""
    Watched.noted, Limit.noted = [], []
    monkeypatch.setattr(graded_run, "pytest_run", Watched)
    monkeypatch.setattr(graded_run, "Clock", Limit)
    return Watched.noted


def test_the_solution_passes_and_is_shown_as_it_comes(noted: list[str]) -> None:
    answer = solution_file(EXERCISE.stem).read_text(encoding="utf-8")
    # A minute instead of three seconds: a busy machine may need more for each run.
    patient = replace(EXERCISE, seconds=LONG)
    verdict = grade(patient, answer, lambda one: noted.append("shown"))
    assert verdict.passed, first_unmet(verdict)
    assert verdict.turns == []
    assert noted[:2] == ["shown", "begun"]
    runs = [run.split() for run in " ".join(noted).split("begun")[1:]]
    assert any(run[0] == "shown" for run in runs)  # while it runs
    for run in runs:  # each comes to its own end, and is shown before the next one begins
        assert [word for word in run if word != "shown"] == ["exit"]
        assert "shown" in run
    assert len(runs) == len({one.requirement.run for one in verdict.checked[1:]})


def test_what_did_nothing_in_a_right_answer_may_go() -> None:
    verdict = graded("import nest_asyncio\nnest_asyncio.apply()\n" + RIGHT["the second mark too"])
    assert verdict.passed, first_unmet(verdict)
    assert verdicts.answers(verdict) == [
        "You probably don't need this: nest_asyncio. Remove it and run the cell again."
    ]


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of live processes that name *folder* (Linux; elsewhere none)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # gone while we look
            line = (process / "cmdline").read_bytes().decode(errors="replace")
            if str(folder) in line:
                found.append(line)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_gets_a_clear_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answer, words = HOSTILE[name]
    # Two seconds for what never ends; on a busy machine others need more to come to their own end.
    limited = replace(EXERCISE, seconds=2 if "still running" in words else LONG)
    verdict = grade(limited, answer, lambda one: None)
    assert words in (first_unmet(verdict).seen or "")
    assert len(verdict.output) <= 65_536
    assert str(tmp_path) not in verdicts.closing(EXERCISE, verdict, [], "")
    assert processes_of(tmp_path) == []


def test_an_answer_that_hangs_is_ended_by_its_own_limit(noted: list[str]) -> None:
    answer, words = HOSTILE["a blocked test"]
    # A busy machine may need three seconds before the test that hangs has begun.
    patient = replace(EXERCISE, seconds=2 * EXERCISE.seconds)
    verdict = grade(patient, answer, lambda one: noted.append("shown"))
    assert words in (first_unmet(verdict).seen or "")
    assert noted[:2] == ["shown", "begun"]
    # "timeout" would be the longer limit of the process; no other run begins.
    assert set(noted[2:]) == {"stopped", "shown"}
    assert noted.count("stopped") == 1
    assert Limit.noted == [patient.seconds]
