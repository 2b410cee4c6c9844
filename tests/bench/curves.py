"""Growth curves as pictures: both axes logarithmic, in light and in dark, with a text beside.

A line that is straight at 45° grows as its number does.
"""

from collections.abc import Iterator
from math import ceil, floor, log10

from measured import Curves

from loopcheck.report._svg import document, path, word

WIDTH, HEIGHT = 820, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 250, 50, 50  # around the lines
LOOKS = ("home", "fault", "leaf", "plum", "clay", "edge")
DASHES = ("", "8 5", "2 5", "12 4 2 4", "16 6", "4 4")  # not by colour alone


class Scale:
    """Where a number lies on an axis."""

    def __init__(self, values: list[float], start: float, length: float) -> None:
        self.low, self.high = floor(log10(min(values))), ceil(log10(max(values)))
        self.high = max(self.high, self.low + 1)
        self.start, self.length = start, length

    def at(self, value: float) -> float:
        share = (log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * self.length, 1)

    def decades(self) -> Iterator[float]:
        yield from (10.0**power for power in range(self.low, self.high + 1))


def picture(curves: Curves) -> str:
    """Return the picture as SVG."""
    points = [point for line in curves.lines.values() for point in line]
    across = Scale([x for x, _ in points], LEFT, WIDTH - LEFT - RIGHT)
    up = Scale([y for _, y in points], HEIGHT - BOTTOM, TOP + BOTTOM - HEIGHT)
    body = [word(12, 26, curves.title, "h b"), *_grid(curves, across, up)]
    names = _places({name: up.at(line[-1][1]) + 4 for name, line in curves.lines.items()})
    for number, (name, line) in enumerate(curves.lines.items()):
        look, dash = LOOKS[number % len(LOOKS)], DASHES[number % len(DASHES)]
        steps = "L".join(f"{across.at(x):g},{up.at(y):g}" for x, y in line)
        body.append(_dashed(path(f"M{steps}", f"{look}-line"), dash))
        body.append(word(across.at(line[-1][0]) + 8, names[name], name, f"s {look}"))
    return document(WIDTH, HEIGHT, f"{curves.title}. {told(curves)}", body)


def _dashed(line: str, dash: str) -> str:
    return line.replace("/>", f' stroke-dasharray="{dash}"/>')


def _grid(curves: Curves, across: Scale, up: Scale) -> Iterator[str]:
    for value in across.decades():
        yield path(f"M{across.at(value):g},{TOP}V{HEIGHT - BOTTOM}", "bar-line thin")
        yield word(across.at(value) - 8, HEIGHT - BOTTOM + 18, _number(value), "s soft")
    for value in up.decades():
        yield path(f"M{LEFT},{up.at(value):g}H{WIDTH - RIGHT}", "bar-line thin")
        yield word(12, up.at(value) + 4, f"{_number(value)} {curves.up}", "s soft")
    yield word(LEFT, HEIGHT - 10, f"{curves.along} →", "s soft")


def _places(ends: dict[str, float]) -> dict[str, float]:
    """Return where each name stands: at the end of its line, in their order, none on another."""
    found: dict[str, float] = {}
    latest = 0.0
    for name, y in sorted(ends.items(), key=lambda one: one[1]):
        latest = found[name] = max(y, latest + 15)
    return found


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def told(curves: Curves) -> str:
    """Return the picture in words: each line from its first point to its last."""
    return " ".join(
        f"{name}: {line[0][1]:.3g} {curves.up} at {line[0][0]:,.0f} {curves.along},"
        f" {line[-1][1]:.3g} {curves.up} at {line[-1][0]:,.0f}."
        for name, line in curves.lines.items()
    )
