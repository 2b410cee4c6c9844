"""Answers that are wrong and come to mind first, as data: `lc202_….toml`.

The first five of each exercise were written after "See it fail", not beside the verdicts. Those
below them come from somebody who had read the task and no grader. An answer is a whole text, or
the skeleton, the solution or an answer above with changes, each of which must find its place.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loopcheck.lab import exercises
from loopcheck.lab.exercise import Exercise
from loopcheck.lab.grading import Verdict, grade
from loopcheck.lab.workbook.lesson_files import solution_file

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongAnswer:
    """An answer to an exercise, under the name of its idea."""

    exercise: Exercise
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a learner got to hear: the requirement that is not met, and the wrong turns."""

    accepted: bool
    unmet: str = ""
    turns: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """One of three: the verdict knew it, only refused it, or let it pass."""
        return "accepted" if self.accepted else "recognised" if self.turns else "refused"


def of(stem: str) -> Iterator[WrongAnswer]:
    """Yield the wrong answers to an exercise."""
    exercise = exercises.load(stem)
    data = tomllib.loads((FOLDER / f"{stem}.toml").read_text("utf-8"))
    texts = {"skeleton": exercise.skeleton, "solution": solution_file(stem).read_text("utf-8")}
    for one in data["answers"]:
        text = one.get("answer", "").lstrip("\n") or texts[one.get("from", "skeleton")]
        for old, new in one.get("changes", ()):
            assert old in text, f"{stem}, {one['name']}: {old!r} is not there"
            text = text.replace(old, new)
        texts[one["name"]] = text
        yield WrongAnswer(exercise=exercise, name=one["name"], text=text)


def outcome(answer: WrongAnswer) -> Outcome:
    """Grade an answer and return what its learner got to hear."""
    verdict: Verdict = grade(answer.exercise, answer.text, lambda one: None)
    unmet = next((one for one in verdict.checked if not one.met), None)
    if unmet is None:
        return Outcome(accepted=True)
    return Outcome(
        accepted=False,
        unmet=unmet.requirement.name,
        turns=tuple(turn.name for turn in verdict.turns),
    )
