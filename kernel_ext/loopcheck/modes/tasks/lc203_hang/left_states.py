"""A lock that an assertion says is free, or an event that it says is set: which line left it so?

Nothing waits yet. But the next one that needs it would wait forever.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc203_hang.missed_wakes import fix_unguarded, why_unguarded
from loopcheck.process import futures, objects
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting.missed_wakes import unguarded_releases
from loopcheck.records import Place, Subject, UnguardedRelease
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import meaning

ASKS = {"locked": "locked", "is_set": "not set"}  # what is wrong with it


@frozen
class LeftState:
    """The function that left a lock or an event in a state that a failing assertion shows."""

    name: str  # "client._lock"
    type: str
    is_now: str  # "locked"
    asked_at: Place
    left_by: UnguardedRelease


def find_left_state(live: Live) -> LeftState | None:
    """Return who left the lock or the event of the failing assertion as it is."""
    link = live.links[0]
    step = link.user
    statement = step.source.simple if step is not None else None
    if step is None or statement is None or not objects.is_a(link.error, AssertionError):
        return None
    asked = list(_asked(statement))
    if len(asked) != 1:
        return None
    owner, method = asked[0]
    thing = meaning.of(owner, step.frame)
    tasks = [one for one in live_loops.every() if futures.is_task(one)]
    frames = [one.frame for one in reversed(link.users)]
    name = ast.unparse(owner)
    left_by = unguarded_releases.of(thing, name, frames, tasks, live.labels)
    if left_by is None:
        return None
    return LeftState(
        name=name,
        type=objects.type_name(thing),
        is_now=ASKS[method],
        asked_at=step.place(live.labels),
        left_by=left_by,
    )


def _asked(statement: ast.stmt) -> Iterator[tuple[ast.expr, str]]:
    """Yield what *statement* asks whether it is locked or set, and the method that says so."""
    for call in calls_in(statement):
        match call.func:
            case ast.Attribute(value=owner, attr=method) if method in ASKS:
                yield owner, method


def finding(seen: LeftState, code: str, slug: str) -> Finding:
    """Name the line after which an error leaves the lock or the event as it is."""
    one, is_event = seen.left_by, seen.is_now == "not set"
    did = (
        "cleared it at {} and did not set it again" if is_event else "acquired it at {} and kept it"
    )
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.name, type=seen.type),
        where=one.acquired_at,
        used_at=seen.asked_at,
        what=f"`{seen.name}` is {seen.is_now} at {seen.asked_at}, since `{one.function}`"
        f" {did.format(one.acquired_at)}.",
        why=why_unguarded(one, "sets" if is_event else "releases"),
        fix=f"{fix_unguarded(one)}.",
    )
