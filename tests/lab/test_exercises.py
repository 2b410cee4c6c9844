"""Every exercise: who passes, who does not, and what each of them gets to hear.

`answers/<stem>.py` holds the answers: RIGHT by name, WRONG by name (the answer, words of the
requirement that is not met, words of the remark), and SKELETON_SAYS: the requirement that the
skeleton does not meet, and what is seen there.
"""

from importlib import import_module
from types import ModuleType

import pytest

from loopcheck.lab import exercises, grading, verdicts
from loopcheck.lab.grading import Checked, Verdict, grade
from loopcheck.lab.requirements import all_there
from loopcheck.lab.workbook.lesson_files import solution_file

pytestmark = pytest.mark.usefixtures("warm")
STEMS = exercises.stems()


def answers(stem: str) -> ModuleType:
    return import_module(f"answers.{stem}")


def graded(stem: str, answer: str) -> Verdict:
    return grade(exercises.load(stem), answer, lambda one: None)


def first_unmet(verdict: Verdict) -> Checked:
    """Return the requirement that the verdict stops at."""
    return next(one for one in verdict.checked if not one.met)


def each(kind: str) -> list[tuple[str, str]]:
    return [(stem, name) for stem in STEMS for name in getattr(answers(stem), kind)]


@pytest.mark.parametrize("stem", STEMS)
def test_the_skeleton_fails_for_the_one_right_reason(stem: str) -> None:
    verdict = graded(stem, exercises.load(stem).skeleton)
    unmet = first_unmet(verdict)
    requirement, seen = answers(stem).SKELETON_SAYS
    assert unmet.requirement.name == requirement
    assert seen in (unmet.seen or "")
    assert verdict.turns == []


@pytest.mark.parametrize("stem", STEMS)
def test_the_solution_passes(stem: str) -> None:
    verdict = graded(stem, solution_file(stem).read_text(encoding="utf-8"))
    assert verdict.passed, first_unmet(verdict)
    assert verdict.turns == []


@pytest.mark.parametrize(("stem", "name"), each("RIGHT"))
def test_another_right_answer_passes(stem: str, name: str) -> None:
    verdict = graded(stem, answers(stem).RIGHT[name])
    assert verdict.passed, first_unmet(verdict)
    assert verdict.turns == []


@pytest.mark.parametrize(("stem", "name"), each("WRONG"))
def test_a_wrong_turn_is_answered_for_what_it_does(stem: str, name: str) -> None:
    answer, requirement, remark = answers(stem).WRONG[name]
    verdict = graded(stem, answer)
    assert requirement in first_unmet(verdict).requirement.name
    said = "\n".join(verdicts.answers(verdict))
    assert (remark in said) if remark else not said


@pytest.mark.parametrize("stem", STEMS)
def test_there_are_enough_answers(stem: str) -> None:
    known = answers(stem)
    assert len(known.RIGHT) >= 3
    assert len({remark for _, _, remark in known.WRONG.values() if remark}) >= 2


@pytest.mark.parametrize("stem", STEMS)
def test_the_hints_go_from_a_nudge_to_the_shape_of_the_answer(stem: str) -> None:
    exercise = exercises.load(stem)
    lengths = [len(hint) for hint in exercise.hints]
    assert lengths == sorted(lengths)
    assert "…" in exercise.hints[-1]  # its middle is left out


@pytest.mark.parametrize(
    ("tests", "name"),
    [(1, "the test is there"), (2, "both tests are there"), (3, "all three tests are there")],
)
def test_the_number_of_tests_reads_as_a_person_would_say_it(tests: int, name: str) -> None:
    assert all_there(tests).name == name


def test_no_kind_of_exercise_is_above_a_third() -> None:
    kinds = [exercises.load(stem).kind for stem in STEMS]
    if len(kinds) >= 6:
        assert max(map(kinds.count, kinds)) <= max(2, len(kinds) / 3)


def test_an_answer_that_is_nested_without_end_is_told_so() -> None:
    assert grading._not_python("-" * 100_000 + "1") == "it is nested too deeply"
