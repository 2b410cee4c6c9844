"""The board as the facilitator sees it: where people are stuck, raised hands, where each one is."""

import re
from collections import Counter
from dataclasses import dataclass

from loopcheck.lab.board import BoardError
from loopcheck.lab.board.asking import Board
from loopcheck.lab.board.row import Row, as_fields, from_fields
from loopcheck.modes import catalogue
from loopcheck.report import html, text
from loopcheck.report.sections import Section

SCHEMA = 1
STOPS = 3  # shown, if several have as many people
NOT_READ = "The class board answered with something else than rows. Is it of another version?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A row and its age."""

    row: Row
    minutes: int
    hand_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """An unmet requirement that learners are stuck on."""

    lesson: str
    requirement: str
    learners: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole board."""

    seen: tuple[Seen, ...]
    told: tuple[str, ...] = ()  # problems of the service

    @property
    def stops(self) -> list[Stop]:
        """Where people are stuck, most first."""
        at = Counter((one.row.lesson, stop) for one in self.seen if (stop := one.row.stop))
        found = [Stop(lesson, requirement, count) for (lesson, requirement), count in at.items()]
        return sorted(found, key=lambda one: (-one.learners, one.lesson, one.requirement))


def read(board: Board) -> Shown:
    """Return what *board* shows; raise BoardError if it refuses."""
    found = board.ask("GET", "rows")
    try:
        assert isinstance(found, dict)
        seen = [_seen(dict(one)) for one in found["rows"]]
        told = tuple(str(line) for line in found["told"])
    except (AssertionError, KeyError, TypeError, ValueError, BoardError):
        raise BoardError(NOT_READ) from None
    return Shown(tuple(sorted(seen, key=_place)), told)


def _seen(found: dict[str, object]) -> Seen:
    minutes, hand_minutes = found.pop("minutes"), found.pop("hand_minutes")
    if not isinstance(minutes, int) or not isinstance(hand_minutes, int):
        raise TypeError("minutes are whole")
    return Seen(row=from_fields(found), minutes=minutes, hand_minutes=hand_minutes)


def _place(one: Seen) -> tuple[str, str]:
    return one.row.lesson, one.row.name.casefold()


def as_json(found: Shown) -> dict[str, object]:
    """Return the board as JSON data."""
    return {
        "schema": SCHEMA,
        "rows": [
            as_fields(one.row)
            | {"state": _state(one.row), "minutes": one.minutes}
            | ({"hand_minutes": one.hand_minutes} if one.row.hand is not None else {})
            for one in found.seen
        ],
        "stops": [
            {"lesson": one.lesson, "requirement": one.requirement, "learners": one.learners}
            for one in found.stops
        ],
        "told": list(found.told),
    }


def sections(found: Shown) -> list[Section]:
    """Return where people are stuck, the raised hands, longest first, and where each learner is."""
    up = [one for one in found.seen if one.row.hand is not None]
    up.sort(key=lambda one: -one.hand_minutes)
    hands = Section(
        title="Hands up" if up else "No hand is up.",
        columns=("name", "lesson", "raised", "says"),
        rows=tuple(
            (one.row.name, lesson(one.row.lesson), _ago(one.hand_minutes), one.row.hand or "")
            for one in up
        ),
    )
    where = Section(
        title="Where everyone is" if found.seen else "Nobody shares yet: %progress --share does.",
        columns=("name", "lesson", "state", "hints", "last seen"),
        rows=tuple(map(_line, found.seen)),
        note=_counted(found),
    )
    return [_stops(found), hands, where, *(Section(title=line) for line in found.told)]


def as_text(found: Shown) -> str:
    """Return the board for a terminal."""
    return "\n".join(map(text.section, sections(found)))


def as_html(found: Shown) -> str:
    """Return the same for a notebook."""
    return "".join(map(html.section, sections(found)))


def _stops(found: Shown) -> Section:
    most = found.stops[0].learners if found.stops else 0
    if most < 2:
        why = (
            "no two people are stuck on the same requirement" if most else "no requirement is open"
        )
        return Section(title=f"No common problem: {why}.")
    tied = [one for one in found.stops if one.learners == most]
    return Section(
        title="Where most are stuck",
        columns=("lesson", "stuck on", "learners"),
        rows=tuple(
            (lesson(one.lesson), one.requirement, f"{most} of {len(found.seen)}")
            for one in tied[:STOPS]
        ),
        note=f"and {len(tied) - STOPS} more with as many" if len(tied) > STOPS else "",
    )


def _line(one: Seen) -> tuple[str, ...]:
    row = one.row
    return row.name, lesson(row.lesson), _state(row), f"{row.hints or ''}", _ago(one.minutes)


def _state(row: Row) -> str:
    if row.solved:
        return "solved"
    if row.stop:
        return f"stuck on: {row.stop}"
    if not row.lesson:
        return "not begun"
    met = sum(state == "met" for _, state in row.requirements)
    return f"{met} of {len(row.requirements)} met" if met else "no verdict yet"


def lesson(stem: str) -> str:
    """Return a lesson's name: `LC102 loop-mismatch`, `clinic one`."""
    mode = catalogue.find(stem) if stem else None
    plain = re.sub(r"^\d+_", "", stem).replace("_", " ")
    return f"{mode.code} {mode.slug}" if mode else plain


def _ago(minutes: int) -> str:
    if minutes < 1:
        return "now"
    days, hours = minutes // 1440, minutes // 60
    return f"{days} d ago" if days else f"{hours} h ago" if hours else f"{minutes} min ago"


def _counted(found: Shown) -> str:
    solved = sum(one.row.solved for one in found.seen)
    return (
        f"{len(found.seen)} shared, {solved} solved the exercise they are at" if found.seen else ""
    )
