"""The learner's state in each exercise and in each clinic."""

from dataclasses import dataclass

from loopcheck.lab import clinics, exercises
from loopcheck.lab.clinic import Clinic
from loopcheck.lab.exercise import Exercise
from loopcheck.lab.learner import progress
from loopcheck.lab.learner.progress import Progress
from loopcheck.modes import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One lesson with something to solve, and its state."""

    stem: str
    name: str  # "LC102", "clinic one"
    about: str
    state: str  # in words
    solved: bool
    begun: bool
    when: int  # time of the last change, in no fixed unit: later is more
    exercise: Exercise | None = None  # a clinic has none
    family: str = ""  # "LC1xx"; the package of a team's own; a clinic has none


def standings() -> tuple[list[Standing], list[str]]:
    """Return all standings, in the order of their stems, and lines to print."""
    troubles: list[str | None] = []
    found = []
    for stem in exercises.every():
        state, trouble = progress.read(stem)
        try:
            found.append(of_exercise(exercises.load(stem), state))
        except exercises.BrokenExercise as broken:
            trouble = str(broken)
        troubles.append(trouble)
    for clinic in clinics.all_clinics():
        state, trouble = progress.read(clinic.stem)
        found.append(of_clinic(clinic, state))
        troubles.append(trouble)
    return found, [trouble for trouble in troubles if trouble]


def of_exercise(exercise: Exercise, state: Progress) -> Standing:
    """Return the standing of an exercise."""
    mode = catalogue.find(exercise.stem)
    return Standing(
        stem=exercise.stem,
        name=exercise.code,
        about=exercise.slug,
        state=state.state(exercise),
        solved=state.passed is not None,
        begun=state.begun,
        when=state.when,
        exercise=exercise,
        family=mode.family if mode else exercises.of_teams()[exercise.stem].name,
    )


def of_clinic(clinic: Clinic, state: Progress) -> Standing:
    """Return the standing of a clinic: how many of its projects are diagnosed."""
    known, found = {one.project for one in clinic.patients}, answers(state.passed)
    right, most = len(known & found.keys()), len(known)
    return Standing(
        stem=clinic.stem,
        name=clinic.title,
        about="projects without a label",
        state=f"{right} of {most} projects diagnosed" if right else "not begun",
        solved=right == most,
        begun=state.begun,
        when=state.when,
    )


def answers(passed: str | None) -> dict[str, str]:
    """Return the right answers that a clinic's progress keeps, by project."""
    lines = (passed or "").splitlines()
    return {name: answer for name, _, answer in (line.partition(" ") for line in lines)}


def as_lines(found: dict[str, str]) -> str:
    """Return the answers in the form they are saved."""
    return "\n".join(f"{name} {answer}" for name, answer in found.items())
