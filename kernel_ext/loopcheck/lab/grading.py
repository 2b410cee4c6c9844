"""Grades an answer: run after run in a process of its own, each requirement as soon as known."""

import ast
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from loopcheck.lab import stable
from loopcheck.lab.children import Child
from loopcheck.lab.exercise import AS_IT_IS, Exercise, Requirement, Run
from loopcheck.lab.projects import write_files
from loopcheck.lab.pytest_child import UNSET
from loopcheck.lab.seen import Seen

SLOWEST_START = 20.0  # seconds until pytest must be up, on a machine with a whole class on it
LINGER = 1.0  # seconds that a process may take to end once its tests are done
PLUGINS = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.lab.observer")
# No terminal plugin: what is printed is the learner's own, and never fills a disk.
QUIET = ("-s", "-p", "no:terminal", "-p", "no:cacheprovider", "-c", os.devnull, "-W", UNSET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A requirement after a look: *seen* is what was seen instead of it, None if it holds."""

    requirement: Requirement
    seen: str | None = None
    looked: bool = True

    @property
    def met(self) -> bool:
        """Whether it was looked at and holds."""
        return self.looked and self.seen is None


@dataclass(kw_only=True)
class Verdict:
    """All that a graded answer gets to hear."""

    checked: list[Checked] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # answers to wrong turns
    output: str = ""  # what the answer printed

    @property
    def passed(self) -> bool:
        """Whether every requirement is met."""
        return bool(self.checked) and all(one.met for one in self.checked)


def unreadable(answer: str) -> str | None:
    """Return why *answer* is no Python, None if it is."""
    try:
        ast.parse(answer)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except ValueError as error:  # null bytes
        return str(error)
    return None


def grade(exercise: Exercise, answer: str, tell: Callable[[Checked], None]) -> Verdict:
    """Return the verdict on *answer*, and `tell` each requirement as soon as it is known."""
    verdict = Verdict()

    def note(one: Checked) -> None:
        verdict.checked.append(one)
        tell(one)

    for run in dict.fromkeys(requirement.run for requirement in exercise.requirements):
        wanted = [one for one in exercise.requirements if one.run == run]
        if any(not one.met for one in verdict.checked):  # the rest would only say it again
            for requirement in wanted:
                note(Checked(requirement=requirement, looked=False))
            continue
        seen = _look(exercise, answer, run, wanted, note)
        if run == AS_IT_IS:
            verdict.output = seen.output
        verdict.remarks += _remarks(exercise, seen, verdict)
    return verdict


def _remarks(exercise: Exercise, seen: Seen, verdict: Verdict) -> list[str]:
    taken = (turn.answer for turn in exercise.wrong_turns if turn.did(seen))
    return [answer for answer in taken if answer not in verdict.remarks]


def _look(
    exercise: Exercise,
    answer: str,
    run: Run,
    wanted: list[Requirement],
    note: Callable[[Checked], None],
) -> Seen:
    """Run *answer* once and `note` the requirements of this *run*."""
    seen, open_ones = Seen(planted=bool(run.planted)), list(wanted)
    for _ in _watched(exercise, answer, run, seen):
        if seen.collected is not None and open_ones and open_ones[0].early:
            first = open_ones[0]
            if first.unmet(seen) is None:
                note(Checked(requirement=open_ones.pop(0)))
    failed = False
    for requirement in open_ones:
        what = None if failed else requirement.unmet(seen)
        words = stable.mask(what) if what else None
        note(Checked(requirement=requirement, seen=words, looked=not failed))
        failed = failed or what is not None
    return seen


def _watched(exercise: Exercise, answer: str, run: Run, seen: Seen) -> Iterator[None]:
    """Run *answer* in a folder of its own; yield whenever *seen* may have grown."""
    with tempfile.TemporaryDirectory(prefix="loopcheck-", ignore_cleanup_errors=True) as home:
        folder, events = Path(home).resolve() / "exercise", Path(home) / "events"
        write_files(folder, _files(exercise, answer, run))
        events.touch()
        most = SLOWEST_START + exercise.seconds
        command = _command(exercise, run, folder, events)
        with (
            Child(command, folder=folder, seconds=most, grace=0.2) as child,
            events.open("rb") as file,
        ):
            clock, lines = _Clock(exercise.seconds), _Lines(file)
            for chunk in child.output(idle=0.02):
                seen.output += chunk.decode("utf-8", "replace")
                seen.take(lines.new())
                if clock.over(seen):
                    child.stop()
                yield
            seen.take(lines.new())
            seen.ended = child.ended()
        seen.output = stable.mask(seen.output, [str(folder)])


def _files(exercise: Exercise, answer: str, run: Run) -> dict[str, str]:
    files = {**exercise.frozen, exercise.edits: answer}
    for file, right, wrong in run.planted:
        assert files[file].count(right) == 1, f"{file}: the planted bug has no place, or several"
        files[file] = files[file].replace(right, wrong)
    return files


def _command(exercise: Exercise, run: Run, folder: Path, events: Path) -> list[str]:
    place = [f"--rootdir={folder}", f"--confcutdir={folder}"]
    order = ["--observe-reversed"] if run.reverse else []
    pytest = [sys.executable, "-m", "pytest", *PLUGINS, *QUIET, *place]
    return [*pytest, f"--observe={events}", *order, exercise.edits]


class _Lines:
    """Reads the observer's lines while they are written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.rest = file, b""

    def new(self) -> Iterator[dict[str, Any]]:
        """Yield what whole lines came since the last call."""
        *whole, self.rest = (self.rest + self.file.read()).split(b"\n")
        for line in whole:
            yield json.loads(line)


class _Clock:
    """Says when a run has had its time. It starts when pytest is up: a busy machine is no fault."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.began: float | None = None
        self.done: float | None = None

    def over(self, seen: Seen) -> bool:
        """Return whether the run is to be ended now, and note on *seen* why."""
        now = time.monotonic()
        if seen.finished:
            self.done = self.done or now
            seen.lingering = now - self.done > LINGER
            return seen.lingering
        if seen.started:
            self.began = self.began or now
            seen.late = now - self.began > self.seconds
        return seen.late
