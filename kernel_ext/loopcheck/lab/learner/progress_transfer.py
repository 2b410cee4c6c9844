"""Progress as one short file, to carry to another machine: `%progress --export`, `--import`."""

import json
import re
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from loopcheck.lab import clinics
from loopcheck.lab.learner import progress
from loopcheck.lab.learner.progress import Progress
from loopcheck.lab.learner.standings import answers, as_lines

NAME = "loopcheck-progress.json"
KIND = "loopcheck progress"
STEM = re.compile(r"[a-z0-9_]+")  # it becomes the name of a file


class CarriedError(ValueError):
    """What is wrong with the file, in one line."""


def export(file: Path) -> list[str]:
    """Write all progress to *file*; return the stems of the lessons."""
    if file.exists() and not _is_one(file):
        raise CarriedError(f"{file} already exists and holds something else. Choose another name.")
    found = sorted(progress.file_of("any").parent.glob("*.json"))
    read = [progress.read(one.stem)[0] for one in found if STEM.fullmatch(one.stem)]
    states = {state.lesson: asdict(state) for state in read if state.begun}
    if not states:
        raise CarriedError("there is no progress yet. Solve an exercise first.")
    content = {"kind": KIND, "schema": progress.SCHEMA, "lessons": states}
    try:
        progress.replace_file(file, json.dumps(content, ensure_ascii=False) + "\n")
    except OSError as error:
        raise CarriedError(
            f"{file} cannot be written: {error.strerror}. Choose another file."
        ) from None
    return list(states)


def _is_one(file: Path) -> bool:
    try:
        _lessons_in(file)
        return True
    except CarriedError:
        return False


def bring(file: Path) -> tuple[list[str], list[str | None]]:
    """Add what *file* holds to the progress here; return the stems, and lines to tell.

    Nothing is lost: where both know a lesson, the later passing answer counts.
    """
    found = _lessons_in(file)
    return list(found), [progress.change(stem, partial(_both, new)) for stem, new in found.items()]


def _both(new: Progress, here: Progress) -> Progress:
    """Return *here* with what *new* knows beyond it."""
    ahead = new.passed is not None and (here.passed is None or new.when > here.when)
    first, other = (new, here) if ahead else (here, new)
    if first.lesson in clinics.stems():  # an answer for each of its projects
        both = answers(other.passed) | answers(first.passed)
        first = replace(first, passed=as_lines(both) if both else None)
    return replace(first, hints=max(here.hints, new.hints), tries=max(here.tries, new.tries))


def _lessons_in(file: Path) -> dict[str, Progress]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        kind, schema, lessons = found["kind"], found["schema"], found["lessons"]
        if kind != KIND:
            raise ValueError(kind)
        if schema > progress.SCHEMA:
            raise CarriedError(f"A newer loopcheck wrote {file}. Update loopcheck first.")
        names = {stem for stem in lessons if not STEM.fullmatch(stem)}
        if names:
            raise ValueError(names)
        return {stem: progress.from_fields(one, stem) for stem, one in lessons.items()}
    except CarriedError:
        raise
    except OSError as error:
        raise CarriedError(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CarriedError(
            f"{file} does not hold loopcheck's progress. Name the file that "
            "%progress --export wrote."
        ) from None
