"""The deadlines that a failure was about, on the loop's clock: the raising frames keep them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loopcheck.process import objects
from loopcheck.process.failure import Link, Step

# module, function, local, attribute
KEPT_IN = (
    ("asyncio.timeouts", "__aexit__", "self", "_when"),
    ("asyncio.tasks", "wait_for", "timeout_handle", "_when"),  # before 3.12
    ("async_timeout", "__aexit__", "self", "_deadline"),
    ("anyio._core._tasks", "fail_after", "cancel_scope", "_deadline"),
)


def read(links: Sequence[Link]) -> Iterator[float]:
    """Yield each deadline that passed, as asyncio or a similar library stored it."""
    for link in links:
        for step in link.trace:
            when = _deadline(step)
            if type(when) is float:
                yield when


def _deadline(step: Step) -> object:
    name = step.frame.f_code.co_name
    for module, function, local, attribute in KEPT_IN:
        if name == function and step.module == module:
            return objects.peek(step.frame.f_locals.get(local), attribute)
    return None
