"""What the learner shares: one small file, from `%progress --share` to `--unshare`.

All notebooks of a learner read it, and each verdict changes it.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from loopcheck.lab import clinics, exercises
from loopcheck.lab.board import SECONDS_KEPT, BoardError
from loopcheck.lab.board.row import MOST_HINTS, Row, State, as_fields, from_fields
from loopcheck.lab.exercise import Exercise
from loopcheck.lab.grading import PYTHON, Checked
from loopcheck.lab.home import data_folder
from loopcheck.lab.learner import progress
from loopcheck.lab.learner.standings import answers, standings

SCHEMA = 1


def file_of_share() -> Path:
    """Return the file with what is shared."""
    return data_folder() / "share.json"


def read() -> tuple[Row | None, str | None]:
    """Return what is shared, None if nothing is, and a line to print if the file is broken."""
    file = file_of_share()
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["schema"] > SCHEMA or time.time() - found["when"] > SECONDS_KEPT:
            return None, None
        return from_fields(found["row"]), None
    except OSError:
        return None, None
    except (ValueError, KeyError, TypeError, RecursionError, BoardError):
        return None, progress.set_aside(file, "share")


def keep(row: Row) -> None:
    """Share *row* from now on; raise BoardError if that cannot be saved."""
    file = file_of_share()
    kept = {"schema": SCHEMA, "when": time.time(), "row": as_fields(row)}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        progress.replace_file(file, json.dumps(kept))
    except OSError as error:
        raise BoardError(
            f"What you share cannot be kept: {error.strerror} ({file.parent}). "
            "LOOPCHECK_HOME can name another folder."
        ) from None


def change(step: Callable[[Row], Row]) -> Row | None:
    """Apply *step* to what is shared and return it; None, and no change, if nothing is shared."""
    with progress.alone():
        row = read()[0]
        if row is not None:
            keep(row := step(row))
        return row


def end() -> None:
    """Share nothing from now on; raise BoardError if that fails."""
    try:
        file_of_share().unlink(missing_ok=True)
    except OSError as error:
        raise BoardError(f"{file_of_share()} stays: {error.strerror}. Delete it.") from None


def checked(row: Row, stem: str, found: list[Checked]) -> Row:
    """Return *row* after a verdict on an exercise. Solving it lowers the hand."""
    states = tuple((one.requirement.name, _state(one)) for one in found)
    row = replace(row, lesson=stem, requirements=states, hints=_hints(progress.read(stem)[0]))
    return replace(row, hand=None) if row.solved else row


def _state(one: Checked) -> State:
    return "met" if one.met else "not met" if one.looked else "not looked at"


def diagnosed(row: Row, stem: str, wrong: str | None = None) -> Row:
    """Return *row* after a diagnosis in a clinic: its projects are the requirements."""
    row = moved(replace(row, lesson=""), stem)
    states = ((name, "not met" if name == wrong else state) for name, state in row.requirements)
    row = replace(row, requirements=tuple(states))
    return replace(row, hand=None) if row.solved else row


def moved(row: Row, stem: str) -> Row:
    """Return *row* in another lesson, with the state from its progress file."""
    state = progress.read(stem)[0]
    known = row.requirements if row.lesson == stem else _known(stem, state)
    return replace(row, lesson=stem, requirements=known, hints=_hints(state))


def _hints(state: progress.Progress) -> int:
    return min(max(state.hints, 0), MOST_HINTS)  # a hand-written file may hold more


def _known(stem: str, state: progress.Progress) -> tuple[tuple[str, State], ...]:
    """Return the requirements of a lesson: met if it was solved, else not looked at."""
    exercise = _exercise(stem)
    if exercise is not None:
        solved = state.passed is not None and state.exercise == exercise.digest
        names = [one.name for one in (PYTHON, *exercise.requirements)]
        return tuple((name, "met" if solved else "not looked at") for name in names)
    found = answers(state.passed)
    patients = [
        p.project for one in clinics.all_clinics() if one.stem == stem for p in one.patients
    ]
    return tuple((name, "met" if name in found else "not looked at") for name in patients)


def _exercise(stem: str) -> Exercise | None:
    try:
        return exercises.load(stem) if stem in exercises.every() else None
    except exercises.BrokenExercise:
        return None


def here() -> str | None:
    """Return the stem of the lesson that the learner has open, if it is known."""
    open_one = Path(os.environ.get("JPY_SESSION_NAME", "")).stem  # set by the server
    known = [*exercises.every(), *clinics.stems()]
    return open_one if open_one in known else None


def opened(name: str) -> Row:
    """Return a learner's first row: the open lesson, or the last one they worked on."""
    begun = [one for one in standings()[0] if one.begun]
    latest = max(begun, key=lambda one: one.when).stem if begun else None
    stem = here() or latest
    return moved(Row(name=name), stem) if stem else Row(name=name)
