"""What only LC107 asks: which blocking call in a coroutine has a tool refused with an error?

The error may end a task that the test has not awaited yet, when another line fails because of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.process import failure, objects
from loopcheck.process.errors import kept_errors
from loopcheck.process.failure import Link
from loopcheck.process.loops import async_twins
from loopcheck.process.patches import refusing_wrappers
from loopcheck.records import Stall
from loopcheck.source import call_names


@frozen
class RefusedCall:
    """A blocking call that raised an error in place of blocking the loop."""

    stall: Stall  # its line and call
    function: str  # Python's own: "time.sleep"
    error: str  # "BlockingError"
    in_task: bool  # it ended a task, and the test failed elsewhere
    sure: bool


def find_refused_call(live: Live) -> RefusedCall | None:
    """Return the call that a wrapper refused: on the way of the failure, or in a failed task."""
    for link, in_task in _links(live):
        found = refusing_wrappers.find_refused(link)
        if found is None:
            continue
        code = found.step.frame.f_code
        stall = Stall(
            loop="",
            seconds=0.0,
            place=found.step.place(live.labels),
            call=call_names.asked(found.step.source.call),
            synchronous=not refusing_wrappers.is_async(code),
            twin=async_twins.twin(found.name),
        )
        return RefusedCall(
            stall=stall,
            function=found.name,
            error=objects.type_name(link.error).rpartition(".")[2],
            in_task=in_task,
            sure=found.kept and not in_task,
        )
    return None


def _links(live: Live) -> Iterator[tuple[Link, bool]]:
    for link in live.links:
        yield link, False
    for link in live.links:
        loop = failure.ran_on(link) or live.loop
        for error in kept_errors.of_tasks(link.trace, loop):
            for one in failure.chain(error):
                yield one, True


def words(seen: RefusedCall) -> dict[str, str]:
    """Return what the finding says of it."""
    place = seen.stall.place
    function = f"`{place.name}`" if place is not None else "The code"
    error = f"{seen.error} where a loop runs."
    later = " That ended its task before the test awaited it." if seen.in_task else ""
    return {
        "what": f"{function} calls `{seen.stall.call}` at {place}, which can block the event loop.",
        "why": f"A check in place of `{seen.function}` raises {error}{later}",
    }
