"""LC207 swallowed-cancel: a cancellation is caught and dropped.

What: code catches CancelledError and does not raise it again: `except BaseException`, a bare
      `except`, `suppress(CancelledError)` in the task itself, `return` in a `finally`. Or a handler
      raises another error in its place, or a timeout turns a cancellation that is not its own into
      a TimeoutError.
Why:  timeouts, `TaskGroup` and `task.cancel()` stop code by raising CancelledError where it waits.
      Code that drops it continues: `wait_for` never returns, or returns a result instead of
      raising TimeoutError.
Fix:  catch `Exception`, which does not include CancelledError, and clean up in `finally`. If you
      must catch CancelledError, end the handler with `raise`. A second `cancel()` does not help.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Subject, SwallowedCancel

CODE, SLUG = "LC207", "swallowed-cancel"
SUPERSEDES: frozenset[str] = frozenset({"LC203", "LC204", "LC208"})
CANCELLED = "asyncio.exceptions.CancelledError"
SAYS = (
    "DID NOT RAISE…TimeoutError",
    "DID NOT RAISE…CancelledError",
    "from pytest-timeout + CancelledError",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the lines that dropped a cancellation on which other code relies."""
    for one in evidence.cancels:
        harmless = one.expected or one.how == "returned"  # a common way to end a worker
        if evidence.failed or not harmless:
            yield _with_condition(one, evidence)
    if CANCELLED in [error.type for error in evidence.errors[1:]]:
        from loopcheck.modes.tasks.lc207_swallowed_cancel import (
            replaced_cancels,  # late, like the next: for its own cases
            turned_cancels,
        )

        turned = evidence.ask(turned_cancels.find_turned_cancel)
        replaced = evidence.ask(replaced_cancels.find_replaced_cancel) if turned is None else None
        if turned is not None:
            yield turned_cancels.finding(turned, CODE, SLUG)
        elif replaced is not None:
            yield replaced_cancels.finding(replaced, CODE, SLUG)


def _with_condition(one: SwallowedCancel, evidence: Evidence) -> Finding:
    """Return the finding about the handler, or about the condition for which it keeps errors."""
    found = _finding(one)
    if not evidence.errors or "BaseException" not in one.words:
        return found
    from loopcheck.modes.tasks.lc207_swallowed_cancel import accepting_conditions  # late, too

    by = accepting_conditions.decides(
        evidence.ask(accepting_conditions.find_accepting_conditions), one
    )
    return accepting_conditions.with_condition(found, one, by) if by is not None else found


def _finding(one: SwallowedCancel) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.sure and one.how in ("went on", "timeout lost") else "likely",
        subject=Subject(name=one.coroutine, type="coroutine"),
        where=one.caught_at,
        used_at=one.waits_at,
        what=_what(one),
        why="A timeout, a `TaskGroup` and `task.cancel()` stop code by raising CancelledError where"
        " it waits. Code that catches it and does not raise it again continues.",
        fix=_fix(one),
        remedy=(_remedy(one),),
    )


def _what(one: SwallowedCancel) -> str:
    handler = "A bare `except:`" if one.words == "bare except" else f"`{one.words}`"
    caught = f"{handler} at {one.caught_at} dropped the cancellation"
    if one.how == "timeout lost":
        return (
            f"{caught} when a timeout ended the wait of `{one.coroutine}` at {one.waits_at}, so no"
            " TimeoutError was raised."
        )
    if one.how == "went on":
        return f"{caught} of `{one.coroutine}`, which waits again at {one.waits_at}."
    if one.how == "not raised":
        return (
            f"{handler} at {one.caught_at} catches the CancelledError that the test expects at"
            f" {one.waits_at}, and does not raise it again."
        )
    if one.how == "failed":
        return f"{caught} of `{one.coroutine}`, which then ended with another error."
    return f"{caught} of `{one.coroutine}`, which then ended as if nothing had cancelled it."


def _remedy(one: SwallowedCancel) -> str:
    if one.words == "contextlib.suppress":
        return "suppress"
    if one.words.startswith("return in __"):
        return "manager"
    if one.words.endswith("in finally"):
        return "finally"
    return "handler"


def _fix(one: SwallowedCancel) -> str:
    if one.words == "contextlib.suppress":
        return (
            f"Remove CancelledError from the `suppress` at {one.caught_at}. That belongs around the"
            " `await task` in the code that cancels."
        )
    if one.words.startswith("return in __"):
        return (
            f"Return False at {one.caught_at} for a CancelledError: a true value drops the error"
            " that ended the block."
        )
    if one.words.endswith("in finally"):
        return f"Let the `finally` run to its end: leaving it at {one.caught_at} drops any error."
    return (
        f"At {one.caught_at}, catch `Exception` instead, and clean up in `finally`. Or end the"
        " handler with `raise`."
    )
