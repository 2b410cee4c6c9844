"""Follows what tests start that may hold the process at its exit, and explains it if it does."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from loopcheck.watch.hang import process_exit
from loopcheck.watch.hang.process_exit import PATIENCE, SHORTEST, ExitClock, Starts

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.asked import Asked
    from loopcheck.plugin.found import Found
    from loopcheck.records import ExitHolder

STDERR = 2
WIDTH = 80
FAILED = 1  # pytest's exit code if a test failed


class ProcessExit:
    """Only the process that shows the results: a worker is ended by its controller."""

    def __init__(self, asked: Asked, found: Found, labels: Labels) -> None:
        self.asked, self.found, self.labels = asked, found, labels
        self.starts = Starts()
        self.code = 0  # pytest's exit code
        if self._is_asked():
            self.starts.watch(threading.Thread)

    def _is_asked(self) -> bool:
        if not self.asked.show or hasattr(self.found.config, "workerinput"):
            return False
        return not self.asked.keep or process_exit.is_pytests_own()  # a kernel goes on

    def begin(self) -> None:
        """Called before each test, and at the end."""
        tests = self.found.tests
        self.starts.note(tests[-1] if tests else "")

    def end(self) -> None:
        """Watch the exit of this process from here on."""
        self.begin()
        self.starts.end()
        session = self.found.session
        if session is None or not self._is_asked():
            return
        asked = float(self.asked.hang) if self.asked.hang else None
        patience = PATIENCE if asked is None else min(PATIENCE, max(asked, SHORTEST))
        self.code = int(session.exitstatus)
        clock = ExitClock(
            self.labels,
            self.starts,
            lambda holders: self.say(holders, patience),
            self.say_end,
            patience,
            max(asked, patience) if asked is not None else None,
        )
        process_exit.arm(clock)

    def say(self, holders: tuple[ExitHolder, ...], seconds: float) -> None:
        """Write past Python's streams: a thread may hold their locks."""
        from loopcheck.report import hang

        found = self._explain(holders)
        if holders and not found:
            return  # all of it is suppressed
        _write([f"{' loopcheck ':-^{WIDTH}}", *hang.of_exit(found, seconds)])
        known = {(one.where.file, one.where.line) for one in self.found.findings if one.where}
        for one in found:  # an unclosed client may have the thread: that is one fault
            if one.where is None or (one.where.file, one.where.line) not in known:
                self.found.keep_silent(one)

    def _explain(self, holders: tuple[ExitHolder, ...]) -> list[Finding]:
        """Return a finding for each line that starts what holds the process."""
        from loopcheck.modes.diagnose import diagnose, merged
        from loopcheck.records import Evidence

        found = [one for each in holders for one in diagnose(Evidence(exit=each), self.labels)]
        found = self.found.not_waived(merged(found), None, None)
        if not self.code and any(one.code in self.found.codes.fail for one in found):
            self.code = FAILED
        return found

    def say_end(self) -> int:
        """Announce the end of the process, and return its exit code."""
        from loopcheck.report import hang

        _write(["", hang.ends_process(self.asked.hang, self.code)])
        return self.code


def _write(lines: list[str]) -> None:
    os.write(STDERR, "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
