"""The deadlines that a failure was about, on the loop's clock: the raising frames keep them.

And whether the failure's own lines read a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.patches.sleep_doubles import CLOCKS
from loopcheck.source import calls, failing_line, parsed_files
from loopcheck.source.nodes import calls_in

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


def by_the_clock(error: BaseException) -> bool:
    """Return whether the innermost user function that *error* passed through reads the clock."""
    users = failing_line.users_of(failing_line.trace_of(error))
    code = users[-1].tb_frame.f_code if users else None
    block = parsed_files.function_of(code) if code else None
    called = (one.func for one in calls_in(block))
    return any(calls.last(one) in CLOCKS for one in called)
