"""The findings about a line that runs and should end a wait, but wakes nothing."""

from __future__ import annotations

from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.records import (
    HandFedStream,
    HangRecord,
    Place,
    Subject,
    ThreadDelivery,
    UnguardedRelease,
    UnnotifiedChange,
    WaitRecord,
)

LONGEST = 30  # characters of arguments to show


@frozen
class Words:
    """What the mode says of each wait."""

    code: str
    slug: str
    who: str  # "Inbox.take"
    line: Place | None  # of user code
    thing: str  # "the lock `account.lock`"
    name: str  # "`account.lock`"
    limit: str  # the end of each advice

    @property
    def start(self) -> str:
        return f"`{self.who}` waits{f' at {self.line}' if self.line else ''}"


def by_thread(seen: HangRecord, last: WaitRecord, one: ThreadDelivery, words: Words) -> Finding:
    """Name the line that delivers from another thread."""
    wakes = "only its limit" if seen.limited else "nothing"
    return Finding(
        code=words.code,
        slug=words.slug,
        certainty="certain" if seen.proved and one.sole else "likely",
        subject=last.subject or Subject(name=one.call.rpartition(".")[0], type=last.thing),
        where=one.place,
        made_at=last.made_at,
        used_at=words.line,
        what=f"{words.start}, but `{one.call}` at {one.place} runs"
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


def without_notice(last: WaitRecord, one: UnnotifiedChange, words: Words) -> Finding:
    """Name the line that changes what is awaited, and notifies nobody."""
    why = f"No line of the project notifies {words.name}."
    if one.checked is not None:
        why = (
            f"`{one.checked}` is true by now, but the waiting task only checks that when it is"
            " notified."
        )
    return Finding(
        code=words.code,
        slug=words.slug,
        certainty="certain" if one.checked and one.sole else "likely",
        subject=last.subject or Subject(name=one.changed, type=last.thing),
        where=one.place,
        made_at=last.made_at,
        used_at=words.line,
        what=f"{words.start} for the condition {words.name}, but"
        f" {one.place} changes `{one.changed}` and does not notify it.",
        why=why,
        fix=f"After that line, notify {words.name} inside `async with {_bare_name(last)}`:"
        f" `{_bare_name(last)}.notify_all()`{words.limit}",
    )


def without_guard(
    seen: HangRecord, last: WaitRecord, one: UnguardedRelease, words: Words
) -> Finding:
    """Name the line that acquires what an error keeps from being released."""
    return Finding(
        code=words.code,
        slug=words.slug,
        certainty="certain" if seen.proved and one.sure else "likely",
        subject=last.subject or Subject(name=one.function, type=last.thing),
        where=one.acquired_at,
        made_at=last.made_at,
        used_at=words.line,
        what=f"{words.start} for {words.thing}, which"
        f" `{one.function}` acquired at {one.acquired_at} and did not release.",
        why=why_unguarded(one, "releases"),
        fix=f"{fix_unguarded(one)}{words.limit}",
    )


def why_unguarded(one: UnguardedRelease, gives: str) -> str:
    """Return why the line that *gives* it back did not run."""
    if one.leaves is not None:
        return (
            f"`{one.leaves}` {gives} it at {one.released_at}. Python does not call that, since"
            f" `{one.function}` itself failed."
        )
    skips = "an error or a cancellation between these lines skips that"
    if (error := one.skipped_by) is not None:
        kind = error.type.rpartition(".")[2]
        skips = f"the {kind} at {error.place} skipped that"
        if kind == "CancelledError":
            skips = "its cancellation skipped that"
    return f"`{one.function}` {gives} it at {one.released_at}, but {skips}."


def fix_unguarded(one: UnguardedRelease) -> str:
    """Return the fix, without its full stop."""
    if one.leaves is not None:
        return (
            f"After {one.acquired_at}, put the rest of `{one.function}` in a `try`, and give it"
            " back in an `except BaseException` that raises the error again"
        )
    return (
        f"After {one.acquired_at}, put the lines up to {one.released_at} in a `try`, and that line"
        " in its `finally`"
    )


def without_end(seen: HangRecord, last: WaitRecord, one: HandFedStream, words: Words) -> Finding:
    """Name the line that feeds a stream reader last, and leaves it open."""
    act = "feeds it and nothing ends it" if one.fed else "makes it and nothing feeds it"
    left = f" Left in it is {last.part_read.start}." if last.part_read is not None else ""
    return Finding(
        code=words.code,
        slug=words.slug,
        certainty="certain" if seen.proved else "likely",
        subject=last.subject or Subject(name=last.method or "a stream", type=last.thing),
        where=one.place,
        made_at=last.made_at,
        used_at=words.line,
        what=f"{words.start} for {words.thing}, but {one.place} {act}.",
        why=f"No connection is behind {words.name}, so it gets only what `feed_data()` gives it,"
        f" and `feed_eof()` ends it.{left}",
        fix=f"After {one.place}, {_feeding(last, one)}{words.limit}",
    )


def _feeding(last: WaitRecord, one: HandFedStream) -> str:
    """Return what to feed so that the read ends."""
    ends = f"call `{_bare_name(last)}.feed_eof()`"
    part = last.part_read
    if part is not None and part.short is not None:
        more = f"{part.short} more byte{'' if part.short == 1 else 's'}"
        return f"feed {more}, or read less. If you {ends}, this read fails at once"
    if last.to_end or (last.method or "").endswith(".read"):
        return ends if one.fed else f"feed it what the test is to read, and then {ends}"
    if (last.method or "").endswith(".readline") and one.fed:
        return f"{ends}: `readline()` then returns what is left. Or feed the end of the line"
    return f"feed what this read waits for. If you {ends}, it fails at once"


def _bare_name(last: WaitRecord) -> str:
    return last.subject.name if last.subject is not None else "condition"
