"""Edits made in a text: their order, where they begin and end, and the text that comes of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from loopcheck.light import replace
from loopcheck.records import Edit
from loopcheck.source.changes.source_text import LINES, NoSplice


def applied(text: str, changes: Iterable[Edit]) -> str:
    """Return *text* with the *changes* of this file made; they must not overlap."""
    return replaced(text, [(offsets(text, one), one.text) for one in in_order(changes)])


def replaced(text: str, spans: Iterable[tuple[tuple[int, int], str]]) -> str:
    """Return *text* with the text of each span replaced; they are in order."""
    made, at = [], 0
    for (begin, end), said in spans:
        if begin < at or end < begin:
            raise NoSplice("changes overlap")
        made += [text[at:begin], said]
        at = end
    return "".join([*made, text[at:]])


def offsets(text: str, change: Edit) -> tuple[int, int]:
    """Return where in *text* a change begins and ends."""
    starts = _line_starts(text)

    def offset(place: tuple[int, int]) -> int:
        return min(starts[min(place[0], len(starts)) - 1] + place[1], len(text))

    return offset(change.start), offset(change.end)


@lru_cache(maxsize=8)
def _line_starts(text: str) -> tuple[int, ...]:
    return tuple(accumulate(map(len, LINES.findall(text)), initial=0))


def in_order(changes: Iterable[Edit]) -> list[Edit]:
    """Return *changes* as in the text, each once; what is put at one place is one change."""
    # Whole lines go above the line that another change begins: a mark above its `async def`.
    key = lambda one: (one.file, one.start, one.end, not one.text.endswith("\n"))  # noqa: E731
    found: list[Edit] = []
    for change in sorted(dict.fromkeys(changes), key=key):
        before = found[-1] if found else None
        if before and before.file == change.file and before.start == before.end == change.start:
            found[-1] = replace(change, start=before.start, text=before.text + change.text)
        else:
            found.append(change)
    return found
