"""Findings as plain text: every other form must agree with it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import TextWrapper

from loopcheck.modes.finding import Finding
from loopcheck.report._story import cells, clip, opening, printable, visible, wrap
from loopcheck.report.sections import Section

# People copy names and paths, so they are never broken.
COLUMNS, GAP, SHORT, NARROWEST = 100, 2, 20, 10
WIDTH, INDENT = 80, 9  # of a finding
BETWEEN = "   "  # the line to change and its source
BESIDE = 30  # columns that a source needs to be cut there; else it gets a line of its own
TWICE = "ran twice: with every watch on it fails in the same way"
LONGEST = 400  # characters of a cell: the map of lessons has a code for each mode in one


def parts(found: Finding) -> list[tuple[str, str]]:
    """Return the facts of *found*, in the order in which a person needs them."""
    path = found.subject.path if found.subject else None
    made = f"{found.made_at}" if found.made_at else ""
    used = f"{found.used_at}" if found.used_at else ""
    known = [
        ("what", found.what),
        ("made", ", bound to ".join(filter(None, (made, found.made_on))) if made else ""),
        ("bound", f"to {found.made_on}" if found.made_on and not made else ""),
        ("used", ", on ".join(filter(None, (used, found.used_on)))),
        ("change", str(found.where or "")),
        ("why", found.why),
        ("fix", found.fix),
        ("path", path or ""),
        ("count", f"{found.count} times" if found.count > len(found.also) + 1 else ""),
        ("also", _also(found)),
        ("again", TWICE if found.again else ""),
    ]
    return [(word, visible(said)) for word, said in known if said]


def _also(found: Finding) -> str:
    if not found.also:
        return ""
    shown = ", ".join(found.also[:3])
    rest = len(found.also) - 3
    return f"{shown} and {rest} more" if rest > 0 else shown


def head(found: Finding) -> str:
    """Return "LC102 loop-mismatch (certain)"."""
    return visible(f"{found.code} {found.slug} ({found.certainty})")


def finding(found: Finding) -> str:
    """Return a head line, then one hanging paragraph for each known fact."""
    lines = []
    for word, said in parts(found):
        lines.append(paragraph(word, said))
        if word == "change" and (source := shown_source(found)):
            lines[-1] += f"\n{' ' * INDENT}" if _below(source, said) else BETWEEN
            lines[-1] += source
    return "\n".join([head(found), *lines, f"more     {more(found)}"])


def paragraph(word: str, said: str) -> str:
    """Return *said*, hanging beside *word*; a path that is too long begins there all the same."""
    return TextWrapper(
        WIDTH,
        initial_indent=f"{word:<{INDENT}}",
        subsequent_indent=" " * INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    ).fill(said)


def shown_source(found: Finding) -> str:
    """Return the source of the line to change, as much as fits beside or below its place."""
    if found.source is None or found.where is None:
        return ""
    source, place = visible(found.source), visible(str(found.where))
    room = WIDTH - INDENT if _below(source, place) else _room_beside(place)
    return source if cells(source) <= room else f"{opening(source, room - 1)}…"


def _below(source: str, place: str) -> bool:
    """True if *source* needs a line of its own: beside *place* there is little room."""
    return _room_beside(place) < min(cells(source), BESIDE)


def _room_beside(place: str) -> int:
    return WIDTH - INDENT - cells(place) - len(BETWEEN)


def more(found: Finding) -> str:
    """Return the command that explains the mode of *found*."""
    return visible(f"loopcheck explain {found.code}")


def findings(found: Sequence[Finding], nothing: str = "") -> str:
    """Return all of *found*, best first, or *nothing* if there is none."""
    return "\n\n".join(_with_test(one) for one in found) or nothing


def _with_test(found: Finding) -> str:
    if not found.test:
        return finding(found)
    return f"{visible(found.test)} [{found.phase or 'call'}]\n{finding(found)}"


def summary(found: Sequence[Finding]) -> list[str]:
    """Return a line for each fault: where, code, what, how often."""
    lines = []
    for one in found:
        name = f"`{one.subject.name}`" if one.subject else ""
        times = "" if one.count == 1 else f"{one.count} times"
        said = ", ".join(filter(None, (name, times)))
        lines.append(visible(": ".join(filter(None, (located(one), said)))))
    return lines


def located(found: Finding) -> str:
    """Return "conftest.py:9: LC102 loop-mismatch", which editors and terminals make a link."""
    name = f"{found.code} {found.slug}"
    return f"{found.where}: {name}" if found.where else name


def as_in(found: Sequence[Finding], test: str | None) -> str:
    """Return the line for a failure with the same cause as that of *test*."""
    named = (f"{one.code} {one.slug} at {one.where}" if one.where else one.code for one in found)
    return visible(f"{', '.join(named)}: as in {test or 'an earlier test'}")


def counted_alike(explained: int, silent: int) -> list[str]:
    """Return the lines about failures that loopcheck only counted."""
    kinds = ((explained, "one that is explained"), (silent, "three without a finding"))
    return [
        f"{_failures(number)} the same error at the same lines as {one}: only counted"
        for number, one in kinds
        if number
    ]


def _failures(number: int) -> str:
    return "1 more failure has" if number == 1 else f"{number} more failures have"


def section(shown: Section, width: int = COLUMNS) -> str:
    """Return the title, an aligned table of at most *width* columns, and the note."""
    columns, rows = table(shown)
    note = ["", *wrap(tidy(shown.note), width - GAP)][1:] if shown.note else []
    lines = [*_aligned([columns, *rows] if rows else [], width), *note]
    return "\n".join([tidy(shown.title), *(f"{' ' * GAP}{line}".rstrip() for line in lines)])


def table(shown: Section) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return headings and cells, printable, without empty columns."""
    rows = [tuple(map(tidy, row)) for row in shown.rows]
    kept = [at for at in range(len(shown.columns)) if any(row[at] for row in rows)]
    return tuple(shown.columns[at] for at in kept), [tuple(r[at] for at in kept) for r in rows]


def tidy(said: str) -> str:
    """Return *said* in one line of limited length, with invisible characters spelt out."""
    return clip(printable(" ".join(said[: 4 * LONGEST].split())), LONGEST)


def _aligned(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    widths = _fitted(list(zip(*rows, strict=True)), width)
    lines = []
    for row in rows:
        wrapped = [list(wrap(cell, w)) for cell, w in zip(row, widths, strict=True)]
        for parts in zip_longest(*wrapped, fillvalue=""):
            padded = [part + " " * (w - cells(part)) for part, w in zip(parts, widths, strict=True)]
            lines.append((" " * GAP).join(padded))
    return lines


def _fitted(columns: list[tuple[str, ...]], width: int) -> list[int]:
    """Return the width of each column: the widest shrink until a row fits, prose last."""
    widths = [max(map(cells, column)) for column in columns]
    words = [max(cells(word) for one in column for word in one.split(" ")) for column in columns]
    whole = [max(word, min(one, SHORT)) for word, one in zip(words, widths, strict=True)]
    room = width - GAP - GAP * (len(widths) - 1)
    # A path that fits nowhere breaks before the prose beside it does.
    half = [room // 2 if word > room // 2 else low for word, low in zip(words, whole, strict=True)]
    for least in (whole, half, words, [NARROWEST] * len(widths)):
        while sum(widths) > room and any(w > low for w, low in zip(widths, least, strict=True)):
            spare = [w if w > low else 0 for w, low in zip(widths, least, strict=True)]
            widths[spare.index(max(spare))] -= 1
    return widths
