"""A callback or a task that gives a future a second result, and the test shows the error of that.

Where nothing reads the error, the loop's handler has seen it.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterable
from types import FrameType

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import futures, objects
from loopcheck.records import Place, Subject
from loopcheck.source import user_code
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import meaning

GIVES = ("set_result", "set_exception")


@frozen
class LateAnswer:
    """A line that gives a result to a future that has one."""

    at: Place
    function: str
    future: str  # as the line has it: "self._answer"


def find_late_answer(live: Live) -> LateAnswer | None:
    """Return the line of the project that gave a result to a future that has one.

    A cancelled one is left out: who cancelled it is another question.
    """
    for link in live.links:
        if type(link.error) is not asyncio.InvalidStateError or not link.users:
            continue
        step = link.users[0]
        future, thing = answered(step.frame, step.source.nodes())
        late = future is not None and not futures.cancelled(thing)
        if future is None or not late or step.frame.f_code is user_code.test(live.item):
            return None
        code = step.frame.f_code
        return LateAnswer(
            at=step.place(live.labels), function=code.co_qualname, future=ast.unparse(future)
        )
    return None


def answered(
    frame: FrameType, nodes: Iterable[ast.AST]
) -> tuple[ast.expr, object] | tuple[None, None]:
    """Return the future whose result the failing line of *frame* sets, if it is done already."""
    for call in calls_in(*nodes):
        if isinstance(call.func, ast.Attribute) and call.func.attr in GIVES:
            thing = meaning.of(call.func.value, frame)
            if objects.is_a(thing, asyncio.Future) and futures.done(thing):
                return call.func.value, thing
    return None, None


def finding(seen: LateAnswer, code: str, slug: str) -> Finding:
    """Name the line that gave a future its second result, where the test shows that error."""
    return Finding(
        code=code,
        slug=slug,
        certainty="certain",
        subject=Subject(name=seen.future, type="asyncio.Future"),
        where=seen.at,
        what=f"`{seen.function}` gives `{seen.future}` a result at {seen.at}, although that future"
        " is done.",
        why="A future takes one result, and another line has set it before.",
        fix=f"At {seen.at}, leave out a future whose `done()` is true. If a timer comes here,"
        " cancel it once the future is done.",
    )
