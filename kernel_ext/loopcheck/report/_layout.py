"""The layout of a timeline: the columns, a box for each loop, and what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from loopcheck.light import dataclass, replace
from loopcheck.records import Lane, Mark, Span, Timeline
from loopcheck.report import _svg
from loopcheck.report._story import Crossing, cells, clip, columns_of, opening, wrap

LEFT, PLOT, RIGHT = 200, 520, 100  # titles, columns, and room for an arrow with its label
GAP, PAD, INSET = 20, 6, 5  # between two lanes, inside a box, beside a column's edge
TEST, MARK = 28, 40  # heights of rows
MOST = 4  # rows of one kind in a lane; more are counted


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something in a lane, and the room it needs."""

    kind: Literal["test", "fixture", "bound", "failed", "more"]
    x: float
    end: float  # where its shape ends
    label: tuple[str, ...]
    label_x: float
    title: str
    y: float = 0  # the middle of its row
    mark: Mark | None = None

    @property
    def right(self) -> float:
        return max(self.end, self.label_x + _wide(self.label, 13 if self.mark else 12))


@dataclass(frozen=True, kw_only=True)
class Box:
    """A lane and its position."""

    lane: Lane
    index: int
    x: float
    end: float
    y: float
    height: float
    look: Literal["home", "fault", "plain", "quiet"]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Plan:
    """The columns, and values of the timeline that are needed again and again."""

    timeline: Timeline
    crossed: tuple[Crossing, ...]
    told: frozenset[int]

    @property
    def count(self) -> int:
        return columns_of(self.timeline)

    @property
    def step(self) -> float:
        return min(PLOT / self.count, 230)

    @property
    def end(self) -> float:
        return self.x(self.count)

    @property
    def width(self) -> float:
        return max(self.end + RIGHT, 700)

    @property
    def numbered(self) -> bool:
        """True if the tests' names would have to be cut to fit above their columns."""
        names = (one.test for one in self.timeline.columns)
        return self.count > 3 and any("".join(two_lines(name, self.fit)) != name for name in names)

    @property
    def fit(self) -> int:
        return int((self.step - 12) / 7.95)

    def x(self, column: int) -> float:
        return LEFT + column * self.step

    def span(self, lived: Lane | Span) -> tuple[float, float]:
        last = self.count - 1 if lived.last is None else lived.last
        return self.x(lived.first) + INSET, self.x(last + 1) - INSET


def two_lines(name: str, width: int) -> list[str]:
    """Return *name* in at most two lines, broken after an underscore if that cuts nothing."""
    if cells(name) <= width:
        return [name]
    cut = name.rfind("_", 0, width) + 1
    if cut and cells(name[:cut]) <= width and cells(name[cut:]) <= width:
        return [name[:cut], name[cut:]]
    first = opening(name, width)
    return [first, clip(name[len(first) :], width)]


def _wide(label: tuple[str, ...], size: float = 13) -> float:
    """Return the width of a label: its first line in *size*, the next one smaller."""
    sizes = (size, 12)
    return max((_svg.wide(line, size) for line, size in zip(label, sizes, strict=False)), default=0)


def boxes_of(plan: Plan, top: float) -> Iterator[Box]:
    """Yield the boxes of the loops, from *top* down."""
    for index, lane in enumerate(plan.timeline.lanes):
        box = _box(plan, index, lane, top)
        yield box
        top += box.height + GAP


def _box(plan: Plan, index: int, lane: Lane, top: float) -> Box:
    x, end = plan.span(lane)
    end += 16 if lane.last is None else 0
    look = _look(plan, index)
    box = Box(lane=lane, index=index, x=x, end=end, y=top, height=0, look=look, parts=())
    above, below = _marks(plan, index, box)
    tests = [_test(plan, span) for span in lane.spans if span.kind == "test"]
    fixtures = [_fixture(plan, box, span) for span in lane.spans if span.kind == "fixture"]
    # Upside down above, so that two lines between the same lanes nest and don't cross.
    over = list(_capped(_packed(above), box))[::-1]
    rest = [row for kind in (tests, fixtures, below) for row in _capped(_packed(kind), box)]
    placed, low = _stacked([*over, *rest], top + PAD)
    height = max(low + PAD - top, len(beside(lane)) * 16 + 8)
    shift = (height - (low + PAD - top)) / 2
    parts = tuple(replace(part, y=part.y + shift) for part in placed)
    return replace(box, height=height, parts=parts)


def _stacked(rows: list[list[Part]], low: float) -> tuple[list[Part], float]:
    """Return the parts of *rows*, one row below the other, and where the last one ends."""
    placed: list[Part] = []
    for row in rows:
        height = MARK if any(len(part.label) > 1 for part in row) else TEST
        placed += [replace(part, y=low + height / 2) for part in row]
        low += height
    return placed, low


def _capped(rows: list[list[Part]], box: Box) -> Iterator[list[Part]]:
    """Yield the first rows of a kind, then the count of the others."""
    yield from rows[:MOST]
    if rest := [part for row in rows[MOST:] for part in row]:
        said = f"{len(rest)} more {'marks' if rest[0].mark else rest[0].kind + 's'}"
        title = ", ".join(part.title for part in rest)
        x = box.x + PAD
        yield [Part(kind="more", x=x, end=x, label=(said,), label_x=x + 7, title=title)]


def _look(plan: Plan, index: int) -> Literal["home", "fault", "plain", "quiet"]:
    if any(one.home and one.home.lane == index for one in plan.crossed):
        return "home"
    if any(one.failed.lane == index for one in plan.crossed):
        return "fault"
    return "plain" if index in plan.told else "quiet"


def _packed(parts: Iterable[Part]) -> list[list[Part]]:
    """Return *parts* in as few rows as they fit without touching."""
    rows: list[list[Part]] = []
    for part in parts:
        row = next((row for row in rows if row[-1].right + 10 <= part.x), None)
        if row is None:
            rows.append([part])
        else:
            row.append(part)
    return rows


def _test(plan: Plan, span: Span) -> Part:
    x, end = plan.span(span)
    x, end = x + PAD, end - PAD
    label_x = x + 7
    label = clip(span.name, int((end - x - 12) / 7.4))
    if plan.numbered and span.name == plan.timeline.columns[span.first].test:
        label = str(span.first + 1)
        label_x = max(x + 2, (x + end) / 2 - 3.7 * len(label))
    said = (f"`{label}`",) if len(label) > 2 or label == span.name or plan.numbered else ()
    return Part(kind="test", x=x, end=end, label=said, label_x=label_x, title=span.name)


def _fixture(plan: Plan, box: Box, span: Span) -> Part:
    x, end = plan.span(span)
    x, end = x + PAD, end - PAD
    label_x, room = x + 10, min(end, box.end) - x - 16
    said = [f"fixture `{span.name}`", f"`{span.name}`"]
    fits = [one for one in said if _svg.wide(one, 12) <= room]
    if not fits and room < 90:
        label_x, room = box.end + 8, plan.width - 16 - box.end
        fits = [one for one in said if _svg.wide(one, 12) <= room]
    label = fits[0] if fits else f"`{clip(span.name, int(room / 7.4))}`"
    return Part(kind="fixture", x=x, end=end, label=(label,), label_x=label_x, title=span.name)


def _marks(plan: Plan, index: int, box: Box) -> tuple[list[Part], list[Part]]:
    """Return the marks to draw above and below what ran: on the side of their other end.

    Crossings come first, since the others may be counted instead of drawn.
    """
    above: list[Part] = []
    crossed: list[Part] = []
    alone: list[Part] = []
    for mark in plan.timeline.marks:
        if mark.lane == index:
            ends = [one for one in plan.crossed if mark in (one.failed, one.home)]
            others = [end.lane for one in ends for end in (one.failed, one.home) if end]
            side = above if others and min(others) < index else crossed if ends else alone
            side.append(_mark(plan, box, mark))
    return above, crossed + alone


def _mark(plan: Plan, box: Box, mark: Mark) -> Part:
    x = plan.x(box.lane.first if mark.column is None else mark.column) + INSET + PAD
    x += 20 * _before(plan, mark)
    label_x, said = _beside(plan, box, mark, x)
    title = " ".join(filter(None, (mark.code, mark.name)))
    kind = mark.kind
    return Part(kind=kind, x=x, end=x + 20, label=said, label_x=label_x, title=title, mark=mark)


def _beside(plan: Plan, box: Box, mark: Mark, x: float) -> tuple[float, tuple[str, ...]]:
    """Return the position and text of a mark's label: in the box, after it, or before it."""
    inside, after = x + 26, box.end + 9
    late = x > box.end
    room = (free(plan, box.index, inside) if late else box.end - 10) - inside
    if late or room >= 60 or _fitting(plan, mark, room, names=(28,)):
        return inside, _fitting(plan, mark, room, names=(28, 16, 9))
    if said := _fitting(plan, mark, free(plan, box.index, after) - after, names=(28, 16, 9)):
        return after, said
    before = max([LEFT, *(at for at in corridors(plan, box.index) if at < box.x)]) + 8
    said = _fitting(plan, mark, box.x - 14 - before, names=(28, 16, 9))
    return box.x - 14 - _wide(said), said


def _before(plan: Plan, mark: Mark) -> int:
    """Count the homes in the same place: each one moves aside from the last one's line."""
    homes = dict.fromkeys(one.home for one in plan.crossed if one.home)
    place = (mark.lane, mark.column)
    same = [home for home in homes if home and (home.lane, home.column) == place]
    return min(same.index(mark), 3) if mark in same else 0


def corridors(plan: Plan, index: int) -> Iterator[float]:
    """Yield where lines pass a lane on their way to another."""
    for one in plan.crossed:
        lanes = sorted((one.home.lane, one.failed.lane)) if one.home else (index, index)
        if lanes[0] < index < lanes[1] and one.failed.column is not None:
            yield plan.x(one.failed.column)


def free(plan: Plan, index: int, x: float) -> float:
    """Return how much room for text there is to the right of *x*."""
    return min((at - 6 for at in corridors(plan, index) if at > x - 4), default=plan.width - 8)


def _fitting(plan: Plan, mark: Mark, room: float, names: tuple[int, ...]) -> tuple[str, ...]:
    """Return the fullest label that fits, or nothing."""
    for width in names:
        for label in _labels(plan, mark, clip(mark.name, width)):
            if _wide(label) <= room:
                return label
    return ()


def _labels(plan: Plan, mark: Mark, name: str) -> Iterator[tuple[str, ...]]:
    """Yield the labels for a mark, fullest first."""
    if mark.kind == "bound":
        if any(one.home == mark for one in plan.crossed):
            yield (f"`{name}`", "belongs here")
        yield (f"`{name}`",)
        return
    code = f"`{clip(mark.code, 8)}`" if mark.code else "failed"
    same = [one.failed for one in plan.crossed if one.failed.name == mark.name]
    if same[0] == mark:
        yield (code, f"`{name}` used here")
        yield (code, f"`{name}`")
    yield (code,)


def beside(lane: Lane) -> list[tuple[str, str]]:
    """Return the lines beside a lane and their styles: the label, then the role."""
    role = lane.loop.role or ("" if lane.loop.label else "a loop")
    lines = list(wrap(role, 27)) if role else []
    if len(lines) > 2:
        lines = [lines[0], clip(role[len(lines[0]) :].strip(), 27)]
    label = [("b", clip(lane.loop.label, 22))] if lane.loop.label else []
    return [*label, *(("s soft", line) for line in lines)]
