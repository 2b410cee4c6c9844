"""LC212 grouped-error: a line expects an error that arrives inside an `ExceptionGroup`.

What: `except OutOfStock` or `pytest.raises(OutOfStock)` misses an `OutOfStock`: pytest reports
      `unhandled errors in a TaskGroup (1 sub-exception)`, and below it the expected error.
Why:  a task group of asyncio or anyio raises its tasks' errors inside an `ExceptionGroup`, even if
      there is only one. The class of a group is not the class of its members. Clients that use a
      task group inside, as MCP's do, also wrap an error of your own `async with` block.
Fix:  decide who opens the group. Callers should not have to know about a task group inside: catch
      the group where it is opened, and raise its member after that. A test that is about the group
      expects it: `pytest.RaisesGroup(OutOfStock)` (pytest 8.4), or `except* OutOfStock`.
      What an `except*` block raises is put into a group again if other members are left.
Edit: `except*`, if no handler of this `try` returns, uses the caught error or raises;
      `pytest.RaisesGroup`, if the test does not use the caught error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Place, Subject

if TYPE_CHECKING:
    from loopcheck.modes.tasks.lc212_grouped_error.evidence import GroupedError

CODE, SLUG = "LC212", "grouped-error"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "unhandled errors in a TaskGroup + pytest.raises(",
    "unhandled errors in a TaskGroup + except ",
    "single exception in ExceptionGroup",
    "unhandled errors in a TaskGroup",
    "ExceptionGroup",
)
MOST_NAMED = 3  # members that the fix names


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that expects the members of a group, and not the group."""
    if not any(error.type.endswith("ExceptionGroup") for error in evidence.errors):
        return
    from loopcheck.modes.tasks.lc212_grouped_error import (
        evidence as questions,
    )  # late: for its own cases

    seen = evidence.ask(questions.find_grouped_error)
    if seen is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=seen.written, type=seen.member),
        where=_where(seen),
        made_at=seen.raised_at,
        used_at=seen.opened_at,
        what=f"{_line(seen)} at {seen.place} expects `{seen.written}`, but {_arrived(seen)}.",
        why=_why(seen),
        fix=_fix(seen),
        remedy=(seen.how, seen.written, str(seen.count), "nested" if seen.nested else ""),
    )


def _where(seen: GroupedError) -> Place:
    """Return the line that can expect the group, else the line that lets it out."""
    expects = seen.how in ("raises", "xfail", "except", "isinstance")
    return seen.place if expects or seen.opened_at is None else seen.opened_at


def _line(seen: GroupedError) -> str:
    return {
        "except": f"`except {seen.written}`",
        "raises": f"`raises({seen.written})`",
        "suppress": f"`suppress({seen.written})`",
        "xfail": f"`xfail(raises={seen.written})`",
        "isinstance": f"`isinstance(…, {seen.written})`",
        "decorator": f"The decorator with `{seen.written}`",
        "app": f"The app's exception handler `{seen.place.name}`",
    }[seen.how]


def _arrived(seen: GroupedError) -> str:
    many = "one" if seen.count == 1 else f"{seen.count}"
    return f"an `ExceptionGroup` with {many} of them arrives"


def _why(seen: GroupedError) -> str:
    by = {"a group": "The code"}.get(seen.group, f"`{seen.group}`")
    if seen.group.startswith("anyio"):
        by = "A task group of anyio"
    where = f" at {seen.opened_at}" if seen.opened_at is not None else ""
    return (
        f"{by}{where} raises its errors inside a group, even a single one. A group of"
        f" `{seen.written}` is no `{seen.written}`."
    )


def _fix(seen: GroupedError) -> str:
    unwrap = _unwrap(seen)
    if seen.how in ("raises", "xfail"):
        group = f"`{_raises_group(seen)}`"
        return f"If callers should see the group, expect {group} at {seen.place}. If not, {unwrap}."
    if seen.how == "except":
        star = (
            f"Write `except*` at {seen.place}: it looks into groups, and its block may not return"
        )
        return f"{star}. If callers rely on the class, {unwrap}."
    return f"{unwrap[:1].upper()}{unwrap[1:]}."


def _unwrap(seen: GroupedError) -> str:
    around = f" around {seen.opened_at}" if seen.opened_at is not None else ""
    if seen.nested:  # the first member is a group, too
        return (
            f"catch the group{around} with `except*`, and raise `{seen.written}` after that block"
        )
    member = "`except ExceptionGroup as group: raise group.exceptions[0]`"
    return f"catch the group{around} and raise its member: {member}"


def _raises_group(seen: GroupedError) -> str:
    flat = ", flatten_subgroups=True" if seen.nested else ""
    members = [seen.written] * min(seen.count, MOST_NAMED)
    return f"pytest.RaisesGroup({', '.join(members)}{flat})"
