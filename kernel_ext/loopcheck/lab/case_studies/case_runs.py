"""Runs a case in several states, two at a time, each in its own process and folder."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from loopcheck.children import temporary_folders
from loopcheck.children.process_tree import pytest_run
from loopcheck.lab.case_studies.cases import Files
from loopcheck.lab.projects.project_files import write_files
from loopcheck.lab.projects.pytest_child import command
from loopcheck.report import json

AT_ONCE = 2
States = Iterable[Files]
SECONDS = 50.0  # a run of 3 s takes that long where ten others run; a cell of nbval's has 60
HANG = 2  # seconds for a test that hangs until it is mended
# pytest's own last line, without seconds: "2 failed, 10 passed, 1 warning"
LAST = re.compile(r"(?m)^(\d+ (?!warnings?)[a-z]+(?:, \d+ (?!warnings?)[a-z]+)*|no tests ran)\b")
FAILED = re.compile(r"(?m)^(?:FAILED|ERROR) (\S+?)(?:\[.*?\])?(?: - .*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of one state of a case."""

    summary: str  # "2 failed, 10 passed"
    failed: tuple[str, ...]  # names of tests, or files that can't be read
    codes: tuple[str, ...]  # of what loopcheck found

    @property
    def red(self) -> bool:
        """True if pytest reported a failure or an error, or ran no test."""
        return bool(self.failed) or not self.summary[:1].isdigit()


def outcomes(states: States) -> Iterator[Outcome]:
    """Yield the outcome of each of *states*, in their order."""
    with ExitStack() as undo:
        running: deque[_Run] = deque()
        for files in states:
            if len(running) == AT_ONCE:
                yield running.popleft().outcome()
            running.append(_Run(files, undo))
        while running:
            yield running.popleft().outcome()


class _Run:
    """pytest running on *files*, until *undo* ends it."""

    def __init__(self, files: Files, undo: ExitStack) -> None:
        folder = undo.enter_context(temporary_folders.Folder()) / "case"
        write_files(folder, files)
        self._report = folder.with_name("report.json")
        asked = command(folder, self._report, [f"--loopcheck-hang={HANG}", "--tb=no", "-rfE"])
        self._child = pytest_run(asked, folder=folder, seconds=SECONDS, fresh=True)
        undo.push(self._child.__exit__)

    def outcome(self) -> Outcome:
        """Wait for the end, and return what pytest and loopcheck reported."""
        said = b"".join(self._child.output()).decode("utf-8", "replace")
        ended = self._child.ended()
        last = LAST.findall(said)
        late = f"ended after {SECONDS:g} s" if ended.why == "timeout" else "pytest did not end"
        try:
            found, _, _ = json.read(self._report.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.NotAReport):  # pytest never started
            found = ()
        names = (name.rpartition("::")[2] for name in FAILED.findall(said))
        return Outcome(
            summary=last[-1] if last else late,
            failed=tuple(dict.fromkeys(names)),
            codes=tuple(sorted({one.code for one in found})),
        )
