"""Follows what tests start that may hold the process at its exit, and says so if it does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from loopcheck.watch.hang import process_exit
from loopcheck.watch.hang.process_exit import PATIENCE, ExitClock, Starts

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
        config, session = self.found.config, self.found.session
        if session is None or not self.asked.show or self.asked.keep:
            return
        if hasattr(config, "workerinput"):
            return
        self.begin()
        limit = max(float(self.asked.hang), PATIENCE) if self.asked.hang else None
        code = int(session.exitstatus)
        clock = ExitClock(
            self.labels, self.starts, self.say, lambda: self.say_end(code), limit, code
        )
        process_exit.arm(clock)

    def say(self, holders: tuple[ExitHolder, ...]) -> None:
        """Write past Python's streams: a thread may hold their locks."""
        from loopcheck.report import hang

        _write([f"{' loopcheck ':-^{WIDTH}}", *hang.of_exit(holders, PATIENCE)])

    def say_end(self, code: int) -> None:
        from loopcheck.report import hang

        _write(["", hang.ends_process(self.asked.hang, code)])


def _write(lines: list[str]) -> None:
    os.write(STDERR, "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
