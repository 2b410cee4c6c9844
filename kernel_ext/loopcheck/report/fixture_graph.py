"""The graph of fixtures: a box for each fixture, its loop as a letter and a colour.

A fixture is to the left of those that need it. A dashed line leads from one loop to another.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from loopcheck.light import dataclass
from loopcheck.records import DefinedFixture
from loopcheck.report import _svg
from loopcheck.report._story import clip, counted, listed, printable
from loopcheck.report.fixture_table import bound, crossings, graph_text, letters

MOST = 40  # boxes: more are unreadable, and the table has them all
LONGEST = 28  # width of a name
HIGH, ROW, TOP, LEFT, GAP = 26, 38, 46, 12, 64
LOOKS = {"A": "home", "B": "leaf", "C": "plum", "D": "clay", "E": "fault"}


@dataclass(frozen=True, kw_only=True)
class Box:
    """A fixture in the picture."""

    name: str
    letter: str  # empty: no loop of its own
    x: float
    y: float
    wide: float


def html(rows: Sequence[DefinedFixture]) -> str:
    """Return the graph with its text folded below, as HTML for untrusted notebooks."""
    if not bound(rows):
        return ""
    source = b64encode(svg(rows).encode()).decode()
    return (
        f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(alt(rows))}"'
        ' style="max-width:100%">'
        "<details><summary>Who needs whom, in words</summary>"
        f"<pre>{escape(graph_text(rows))}</pre></details>"
    )


def alt(rows: Sequence[DefinedFixture]) -> str:
    """Return the graph in two sentences."""
    shown = bound(rows)
    by_loop = [
        f"{letter}, the {scope} loop, has "
        + listed([row.fixture.name for row in shown if row.fixture.loop_scope == scope])
        for scope, letter in letters(shown).items()
    ]
    crossed = [f"`{user}` needs `{needed}`" for user, needed in crossings(shown)]
    across = f" Across two loops: {listed(crossed, quote='')}." if crossed else ""
    loops = f": {'; '.join(by_loop)}" if by_loop else ""
    return f"Who needs whom among {counted(len(shown), 'fixture')}{loops}.{across}"


def svg(rows: Sequence[DefinedFixture]) -> str:
    """Return the picture for an `<img>`, in light and in dark mode."""
    shown = _shown(rows)
    boxes = {box.name: box for box in _boxes(shown, letters(bound(rows)))}
    crossed = set(crossings(shown))
    wide = max([box.x + box.wide for box in boxes.values()], default=0) + LEFT
    low = max([box.y for box in boxes.values()], default=0) + HIGH
    lines, low = _lines(shown, boxes, crossed, low)
    head = list(_legend(letters(bound(rows)), len(bound(rows)) - len(shown)))
    body = [
        *(word for word, _ in head),
        *lines,
        *(part for box in boxes.values() for part in _drawn(box)),
    ]
    wide = max([wide, *(end for _, end in head)])
    return _svg.document(wide, low + 14, "Who needs whom", body)


def _shown(rows: Sequence[DefinedFixture]) -> list[DefinedFixture]:
    """Return the fixtures that involve a loop and those they need: connected ones first."""
    concerned = bound(rows)
    names = {name for row in concerned for name in (row.fixture.name, *row.fixture.needs)}
    shown = [row for row in rows if row.fixture.name in names]
    related = [row for row in shown if row.needed_by or row.fixture.needs]
    return shown if len(shown) <= MOST else related[:MOST]


def _depths(rows: Sequence[DefinedFixture]) -> dict[str, int]:
    """Return how many fixtures must be up before each one, at least."""
    needs = {row.fixture.name: row.fixture.needs for row in rows}
    depths: dict[str, int] = dict.fromkeys(needs, 0)
    for _ in needs:  # one that overrides another of its name needs itself: that never ends
        changed = False
        for name, wanted in needs.items():
            deep = max(
                [depths[need] + 1 for need in wanted if need in needs and need != name] + [0]
            )
            if deep > depths[name] and deep < len(needs):
                depths[name], changed = deep, True
        if not changed:
            break
    return depths


def _boxes(rows: Sequence[DefinedFixture], named: Mapping[str, str]) -> Iterator[Box]:
    depths, at = _depths(rows), dict[str, float]()
    x = float(LEFT)
    for depth in sorted(set(depths.values())):
        column = [row for row in rows if depths[row.fixture.name] == depth]

        def wanted(row: DefinedFixture) -> tuple[float, str]:
            ys = [at[need] for need in row.fixture.needs if need in at]
            return (sum(ys) / len(ys) if ys else 0.0), row.fixture.name

        y = float(TOP)
        widest = 0.0
        for row in sorted(column, key=wanted):
            one = row.fixture
            y = max(y, wanted(row)[0] if len(column) < 4 else y)
            wide = _svg.wide(f"`{_name(one.name)}`") + 44
            yield Box(
                name=one.name, letter=named.get(one.loop_scope or "", ""), x=x, y=y, wide=wide
            )
            at[one.name] = y
            y += ROW
            widest = max(widest, wide)
        x += widest + GAP


def _name(name: str) -> str:
    return clip(printable(name), LONGEST)


def _legend(named: Mapping[str, str], left_out: int) -> Iterator[tuple[str, float]]:
    """Yield the letters with their meaning, each with where it ends."""
    x = float(LEFT)
    for scope, letter in named.items():
        said = f"{scope} loop"
        yield _badge(x + 9, 20, letter), x
        yield _svg.word(x + 24, 25, said, "s"), x + 24 + _svg.wide(said, 12)
        x += 24 + _svg.wide(said, 12) + 20
    if left_out > 0:
        said = f"{left_out} more in the table"
        yield _svg.word(x, 25, said, "s soft"), x + _svg.wide(said, 12) + LEFT


def _badge(x: float, y: float, letter: str) -> str:
    disc = f'<circle cx="{x:g}" cy="{y:g}" r="9" class="{LOOKS[letter]}"/>'
    return f'{disc}<text x="{x - 4.2:g}" y="{y + 4:g}" class="s b glyph">{letter}</text>'


def _drawn(box: Box) -> Iterator[str]:
    line = f"{LOOKS[box.letter]}-line" if box.letter else "edge-line thin"
    size = f'width="{box.wide:g}" height="{HIGH}" rx="6"'
    yield f'<rect x="{box.x:g}" y="{box.y:g}" {size} class="bar"/>'
    end = box.x + box.wide
    yield _svg.path(f"M{box.x:g},{box.y:g}H{end:g}V{box.y + HIGH:g}H{box.x:g}Z", line)
    if box.letter:
        yield _badge(box.x + 15, box.y + HIGH / 2, box.letter)
    shift = 30 if box.letter else 12
    yield _svg.word(box.x + shift, box.y + 17.5, f"`{_name(box.name)}`", "s", box.name)


def _lines(
    rows: Sequence[DefinedFixture],
    boxes: Mapping[str, Box],
    crossed: set[tuple[str, str]],
    low: float,
) -> tuple[list[str], float]:
    """Return a line for each dependency, and how low they go: below boxes that are in the way."""
    lines = []
    for row in rows:
        name = row.fixture.name
        for need in row.fixture.needs:
            if need not in boxes or need == name:
                continue
            start, end = boxes[need], boxes[name]
            across = (name, need) in crossed
            if _free(start, end, boxes):
                lines.append(_line(_curve(start, end), across))
            else:
                low += 9
                lines.append(_line(_below(start, end, low), across))
    return lines, low


def _free(start: Box, end: Box, boxes: Mapping[str, Box]) -> bool:
    """True if no box is where the line would be."""
    top, bottom = sorted((start.y, end.y))
    x = start.x + start.wide
    between = (box for box in boxes.values() if x < box.x and box.x + box.wide < end.x)
    return not any(top - HIGH < box.y < bottom + HIGH for box in between)


def _curve(start: Box, end: Box) -> str:
    x, y = start.x + start.wide, start.y + HIGH / 2
    to_x, to_y = end.x, end.y + HIGH / 2
    middle = (x + to_x) / 2
    return f"M{x:g},{y:g}C{middle:g},{y:g} {middle:g},{to_y:g} {to_x:g},{to_y:g}"


def _below(start: Box, end: Box, low: float) -> str:
    x, y = start.x + start.wide, start.y + HIGH / 2
    to_x, to_y = end.x, end.y + HIGH / 2
    leave, come = x + GAP / 3, to_x - GAP / 3
    return _svg.rounded(
        [(x, y), (leave, y), (leave, low), (come, low), (come, to_y), (to_x, to_y)], 8
    )


def _line(steps: str, across: bool) -> str:
    dashes = ' stroke-dasharray="6 4"' if across else ""
    look = "fault-line" if across else "edge-line thin"
    return f'<path d="{steps}" class="{look}"{dashes}/>'
