"""What was seen in one run of an answer: plain facts, for requirements to read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from loopcheck.children.process_tree import Ended


@dataclass(kw_only=True)
class Seen:
    """Grows while the run goes on."""

    answer: str = ""  # its text: the last resort, when what it does is not enough to know it
    planted: bool = False  # a bug was planted in this run
    bugs: tuple[str, ...] = ()  # the planted texts
    noticed: frozenset[str] = frozenset()  # tests that found an earlier planted bug by a check
    reverse: bool = False  # the last test ran first
    started: bool = False
    start: float = 0.0  # seconds until pytest had started
    collected: list[str] | None = None
    unreadable: str | None = None  # why the file cannot be imported
    running: str | None = None  # the test that has begun and not ended
    judging: bool = False  # loopcheck is explaining a failure: that may take a while
    outcomes: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)  # the first words of each
    by_code: set[str] = field(default_factory=set)  # tests that the code's own error turned red
    finished: bool = False
    refused: list[dict[str, str]] = field(default_factory=list)
    moved: list[dict[str, str]] = field(default_factory=list)
    waited: list[str] = field(default_factory=list)  # types of what a task had to wait for
    policies: list[str] = field(default_factory=list)
    dropped: list[dict[str, str]] = field(default_factory=list)  # coroutines that never began
    told: int = 0  # warnings about such coroutines that were not silenced
    lost: list[dict[str, str]] = field(default_factory=list)  # errors that no code read
    left: list[dict[str, str]] = field(default_factory=list)  # only the closing loop ended them
    stopping: list[dict[str, str]] = field(default_factory=list)  # cancelled, and not awaited
    longest: float = 0.0  # seconds that the slowest test took
    own_fixtures: list[str] = field(default_factory=list)
    nested: bool = False
    late: bool = False  # it was stopped: tests or their imports took too long
    threads: int = 0  # non-daemon threads after the tests
    left_threads: list[str] = field(default_factory=list)  # all that ran on, daemons too
    thread_errors: list[str] = field(default_factory=list)  # each ended a thread
    lingering: bool = False  # all tests were done, but the process still ran
    ended: Ended | None = None
    output: str = ""
    explained: bool = False  # loopcheck found the cause of a failure

    def take(self, lines: Iterable[dict[str, Any]]) -> None:
        """Apply the observer's lines."""
        for line in lines:
            _TAKEN[str(line.pop("event"))](self, line)

    @property
    def green(self) -> bool:
        """True if every collected test ran and passed."""
        passed = [test for test, outcome in self.outcomes.items() if outcome == "passed"]
        return self.finished and bool(passed) and len(passed) == len(self.collected or ())

    @property
    def never_started(self) -> bool:
        """True if the longest time was over before pytest had come to the answer."""
        return not self.started and self.ended is not None and self.ended.why == "timeout"

    def failed_with(self, *words: str) -> bool:
        """True if any test failed with one of these words."""
        return any(word in said for said in self.failures.values() for word in words)


def _collected(seen: Seen, line: dict[str, Any]) -> None:
    seen.collected = line["tests"]


def _begins(seen: Seen, line: dict[str, Any]) -> None:
    seen.running = line["test"]


def _ends(seen: Seen, line: dict[str, Any]) -> None:
    seen.running = None
    seen.outcomes[line["test"]] = line["outcome"]


def _explains(seen: Seen, line: dict[str, Any]) -> None:
    seen.judging = True


def _explained(seen: Seen, line: dict[str, Any]) -> None:
    seen.judging = False


def _failure(seen: Seen, line: dict[str, Any]) -> None:
    seen.failures.setdefault(line["test"], line["words"])
    if line["by_code"]:
        seen.by_code.add(line["test"])


def _unreadable(seen: Seen, line: dict[str, Any]) -> None:
    seen.unreadable = seen.unreadable or line["words"]


def _started(seen: Seen, line: dict[str, Any]) -> None:
    seen.started = True


def _finished(seen: Seen, line: dict[str, Any]) -> None:
    seen.finished = True
    for name, value in line.items():
        setattr(seen, name, value)


_TAKEN = {
    "started": _started,
    "collected": _collected,
    "unreadable": _unreadable,
    "begins": _begins,
    "ends": _ends,
    "explains": _explains,
    "explained": _explained,
    "failure": _failure,
    "finished": _finished,
}
