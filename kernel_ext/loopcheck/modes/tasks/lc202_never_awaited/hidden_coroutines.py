"""A coroutine that a plain function around it hid from who called it, see `hiding_wrappers`."""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import objects
from loopcheck.process.pending import held_coroutines
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import failing_line
from loopcheck.source.catching import swallowing_handlers
from loopcheck.source.coroutines import hiding_wrappers

WORD = "coroutine"


@frozen
class HiddenCoroutine:
    """A coroutine that an error complains about, and the plain function that returned it."""

    coroutine: str  # "Users.load"
    hidden_by: Place
    used_at: Place | None = None


def find_hidden_coroutine(live: Live) -> HiddenCoroutine | None:
    """Return the coroutine in the last lines of the test's error, or of one that it logged."""
    for error, frame in _last_frames(live):
        for one in held_coroutines.find([frame]) if WORD in objects.all_said(error) else ():
            hidden_by = hiding_wrappers.around(one.cr_code, live.labels)
            if hidden_by is not None:
                step = live.links[0].user
                return HiddenCoroutine(
                    coroutine=await_chain.name_of(one),
                    hidden_by=hidden_by,
                    used_at=step.place(live.labels) if step is not None else None,
                )
    return None


def _last_frames(live: Live) -> Iterator[tuple[BaseException, FrameType]]:
    for link in live.links:
        if link.trace:
            yield link.error, link.trace[-1].frame
    for _, told in swallowing_handlers.with_tracebacks(live.item):
        trace = failing_line.trace_of(told)
        if trace:
            yield told, trace[-1].tb_frame


def finding(name: str, hidden_by: Place, used_at: Place | None, code: str, slug: str) -> Finding:
    """Name the line of the plain function."""
    return Finding(
        code=code,
        slug=slug,
        certainty="certain",
        subject=Subject(name=name, type="coroutine"),
        where=hidden_by,
        used_at=used_at,
        what=f"`{hidden_by.name}` at {hidden_by}, a plain function around `{name}`, returned its"
        " coroutine to code that never awaited it.",
        why=f"`iscoroutinefunction` says no of `{hidden_by.name}`, so frameworks call it without"
        " `await`.",
        fix="Where `inspect.iscoroutinefunction` says yes of the wrapped function, return an"
        f" `async def` function instead, which awaits the call at {hidden_by}.",
    )
