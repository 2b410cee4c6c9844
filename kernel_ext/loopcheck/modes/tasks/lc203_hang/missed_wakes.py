"""The findings about a line that runs and should end a wait, but wakes nothing."""

from __future__ import annotations

from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc203_hang import CODE, LIMITED, SLUG, named, users_wait, waiting_line
from loopcheck.records import HangRecord, Subject, ThreadDelivery, UnnotifiedChange, WaitRecord

LONGEST = 30  # characters of arguments to show


def by_thread(seen: HangRecord) -> Finding | None:
    """Name the line that delivers from another thread; None if it is unknown."""
    last = next((one for one in seen.waits if one.delivery is not None), None)
    if last is None or last.delivery is None:
        return None
    one, line = last.delivery, waiting_line(seen.waits, last)
    who = (users_wait(seen.waits, last) or last).coroutine
    wakes = "only its limit" if seen.limited else "nothing"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.proved and one.sole else "likely",
        subject=last.subject or Subject(name=one.call.rpartition(".")[0], type=last.thing),
        where=one.place,
        made_at=last.made_at,
        used_at=line,
        what=f"`{who}` waits{f' at {line}' if line else ''}, but `{one.call}` at {one.place} runs"
        " in another thread and does not wake the loop.",
        why="That call only schedules the waiting task. The sleeping loop runs it when something"
        f" wakes the loop, and here {wakes} did.",
        fix=_through_loop(one),
    )


def _through_loop(one: ThreadDelivery) -> str:
    """Return how to deliver through the loop."""
    there = "Get the loop with `asyncio.get_running_loop()` before the thread starts."
    if one.given is None:
        return (
            f"At {one.place}, pass on `lambda *args: loop.call_soon_threadsafe({one.call}, *args)`"
            f" instead. {there}"
        )
    given = one.given if len(one.given) <= LONGEST else "…"
    more = f", {given}" if given else ""
    return f"Write `loop.call_soon_threadsafe({one.call}{more})` there. {there}"


def without_notice(seen: HangRecord, last: WaitRecord, one: UnnotifiedChange) -> Finding:
    """Name the line that changes what is awaited, and notifies nobody."""
    line = waiting_line(seen.waits, last)
    who = (users_wait(seen.waits, last) or last).coroutine
    why = f"No line of the project notifies {named(last)}."
    if one.checked is not None:
        why = (
            f"`{one.checked}` is true by now, but the waiting task only checks that when it is"
            " notified."
        )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.checked and one.sole else "likely",
        subject=last.subject or Subject(name=one.changed, type=last.thing),
        where=one.place,
        made_at=last.made_at,
        used_at=line,
        what=f"`{who}` waits{f' at {line}' if line else ''} for the condition {named(last)}, but"
        f" {one.place} changes `{one.changed}` and does not notify it.",
        why=why,
        fix=f"After that line, notify {named(last)} inside `async with {_bare_name(last)}`:"
        f" `{_bare_name(last)}.notify_all()`{LIMITED if seen.limited else '.'}",
    )


def _bare_name(last: WaitRecord) -> str:
    return last.subject.name if last.subject is not None else "condition"
