"""The runs of `%pytest` that this process waits for: their tests and findings so far.

The child writes both into files beside the project. Any thread may read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType

from loopcheck.light import frozen
from loopcheck.process import thread_stacks
from loopcheck.process.frames import is_at
from loopcheck.records import Outcome, Phase
from loopcheck.watch.runs.running_tests import MOST, RunningTests, test_name

RUN = ("loopcheck.lab.projects.pytest_child", "run")
PHASES: dict[str, Phase] = {"setup": "setup", "call": "call"}
OUTCOMES: dict[str, Outcome] = {"passed": "passed", "failed": "failed", "skipped": "skipped"}


@frozen
class ChildRun:
    """A run in a child process."""

    name: str  # "%pytest shop"
    progress: Path  # a line for each phase of each test
    report: Path | None  # its JSON report, unless the run is to be left unexplained


def read(stacks: Mapping[int, Iterable[FrameType]]) -> tuple[ChildRun, ...]:
    """Return the runs that the threads with these frames wait for."""
    frames = [one for frames in stacks.values() for one in frames if is_at(one, *RUN)]
    return tuple(one for one in map(_child, frames) if one is not None)


def _child(frame: FrameType) -> ChildRun | None:
    known = thread_stacks.locals_of(frame)
    folder, report, progress = (known.get(name) for name in ("folder", "report", "progress"))
    if not (isinstance(folder, Path) and isinstance(progress, Path) and isinstance(report, Path)):
        return None  # it is about to begin
    explained = bool(known.get("explain"))
    return ChildRun(
        name=f"%pytest {folder.name}", progress=progress, report=report if explained else None
    )


class ChildFiles:
    """What the files of one run said so far: each look reads only what is new."""

    def __init__(self, run: ChildRun) -> None:
        self.run = run
        self.at = 0  # bytes of the progress that are read
        self.changed = 0  # when the report that was read last was written
        self.running: tuple[str, Phase] | None = None
        self.done: dict[str, Outcome] = {}

    def tests(self) -> RunningTests:
        """Return its tests by now."""
        for line in self._new_lines():
            try:
                nodeid, word = json.loads(line)
            except ValueError:
                continue  # the file began anew while we read it
            name = test_name(str(nodeid))
            if word in PHASES:
                self.running = name, PHASES[word]
            elif word in OUTCOMES and self.done.get(name) != "failed":
                self.done.pop(name, None)
                self.done[name] = OUTCOMES[word]
                self.running = None
        while len(self.done) > MOST:
            del self.done[next(iter(self.done))]
        test, phase = self.running or (None, None)
        return RunningTests(test=test, phase=phase, done=tuple(self.done.items()))

    def _new_lines(self) -> list[bytes]:
        try:
            with self.run.progress.open("rb") as file:
                if file.seek(0, 2) < self.at:
                    self.at = 0
                file.seek(self.at)
                whole, newline, _ = file.read().rpartition(b"\n")
        except OSError:  # not yet written, or gone with the run
            return []
        self.at += len(whole) + len(newline)
        return whole.splitlines()

    def new_report(self) -> str | None:
        """Return the report if it was written since the last call."""
        try:
            changed = self.run.report.stat().st_mtime_ns if self.run.report is not None else 0
            if self.run.report is None or changed == self.changed:
                return None
            self.changed = changed
            return self.run.report.read_text("utf-8")
        except OSError:
            return None
