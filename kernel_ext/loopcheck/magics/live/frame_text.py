"""A frame in words: the same content as the panel, for text, screen readers and stored outputs."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.magics.live.frames import Bar, Frame, Lane
from loopcheck.report import html, text
from loopcheck.report._story import counted
from loopcheck.report.sections import Section
from loopcheck.report.view import View


def view(frame: Frame, *, machinery: bool = False) -> View:
    """Return *frame* as text and as HTML."""
    shown = list(sections(frame, machinery=machinery))
    return View(
        "\n\n".join(text.section(one) for one in shown),
        "".join(html.section(one) for one in shown),
    )


def sections(frame: Frame, *, machinery: bool = False) -> Iterator[Section]:
    """Yield a section for what is seen in all, for the tests, each lane, and what happened."""
    lanes = [one for one in frame.lanes if machinery or not one.machinery]
    yield Section(title=summary(frame), note="; ".join(_notes(frame, machinery)))
    if frame.tests or frame.fixtures:
        rows = [("test", one.name, f"{one.outcome or one.phase or ''}") for one in frame.tests]
        rows += [("fixture", f"{one.name} ({one.scope})", one.at or "") for one in frame.fixtures]
        yield Section(title="tests", columns=("", "name", "state"), rows=tuple(rows))
    for lane in lanes:
        yield _lane(lane, machinery)
    if frame.badges:
        yield Section(
            title="what happened",
            columns=("what", "loop", "words", "at"),
            rows=tuple((one.kind, one.loop or "", one.words, one.at or "") for one in frame.badges),
        )


def summary(frame: Frame) -> str:
    """Return "live: 2 loops, 51 tasks, 1 blocked", of what is yours."""
    lanes = [one for one in frame.lanes if not one.machinery]
    if not lanes:
        return "live: no loop of yours runs, and no task of yours waits"
    tasks = sum(bar.count for one in lanes for bar in one.bars if not bar.machinery)
    said = [counted(len(lanes), "loop"), counted(tasks + frame.left_out, "task")]
    blocked = sum(one.block is not None for one in lanes)
    return f"live: {', '.join([*said, *([f'{blocked} blocked'] if blocked else [])])}"


def _lane(lane: Lane, machinery: bool) -> Section:
    rows = [("fixture", f"{one.name} ({one.scope})", one.at or "", "") for one in lane.fixtures]
    rows += [row for bar in lane.bars if machinery or not bar.machinery for row in _bar(bar)]
    rows += [("object", f"{one.name}, {one.type}", "", "") for one in lane.marks]
    return Section(
        title=head(lane),
        columns=("", "what", "at", "created at"),
        rows=tuple(rows),
        note="" if rows else "nothing of yours on it",
    )


def head(lane: Lane) -> str:
    """Return "loop 1 (module loop), blocked by time.sleep at cell 3:9, in the main thread"."""
    name = f"{lane.label} ({lane.role})" if lane.role else lane.label
    parts = [f"{name}: {lane.state}"]
    if lane.block is not None:
        by = f" by {lane.block.call}" if lane.block.call else ""
        parts = [f"{name}: blocked{by} at {lane.block.at}"]
    if lane.thread:
        parts.append(lane.thread)
    return ", ".join(parts)


def _bar(bar: Bar) -> Iterator[tuple[str, str, str, str]]:
    for number, wait in enumerate(bar.waits):
        who = f"{bar.name} {wait.words}"
        often = "1 task" if wait.count == 1 else f"{wait.count:,} tasks"
        yield often, who, wait.at or "", (bar.made_at or "") if number == 0 else ""
    if bar.more:
        yield f"{bar.more:,} tasks", f"{bar.name} elsewhere", "", ""


def _notes(frame: Frame, machinery: bool) -> Iterator[str]:
    if frame.left_out > 0:
        yield f"{frame.left_out:,} more tasks without a row"
    if frame.machinery and not machinery:
        yield "the kernel's own loops are folded away: --all shows them"
    yield from frame.notes
