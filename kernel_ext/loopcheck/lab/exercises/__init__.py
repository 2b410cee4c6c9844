"""The exercises: one file each, named like its mode. To be there is to be known.

Those of a team's own lie in `exercises/` of a package of lessons, and are named as it likes.
"""

import re
from functools import cache
from importlib import import_module
from pathlib import Path

from loopcheck.lab.exercise import Exercise
from loopcheck.lab.workbook import team_lessons
from loopcheck.lab.workbook.team_lessons import Package

NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")  # it becomes the name of a file, and travels to a board


class BrokenExercise(Exception):
    """Why an exercise of a team's own cannot be used, in one line."""


def stems() -> list[str]:
    """Return the stems of the workbook's exercises, in the order of their codes. Imports none."""
    return sorted(path.stem for path in Path(__file__).parent.glob("lc*.py"))


@cache
def of_teams() -> dict[str, Package]:
    """Return the stems of exercises that installed packages bring, each with its package."""
    found: dict[str, Package] = {}
    ours = stems()
    for package in team_lessons.packages():
        for path in sorted((package.folder / "exercises").glob("*.py")):
            if not path.stem.startswith("_") and path.stem not in ours:
                found.setdefault(path.stem, package)
    return found


def every() -> list[str]:
    """Return the stems of all exercises: the workbook's, then those of teams."""
    return [*stems(), *of_teams()]


def code_of(stem: str) -> str:
    """Return the code in a stem: `LC102`."""
    return stem.partition("_")[0].upper()


def load(stem: str) -> Exercise:
    """Return the exercise of that stem; raise BrokenExercise where a team's own is none."""
    if (package := of_teams().get(stem)) is not None:
        return _teams_own(stem, f"{package.module}.exercises.{stem}")
    found = import_module(f"{__name__}.{stem}").EXERCISE
    assert isinstance(found, Exercise)
    return found


def _teams_own(stem: str, module: str) -> Exercise:
    """Return the exercise in *module*, which may be anything: its author is at work on it."""
    if not NAME.fullmatch(stem):
        raise BrokenExercise(f"{module}: the name of its file needs small letters, digits and `_`.")
    try:
        found = getattr(import_module(module), "EXERCISE", None)
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())
        raise BrokenExercise(f"{module}: {type(error).__name__}: {said[:200]}") from None
    if not isinstance(found, Exercise):
        raise BrokenExercise(f"{module}: it has no EXERCISE = Exercise(…).")
    if found.stem != stem:
        raise BrokenExercise(f'{module}: its stem is "{found.stem}"; as its file, "{stem}".')
    return found


def find(word: str) -> Exercise | None:
    """Return the exercise that *word* names: `LC102`, `loop-mismatch`, or the stem; else None."""
    wanted = word.lower().replace("-", "_").removesuffix(".ipynb")
    for stem in stems():
        code, _, slug = stem.partition("_")
        if wanted in (code, slug, stem):
            return load(stem)
    return next((load(stem) for stem in of_teams() if wanted == stem.lower()), None)
