"""A hung test in one sentence, for pytest's own report; and a process that does not exit."""

from __future__ import annotations

from collections.abc import Sequence

from loopcheck.modes.finding import Finding
from loopcheck.records import HangRecord, WaitRecord
from loopcheck.report import text
from loopcheck.report._story import visible

STOPPED = "Ended by --loopcheck-hang="
RUN_ENDS = "The run ends here: Python can't cut this short, so no other test could run after it."


def ended(seen: HangRecord) -> str:
    """Return why loopcheck stopped the test."""
    return visible(f"{STOPPED}{seen.seconds:g}: {at(seen)}.")


def is_ended(error: str) -> bool:
    """True if *error*, a line of pytest's report, is that of a test that loopcheck stopped."""
    return STOPPED in error or RUN_ENDS in error


def at(seen: HangRecord) -> str:
    """Return where the test was: "`save` at test_cart.py:8 waits for `lock` (Lock.acquire)"."""
    if seen.spin is not None:
        goes = f"goes round at {seen.spin.loop_at}"
        never = seen.spin.still and seen.proved  # else a limit of its own may end it
        does = f"{goes} and never ends" if never else f"still {goes}"
        return f"`{seen.spin.coroutine}` {does}"
    if seen.blocked_at is not None or seen.blocked_in is not None:
        name = seen.called or seen.blocked_in
        call = f" in `{name}`" if name else ""
        place = f" at {seen.blocked_at}" if seen.blocked_at else ""
        who = "the test stays" if seen.outside else "the loop is held up"
        return f"{who}{place}{call}"
    last = leaf(seen)
    return waits(last) if last is not None else "it did not go on"


def leaf(seen: HangRecord) -> WaitRecord | None:
    """Return the wait that all others depend on."""
    leaves = [one for one in seen.waits if one.thing != "task"]
    endless = [one for one in seen.waits if one.endless]
    return next(iter((*leaves, *endless, *seen.waits)), None)


def waits(one: WaitRecord) -> str:
    """Return the waiting code, its place, and what it waits for."""
    if (seen := one.endless) is not None:
        by = f"`{seen.waited_by}` at {seen.waited_at}"
        return f"{by} waits for `{seen.coroutine}`, which never ends"
    where = f" at {one.stack[-1]}" if one.stack else ""
    return f"`{one.coroutine}`{where} waits for {thing(one)}"


def thing(one: WaitRecord) -> str:
    """Return the awaited thing in words: "the lock `lock`", "`Queue.get`"."""
    job = next((held for held in one.holders if held.threads), None)
    if job is not None:
        return f"`{job.coroutine}`, which runs in a thread"
    name = f" `{one.subject.name}`" if one.subject else ""
    if one.thing not in ("other", "task"):
        return (
            f"the {one.thing}{name}"
            if name
            else f"{'an' if one.thing == 'event' else 'a'} {one.thing}"
        )
    if one.thing == "task":
        return "another task"
    return f"{name.strip()} (`{one.method}`)" if name and one.method else _bare(one, name)


def _bare(one: WaitRecord, name: str) -> str:
    return name.strip() or (f"`{one.method}`" if one.method else "what does not come")


# A process that hangs after its tests

LEAD = "The tests have ended, and {seconds:g} s later the process still runs."
UNKNOWN = "No thread, process or exit callback holds it: Python is in code that is not Python."


def of_exit(found: Sequence[Finding], seconds: float) -> list[str]:
    """Return what holds the process, *seconds* after its tests."""
    said = LEAD.format(seconds=seconds)
    return [said, "", *text.findings(found).split("\n")] if found else [said, UNKNOWN]


def ends_process(limit: str, code: int) -> str:
    """Return the line on the end of the process."""
    return visible(f"--loopcheck-hang={limit} ends it now, with exit code {code}.")
