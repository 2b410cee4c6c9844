"""LC211 lost-update: two tasks read something, wait, and write it back.

What: a total is wrong, often only now and then: `assert account.balance == 30` gets 20. Or a limit
      is exceeded, or something is made twice, although the code checks for it. Or a loop ends in
      `dictionary changed size during iteration`. Or an item of a queue is gone, whose consumer was
      cancelled.
Why:  while a task waits, others run. If two of them read 10 before either writes, both add to 10,
      and the second write undoes the first. `total += await price()` reads `total` before it waits.
Fix:  read after the wait, and write before the next one: between two awaits no other task runs. If
      the wait has to be in between, hold one `asyncio.Lock` from the read to the write. In a
      database or in Redis, let the server add: `incrby`, `SET balance = balance + 10`.
      A condition's `wait()` belongs into a `while` that checks again. A loop whose body waits goes
      through a copy, `for one in list(self.clients):`.
Edit: the awaited value gets a name above the line, or the read moves below the wait, if nothing in
      between uses it. The `if` around a condition's `wait()` becomes a `while`, and a loop gets a
      copy.

A task that fails in its wait is named if another one has changed meanwhile what its `if` checked.
A woken task that fails, because what it had checked no longer holds, is certain. For the others,
loopcheck watches no reads and writes: it compares what the failed assertion checks with the source
of the tasks that the test starts together, so those findings are likely. A request of an `httpx`
client to an app of Starlette or FastAPI counts as a task, if its path is written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Subject

if TYPE_CHECKING:
    from loopcheck.modes.tasks.lc211_lost_update.changed_loops import ChangedLoop
    from loopcheck.modes.tasks.lc211_lost_update.evidence import LostUpdate
    from loopcheck.modes.tasks.lc211_lost_update.overtaken_checks import OvertakenCheck
    from loopcheck.modes.tasks.lc211_lost_update.single_checks import SingleCheck

CODE, SLUG = "LC211", "lost-update"
SUPERSEDES = frozenset({"LC208"})  # the task was woken: what it needs had been there
BOTH = (
    "While one task waits, the next one checks, too, and finds what the first one found."
    " Both go on."
)
SAYS = ("changed size during iteration", "mutated during iteration")


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that reads too early, and the line that writes what it has read."""
    first = evidence.errors[0] if evidence.errors else None
    if first is None:
        return
    from loopcheck.modes.tasks.lc211_lost_update import (
        evidence as questions,  # late, like the other: for its own cases
    )
    from loopcheck.modes.tasks.lc211_lost_update import overtaken_checks, single_checks

    if any(error.type == "RuntimeError" for error in evidence.errors):
        from loopcheck.modes.tasks.lc211_lost_update import changed_loops  # late, as above

        loop = evidence.ask(changed_loops.find_changed_loop)
        if loop is not None:
            yield _changed_loop(loop)
            return
    once = evidence.ask(single_checks.find_single_check)
    if once is not None:
        yield _checked_once(once)
        return
    overtaken = evidence.ask(overtaken_checks.find_overtaken_check)
    if overtaken is not None:
        yield _overtaken(overtaken)
        return
    from loopcheck.modes.tasks.lc211_lost_update import given_away  # late, as above

    given = evidence.ask(given_away.find_given_away)
    if given is not None:
        yield given_away.finding(given, CODE, SLUG)
        return
    if first.type != "AssertionError" or evidence.premature:
        return  # a task that has not got there yet is LC208
    seen = evidence.ask(questions.find_lost_update)
    if seen is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=seen.name, type=seen.owner),
        where=seen.read_at,
        made_at=seen.started_at,
        used_at=seen.written_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
        remedy=(_remedy(seen), str(seen.written_at.line)),
    )


def _changed_loop(seen: ChangedLoop) -> Finding:
    few = " or ".join(map(str, seen.changed_at)) if len(seen.changed_at) in (1, 2) else ""
    lines = f", and {few} changes it" if few else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=seen.name, type=seen.type),
        where=seen.loop_at,
        used_at=seen.awaited_at,
        what=(
            f"`{seen.coroutine}` goes through `{seen.name}` at {seen.loop_at}, which has changed"
            f" while the loop waited at {seen.awaited_at}."
        ),
        why=f"Others run while one task waits{lines}. Python ends a loop over what has changed.",
        fix=f"Go through a copy: `list({seen.written})` at {seen.loop_at}.",
        remedy=("copy",),
    )


def _checked_once(seen: SingleCheck) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=seen.condition, type=seen.type),
        where=seen.checked_at,
        used_at=seen.failed_at,
        what=(
            f"`{seen.coroutine}` checks `{seen.checked}` only before it waits at"
            f" {seen.awaited_at}, and it is true at {seen.failed_at}, too."
        ),
        why=(
            "A notification wakes a task, but reserves nothing for it. Another task can get there"
            " first."
        ),
        fix=(
            f"Write `while` in place of `if` at {seen.checked_at}, so that a task checks again each"
            f" time it wakes. Or use `await {seen.condition}.wait_for(…)`, which does that."
        ),
        remedy=("while",),
    )


def _overtaken(seen: OvertakenCheck) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=seen.name, type=seen.owner),
        where=seen.checked_at,
        used_at=seen.awaited_at if seen.awaited_at != seen.checked_at else None,
        what=(
            f"`{seen.coroutine}` checks `{seen.checked}` at {seen.checked_at}, but another task"
            f" changes `{seen.name}` while it waits at {seen.awaited_at}."
        ),
        why=BOTH,
        fix=(
            "Hold one `asyncio.Lock`, which the tasks share, from the check at"
            f" {seen.checked_at} to the end of its block."
        ),
    )


def _remedy(seen: LostUpdate) -> str:
    if seen.check or not seen.direct:
        return "lock"
    return "await first" if seen.read_at == seen.written_at else "read later"


def _what(seen: LostUpdate) -> str:
    if seen.check:
        did = f"checks at {seen.read_at}, {_waits(seen)} acts on that at {seen.written_at}"
    elif seen.read_at == seen.written_at:
        did = f"reads `{seen.name}`, waits, and writes it, all at {seen.written_at}"
    else:
        did = f"reads `{seen.name}` at {seen.read_at},"
        did += f" {_waits(seen)} writes it at {seen.written_at}"
    by = f" ({seen.started_at})" if seen.started_at is not None else ""
    end = f", so `{seen.name}` is wrong" if seen.check else ""
    return f"`{seen.coroutine}` {did}, in several tasks at once{by}{end}."


def _waits(seen: LostUpdate) -> str:
    if seen.awaited_at in (seen.read_at, seen.written_at):
        return "waits, and"
    return f"waits at {seen.awaited_at}, and"


def _why(seen: LostUpdate) -> str:
    if seen.check:
        return BOTH
    return (
        "Each task reads the old value before it waits. What others write meanwhile is gone with"
        " its own write."
    )


def _fix(seen: LostUpdate) -> str:
    lock = "hold one `asyncio.Lock`, which the tasks share"
    if seen.check:
        return (
            f"Hold one `asyncio.Lock`, which the tasks share, from {seen.read_at} to"
            f" {seen.written_at}. Or change what {seen.read_at} checks before the first `await`."
        )
    if not seen.direct:
        return (
            f"Hold one `asyncio.Lock`, which the tasks share, from {seen.read_at} to"
            f" {seen.written_at}. Or let the store itself do it in one step, as `incrby` of Redis"
            " does, or `SET total = total + 1`."
        )
    if seen.read_at == seen.written_at:
        return (
            f"Await in a line of its own above {seen.read_at}, and add the result there. If that"
            f" can't be, {lock}."
        )
    return (
        f"Move the read from {seen.read_at} below the wait, right before {seen.written_at}. If the"
        f" wait has to be in between, {lock}."
    )
