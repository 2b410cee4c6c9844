"""A thread that the test waits for, and what it requested of a loop that does not run.

`run_coroutine_threadsafe(compute(), loop).result()` in a thread returns once that loop has run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import CoroutineType, FrameType, FunctionType
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import objects, thread_stacks
from loopcheck.process.frames import module_of
from loopcheck.process.loops import queued_work
from loopcheck.process.loops.queued_work import Loop
from loopcheck.process.waiting import waits, wakers

NODES = 300
WAITS = ("concurrent.futures._base", "result")
WORKS = ("concurrent.futures.thread", "run")
StandsStill = Callable[[Loop], bool]


@dataclass(frozen=True, eq=False)
class Asked:
    """The request that a thread waits for. Lives only while a look runs."""

    future: Any  # of concurrent.futures
    loop: Loop  # has it queued, and does not run
    coroutine: str


def read(wait: waits.Wait, others: Iterable[Loop], stands_still: StandsStill) -> Iterator[Asked]:
    """Yield the requests to *others* on which the threads that *wait* waits for are blocked."""
    others = list(others)
    for frames in thread_stacks.threads().values() if wait.end is not None else ():
        future = next(_own(frames, WAITS), None)
        works = (objects.peek(one, "future") for one in _own(frames, WORKS))  # two from 3.14 on
        done = next((one for one in works if one is not None), None)
        if future is None or done is None or not wakers.leads_to([done], wait.end, NODES):
            continue
        for loop in others:
            for handle in queued_work.ready_of(loop) if stands_still(loop) else ():
                called = objects.peek(handle, "_callback")
                if wakers.leads_to([called], future, NODES):
                    yield Asked(future, loop, _coroutine(called))


def _own(frames: Iterable[FrameType], place: tuple[str, str]) -> Iterator[object]:
    """Yield the `self` of those of *frames* that are at *place*, innermost first."""
    for frame in frames:
        if (module_of(frame), frame.f_code.co_name) == place:
            yield thread_stacks.locals_of(frame).get("self")


def _coroutine(called: object) -> str:
    """Return the name of the coroutine that `run_coroutine_threadsafe` received."""
    for held in objects.closed_over(called).values() if type(called) is FunctionType else ():
        if type(held) is CoroutineType:
            return held.cr_code.co_qualname.rpartition("<locals>.")[2]
    return "a callback"
