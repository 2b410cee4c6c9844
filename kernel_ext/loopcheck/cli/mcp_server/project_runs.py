"""Runs of pytest in the project itself: bounded in time, and ended when the client cancels."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loopcheck.children import temporary_folders
from loopcheck.repair.test_runs import Run, run_pytest

PREFIX = "loopcheck-mcp-"


class Stopped(Exception):
    """The client has cancelled the call, or has gone."""


class OutOfTime(Exception):
    """The call has reached its limit."""


@dataclass(slots=True)
class Job:
    """One call: what it does now, how long it may take, and whether it must stop."""

    seconds: float
    what: str = ""
    stopped: threading.Event = field(default_factory=threading.Event)
    begun: float = 0.0

    def start(self) -> None:
        """Begin to count its time."""
        self.begun = time.monotonic()

    @property
    def lasted(self) -> float:
        return time.monotonic() - self.begun

    @property
    def left(self) -> float:
        return max(0.0, self.seconds - self.lasted)

    def say(self, what: str) -> None:
        """Note what is being done, for the client."""
        self.what = what

    def go_on(self) -> None:
        """Raise if the client wants no answer any more: this is called several times per second."""
        if self.stopped.is_set():
            raise Stopped

    def go_on_in_time(self) -> None:
        """Raise if the client wants no answer any more, or the limit is reached."""
        self.go_on()
        if not self.left:
            raise OutOfTime


def run(root: Path, words: Sequence[str], job: Job) -> Run:
    """Run the tests of the project in *root* as they are, with loopcheck.

    A run that reaches the limit is ended; what was found until then stays.
    """
    temporary_folders.sweep(PREFIX)  # those of servers that were killed
    job.say("running the tests")
    with temporary_folders.Folder(PREFIX) as home:
        return run_pytest(
            words, folder=root, home=home, root=root, seconds=job.left, alive=job.go_on
        )
