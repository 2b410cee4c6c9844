"""Whether a failure happened under trio, whose loops loopcheck does not examine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from types import TracebackType

from loopcheck.process import objects
from loopcheck.process.frames import module_of

DEEPEST = 1_000  # entries of a traceback to follow: a recursion has as many
RUNS = ("trio._core._run", "anyio._backends._trio")


def ran_on(error: BaseException) -> bool:
    """Return whether trio ran the code that raised *error*."""
    trace = objects.trace_of(error)
    return any(name in RUNS for name in islice(_modules(trace), DEEPEST))


def _modules(trace: TracebackType | None) -> Iterator[object]:
    while trace is not None:
        yield module_of(trace.tb_frame)
        trace = trace.tb_next
