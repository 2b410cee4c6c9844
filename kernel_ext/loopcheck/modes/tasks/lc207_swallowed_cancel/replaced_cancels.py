"""What only LC207 asks: which handler raised an error of its own in place of a cancellation?

Who cancels a task waits for its CancelledError: a test, a timeout, a `TaskGroup`. Another error
looks like a failure of the task.
"""

from __future__ import annotations

import asyncio

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc207_swallowed_cancel import turned_cancels
from loopcheck.process import futures, objects
from loopcheck.process.failure import Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import parsed_files
from loopcheck.source.catching import handlers
from loopcheck.source.nodes import spans_line


@frozen
class ReplacedCancel:
    """A handler that gets a cancellation, and raises another error."""

    type: str  # "ConnectError"
    task: str  # its coroutine
    handler: str  # "except (Exception, CancelledError)"
    handler_at: Place
    raised_at: Place


def find_replaced_cancel(live: Live) -> ReplacedCancel | None:
    """Return the handler whose error the test got in place of the CancelledError it expects."""
    for link in live.links:
        step = link.trace[-1] if link.trace else None
        if step is None or step.owner != "user" or not turned_cancels.is_turned(link):
            continue
        task = turned_cancels.task_of(link)
        taken = _taken(step, live)
        if task is None or taken is None or not futures.cancelling(task):
            continue
        if turned_cancels.is_expected(link, live):
            code = step.frame.f_code
            return ReplacedCancel(
                type=objects.type_name(link.error).rpartition(".")[2],
                task=await_chain.name_of(futures.coroutine(task)),
                handler=handlers.words(taken),
                handler_at=await_chain.place(code, taken.node.lineno, live.labels),
                raised_at=step.place(live.labels),
            )
    return None


def _taken(step: Step, live: Live) -> handlers.Handler | None:
    """Return the handler around *step* that a CancelledError of its own frame has led to."""
    file = step.frame.f_code.co_filename
    if parsed_files.step_at(file, step.line, step.span) != "raise":
        return None
    for link in live.links:
        if not objects.is_a(link.error, asyncio.CancelledError):
            continue
        for one in link.trace:
            if one.frame is step.frame:
                found = handlers.taker(file, one.line, handlers.OF_CANCEL)
                if found is not None and spans_line(found.node, step.line):
                    return found
    return None


def finding(seen: ReplacedCancel, code: str, slug: str) -> Finding:
    """Name the handler."""
    return Finding(
        code=code,
        slug=slug,
        certainty="certain",
        subject=Subject(name=seen.task, type="asyncio.Task"),
        where=seen.handler_at,
        used_at=seen.raised_at,
        what=f"`{seen.handler}` at {seen.handler_at} gets the cancellation of `{seen.task}`, and"
        f" raises {seen.type} in its place at {seen.raised_at}.",
        why="Who cancels a task waits for its CancelledError. A timeout and a `TaskGroup` take"
        " another error for a failure.",
        fix=f"Let the handler at {seen.handler_at} raise a CancelledError again, with a bare"
        f" `raise`, and {seen.type} only for other errors.",
    )
