"""A task that goes on, where the failing assertion is about what it does when it is cancelled.

Whoever waited for it was cancelled, and `asyncio.wait` or an event passes that on to nobody.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FrameType
from typing import Any

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import failure, futures
from loopcheck.process.frames import line_at
from loopcheck.process.loops import task_contexts
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import calls, effects, parsed_files, user_code
from loopcheck.source.catching import handlers
from loopcheck.source.nodes import body_spans_line, nodes_of
from loopcheck.source.values import meaning
from loopcheck.watch import tasks


@frozen
class UncancelledTask:
    """A task that nobody has cancelled, and what its cancellation would change."""

    coroutine: str
    changed: str
    started_at: Place
    ends_at: Place  # the `except` or `finally` that a cancellation would run
    asserted_at: Place


def find_uncancelled_task(live: Live) -> UncancelledTask | None:
    """Return the pending task whose end would change what the failing assertion reads.

    One that the test starts itself is left out: its own lines show who cancels it.
    """
    asked = premature_asserts.asked(live.error)
    test = user_code.test(live.item)
    if asked is None or test is None:
        return None
    for task in task_contexts.tasks_of([failure.ran_on(live.links[0]), live.loop]):
        if futures.done(task) or futures.cancelling(task):
            continue
        name = await_chain.name_of(futures.coroutine(task))
        started = calls.started(tasks.site(task), name.rpartition(".")[2])
        if started is None or (started.file, started.function) == (
            test.co_filename,
            test.co_name,
        ):
            continue
        for frame, line, steps in _ends(task):
            sight = effects.Sight()
            effects.changed_by(steps, meaning.names_of(frame), frame.f_code, sight)
            changed = effects.common(asked.sight, sight)
            if changed is not None:
                return UncancelledTask(
                    coroutine=name,
                    changed=changed,
                    started_at=Place(
                        live.labels.file(started.file), started.line, started.function
                    ),
                    ends_at=await_chain.place(frame.f_code, line, live.labels),
                    asserted_at=asked.place(live.labels),
                )
    return None


def _ends(task: Any) -> Iterator[tuple[FrameType, int, list[ast.stmt]]]:
    """Yield what a cancellation of *task* would run: handlers and `finally` around its lines."""
    for frame in await_chain.user_frames(futures.coroutine(task)):
        file, line = frame.f_code.co_filename, line_at(frame)
        block = parsed_files.function_of(frame.f_code)
        found = handlers.taker(file, line, handlers.OF_CANCEL)
        for node in nodes_of((ast.Try, ast.TryStar), block):
            if not body_spans_line(node.body, line):
                continue
            for one in node.handlers:
                if found is not None and one is found.node:
                    yield frame, one.lineno, one.body
            if node.finalbody:
                yield frame, node.finalbody[0].lineno, node.finalbody


def finding(seen: UncancelledTask, code: str, slug: str) -> Finding:
    """Name the line that starts the task."""
    maker = seen.started_at.name or "the function around it"
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.coroutine, type="asyncio.Task"),
        where=seen.started_at,
        made_at=seen.started_at,
        used_at=seen.asserted_at,
        what=f"`{seen.coroutine}`, which {seen.started_at} starts, is still running, and changes"
        f" `{seen.changed}` only when it ends, at {seen.ends_at}.",
        why="Nothing has cancelled it. `asyncio.wait` and `shield` do not pass on the cancellation"
        " of what waits for it.",
        fix=f"In `{maker}`, put the wait for the task of {seen.started_at} into a `try`, and cancel"
        " and await the task in its `finally`.",
    )
