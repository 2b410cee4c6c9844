"""LC207 swallowed-cancel: a cancellation is caught and dropped.

What: code catches CancelledError and does not raise it again: `except BaseException`, a bare
      `except`, `suppress(CancelledError)` in the task itself, `return` in a `finally`.
Why:  timeouts, `TaskGroup` and `task.cancel()` stop code by raising CancelledError where it waits.
      Who drops it goes on: `wait_for` never returns, or returns a result in place of TimeoutError.
Fix:  catch `Exception`, which CancelledError is not; clean up in `finally`; where CancelledError
      must be caught, end the handler with `raise`. A second `cancel()` does not help.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Subject, SwallowedCancel

CODE, SLUG = "LC207", "swallowed-cancel"
SUPERSEDES: frozenset[str] = frozenset({"LC203", "LC204", "LC208"})
SAYS = (
    "DID NOT RAISE…TimeoutError",
    "DID NOT RAISE…CancelledError",
    "from pytest-timeout + CancelledError",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the lines that dropped a cancellation, where somebody counted on it."""
    for one in evidence.cancels:
        harmless = one.expected or one.how == "returned"  # to end a worker so is an idiom
        if evidence.failed or not harmless:
            yield _finding(one)


def _finding(one: SwallowedCancel) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if one.how in ("returned", "failed") else "certain",
        subject=Subject(name=one.coroutine, type="coroutine"),
        where=one.caught_at,
        used_at=one.waits_at,
        what=_what(one),
        why="A timeout, a `TaskGroup` and `task.cancel()` stop code by raising CancelledError where"
        " it waits. Who catches it and does not raise it again was not stopped.",
        fix=_fix(one),
    )


def _what(one: SwallowedCancel) -> str:
    caught = f"`{one.words}` at {one.caught_at} dropped the cancellation"
    if one.how == "timeout lost":
        return (
            f"A timeout ran out while `{one.coroutine}` waited at {one.waits_at}: {caught}, and no"
            " TimeoutError came."
        )
    if one.how == "went on":
        return (
            f"`{one.coroutine}` was cancelled and goes on: {caught}, and it waits again at"
            f" {one.waits_at}."
        )
    if one.how == "failed":
        return f"`{one.coroutine}` was cancelled, and ended with an error of its own: {caught}."
    return f"`{one.coroutine}` was cancelled and ended as if it was not: {caught}."


def _fix(one: SwallowedCancel) -> str:
    if one.words == "contextlib.suppress":
        return (
            f"Take CancelledError out of the `suppress` at {one.caught_at}. It belongs around the"
            " `await task` of who cancels."
        )
    if one.words.startswith("return in __"):
        return (
            f"Let the method return something false at {one.caught_at} for a CancelledError: what"
            " is true drops the error that ended the block."
        )
    if one.words.endswith("in finally"):
        return (
            f"Let the `finally` come to its end: what leaves it at {one.caught_at} drops any error."
        )
    return (
        f"At {one.caught_at}, catch `Exception` instead, and clean up in `finally`; or end the"
        " handler with `raise`."
    )
