"""LC213 wrong-timeout: a handler takes the error of another limit, or a limit has another clock.

What: a handler says "no answer within 5 s" after 20 ms, or returns its fallback too early. Or a
      fallback never comes, since the test's own limit ends the wait before. Or a limit never runs
      out at all: `asyncio.timeout_at(time.time() + 5)`. Or a limit of zero ends a wait for what is
      there already: `wait_for(queue.get(), 0)`.
Why:  `asyncio.timeout`, `wait_for`, anyio's `fail_after` and the limits of many clients all raise
      `TimeoutError`. An `except TimeoutError` around one limit also gets the error of each limit
      inside of it. A limit outside raises its own error further up, past the handler. And a loop
      has a clock of its own, `loop.time()`: a time of day is decades ahead of it. With a limit of
      zero, `wait_for` cancels what it gets before that has begun.
Fix:  handle the inner limit where it is set, and raise an error of your own there. Or ask the limit
      that the handler is about: `async with asyncio.timeout(5) as limit`, then
      `if not limit.expired(): raise`. With anyio: `if not scope.cancelled_caught: raise`. In a
      test, keep the outer limit above all limits of the code, or pass the code a shorter one. Add
      the seconds of a deadline to `loop.time()`. Call `get_nowait()` where you would wait for zero
      seconds.
Edit: this question, if a block of asyncio or anyio sets the handler's limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Subject

if TYPE_CHECKING:
    from loopcheck.modes.tasks.lc213_wrong_timeout.evidence import WrongTimeout
    from loopcheck.modes.tasks.lc213_wrong_timeout.wrong_clock import WrongClock

CODE, SLUG = "LC213", "wrong-timeout"
SUPERSEDES = frozenset({"LC203"})  # the wait would have ended, or what ended it is named here
SAYS = (
    "TimeoutError + The above exception was the direct cause + asyncio.timeout(",
    "During handling of the above exception + TimeoutError + wait_for(",
)
PLAIN = frozenset({"AssertionError", "Failed"})  # they may be about what a handler returned


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the handler, the limit that it is about, and the limit that ran out."""
    if not evidence.errors:
        return
    late = any("Timeout" in error.type for error in evidence.errors)
    first = evidence.errors[0]
    plain = first.type.rpartition(".")[2] in PLAIN
    if plain or evidence.hang is not None:
        from loopcheck.modes.tasks.lc213_wrong_timeout import wrong_clock

        clock = evidence.ask(wrong_clock.find_wrong_clock)
        if clock is not None:
            yield _of_clock(clock)
    if not late and first.raised != "raise" and not plain:
        return
    from loopcheck.modes.tasks.lc213_wrong_timeout import (
        evidence as questions,
    )  # late: for its own cases

    seen = evidence.ask(questions.find_wrong_timeout)
    if seen is None:
        from loopcheck.modes.tasks.lc213_wrong_timeout import zero_limits  # late, as above

        zero = evidence.ask(zero_limits.find_zero_limit) if late else None
        if zero is not None:
            yield zero_limits.finding(zero, CODE, SLUG)
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.how == "taken" else "likely",
        subject=Subject(name=seen.fired, type="time limit"),
        where=seen.handler_at if seen.how == "taken" else seen.fired_at,
        made_at=seen.other_at,
        used_at=seen.fired_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
        remedy=_remedy(seen),
    )


def _of_clock(seen: WrongClock) -> Finding:
    from_there = f", which {seen.clock_at} reads" if seen.clock_at is not None else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=seen.limit, type="time limit"),
        where=seen.at,
        made_at=seen.clock_at,
        used_at=seen.at,
        what=f"`{seen.limit}` at {seen.at} never runs out, since the loop reaches that time only in"
        " decades.",
        why=f"It got a time of `time.time()`{from_there}, in seconds since 1970. The loop compares"
        " it with `loop.time()`, which mostly counts from the start of the machine.",
        fix=f"Give {seen.at} a time of the loop: `asyncio.get_running_loop().time() + seconds`. Or"
        " set the seconds themselves with `asyncio.timeout(seconds)`.",
    )


def _what(seen: WrongTimeout) -> str:
    if seen.how == "missed":
        return (
            f"`{seen.fired}` at {seen.fired_at} ran out before `{seen.other}` at {seen.other_at},"
            f" so `{seen.handler}` at {seen.handler_at} never ran."
        )
    ran_out = f"a limit inside of `{seen.fired}`" if seen.by_library else f"`{seen.fired}`"
    return (
        f"`{seen.handler}` at {seen.handler_at} is about `{seen.other}` at {seen.other_at}, but"
        f" {ran_out} at {seen.fired_at} ran out."
    )


def _why(seen: WrongTimeout) -> str:
    if seen.how == "missed":
        return (
            "The outer limit cancels everything inside. Its `TimeoutError` is raised where it is"
            " set, outside of that handler."
        )
    return (
        "All limits raise the same `TimeoutError`. An `except` around one limit also gets the"
        " errors of limits inside of it."
    )


def _fix(seen: WrongTimeout) -> str:
    if seen.how == "missed":
        return (
            f"In this test, give `{seen.other}` a shorter limit than `{seen.fired}`, or raise"
            f" the limit at {seen.fired_at} above it."
        )
    ask = f"begin the handler at {seen.handler_at} with `if not limit.{_question(seen)}: raise`"
    name = (
        f"Name the limit: `{seen.block} {seen.other} as limit`"
        if seen.block
        else "Use `async with asyncio.timeout(…) as limit` instead of `wait_for`"
    )
    return (
        f"{name}, and {ask}. Or catch the `TimeoutError` of {seen.fired_at} there, and raise an"
        " error of your own for it."
    )


def _question(seen: WrongTimeout) -> str:
    return "cancelled_caught" if "fail_a" in seen.other else "expired()"


def _remedy(seen: WrongTimeout) -> tuple[str, ...]:
    if seen.how != "taken" or not seen.block:
        return ()
    return "ask", seen.other, _question(seen)
