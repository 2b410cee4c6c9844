"""The thread that feeds the live panels: it looks, and sends what has changed.

A thread of its own sees a blocked loop blocked. It ends with the last panel that anyone watches,
and takes every hook with it.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from typing import Any, Protocol

from loopcheck.clock import monotonic, perf_counter, thread_time
from loopcheck.magics.live.frames import Frame, frame
from loopcheck.magics.live.live_reading import LiveReading, Names
from loopcheck.watch import faults

EVERY = 0.1  # seconds between two looks, at least
REST = 400  # times the processor time of a look, until the next: a four-hundredth of a core
LONGEST = 0.5  # between two looks; what takes long is not part of each
ALIVE = 2.0  # seconds after which a panel hears that nothing has changed
UNHEARD = 15.0  # seconds after which a panel that says nothing counts as gone
PATIENCE = 2.0  # for the thread to end


class Watcher(Protocol):
    """A panel, as the thread sees it."""

    heard: float  # when its browser last said that somebody sees it

    def show(self, seen: Frame, moment: float) -> None:
        """Send a frame that differs from the last one."""

    def still_alive(self, moment: float) -> None:
        """Say that nothing has changed."""


class UpdateThread:
    """One thread for all panels of the kernel."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._lock = threading.Lock()
        self._watchers: list[Watcher] = []
        self._thread: threading.Thread | None = None
        self._leave = threading.Event()
        self._busy = False  # a cell runs: the kernel may not hear what a browser says
        self._last: tuple[Frame, float] | None = None
        self.reading: LiveReading | None = None

    # -- panels -----------------------------------------------------------------------------------

    def add(self, watcher: Watcher) -> None:
        """Begin to feed *watcher*, which may have been fed before."""
        with self._lock:
            watcher.heard = monotonic()
            if watcher not in self._watchers:
                self._watchers.append(watcher)
                if self._last is not None:
                    watcher.show(*self._last)
            if self._thread is None:
                self._begin()

    def drop(self, watcher: Watcher) -> None:
        """End the updates of *watcher*, and the thread with the last one."""
        with self._lock:
            if watcher in self._watchers:
                self._watchers.remove(watcher)
            last = not self._watchers
        if last:
            self.stop()

    def stop(self) -> None:
        """End the thread, and wait until it is gone and its hooks with it."""
        with self._lock:
            thread, leave = self._thread, self._leave
            self._watchers.clear()
            leave.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join(PATIENCE)

    def cell_begins(self, info: object = None) -> None:
        self._busy = True

    def cell_ends(self, result: object = None) -> None:
        """Forgive the silence during a cell: what a browser said meanwhile is heard now."""
        now = monotonic()
        with self._lock:
            for one in self._watchers:
                one.heard = max(one.heard, now)
        self._busy = False

    @property
    def runs(self) -> bool:
        return self._thread is not None

    # -- the thread -------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._leave = threading.Event()
        if self.reading is None:
            self.reading = LiveReading(self._names)
        self._thread = threading.Thread(
            target=self._run, args=(self.reading, self._leave), name="loopcheck live", daemon=True
        )
        self._thread.start()
        atexit.register(self.stop)

    def _run(self, reading: LiveReading, leave: threading.Event) -> None:
        undo: Callable[[], None] | None = None
        try:
            undo = reading.watch()
            while self._watched(leave):
                began = thread_time()
                self._look(reading)
                took = thread_time() - began
                self._rest(reading, leave, min(max(EVERY, REST * took), LONGEST))
        except Exception:  # our code must never disturb the kernel
            faults.note()
        finally:
            if undo is not None:
                undo()
            atexit.unregister(self.stop)
            with self._lock:
                if self._leave is leave:
                    self._thread, self._last = None, None
                    leave.set()
                    if self._watchers:  # one came while we left
                        self._begin()

    def _watched(self, leave: threading.Event) -> bool:
        """Return whether any panel is left; one that has said nothing for long is not."""
        now = monotonic()
        with self._lock:
            if not self._busy:
                self._watchers[:] = [one for one in self._watchers if now - one.heard < UNHEARD]
            return bool(self._watchers) and not leave.is_set()

    def _rest(self, reading: LiveReading, leave: threading.Event, seconds: float) -> None:
        """Wait for the next look; not any longer when a loop is blocked or a finding was made."""
        end = perf_counter() + seconds
        while not leave.wait(max(0.0, min(EVERY, end - perf_counter()))):
            if perf_counter() >= end or reading.has_news():
                return

    def _look(self, reading: LiveReading) -> None:
        seen, moment = frame(reading.read()), reading.now()
        reading.time_loops()
        with self._lock:
            changed = self._last is None or self._last[0] != seen
            if changed:
                self._last = seen, moment
            for one in self._watchers:
                one.show(seen, moment) if changed else one.still_alive(moment)


def as_values(record: Any) -> Any:
    """Return a record as plain values for JSON, without what is unknown or empty."""
    if isinstance(record, tuple):
        return [as_values(one) for one in record]
    names = getattr(record, "__slots__", None)
    if names is None:
        return record
    values = {name: getattr(record, name) for name in names}
    return {name: as_values(one) for name, one in values.items() if one not in (None, (), False)}
