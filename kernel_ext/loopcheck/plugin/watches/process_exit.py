"""Follows what tests start that may hold the process at its exit, and says so if it does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from loopcheck.watch.hang import process_exit
from loopcheck.watch.hang.process_exit import PATIENCE, SHORTEST, ExitClock, Starts

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.plugin.asked import Asked
    from loopcheck.plugin.found import Found
    from loopcheck.records import ExitHolder

STDERR = 2
WIDTH = 80


class ProcessExit:
    """Only the process that shows the results: a worker is ended by its controller."""

    def __init__(self, asked: Asked, found: Found, labels: Labels) -> None:
        self.asked, self.found, self.labels = asked, found, labels
        self.starts = Starts()

    def begin(self) -> None:
        """Called before each test, and at the end."""
        tests = self.found.tests
        self.starts.note(tests[-1] if tests else "")

    def end(self) -> None:
        """Watch the exit of this process from here on."""
        self.begin()
        self.starts.end()
        config, session = self.found.config, self.found.session
        if session is None or not self.asked.show or self.asked.keep:
            return
        if hasattr(config, "workerinput"):
            return
        asked = float(self.asked.hang) if self.asked.hang else None
        patience = PATIENCE if asked is None else min(PATIENCE, max(asked, SHORTEST))
        code = int(session.exitstatus)
        clock = ExitClock(
            self.labels,
            self.starts,
            lambda holders: self.say(holders, patience),
            lambda: self.say_end(code),
            patience,
            max(asked, patience) if asked is not None else None,
            code,
        )
        process_exit.arm(clock)

    def say(self, holders: tuple[ExitHolder, ...], seconds: float) -> None:
        """Write past Python's streams: a thread may hold their locks."""
        from loopcheck.report import hang

        _write([f"{' loopcheck ':-^{WIDTH}}", *hang.of_exit(holders, seconds)])

    def say_end(self, code: int) -> None:
        from loopcheck.report import hang

        _write(["", hang.ends_process(self.asked.hang, code)])


def _write(lines: list[str]) -> None:
    os.write(STDERR, "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
