"""Answers that hang, crash, fork or flood: each in a process of its own, as learners run them."""

import time
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from loopcheck.lab import exercises, verdicts
from loopcheck.lab.grading import Checked, Verdict, grade
from loopcheck.lab.workbook.lesson_files import solution_file

EXERCISE = exercises.load("lc102_loop_mismatch")
ANSWERS = import_module("answers.lc102_loop_mismatch")  # beside this file; mypy does not look there
RIGHT: dict[str, str] = ANSWERS.RIGHT
HOSTILE: dict[str, tuple[str, str]] = ANSWERS.HOSTILE


def graded(answer: str) -> Verdict:
    """Return the verdict on *answer*."""
    return grade(EXERCISE, answer, lambda one: None)


def first_unmet(verdict: Verdict) -> Checked:
    """Return the requirement that the verdict stops at."""
    return next(one for one in verdict.checked if not one.met)


def test_the_solution_passes_in_time_and_is_shown_as_it_comes() -> None:
    began, told = time.monotonic(), list[float]()
    answer = solution_file(EXERCISE.stem).read_text(encoding="utf-8")
    verdict = grade(EXERCISE, answer, lambda one: told.append(time.monotonic() - began))
    assert verdict.passed, first_unmet(verdict)
    assert verdict.turns == []
    assert told[0] < 2
    assert told[-1] < 8
    assert told[-1] - told[0] > told[0] / 2  # not all at the end


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
    limited = replace(EXERCISE, seconds=2) if "still running" in words else EXERCISE
    verdict = grade(limited, answer, lambda one: None)
    assert words in (first_unmet(verdict).seen or "")
    assert len(verdict.output) <= 65_536
    assert str(tmp_path) not in verdicts.closing(EXERCISE, verdict, [], "")
    assert processes_of(tmp_path) == []


def test_an_answer_that_hangs_has_its_verdict_in_time() -> None:
    began, told = time.monotonic(), list[float]()
    answer, words = HOSTILE["a blocked test"]
    verdict = grade(EXERCISE, answer, lambda one: told.append(time.monotonic() - began))
    assert words in (first_unmet(verdict).seen or "")
    assert told[0] < 2
    assert told[-1] < 8
