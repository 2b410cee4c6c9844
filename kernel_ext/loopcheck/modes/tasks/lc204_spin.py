"""LC204 spin: a loop never gives way, or gives way and never ends.

What: `while not done: pass`, an `await` in a loop that never has to wait, a poll of a flag that
      nobody sets. The processor is busy, and the test stands still.
Why:  only an `await` that waits lets other tasks run, timeouts among them. A coroutine that is
      ready at once, `asyncio.sleep` as a mock and a plain `while` let nobody in; and what only
      asks again whether something has happened does not make it happen.
Fix:  wait for the event itself: `await event.wait()`, `await queue.get()`, `await task`.
      `asyncio.timeout` around it helps only if the loop gives way.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, SpinRecord, Subject

CODE, SLUG = "LC204", "spin"
SUPERSEDES = frozenset({"LC107", "LC203", "LC208"})  # the work was not late: it could not run
SAYS = (
    "from pytest-timeout + while ",
    "from pytest-timeout",
)

WHY = {
    "never": "It never waits, so nothing else of its loop can run: no other task, no timer, and no"
    " timeout around it.",
    "always": "It gives way at every turn, but only asks again: nothing that still runs changes"
    " the answer.",
    "waits": "It asks again and again, many times as long as the limit, and nothing that it keeps"
    " has changed.",
    "turns": "It gives way at every turn and asks again, several times as long as the limit: the"
    " answer that ends it has not come.",
    "timer": "It sleeps and asks again, and nothing that still runs changes the answer.",
}
NO_WAY_OUT = (
    "It has no way out: its condition is always true, and no `break`, `return` or `raise` is in it."
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the loop that the test went round in."""
    if evidence.spun is not None and evidence.hang is None:
        yield _limited(evidence.spun)
    seen = evidence.hang
    if seen is None or seen.spin is None:
        return
    spin = seen.spin
    certain = spin.still and seen.proved
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if certain else "likely",
        subject=Subject(name=spin.coroutine, type="coroutine"),
        where=spin.loop_at,
        what=f"`{spin.coroutine}` goes round in the `{spin.keyword}` at {spin.loop_at}"
        f" and {'lets nothing else run' if _may_end(spin) else 'never ends'}{_condition(spin)}.",
        why=NO_WAY_OUT if _is_endless(spin) else WHY[spin.gives_way],
        fix=_fix(spin),
    )


def _may_end(spin: SpinRecord) -> bool:
    """Return whether it goes over something that may only be long."""
    return spin.keyword == "for"


def _is_endless(spin: SpinRecord) -> bool:
    """Return whether it asks for nothing, as a heartbeat does: no event could take its place."""
    return spin.endless and spin.gives_way != "never"


def _limited(spin: SpinRecord) -> Finding:
    """Name a `while` that has ended, by a limit of its own."""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=spin.coroutine, type="coroutine"),
        where=spin.loop_at,
        what=f"`{spin.coroutine}` goes round in the `while` at {spin.loop_at} and looks at"
        f" `{spin.waits_on}`. Meanwhile `{spin.kept_out}`, which is to change it, can't run.",
        why=WHY[spin.gives_way],
        fix=f"{_fix(spin)} A longer limit does not help.",
    )


def _fix(spin: SpinRecord) -> str:
    if _may_end(spin):
        return (
            f"Let `{spin.over}` come to an end. If it does, and only takes long, let the loop run"
            " meanwhile: `await asyncio.sleep(0)` in the `for`, or `await asyncio.to_thread(…)`"
            " around it."
        )
    if spin.over:
        return (
            f"Let `{spin.over}` come to an end: `__anext__` raises `StopAsyncIteration` when there"
            " is no more, a generator returns. Or leave the `async for` with `break`."
        )
    if _is_endless(spin):
        return (
            "Give it an end, or start it as a task: `task = asyncio.create_task(…)`, and"
            " `task.cancel()` when the rest is done."
        )
    return (
        "Wait for the event itself instead of asking for it: an `asyncio.Event` that is set"
        " when it happens, `await queue.get()`, or `await` the task."
    )


def _condition(spin: SpinRecord) -> str:
    if _may_end(spin):
        return ""
    if spin.over:
        return f": `{spin.over}` always has one more, at once"
    if spin.waits_on is None or spin.waits_on in ("True", "1"):
        return ""
    return f": `{spin.waits_on}` stays true"
