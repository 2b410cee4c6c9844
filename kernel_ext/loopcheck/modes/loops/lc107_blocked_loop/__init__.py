"""LC107 blocked-loop: a synchronous call blocks the event loop.

What: one step of a loop waits in a blocking call (`time.sleep`, a synchronous client, a lock, a
      subprocess) for 0.1 s or more. The setting `loopcheck_blocked` changes this limit; 0 turns the
      check off.
Why:  a loop runs one step at a time. Until the call returns, no other task runs and no timeout
      fires, so other tasks miss their deadlines. A call that waits for a task of the same loop
      waits forever. A longer timeout, or `asyncio.wait_for` around the call, changes nothing.
Fix:  the async counterpart of the call (`asyncio.sleep`, `valkey.asyncio`, `httpx.AsyncClient`);
      else a thread: `await asyncio.to_thread(client.get, key)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.light import replace
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import ErrorRecord, Evidence, Stall, Subject

CODE, SLUG = "LC107", "blocked-loop"
SUPERSEDES = frozenset({"LC208"})  # the work was not late: it had no chance to run
SAYS = (
    "Executing <… took … seconds",
    "TimeoutError + time.sleep(",
    "TimeoutError + time.monotonic(",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each call in which a step of a loop was seen waiting."""
    told: set[object] = set()  # a loop may call it again and again
    for stall in evidence.stalls:
        if stall.alone:
            continue  # no other task is on that loop, so nothing had to wait
        sure = _certainty(stall, evidence)
        line = stall.place, stall.call, stall.phase, sure
        if stall.blocked and stall.place is not None and sure is not None and line not in told:
            told.add(line)
            found = replace(_finding(stall), certainty=sure)
            test = evidence.test.nodeid if evidence.test else None
            yield replace(found, test=test, phase=stall.phase) if test else found
    if evidence.errors and not told:
        from loopcheck.modes.loops.lc107_blocked_loop import refused_calls  # late, too

        seen = evidence.ask(refused_calls.find_refused_call)
        if seen is not None:
            found, words = _finding(seen.stall), refused_calls.words(seen)
            yield replace(found, certainty="certain" if seen.sure else "likely", **words)


def _certainty(stall: Stall, evidence: Evidence) -> Certainty | None:
    """Return how sure it is that the blocked step caused the failure.

    None: the failure has another cause. loopcheck then reports the step after its test.
    """
    if not evidence.errors:
        return "possible" if evidence.failed else "certain"
    error = evidence.errors[0]
    if stall.missed or stall.ended:
        return "certain"
    failed_there = any(f.place == stall.place for f in error.frames if f.owner == "user")
    mine = error.type == "AssertionError" or (failed_there and _gave_up(error))
    if not mine or not stall.delays:
        return None  # a slow line alone makes no assertion wrong
    return "certain" if failed_there else "likely"


def _gave_up(error: ErrorRecord) -> bool:
    """True if *error* says that a call waited in vain, whichever library raised it."""
    name = error.type.rpartition(".")[2]
    return "Timeout" in name or name in ("timeout", "Empty", "Full")


def _finding(stall: Stall) -> Finding:
    if stall.holder is not None:
        from loopcheck.modes.loops.lc107_blocked_loop import held_locks  # late: for its own cases

        return held_locks.finding(stall, stall.holder, CODE, SLUG)
    place, name = stall.place, stall.call or "a call"
    said = f"`{name}`" if stall.call else f"What {place} computes"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type="blocking call"),
        where=place,
        used_at=place,
        what=f"{said} {_how_long(stall)}",
        why=_why(stall),
        fix=_fix(stall, name),
        remedy=_remedy(stall),
    )


def _how_long(stall: Stall) -> str:
    if stall.ended:
        return "blocked the event loop until `--loopcheck-hang` ended it."
    return f"blocked the event loop for {stall.limit:g} s or more, in one step."


def _why(stall: Stall) -> str:
    if stall.ended == "never":
        rest = (
            "No other thread is running that could."
            if not stall.others
            else "The only other thread waits, too."
            if stall.others == 1
            else "All other threads wait, too."
        )
        return (
            "The call never yields to the event loop, so no task of this loop can end its wait."
            f" {rest}"
        )
    meanwhile = " The failed deadline passed meanwhile." if stall.missed else ""
    return (
        "The call never yields to the event loop, so until it returns no other task runs and no"
        f" timeout fires.{meanwhile}"
    )


def _remedy(stall: Stall) -> tuple[str, ...]:
    function = stall.place.name if stall.place is not None else None
    if stall.synchronous:
        return ("thread", function) if function else ()
    if stall.twin in ("asyncio.sleep", "asyncio.wrap_future"):
        return (stall.twin,)
    return ("call", stall.call) if stall.is_call and stall.call else ()


def _fix(stall: Stall, name: str) -> str:
    function = stall.place.name if stall.place is not None else None
    if stall.synchronous and function:
        use = f" `{stall.twin}`" if stall.twin else ""
        return (
            f"Turn `{function}` into an `async def` and await{use} in it. Or run it in a thread"
            f" where async code calls it: `await asyncio.to_thread({function}, …)`."
        )
    if stall.twin == "asyncio.sleep":
        return "Write `await asyncio.sleep(…)` instead: it yields to the event loop while it waits."
    if stall.twin == "asyncio.wrap_future":
        return "Await the future instead: `await asyncio.wrap_future(…)`."
    if not (stall.is_call and stall.call):
        return "Move it into a function that runs in a thread: `await asyncio.to_thread(…)`."
    to_thread = f"`await asyncio.to_thread({name}, …)`"
    if stall.twin is None:
        return f"Run it in a thread: {to_thread}."
    return f"Use `{stall.twin}` and await it, or run the call in a thread: {to_thread}."
