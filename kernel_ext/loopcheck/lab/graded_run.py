"""One run of an answer, in its own folder and process, watched while it runs."""

import json
import os
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from loopcheck.children import temporary_folders
from loopcheck.children.process_tree import pytest_run
from loopcheck.lab import emptied_code
from loopcheck.lab.exercise import AS_IT_IS, Exercise, Run
from loopcheck.lab.projects import output_masks
from loopcheck.lab.projects.project_files import write_files
from loopcheck.lab.projects.pytest_child import UNSET, keep_findings
from loopcheck.lab.seen import Seen
from loopcheck.source.settings_names import NAMES

SLOWEST_START = (
    20.0  # seconds until pytest must have started, on a machine with a whole class on it
)
LONGEST_RUN = 60.0  # seconds for all tests together, when each test has its own limit
LONGEST_WORDS = 6.0  # seconds for explaining failures, which do not count against the answer
MOST_EMPTIED = 2.0  # seconds for tests of code that does nothing: some wait for it
LINGER = 1.0  # seconds for a process to end after its tests, if a thread is left
SLOWEST_END = 10.0  # the same if none is left: then the machine is busy
PLUGINS = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.lab.observer")
# No terminal plugin: all output is the learner's own, and never fills a disk.
QUIET = ("-s", "-p", "no:terminal", "-p", "no:cacheprovider", "-W", UNSET)


def watch(exercise: Exercise, answer: str, run: Run, seen: Seen) -> Generator[None, None, None]:
    """Run *answer* in its own folder; yield whenever *seen* may have grown."""
    with temporary_folders.Folder() as home:
        folder, events = home / "exercise", home / "events"
        findings = home / "findings"
        write_files(folder, _files(exercise, answer, run))
        command = _command(exercise, run, folder, events)
        if run == AS_IT_IS:  # so that `%loopcheck why` can explain what the learner sees
            command += ["-p", "loopcheck.plugin", f"--loopcheck-json={findings}"]
        seconds = MOST_EMPTIED if run.emptied else exercise.seconds
        yield from follow(command, folder, events, Clock(seconds), seen)
        seen.output = output_masks.mask(seen.output, [str(folder)])
        source = f"%%exercise {exercise.code}"
        seen.explained = keep_findings(findings, source)


def follow(
    command: Sequence[str], folder: Path, events: Path, clock: "Clock", seen: Seen
) -> Generator[None, None, None]:
    """Run *command*, which writes to *events*, until its end or until *clock* stops it."""
    events.touch()
    most = SLOWEST_START + clock.longest
    with (
        pytest_run(command, folder=folder, seconds=most, grace=0.2, fresh=True) as child,
        events.open("rb") as file,
    ):
        lines = _Lines(file)
        for chunk in child.output(idle=0.02):
            seen.output += chunk.decode("utf-8", "replace")
            seen.take(lines.new())
            if clock.over(seen):
                child.stop()
            yield
        seen.take(lines.new())
        seen.ended = child.ended()
        if seen.started and not seen.finished and seen.ended.why == "timeout":
            seen.late = True  # a run in this process is only seen once it is over


def _files(exercise: Exercise, answer: str, run: Run) -> dict[str, str]:
    files = {**exercise.frozen, exercise.edits: answer}
    for file, right, wrong in run.planted:
        assert files[file].count(right) == 1, f"{file}: the planted bug has no place, or several"
        files[file] = files[file].replace(right, wrong)
    if run.emptied:
        beside = {*exercise.tests, "conftest.py"}
        code = [name for name in files if name.endswith(".py") and name not in beside]
        files |= {name: emptied_code.emptied(files[name]) for name in code}
        files[emptied_code.MODULE] = emptied_code.SOURCE
    return files


def _command(exercise: Exercise, run: Run, folder: Path, events: Path) -> list[str]:
    own = any(name in NAMES for name in exercise.frozen)
    order = ["--observe-reversed"] if run.reverse else []
    tests = [exercise.edits] if run.emptied else exercise.tests
    return [*command_of(folder, events, own_config=own), *order, *tests]


def command_of(folder: Path, events: Path, *, own_config: bool) -> list[str]:
    """Return the command that runs the files in *folder* and writes events to *events*."""
    place = [f"--rootdir={folder}", f"--confcutdir={folder}"]
    if not own_config:
        place += ["-c", os.devnull]  # ignore config files above the folder
    pytest = [sys.executable, "-m", "pytest", *PLUGINS, *QUIET, *place]
    return [*pytest, f"--observe={events}"]


class _Lines:
    """Reads the observer's lines while they are written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.rest = file, b""

    def new(self) -> Iterator[dict[str, Any]]:
        """Yield the complete lines that came since the last call."""
        *whole, self.rest = (self.rest + self.file.read()).split(b"\n")
        for line in whole:
            yield json.loads(line)


class Clock:
    """Decides when a run's time is up. It starts when pytest is up: a busy machine is no fault."""

    def __init__(self, seconds: float) -> None:
        self.seconds = self.longest = seconds
        self.since: float | None = None  # when the process was first looked at
        self.began: float | None = None
        self.looked = self.forgiven = 0.0
        self.done: float | None = None

    def over(self, seen: Seen) -> bool:
        """True if the run must end now; *seen* records why."""
        now = time.monotonic()
        self.since = self.since or now
        if not seen.started:
            seen.start = now - self.since
        if seen.finished:
            self.done = self.done or now
            seen.lingering = now - self.done > (LINGER if seen.threads else SLOWEST_END)
            return seen.lingering
        if seen.started:
            seen.late = self.late(seen, now)
        return seen.late

    def late(self, seen: Seen, now: float) -> bool:
        """True if the time is up."""
        self.began = self.began or now
        if seen.judging:  # a report may run the answer's own code, which may never end
            self.forgiven = min(self.forgiven + now - (self.looked or now), LONGEST_WORDS)
        self.looked = now
        return now - self.began - self.forgiven > self.seconds


class EachTest(Clock):
    """A clock with a limit for each test: imports before the tests don't count."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.longest = LONGEST_RUN
        self.test: str | None = None

    def late(self, seen: Seen, now: float) -> bool:
        """True if the running test's time is up."""
        if self.began is None or seen.running != self.test:
            self.began, self.test = now, seen.running
        return seen.running is not None and now - self.began > self.seconds
