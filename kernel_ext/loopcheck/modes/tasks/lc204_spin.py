"""LC204 spin: a `while` or `for` never yields to the event loop, or never ends.

What: `while not done: pass`, an `await` in a loop that never has to wait, polling a flag that
      nothing sets. The processor is busy, and the test makes no progress. If another limit for the
      whole test ends it first, like pytest-timeout's, the finding names the loop that it was in.
Why:  only an `await` that waits lets other tasks and timeouts run. A plain `while`, a mocked
      `asyncio.sleep` and a coroutine that is ready at once never yield to the event loop. And
      polling alone does not make the event happen.
Fix:  wait for the event itself: `await event.wait()`, `await queue.get()`, `await task`.
      If another task changes what the loop checks, `await asyncio.sleep(0)` in the loop lets that
      task run. `asyncio.timeout` around the loop only helps if the loop yields.
Edit: none, since which event ends the loop is not in the text.
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
    "never": "It never yields to the event loop, so no other task, timer or timeout can run.",
    "always": "It yields each time round, but only checks again. Nothing that still runs changes"
    " the answer.",
    "waits": "It checked again and again for many times the limit, and nothing that it refers to"
    " changed.",
    "turns": "It yields each time round and checks again, for several times the limit. The answer"
    " that ends it has not come.",
    "timer": "It sleeps and checks again, and nothing has changed the answer.",
}
INTERRUPTED = {
    **dict.fromkeys(WHY, "What would end it did not happen in that time."),
    "never": "What would end it did not happen in that time. A loop that never has to wait lets no"
    " other task run.",
}
ENDS = "Change what its condition reads before this line, or give it a limit of its own."
OUTSIDE = "It checks again and again, and nothing has changed the answer."
NO_WAY_OUT = "Its condition is always true, and it contains no `break`, `return` or `raise`."


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the `while` or `for` that the test did not leave."""
    if evidence.spun is not None and evidence.hang is None:
        yield _limited(evidence.spun)
    seen = evidence.hang
    if seen is None or seen.spin is None:
        return
    spin = seen.spin
    if seen.interrupted:
        yield _interrupted(spin)
        return
    certain = spin.still and seen.proved
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if certain else "likely",
        subject=Subject(name=spin.coroutine, type="function" if seen.outside else "coroutine"),
        where=spin.loop_at,
        what=f"The `{spin.keyword}` at {spin.loop_at} in `{spin.coroutine}`"
        f" {_goes_on(spin, certain=certain, outside=seen.outside)}.",
        why=OUTSIDE if seen.outside else NO_WAY_OUT if _is_endless(spin) else WHY[spin.gives_way],
        fix=ENDS if seen.outside else _fix(spin),
    )


def _interrupted(spin: SpinRecord) -> Finding:
    """Name the `while` that a limit for the whole test ended: it might have ended later."""
    asks = spin.waits_on not in (None, "True", "1")
    checks = f"checking `{spin.waits_on}`" if asks else "going round"
    return _likely(
        spin,
        did=f"kept {checks} until the test's limit ended it",
        why=INTERRUPTED[spin.gives_way],
        limit="If an iteration may bring nothing new, leave the loop then, with `break` or an"
        " error. If it only needs longer, raise the limit.",
    )


def _may_end(spin: SpinRecord) -> bool:
    """True if it iterates over something that may end, but late."""
    return spin.keyword == "for"


def _is_endless(spin: SpinRecord) -> bool:
    """True if it checks for nothing, as a heartbeat: no event could replace it."""
    return spin.endless and spin.gives_way != "never"


def _limited(spin: SpinRecord) -> Finding:
    """Name a `while` that ended at its own limit."""
    return _likely(
        spin,
        did=f"polls `{spin.waits_on}`, and meanwhile `{spin.kept_out}`, which should change it,"
        " can't run",
        why=WHY[spin.gives_way],
        limit="A longer limit does not help.",
    )


def _likely(spin: SpinRecord, *, did: str, why: str, limit: str) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=spin.coroutine, type="coroutine"),
        where=spin.loop_at,
        what=f"The `while` at {spin.loop_at} in `{spin.coroutine}` {did}.",
        why=why,
        fix=f"{_fix(spin)} {limit}",
    )


def _fix(spin: SpinRecord) -> str:
    if spin.feeds is not None:
        return (
            "Let the generator yield to the event loop in each iteration: `await asyncio.sleep(0)`."
            " Then timeouts and other tasks run. An `await` of what is ready yields nothing."
        )
    if _may_end(spin):
        return (
            f"Make `{spin.over}` end. If it ends, but takes long, let other tasks run meanwhile:"
            " `await asyncio.sleep(0)` in the `for`, or `await asyncio.to_thread(…)` around it."
        )
    if spin.over:
        return (
            f"Make `{spin.over}` end: its `__anext__` must raise `StopAsyncIteration`, or its"
            " generator return. Or leave the `async for` with `break`."
        )
    if _is_endless(spin):
        return (
            "Make it end, or start it as a task: `task = asyncio.create_task(…)`, and call"
            " `task.cancel()` when the rest is done."
        )
    yields = ""
    if spin.gives_way == "never" and _reason(spin)[0]:  # it checks something
        yields = (
            " If another task changes what it checks, `await asyncio.sleep(0)` in the loop lets"
            " that task run."
        )
    return (
        "Wait for the event itself instead of polling: `await` an `asyncio.Event` that is set when"
        f" it happens, `queue.get()`, or the task.{yields}"
    )


def _goes_on(spin: SpinRecord, *, certain: bool, outside: bool = False) -> str:
    """Return what the loop did: that it never ends only if nothing that it does or reads ends it.

    A loop that reads a clock, or calls what we can't resolve, may have a limit of its own.
    """
    if _may_end(spin):
        return "blocks all other tasks"
    reason, only_checks = _reason(spin)
    if certain or _is_endless(spin):
        return f"never ends{reason and f' because {reason}'}"
    if spin.gives_way == "never" and not outside:
        link = "while" if only_checks else "because"
        return f"lets nothing else run{reason and f' {link} {reason}'}"
    return f"has not ended{reason and f', and {reason}'}"


def _reason(spin: SpinRecord) -> tuple[str, bool]:
    """Return why the loop goes on, and whether that is the answer to what it checks."""
    if spin.feeds is not None:
        return f"it always has one more item ready for the `async for` at {spin.feeds}", False
    if spin.over:
        return f"`{spin.over}` always has one more item ready", False
    if spin.waits_on is None or spin.waits_on in ("True", "1"):
        return "", True
    return f"`{spin.waits_on}` stays true", True
