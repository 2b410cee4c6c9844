"""The story of a timeline, before drawing: which object belongs where, and was used elsewhere.

The picture and its text twin both use it, so that they cannot disagree.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeVar

from loopcheck.light import dataclass, replace
from loopcheck.records import Lane, LoopRecord, Mark, Span, Timeline

Lived = TypeVar("Lived", Lane, Span)
HIDDEN = ("Cc", "Cf", "Cn", "Cs", "Zl", "Zp")  # would break a line, a direction or the XML


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A failure, and the mark of the same object on its own loop."""

    failed: Mark
    home: Mark | None  # None: the object's loop is unknown
    late: bool  # the object's loop was closed before the test that failed


# What can be shown


def tidy(timeline: Timeline, ascii: bool = False) -> Timeline:
    """Return *timeline* with printable names, and each position inside the picture."""
    end = columns_of(timeline) - 1
    columns = (replace(one, test=printable(one.test, ascii)) for one in timeline.columns)
    lanes = (_tidy_lane(lane, end, ascii) for lane in timeline.lanes)
    shown = replace(timeline, columns=tuple(columns), lanes=tuple(lanes))
    return replace(shown, marks=tuple(_tidy_marks(shown, end, ascii)))


def columns_of(timeline: Timeline) -> int:
    """Return the number of columns to draw: without a test there is one, for now."""
    return max(len(timeline.columns), 1)


def printable(text: str, ascii: bool = False) -> str:
    """Return *text* with invisible characters spelt out, and nothing that ends a `quoted` name."""
    if not text.isprintable() or (ascii and not text.isascii()):
        text = "".join(_seen(char, ascii) for char in text)
    return text.replace("`", "'")


def visible(text: str) -> str:
    """Return *text* in one line, with invisible characters spelt out: no name steers a terminal."""
    if text.isprintable():
        return text
    return "".join(" " if char in "\n\t" else _seen(char, False) for char in text)


def _seen(char: str, ascii: bool) -> str:
    hidden = unicodedata.category(char) in HIDDEN or (ascii and not char.isascii())
    return char.encode("unicode_escape").decode() if hidden else char


def _tidy_lane(lane: Lane, end: int, ascii: bool) -> Lane:
    role = printable(lane.loop.role or "", ascii) or None
    loop = replace(lane.loop, label=printable(lane.loop.label, ascii), role=role)
    lane = _inside(replace(lane, loop=loop), 0, end)
    named = (replace(span, name=printable(span.name, ascii)) for span in lane.spans)
    last = {"test": end if lane.last is None else lane.last, "fixture": end}  # may outlive it
    return replace(lane, spans=tuple(_inside(one, lane.first, last[one.kind]) for one in named))


def _inside(lived: Lived, low: int, high: int) -> Lived:
    first = min(max(lived.first, low), high)
    last = None if lived.last is None else min(max(lived.last, first), high)
    return replace(lived, first=first, last=last)


def _tidy_marks(timeline: Timeline, end: int, ascii: bool) -> Iterator[Mark]:
    for mark in timeline.marks:
        if 0 <= mark.lane < len(timeline.lanes):
            name, code = printable(mark.name, ascii), printable(mark.code or "", ascii) or None
            column = None if mark.column is None else min(max(mark.column, 0), end)
            if column is not None and mark.kind == "bound":  # only exists while the loop lives
                lane = timeline.lanes[mark.lane]
                column = max(min(column, end if lane.last is None else lane.last), lane.first)
            yield replace(mark, name=name, code=code, column=column)


# Grouping


def crossings(timeline: Timeline) -> tuple[Crossing, ...]:
    """Return each failure with the home of its object, in the order of the marks."""
    return tuple(
        Crossing(failed=mark, home=home, late=_late(timeline, mark, home))
        for mark in timeline.marks
        if mark.kind == "failed"
        for home in [_home(timeline, mark)]
    )


def _home(timeline: Timeline, failed: Mark) -> Mark | None:
    """Return the nearest match: by name, then by code, then by another loop than the failure's."""
    bound = [mark for mark in timeline.marks if mark.kind == "bound"]
    named = [mark for mark in bound if mark.name == failed.name]
    coded = [mark for mark in bound if failed.code and mark.code == failed.code]
    ranked = sorted(named, key=lambda mark: (mark not in coded, mark.lane == failed.lane))
    if ranked:
        return ranked[0]
    return coded[0] if len(coded) == 1 else None


def _late(timeline: Timeline, failed: Mark, home: Mark | None) -> bool:
    closed = timeline.lanes[home.lane].last if home else None
    return closed is not None and failed.column is not None and closed < failed.column


def involved(timeline: Timeline) -> frozenset[int]:
    """Return the lanes of the story; without a story, all of them."""
    crossed = crossings(timeline)
    ends = {end.lane for one in crossed for end in (one.failed, one.home) if end}
    return frozenset(ends or range(len(timeline.lanes)))


# Wording


def brief(loop: LoopRecord) -> str:
    """Return the loop in a word or two: its label, or its role if it has no label."""
    return loop.label or (f"the {loop.role}" if loop.role else "a loop")


def full(loop: LoopRecord) -> str:
    """Return the loop with everything known about it."""
    return str(loop) if loop.label else brief(loop)


def nothing(timeline: Timeline) -> str | None:
    """Return a sentence instead of a picture when there is no loop to draw."""
    if timeline.lanes:
        return None
    if timeline.columns:
        count = counted(len(timeline.columns) + timeline.left_out, "test")
        return f"No timeline: {count} ran, and no event loop of theirs was seen."
    return "No timeline yet: nothing has run. Run a test, then look again."


def headline(timeline: Timeline, width: int = 1000) -> str | None:
    """Return the story of the first failure in one line, each name in `backticks` and *width*.

    None if nothing failed.
    """
    crossed = crossings(timeline)
    if not crossed:
        return None
    same = [one for one in crossed if _together(one, crossed[0])]
    lane = timeline.lanes[crossed[0].failed.lane]
    where = clip(brief(lane.loop), width)
    if len({one.failed.lane for one in same}) > 1:
        where = "other loops"
    names = unique(clip(one.failed.name, width) for one in same)
    who = _who([test_at(timeline, one.failed.column) for one in same], width)
    home = crossed[0].home
    if home is None:
        return f"{who} used {listed(names)} on {where}"
    belong, them = ("belongs", "it") if len(names) == 1 else ("belong", "them")
    at_home = f"{listed(names)} {belong} to {clip(brief(timeline.lanes[home.lane].loop), width)}"
    if home.lane == crossed[0].failed.lane:
        late, soon = f"closed before {who} used {them}", f"where {who} failed with {them}"
        return f"{at_home}, {late if crossed[0].late else soon}"
    then = "closed before" if crossed[0].late else "but"
    return f"{at_home}, {then} {who} used {them} on {where}"


def _together(one: Crossing, other: Crossing) -> bool:
    """True if two failures are one story: objects of one home, used elsewhere."""
    if not (one.home and other.home):
        return one.failed.name == other.failed.name
    abroad = [end.failed.lane != end.home.lane for end in (one, other) if end.home]
    return one.home.lane == other.home.lane and abroad[0] == abroad[1]


def _who(tests: list[str], width: int) -> str:
    known = unique(filter(None, tests))
    if len(known) > 1:
        return f"{len(known)} tests"
    return f"`{clip(known[0], width)}`" if known else "a test"


def test_at(timeline: Timeline, column: int | None) -> str:
    """Return the name of the test in *column*, or an empty text."""
    known = column is not None and column < len(timeline.columns)
    return timeline.columns[column].test if known and column is not None else ""


def sentences(timeline: Timeline) -> Iterator[str]:
    """Yield sentences on the lanes that matter, then on each failure, then on the omissions."""
    told = involved(timeline)
    for index in sorted(told):
        yield f"{_life(timeline, index)}{_dwellers(timeline, index)}"
    yield from _failures(timeline)
    rest = len(timeline.lanes) - len(told)
    if rest:
        yield f"{counted(rest, 'other loop')} took no part in it."
    if timeline.left_out:
        yield f"{counted(timeline.left_out, 'test')} of the run left out."


def _life(timeline: Timeline, index: int) -> str:
    lane = timeline.lanes[index]
    start, name = test_at(timeline, lane.first), full(lane.loop)
    if not start:
        return f"{name} is {'open' if lane.last is None else 'closed'}."
    if lane.last is None:
        return f"{name} is open from {start} to the end."
    if lane.last == lane.first:
        return f"{name} is open for {start} only."
    return f"{name} is open from {start} to {test_at(timeline, lane.last)}."


def _dwellers(timeline: Timeline, index: int) -> str:
    spans, marks = timeline.lanes[index].spans, timeline.marks
    fixtures = unique(span.name for span in spans if span.kind == "fixture")
    bound = unique(mark.name for mark in marks if (mark.kind, mark.lane) == ("bound", index))
    many = "s" if len(fixtures) > 1 else ""
    said = f" Fixture{many} {listed(fixtures)} {_are(fixtures)} set up on it." if fixtures else ""
    return f"{said} {listed(bound)} {_are(bound)} bound to it." if bound else said


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _failures(timeline: Timeline) -> Iterator[str]:
    """Describe the first failure of each object in full, the later ones by the test's name."""
    groups: dict[tuple[str, str | None], list[Crossing]] = {}
    for one in crossings(timeline):
        groups.setdefault((one.failed.name, one.failed.code), []).append(one)
    for first, *later in groups.values():
        yield _failure(timeline, first)
        tests = [test_at(timeline, one.failed.column) for one in later]
        if tests := unique(filter(None, tests)):
            yield f"The same in {listed(tests, quote='')}."


def _failure(timeline: Timeline, crossed: Crossing) -> str:
    mark, home = crossed.failed, crossed.home
    who = test_at(timeline, mark.column) or "a test"
    here = full(timeline.lanes[mark.lane].loop)
    code = f": {mark.code}." if mark.code else "."
    closed = f"{brief(timeline.lanes[home.lane].loop)} was closed" if home else ""
    if home and home.lane == mark.lane and crossed.late:
        return f"{who} used `{mark.name}` after {closed}{code}"
    by_then = f" By then {closed}." if crossed.late else ""
    return f"{who} ran on {here} and used `{mark.name}` there{code}{by_then}"


def listed(names: list[str], quote: str = "`") -> str:
    """Return "`a`, `b` and `c`", or from five names on the first three and a count."""
    shown = [f"{quote}{name}{quote}" for name in names]
    if len(shown) > 4:
        shown[3:] = [f"{len(shown) - 3} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def unique(names: Iterable[str]) -> list[str]:
    """Return each name once, in order."""
    return list(dict.fromkeys(names))


def counted(number: int, noun: str) -> str:
    """Return "1 test" or "3 tests"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


# Width


def cells(text: str) -> int:
    """Return the width in terminal cells: two for a wide character, none for a combining one."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, width: int, dots: str = "…") -> str:
    """Return *text* in at most *width* cells, cut in the middle: both ends tell names apart."""
    if cells(text) <= width:
        return text
    room = max(width - len(dots), 0)
    head = opening(text, room - room // 2)
    tail = opening(text[::-1], room - cells(head))[::-1]
    return (head + dots + tail)[: max(width, 0)] if width < len(dots) else head + dots + tail


def opening(text: str, width: int) -> str:
    """Return as much of *text* as *width* cells hold."""
    used = 0
    for at, char in enumerate(text):
        used += _cell(char)
        if used > width:
            return text[:at]
    return text


def wrap(text: str, width: int, indent: str = "") -> Iterator[str]:
    """Yield lines of at most *width* cells; a word that is longer than a line is broken."""
    line = ""
    for word in text.split(" "):
        if line and cells(line) + 1 + cells(word) > width:
            yield line
            line = indent
        line += (" " if line.strip() else "") + word
        while cells(line) > width:
            head = opening(line, width)
            yield head
            line = indent + line[len(head) :]
    yield line


def a(kind: str) -> str:
    """Return "a dict", "an AsyncClient", "None"."""
    short = kind.rpartition(".")[2]
    if short == "NoneType":
        return "None"
    return f"{'an' if short[:1].lower() in 'aeiou' else 'a'} {short}"
