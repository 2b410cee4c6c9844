"""A row of the class board: everything that a learner shares. The service refuses other fields."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from loopcheck.lab.board import BoardError

State = Literal["met", "not met", "not looked at"]
LONGEST_NAME, LONGEST_REQUIREMENT, LONGEST_WORDS = 40, 160, 200
MOST_REQUIREMENTS, MOST_HINTS = 30, 9
STEM = re.compile(r"[a-z0-9_]{0,80}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where a learner is."""

    name: str  # the learner chooses it
    lesson: str = ""  # stem; empty before the first lesson
    requirements: tuple[tuple[str, State], ...] = ()
    hints: int = 0
    hand: str | None = None  # the words of a raised hand, possibly empty

    @property
    def solved(self) -> bool:
        """True if every requirement is met."""
        return bool(self.requirements) and all(state == "met" for _, state in self.requirements)

    @property
    def stop(self) -> str | None:
        """The first requirement that the last verdict found unmet."""
        return next((name for name, state in self.requirements if state == "not met"), None)


def as_fields(row: Row) -> dict[str, object]:
    """Return *row* as it is sent."""
    return {
        "name": row.name,
        "lesson": row.lesson,
        "requirements": dict(row.requirements),
        "hints": row.hints,
        "hand": row.hand,
    }


FIELDS = frozenset(as_fields(Row(name="")))


def from_fields(found: object) -> Row:
    """Return the row in *found*, names cleaned and cut; raise BoardError if it holds none."""
    if not isinstance(found, Mapping) or set(found) != FIELDS:
        raise BoardError(f"A row has these fields and no other: {', '.join(sorted(FIELDS))}.")
    name, lesson, hand = found["name"], found["lesson"], found["hand"]
    if not isinstance(name, str) or not (name := cleaned(name, LONGEST_NAME)):
        raise BoardError("A row needs a name that can be seen.")
    if not isinstance(lesson, str) or not STEM.fullmatch(lesson):
        raise BoardError("Name a lesson by its notebook, as in lc102_loop_mismatch.")
    if hand is not None and not isinstance(hand, str):
        raise BoardError("A hand is raised with words, or with none.")
    return Row(
        name=name,
        lesson=lesson,
        requirements=_requirements(found["requirements"]),
        hints=_hints(found["hints"]),
        hand=None if hand is None else cleaned(hand, LONGEST_WORDS),
    )


def _requirements(found: object) -> tuple[tuple[str, State], ...]:
    if not isinstance(found, Mapping) or len(found) > MOST_REQUIREMENTS:
        raise BoardError(f"Requirements are at most {MOST_REQUIREMENTS} names with their states.")
    if any(state not in get_args(State) for state in found.values()):
        raise BoardError(f"The state of a requirement is one of: {', '.join(get_args(State))}.")
    return tuple((cleaned(name, LONGEST_REQUIREMENT), state) for name, state in found.items())


def _hints(found: object) -> int:
    if type(found) is not int or not 0 <= found <= MOST_HINTS:
        raise BoardError(f"Hints are counted from 0 to {MOST_HINTS}.")
    return found


def cleaned(said: str, longest: int) -> str:
    """Return *said* as one line of at most *longest* characters, without invisible ones.

    It also removes characters that change the writing direction: they would garble the rows below.
    """
    seen = "".join(
        char if not unicodedata.category(char).startswith("C") else " " if char.isspace() else ""
        for char in said[: 4 * longest]
    )
    line = " ".join(seen.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
