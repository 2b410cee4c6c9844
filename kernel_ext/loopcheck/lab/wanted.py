"""Which exercise a word names; a wrong word is one line with the right choices."""

from IPython.core.error import UsageError

from loopcheck.lab import exercises
from loopcheck.lab.arguments import near
from loopcheck.lab.exercise import Exercise
from loopcheck.modes import catalogue


def named(word: str) -> Exercise:
    """Return the exercise that *word* names: a code, a slug or a stem."""
    found = exercises.find(word)
    if found is None:
        raise UsageError(_no_exercise(word))
    return found


def known_codes() -> str:
    """Return the codes that have an exercise, long runs in short: `LC101 to LC107, LC201`."""
    runs: list[list[int]] = []
    for number in (int(stem[2:5]) for stem in exercises.stems()):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"LC{run[0]} to LC{run[-1]}" if run[2:] else _each(run) for run in runs)


def _each(numbers: list[int]) -> str:
    return ", ".join(f"LC{number}" for number in numbers)


def _no_exercise(word: str) -> str:
    """Say that *word* names no exercise, and what there is."""
    mode = catalogue.find(word)
    if mode is not None:
        page = f"Its page: %loopcheck explain {mode.code}"
        return f"{mode.code} {mode.slug} has no exercise yet: there are {known_codes()}. {page}"
    codes = [exercises.code_of(stem) for stem in exercises.stems()]
    return f"No exercise `{word}`: there are {known_codes()}.{near(word, codes)}"
