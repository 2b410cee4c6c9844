"""The project of the server, and runs of its tests: bounded, and ended with the client's call."""

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loopcheck.children import temporary_folders
from loopcheck.cli.mcp_server.arguments import Arguments
from loopcheck.cli.typed import WrongInput
from loopcheck.repair.test_runs import Run, run_pytest

PREFIX = "loopcheck-mcp-"
MOST_NAMES = 5
MOST_RUNS = 10


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


@dataclass(slots=True)
class Project:
    """The folder that the tools are about, and what its latest runs showed."""

    arguments: Arguments
    runs: deque[Run] = field(default_factory=lambda: deque(maxlen=MOST_RUNS))  # the last one first

    @property
    def root(self) -> Path:
        return self.arguments.root

    def run(self, args: Sequence[str], job: Job) -> Run:
        """Run the tests that *args* name; raise `WrongInput` if a client may not give them."""
        done = run(self.root, (*self.arguments.checked(args), "--no-header"), job)
        self.runs.appendleft(done)
        return done

    def known_test(self, test: str) -> tuple[Run, str] | None:
        """Return the latest run of the test that *test* names, with its whole name."""
        for done in self.runs:
            names = dict.fromkeys((*done.outcomes, *done.errors))
            same = [name for name in names if f"/{name}".endswith((f"/{test}", f"::{test}"))]
            found = [test] if test in names else same
            if len(found) > 1:
                some = ", ".join(found[:MOST_NAMES])
                raise WrongInput(f"{len(found)} tests are named `{test}`: {some}")
            if found:
                return done, found[0]
        return None

    def place_of(self, test: str) -> str:
        """Return what names *test* to pytest; raise `WrongInput` if it is not in the root."""
        if (known := self.known_test(test)) is not None:
            done, whole = known
            file, sign, name = whole.partition("::")  # relative to pytest's root, not to ours
            test = f"{os.path.relpath(done.root / file, self.root)}{sign}{name}"
        return self.arguments.place(test)


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
