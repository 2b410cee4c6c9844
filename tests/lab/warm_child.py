"""Runs of answers in warm processes. What such a process leaves behind is not looked at here."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import pytest
from warm import AVAILABLE, Warm, ready

from loopcheck.children.process_tree import Ended, environment
from loopcheck.lab import busy_machine, graded_run
from loopcheck.lab.case_studies import case_runs
from loopcheck.lab.projects import pytest_child

TICK = 0.02
LONGEST_LOOK = 0.25  # seconds that count from one look at a run to the next, which comes in a tick


def put_in(patch: pytest.MonkeyPatch) -> None:
    """Let answers, recipes and projects run warm until *patch* is undone."""
    if AVAILABLE:
        ready()
    for module in (case_runs, graded_run, pytest_child) if AVAILABLE else ():
        patch.setattr(module, "pytest_run", WarmChild)
    patch.setattr(graded_run, "time", SteadyClock())
    patch.setattr(busy_machine, "is_busy", lambda seen: False)  # the steady clock sees to that


class SteadyClock:
    """A clock that stands still when the machine does: an answer has three seconds at times."""

    def __init__(self) -> None:
        self._last, self._counted = time.monotonic(), 0.0

    def monotonic(self) -> float:
        now = time.monotonic()
        self._counted += min(now - self._last, LONGEST_LOOK)
        self._last = now
        return self._counted


class WarmChild:
    """As `Child`, for commands that run pytest."""

    cut = False

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        seconds: float,
        grace: float = 0.5,
        fresh: bool = False,
    ) -> None:
        self._deadline, self._why = time.monotonic() + seconds, "exit"
        self._run = Warm(command, folder, environment(fresh=fresh))

    def output(self, idle: float = 0.1) -> Iterator[bytes]:
        """Yield what is written, and empty bytes now and then."""
        with open(self._run.files[0], "rb") as file:
            while self._run.poll() is None:
                self._run.wait(TICK)
                if time.monotonic() > self._deadline:
                    self._end("timeout")
                yield file.read(65536)
            yield file.read(65536)

    def stop(self) -> None:
        self._end("stopped")

    def _end(self, why: str) -> None:
        self._why = why
        self._run.kill()

    def ended(self) -> Ended:
        self._run.wait()
        return Ended(why=self._why, code=self._run.poll())  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._run.poll() is None:
            self._end("stopped")
        self._run.wait()
        self._run.forget()
