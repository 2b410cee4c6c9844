"""Which coroutines of a walk run as tasks beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from types import FunctionType

from loopcheck.light import replace
from loopcheck.source.concurrent_writes.tracked_values import Begun, FileLine


class RunningTasks:
    """The tasks that lines have started, and not waited for yet."""

    def __init__(self) -> None:
        self.loops = 0  # around the line where the walk is
        self.running: list[Begun] = []
        self.together: list[tuple[Begun, ...]] = []
        self.begun_at: dict[Begun, FileLine] = {}

    def call(
        self, function: FunctionType, given: dict[str, object], line: FileLine, *, deeper: int = 0
    ) -> Begun:
        """Return the coroutine that a call of *function* makes; *deeper*: more loops around it."""
        begun = Begun(function, given, self.loops + deeper)
        self.begun_at[begun] = line
        return begun

    def gather(self, begun: Iterable[Begun], line: FileLine) -> None:
        """Note that *begun* run together, and several of each whose call is in a loop."""
        each = tuple(self._as_many(one, line) if one.level > self.loops else one for one in begun)
        if each:
            self.together.append((*self.running, *each))

    def start(self, begun: tuple[Begun, ...]) -> None:
        """Note that *begun* run from now on."""
        self.running += begun
        self.together.append(tuple(self.running))

    def start_and_wait(self, begun: tuple[Begun, ...]) -> None:
        """Note that *begun* run beside those before, and are awaited at once."""
        self.together.append((*self.running, *begun))

    def end(self, tasks: Iterable[Begun]) -> None:
        """Note that *tasks* have been awaited: found by their line, since a loop makes several."""
        gone = {(id(one.function), self.begun_at.get(one)) for one in tasks}
        self.running = [
            one for one in self.running if (id(one.function), self.begun_at.get(one)) not in gone
        ]

    def end_of_loop(self, before: list[Begun]) -> None:
        """Note that tasks which a loop started, and left running, run beside each other."""
        new = [one for one in self.running if one not in before]
        if new:
            several = [self._as_many(one, self.begun_at[one]) for one in new]
            self.running = [one for one in self.running if one in before] + several
            self.together.append(tuple(self.running))

    def _as_many(self, one: Begun, line: FileLine) -> Begun:
        found = replace(one, many=True)
        self.begun_at[found] = line
        return found
