"""The parts of a look as sections: text and HTML come from the same ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from loopcheck.light import dataclass
from loopcheck.records import LoopRecord, Place, TaskGroup
from loopcheck.report._story import clip, counted

LOOPS, TASKS = 20, 10  # rows of a section: with headings and notes, it fits on a screen
NAME, PATH = 40, 60  # width of a name, of a file's path; the middle of a longer one is cut


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading, a table, and a line below it. Cells are plain text; empty columns are omitted."""

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


def loops(records: Sequence[LoopRecord], *, machinery: bool = False) -> Section:
    """Return the loops; the kernel's own in one line, unless requested."""
    shown = [one for one in records if machinery or one.owner != "machinery"]
    folded = [one.label for one in records if not machinery and one.owner == "machinery"]
    lines = tuple(_loop(one) for one in shown[:LOOPS])
    return Section(
        title="loops",
        columns=("loop", "state", "thread", "what", "kind"),
        rows=lines,
        note=_joined(
            "" if shown else "none of yours",
            f"and {len(shown) - LOOPS} more" if len(shown) > LOOPS else "",
            f"machinery: {_each(folded)}" if folded else "",
        ),
    )


def _loop(one: LoopRecord) -> tuple[str, ...]:
    made = f"made at {_place(one.made_at)}" if one.made_at else ""
    role = one.role or ""
    kind = "" if (one.kind or "asyncio.").startswith("asyncio.") else one.kind or ""
    return one.label, one.state, one.thread or "", _joined(role, "" if made in role else made), kind


def tasks(groups: Sequence[TaskGroup], total: int, *, machinery: bool = False) -> Section:
    """Return where the pending tasks wait, most first; *total* also counts those in no group."""
    shown = [one for one in groups if machinery or one.owner != "machinery"]
    folded = sum(one.count for one in groups if not machinery and one.owner == "machinery")
    more = total - folded - sum(one.count for one in shown[:TASKS])
    return Section(
        title="tasks",
        columns=("pending", "where", "loop", "created at", "named"),
        rows=tuple(_group(one) for one in shown[:TASKS]),
        note=_joined(
            "" if shown else "none of yours waits",
            f"and {_tasks(more, 'more task')}" if more > 0 else "",
            f"machinery: {_tasks(folded)}" if folded else "",
        ),
    )


def _group(one: TaskGroup) -> tuple[str, ...]:
    names = clip(", ".join(one.names), NAME)
    return _tasks(one.count), _where(one), one.loop, _place(one.made_at), names


def _where(one: TaskGroup) -> str:
    """Return "worker waits at cell 3:2 on asyncio.locks.Event", as far as it is known."""
    who = clip(one.coroutine, NAME)
    at = f" at {_place(one.waits_at)}" if one.waits_at else ""
    if one.state == "new":
        return f"{who}{at} has not begun"
    if one.state == "running":
        return f"{who} runs{at}"
    if one.followed == 0:
        return f"{who} (not followed)"
    on = f" on {clip(one.waits_for, NAME)}" if one.waits_for else ""
    part = f" ({one.followed:,} of them followed)" if one.followed else ""
    return f"{who} waits{at}{on}{part}"


def _place(place: Place | None) -> str:
    return f"{clip(place.file, PATH)}:{place.line}" if place else ""


def _tasks(number: int, noun: str = "task") -> str:
    return counted(number, noun).replace(str(number), f"{number:,}", 1)


def _each(names: Sequence[str]) -> str:
    often = Counter(names)
    return ", ".join(name if often[name] == 1 else f"{name} ({often[name]})" for name in often)


def _joined(*parts: str) -> str:
    return "; ".join(filter(None, parts))
