"""Which exercise a word names; a wrong word gives one line with the valid choices."""

from IPython.core.error import UsageError

from loopcheck.lab import exercises
from loopcheck.lab.arguments import near
from loopcheck.lab.exercise import Exercise
from loopcheck.modes import catalogue


def named(word: str) -> Exercise:
    """Return the exercise that *word* names: a code, a slug or a stem."""
    try:
        found = exercises.find(word)
    except exercises.BrokenExercise as broken:
        raise UsageError(str(broken)) from None
    if found is None:
        raise UsageError(_no_exercise(word))
    return found


def known_codes() -> str:
    """Return the codes with an exercise, long runs shortened: `LC101 to LC107, LC201`."""
    runs: list[list[int]] = []
    for number in (int(stem[2:5]) for stem in exercises.stems()):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    ours = [f"LC{run[0]} to LC{run[-1]}" if run[2:] else _each(run) for run in runs]
    return ", ".join([*ours, *_teams_own()])


def _teams_own() -> list[str]:
    return [stem.replace("_", "-") for stem in exercises.of_teams()]


def _each(numbers: list[int]) -> str:
    return ", ".join(f"LC{number}" for number in numbers)


def _no_exercise(word: str) -> str:
    """Return a line that *word* names no exercise, with the valid choices."""
    mode = catalogue.find(word)
    if mode is not None:
        page = f"Its page: %loopcheck explain {mode.code}"
        return f"{mode.code} {mode.slug} has no exercise yet: there are {known_codes()}. {page}"
    codes = [exercises.code_of(stem) for stem in exercises.stems()]
    return f"No exercise `{word}`: there are {known_codes()}.{near(word, [*codes, *_teams_own()])}"
