"""Colours, letters and shapes of the timeline: the few pieces of SVG it consists of.

No ids, no scripts, no fonts of its own: an `<img>` shows it, in light and in dark mode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from loopcheck.report._story import cells

PALETTE = {  # (light, dark); the tests compute the contrasts
    "ink": ("#1b2430", "#e8edf4"),
    "soft": ("#55606e", "#a6b1be"),
    "edge": ("#7b8694", "#8591a0"),
    "home": ("#0b5cad", "#78b7ff"),
    "fault": ("#b13d00", "#ff9d5f"),
    "glyph": ("#ffffff", "#1d1108"),  # the cross in its disc
    "bar": ("#e6ebf1", "#2b343f"),
    "haven": ("#edf5fd", "#10233a"),  # the inside of the home loop
    "alarm": ("#fdf1e9", "#291b12"),  # the column of a test that failed
    "leaf": ("#1f6b33", "#84d39a"),  # further loops of a graph, each with its letter
    "plum": ("#7d3a96", "#d9a5ee"),
    "clay": ("#7a5200", "#e2b866"),
}
MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"
SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Arial,sans-serif"
SHAPES = (
    f"text{{font:13px {SANS};white-space:pre}}.m{{font-family:{MONO}}}"
    ".h{font-size:16px}.b{font-weight:600}.s{font-size:12px}"
    "path{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}"
    ".thin{stroke-width:1.25}.cap{stroke-width:5;stroke-linecap:butt}.way{stroke-width:2.5}"
)


def document(width: float, height: float, title: str, body: Iterable[str]) -> str:
    """Return a whole picture, its colours for light and for dark."""
    light, dark = ("".join(_colours(theme)) for theme in (0, 1))
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    looks = f"{SHAPES}{light}@media (prefers-color-scheme:dark){{{dark}}}"
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    head = (opened, f"<title>{escape(title)}</title>", f"<style>{looks}</style>")
    return "\n".join((*head, *body, "</svg>")) + "\n"


def _colours(theme: int) -> Iterator[str]:
    yield f"text{{fill:{PALETTE['ink'][theme]}}}"
    for name, pair in PALETTE.items():
        yield f".{name}{{fill:{pair[theme]}}}.{name}-line{{stroke:{pair[theme]}}}"


# Letters


def wide(text: str, size: float = 13) -> float:
    """Estimate the width of *text*, its names in `backticks`, generously: fonts differ."""
    parts = enumerate(text.split("`"))
    return sum(cells(part) * size * (0.61 if at % 2 else 0.56) for at, part in parts)


def word(x: float, y: float, text: str, look: str = "", title: str = "") -> str:
    """Return *text* from *x* on, *y* its base line; names in `backticks` look like code."""
    whole = f"<title>{escape(title)}</title>" if title else ""
    classes = f' class="{look}"' if look else ""
    return f'<text x="{x:g}" y="{y:g}"{classes}>{whole}{"".join(_spans(text))}</text>'


def _spans(text: str) -> Iterator[str]:
    for at, part in enumerate(text.split("`")):
        if part:
            yield f'<tspan class="m">{escape(part)}</tspan>' if at % 2 else escape(part)


# Shapes


def path(steps: str, look: str) -> str:
    """Return a line."""
    return f'<path d="{steps}" class="{look}"/>'


def bar(x: float, y: float, width: float, height: float, look: str, round: float = 5) -> str:
    """Return a bar with round corners."""
    size = f'width="{width:g}" height="{height:g}" rx="{round:g}"'
    return f'<rect x="{x:g}" y="{y:g}" {size} class="{look}"/>'


def pill(x: float, y: float, width: float, look: str) -> str:
    """Return an outline with round ends, 18 high."""
    side = f"H{x + width - 9:g}a9,9 0 0 1 0,18H{x + 9:g}a9,9 0 0 1 0,-18Z"
    return path(f"M{x + 9:g},{y:g}{side}", look)


def life(x: float, y: float, end: float, height: float, is_open: bool, look: str) -> str:
    """Return a box that begins round and ends flat, or in a point when it is open."""
    tip = f"H{end - 12:g}L{end:g},{y + height / 2:g}L{end - 12:g},{y + height:g}"
    right = tip if is_open else f"H{end:g}V{y + height:g}"
    corner = f"A9,9 0 0 1 {x:g},{y + height - 9:g}V{y + 9:g}A9,9 0 0 1 {x + 9:g},{y:g}Z"
    return path(f"M{x + 9:g},{y:g}{right}H{x + 9:g}{corner}", look)


def diamond(x: float, y: float, look: str) -> str:
    """Return the mark of an object on its loop."""
    return path(f"M{x - 8:g},{y:g}l8,-8 8,8 -8,8Z", look)


def cross(x: float, y: float) -> Iterator[str]:
    """Yield the mark of a failure: a disc with a cross."""
    yield f'<circle cx="{x:g}" cy="{y:g}" r="9.5" class="fault"/>'
    yield path(f"M{x - 3.75:g},{y - 3.75:g}l7.5,7.5m0,-7.5l-7.5,7.5", "glyph-line")


def sign(x: float, y: float, outcome: str | None) -> str:
    """Return the sign of an outcome, twelve wide, *y* the middle: a check, a cross, a ring."""
    steps = {
        "passed": f"M{x + 1:g},{y + 0.5:g}l3.5,3.5 6,-8",
        "failed": f"M{x + 1.5:g},{y - 4.5:g}l9,9m0,-9l-9,9",
        "skipped": f"M{x + 1.5:g},{y:g}a4.5,4.5 0 1 0 9,0a4.5,4.5 0 1 0 -9,0",
    }
    look = "fault-line" if outcome == "failed" else "soft-line"
    return path(steps[outcome], look) if outcome in steps else ""


def rounded(points: list[tuple[float, float]], radius: float = 14) -> str:
    """Return the steps of a line of straight pieces through *points*, its corners round."""
    steps = f"M{points[0][0]:g},{points[0][1]:g}"
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        near = min(radius, _far(before, at) / 2, _far(at, after) / 2)
        start, end = _toward(at, before, near), _toward(at, after, near)
        steps += f"L{start[0]:g},{start[1]:g}Q{at[0]:g},{at[1]:g} {end[0]:g},{end[1]:g}"
    return f"{steps}L{points[-1][0]:g},{points[-1][1]:g}"


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _toward(
    start: tuple[float, float], goal: tuple[float, float], by: float
) -> tuple[float, float]:
    part = by / (_far(start, goal) or 1)
    return (start[0] + (goal[0] - start[0]) * part, start[1] + (goal[1] - start[1]) * part)
