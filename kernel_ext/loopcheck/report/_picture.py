"""The timeline drawn: a box for each loop's life, bars for what ran there, a line home.

A box is round where the loop is born, has a bar where it closes, a point where it is open. Blue and
a diamond mark home, orange and a cross the failure; each has its word too.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.records import Timeline
from loopcheck.report import _svg
from loopcheck.report._layout import (
    GAP,
    INSET,
    PAD,
    Box,
    Part,
    Plan,
    beside,
    boxes_of,
    corridors,
    free,
    two_lines,
)
from loopcheck.report._story import clip, counted, crossings, full, headline, involved, nothing


def picture(timeline: Timeline) -> str:
    """Return the SVG of a tidy *timeline*."""
    if said := nothing(timeline):
        words = (_svg.word(16, 30, said, "soft"),)
        return _svg.document(_svg.wide(said) + 32, 48, said, words)
    plan = Plan(timeline, crossings(timeline), involved(timeline))
    head = tuple(_head(plan))
    top = _top(plan)
    boxes = tuple(boxes_of(plan, top))
    bottom = boxes[-1].y + boxes[-1].height + 14
    legend = tuple(_legend(plan, bottom))
    height = bottom + (20 * len(legend) + 16 if legend else 0)
    body = (*_stripes(plan, bottom), *head, *_drawn(plan, boxes), *legend)
    title = (headline(timeline) or "Timeline of event loops").replace("`", "")
    return _svg.document(plan.width, height, title, body)


def _names(plan: Plan) -> list[list[str]]:
    """Return the lines above each column."""
    if plan.numbered:
        return [[str(at + 1)] for at in range(plan.count)]
    return [two_lines(column.test, plan.fit) for column in plan.timeline.columns]


def _top(plan: Plan) -> float:
    lines = max((len(lines) for lines in _names(plan)), default=0)
    return (38 if headline(plan.timeline) else 0) + (lines * 16 + 44 if lines else 12)


def _head(plan: Plan) -> Iterator[str]:
    said = [headline(plan.timeline, width) or "" for width in (60, 40, 28, 20, 14, 10)]
    fits = [one for one in said if _svg.wide(one, 16) <= plan.width - 24]
    if said[0]:
        yield _svg.word(12, 26, (fits or said[-1:])[0], "h b")
    low = _top(plan) - 16
    for at, lines in enumerate(_names(plan)):
        yield from _column(plan, at, lines, low)
    if plan.timeline.columns:
        yield _svg.word(12, low, "tests in order →", "s soft")


def _column(plan: Plan, at: int, lines: list[str], low: float) -> Iterator[str]:
    column = plan.timeline.columns[at]
    x = plan.x(at) + INSET + 5
    for back, line in enumerate(reversed(lines)):
        title = column.test if "".join(lines) != column.test else ""
        yield _svg.word(x, low - 18 - 16 * back, f"`{line}`", "b", title)
    yield _svg.sign(x, low - 4, column.outcome)
    said = column.outcome or ""
    if _svg.wide(said, 12) + 16 < plan.step - INSET:
        yield _svg.word(x + 16, low, said, f"s {'fault' if said == 'failed' else 'soft'}")


def _stripes(plan: Plan, bottom: float) -> Iterator[str]:
    """Yield a tint behind each test that failed."""
    top = 42 if headline(plan.timeline) else 4
    for at, column in enumerate(plan.timeline.columns):
        if column.outcome == "failed":
            yield _svg.bar(plan.x(at) + 1, top, plan.step - 2, bottom - top - 4, "alarm", 8)


def _legend(plan: Plan, top: float) -> Iterator[str]:
    """Yield the names of numbered tests in two rows of columns, then the omissions."""
    lines: list[str] = []
    if plan.numbered:
        half = (plan.count + 1) // 2
        for row in range(half):
            pair = (at for at in (row, row + half) if at < plan.count)
            lines.append(
                "\n".join(_entry(plan, at, top + 24 + 20 * row, at >= half) for at in pair)
            )
    if plan.timeline.left_out:
        said = f"{counted(plan.timeline.left_out, 'test')} of the run left out."
        lines.append(_svg.word(12, top + 24 + 20 * len(lines), said, "s soft"))
    yield from lines


def _entry(plan: Plan, at: int, y: float, second: bool) -> str:
    column = plan.timeline.columns[at]
    x = plan.width / 2 if second else 12
    room = int((plan.width / 2 - 114) / 7.4)
    name = clip(column.test, room)
    title = column.test if name != column.test else ""
    number = _svg.word(x, y, f"`{at + 1}`", "s b")
    sign = _svg.sign(x + 24, y - 4, column.outcome)
    outcome = _svg.word(x + 41, y, column.outcome or "", "s soft")
    return f"{number}{sign}{outcome}{_svg.word(x + 94, y, f'`{name}`', 's', title)}"


def _drawn(plan: Plan, boxes: tuple[Box, ...]) -> Iterator[str]:
    for box in boxes:
        yield from _frame(box)
        for part in box.parts:
            yield from _shape(part, box)
    yield from _ways(plan, boxes)
    for box in boxes:
        yield from _titles(box)
        yield from _end(plan, box)
        for part in box.parts:
            yield from _point(part, box)
            yield from _label(part, box)


def _frame(box: Box) -> Iterator[str]:
    line = {"home": "home-line haven", "fault": "fault-line", "plain": "edge-line"}
    look = line.get(box.look, "edge-line thin")
    yield _svg.life(box.x, box.y, box.end, box.height, box.lane.last is None, look)
    if box.lane.last is not None:
        cap = look.split()[0] + " cap"
        yield _svg.path(f"M{box.end:g},{box.y - 3:g}V{box.y + box.height + 3:g}", cap)


def _titles(box: Box) -> Iterator[str]:
    lines = beside(box.lane)
    y = box.y + (box.height - 16 * len(lines)) / 2 + 12 if box.height < 64 else box.y + 20
    for at, (look, line) in enumerate(lines):
        quiet = " soft" if box.look == "quiet" and look == "b" else ""
        yield _svg.word(12, y + 16 * at, line, look + quiet, full(box.lane.loop))


def _end(plan: Plan, box: Box) -> Iterator[str]:
    """Yield a word beside the end of a loop's life, if there is room."""
    said = "still open" if box.lane.last is None else "closed"
    y = next((part.y for part in box.parts if part.kind == "test"), box.y + box.height / 2)
    x = 9 + max([box.end, *(part.right for part in box.parts if abs(part.y - y) < 20)])
    x += 5 if any(abs(at - x) < 8 for at in corridors(plan, box.index)) else 0
    late = any(one.late and one.home and one.home.lane == box.index for one in plan.crossed)
    if x + _svg.wide(said, 12) <= free(plan, box.index, x + 5):
        yield _svg.word(x, y + 4, said, "s b" if late else "s soft")


def _shape(part: Part, box: Box) -> Iterator[str]:
    wide, y = part.end - part.x, part.y - 10
    if part.kind == "test":
        yield _svg.bar(part.x, y, wide, 20, "bar")
    elif part.kind == "fixture":
        line = "home-line" if box.look == "home" else "edge-line"
        yield _svg.pill(part.x, y + 1, wide, f"{line} thin")


def _point(part: Part, box: Box) -> Iterator[str]:
    if part.kind == "bound":
        yield _svg.diamond(part.x + 9, part.y, "home-line home")
    elif part.kind == "failed":
        yield from _svg.cross(part.x + 9, part.y)


def _label(part: Part, box: Box) -> Iterator[str]:
    y = part.y + 4.5 - 8 * (len(part.label) - 1)
    quiet = "s soft" if box.look == "quiet" else "s"
    for at, line in enumerate(part.label):
        strong = {"bound": "b home", "failed": "b fault"}.get(part.kind, quiet)
        look = strong if at == 0 else "s"
        title = part.title if part.title not in line else ""
        yield _svg.word(part.label_x, y + 16 * at, line, look, title)


def _ways(plan: Plan, boxes: tuple[Box, ...]) -> Iterator[str]:
    """Yield a line from each object's home to each of its failures."""
    at = {part.mark: (boxes[box.index], part) for box in boxes for part in box.parts if part.mark}
    for home in dict.fromkeys(one.home for one in plan.crossed if one.home in at):
        ends = [at[one.failed] for one in plan.crossed if one.home == home and one.failed in at]
        swing = all(_clear(boxes, at[home], end) for end in ends)
        for end in ends:
            steps = _swung(at[home][1], end[1]) if swing else _svg.rounded(_way(at[home], end))
            yield _svg.path(steps, "fault-line way")


def _clear(boxes: tuple[Box, ...], home: tuple[Box, Part], failed: tuple[Box, Part]) -> bool:
    """True if the corner below the one and left of the other is empty."""
    (from_box, start), (to_box, end) = home, failed
    below = boxes[from_box.index + 1 : to_box.index + 1]
    return end.x > start.x + 60 and bool(below) and all(box.x >= end.x - 8 for box in below)


def _swung(start: Part, end: Part) -> str:
    """Return a curve that drops from the home and enters from the left."""
    x, y, to_x, to_y = start.x + 9, start.y + 9, end.x - 1, end.y
    bend = f"{x:g},{y + (to_y - y) * 0.8:g} {x + (to_x - x) * 0.3:g},{to_y:g}"
    return f"M{x:g},{y:g}C{bend} {to_x:g},{to_y:g}"


def _way(home: tuple[Box, Part], failed: tuple[Box, Part]) -> list[tuple[float, float]]:
    """Return a line between the lanes and between the columns, where the space is empty."""
    (from_box, start), (to_box, end) = home, failed
    x, y, to_x, to_y = start.x + 9, start.y, end.x + 9, end.y
    down = 1 if to_y > y else -1
    if y == to_y:
        return [(start.right + 4, y), (to_x - 14, to_y)]
    if x == to_x and abs(to_box.index - from_box.index) < 2:
        return [(x, y + 9 * down), (x, to_y - 9 * down)]
    if from_box is to_box:
        return [(x, y + 9 * down), (x, to_y), (to_x - 10, to_y)]
    leave = from_box.y + from_box.height + GAP / 2 if down > 0 else from_box.y - GAP / 2
    corridor = end.x - INSET - PAD
    return [(x, y + 9 * down), (x, leave), (corridor, leave), (corridor, to_y), (to_x - 10, to_y)]
