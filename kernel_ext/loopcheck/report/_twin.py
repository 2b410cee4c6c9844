"""The timeline in lines of text: the picture's twin for terminals and screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from loopcheck.light import dataclass
from loopcheck.records import Lane, Mark, Span, Timeline
from loopcheck.report._story import cells, clip, columns_of, crossings, wrap

WORD = 8  # cells kept free on the right for " closed"
SIGNS = (
    *("born", "life", "closed", "open", "side", "first", "bar", "last"),
    *("bound", "failed", "passed", "skipped", "dots"),
)
BOXES = dict(zip(SIGNS, "├─┤▶│╞═╡◆✗✓○…", strict=True))
ASCII = dict(zip(SIGNS, (*"+-+>|[=]*xvo", "..."), strict=True))


def drawn(timeline: Timeline, width: int, ascii: bool) -> Iterator[str]:
    """Yield the lines of a tidy *timeline*, none wider than *width*, then an empty one.

    If the columns are too many for the width, there are none: the sentences say it all.
    """
    gutter = _gutter(timeline, width)
    step = min((width - gutter - WORD) // columns_of(timeline), 24)
    if not timeline.lanes or step < 3:
        return
    sheet = Sheet(timeline, width, gutter, step, ASCII if ascii else BOXES)
    for line in (*sheet.head(), *sheet.lanes(), *sheet.legend(), ""):
        yield line.rstrip()


def _gutter(timeline: Timeline, width: int) -> int:
    """Return the room for the loops' labels: what they need, up to a third of the line."""
    longest = max((cells(line) for lane in timeline.lanes for line in _words(lane, 99)), default=0)
    return min(longest + 2, width * 11 // 32)


def _words(lane: Lane, width: int, dots: str = "…") -> Iterator[str]:
    """Yield the lines beside a lane: the label, then the role; the sentences have the rest."""
    label, role = lane.loop.label, lane.loop.role or ""
    if label or not role:
        yield clip(label or "a loop", width, dots)
    indent = "  " if label else ""
    lines = list(wrap(role, width - len(indent))) if role else []
    if len(lines) > 3:
        lines[1:] = [clip(role[len(lines[0]) :].strip(), width - len(indent), dots)]
    yield from (indent + line for line in lines)


class Line:
    """A line of overwritable cells: wide characters take two of them."""

    def __init__(self, width: int) -> None:
        self.cells = [" "] * width

    def put(self, at: int, text: str) -> None:
        """Write *text* from cell *at* on, and drop what does not fit."""
        for char in text:
            size = cells(char)
            if at + size > len(self.cells):
                return
            if size == 0 and at:
                self.cells[at - 1] += char
            self.cells[at : at + size] = [char, ""][:size]
            at += size

    def __str__(self) -> str:
        return "".join(self.cells)


@dataclass(frozen=True)
class Sheet:
    """What to draw, and where the columns are."""

    timeline: Timeline
    width: int
    gutter: int
    step: int
    sign: dict[str, str]

    @property
    def numbered(self) -> bool:
        """True if the tests' names do not fit above their columns."""
        longest = max((cells(one.test) for one in self.timeline.columns), default=0)
        return longest > self.step - 1

    def x(self, column: int) -> int:
        return self.gutter + column * self.step

    def end(self, lived: Lane | Span) -> int:
        last = columns_of(self.timeline) - 1 if lived.last is None else lived.last
        return self.x(last + 1) - (2 if self.step > 4 else 1)

    def head(self) -> Iterator[str]:
        """Yield the tests and their outcomes."""
        if not self.timeline.columns:
            return
        names, outcomes = Line(self.width), Line(self.width)
        for at, column in enumerate(self.timeline.columns):
            names.put(self.x(at), str(at + 1) if self.numbered else column.test)
            if column.outcome:
                said = f"{self.sign[column.outcome]} {column.outcome}"
                outcomes.put(self.x(at), said if cells(said) < self.step else said[:1])
        yield from (str(names), str(outcomes))

    def legend(self) -> Iterator[str]:
        """Yield the names of numbered tests, two side by side if they fit."""
        if not self.numbered:
            return
        room = self.width // 2 - 1
        said = [
            clip(f"{at:>2} {one.test} {one.outcome or ''}", self.width, self.sign["dots"])
            for at, one in enumerate(self.timeline.columns, 1)
        ]
        half = (len(said) + 1) // 2
        yield ""
        if any(cells(one) > room for one in said):
            yield from said
            return
        for left, right in zip_longest(said[:half], said[half:], fillvalue=""):
            yield left + " " * (room + 2 - cells(left)) + right

    def lanes(self) -> Iterator[str]:
        """Yield the lines of each lane beside its words."""
        for index, lane in enumerate(self.timeline.lanes):
            beside = _words(lane, self.gutter - 1, self.sign["dots"])
            for words, line in zip_longest(beside, self._lane(index, lane), fillvalue=""):
                drawn = str(line) or " " * self.gutter
                yield words + " " * (self.gutter - cells(words)) + drawn[self.gutter :]

    def _lane(self, index: int, lane: Lane) -> Iterator[Line]:
        yield self._life(lane)
        for span in lane.spans:
            if span.kind == "fixture":
                yield self._fixture(lane, span)
        for mark in self.timeline.marks:
            if mark.lane == index:
                yield self._mark(lane, mark)

    def _life(self, lane: Lane) -> Line:
        line, x, end = Line(self.width), self.x(lane.first), self.end(lane)
        line.put(x, self.sign["born"] + self.sign["life"] * (end - x - 1))
        closed = lane.last is not None
        line.put(end, self.sign["closed"] + " closed" if closed else self.sign["open"] + " open")
        for span in lane.spans:
            if span.kind == "test":
                line.put(self.x(span.first) + 1, self._ran(span))
        return line

    def _ran(self, span: Span) -> str:
        columns = self.timeline.columns
        if self.numbered and columns and columns[span.first].test == span.name:
            return str(span.first + 1)
        room = self.end(span) - self.x(span.first) - 3
        return f" {clip(span.name, room, self.sign['dots'])} " if room > 2 else ""

    def _fixture(self, lane: Lane, span: Span) -> Line:
        line, x, end = self._sides(lane), self.x(span.first) + 2, self.end(span) - 1
        ended = (lane.last, span.last) != (None, None)
        last = self.sign["last" if ended else "bar"]
        line.put(x, self.sign["first"] + self.sign["bar"] * (end - x - 1) + last)
        said = f" fixture {span.name} "
        if cells(said) <= end - x - 3:
            line.put(x + 2, said)
        else:
            self._beside(line, end + 1, said)
        return line

    def _mark(self, lane: Lane, mark: Mark) -> Line:
        line = self._sides(lane)
        x = self.x(lane.first if mark.column is None else mark.column) + 2
        line.put(x, self.sign[mark.kind])
        self._beside(line, x + 1, f" {self._said(mark)}")
        return line

    def _said(self, mark: Mark) -> str:
        if mark.kind == "failed":
            return f"{mark.code or 'failed'}: {mark.name} used here"
        at_home = any(one.home == mark for one in crossings(self.timeline))
        return f"{mark.name} belongs here" if at_home else mark.name

    def _beside(self, line: Line, x: int, said: str) -> None:
        """Write *said* after *x*, or before it if there is more room."""
        after, before = self.width - x, x - self.gutter - 4
        if cells(said) <= after or after >= before:
            line.put(x, clip(said, after, self.sign["dots"]))
            return
        said = clip(said.strip(), before, self.sign["dots"])
        line.put(x - 2 - cells(said), said)

    def _sides(self, lane: Lane) -> Line:
        line = Line(self.width)
        line.put(self.x(lane.first), self.sign["side"])
        if lane.last is not None:
            line.put(self.end(lane), self.sign["side"])
        return line
