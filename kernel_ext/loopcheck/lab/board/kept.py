"""The service's rows: for seven days, in memory and, with a folder, in a file."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from loopcheck.lab.board import SECONDS_KEPT, BoardError
from loopcheck.lab.board.row import Row, as_fields, from_fields
from loopcheck.lab.learner import progress

SCHEMA = 2
LONGEST_GAP = 3600.0  # seconds between two verdicts that still count as work on the lesson
MOST_LESSONS = 100  # of a learner, whose time is kept
MOST_ROWS = 500  # thirty are a class
FULL = f"The class board is full: {MOST_ROWS} people share. Yours was not taken."
IN_MEMORY = "The board is kept in memory only: LOOPCHECK_BOARD_HOME names no folder."


@dataclass(frozen=True, slots=True)
class Dated:
    """A row, when it came, when its hand went up, and the time at each lesson, in seconds."""

    row: Row
    when: float
    hand_when: float
    spent: Mapping[str, float] = field(default_factory=dict)  # until `when`, by lesson

    def spent_until(self, now: float) -> dict[str, float]:
        """Return the time at each lesson; that of a solved one has ended."""
        spent = dict(self.spent)
        if self.row.lesson:
            more = 0.0 if self.row.solved else min(max(now - self.when, 0.0), LONGEST_GAP)
            spent[self.row.lesson] = spent.get(self.row.lesson, 0.0) + more
        return spent


class Kept:
    """Rows by owner: the owner's name on the Hub, which the board never shows."""

    def __init__(self, folder: Path | None) -> None:
        self.file = folder / "board.json" if folder else None
        self.all: dict[str, Dated] = {}
        self.broken: str | None = None
        self.unwritten: str | None = None if folder else IN_MEMORY
        self.frozen = False  # a newer loopcheck wrote the file
        self._load()

    def put(self, owner: str, row: Row) -> None:
        """Store *row* in place of *owner*'s last one."""
        self.age()
        now, before = time.time(), self.all.get(owner)
        if before is None and len(self.all) >= MOST_ROWS:
            raise BoardError(FULL)
        was_up = before is not None and before.row.hand is not None
        since = before.hand_when if before and was_up else now
        spent = before.spent_until(now) if before else {}
        spent = dict([*spent.items()][-MOST_LESSONS:])
        self.all[owner] = Dated(row, now, since, spent)
        self._write()

    def delete(self, owner: str) -> None:
        """Forget *owner*."""
        if self.all.pop(owner, None):
            self._write()

    def rows(self) -> list[dict[str, object]]:
        """Return all rows without their owners, with their age in minutes."""
        self.age()
        now = time.time()
        return [
            as_fields(one.row)
            | {
                "minutes": max(0, int(now - one.when) // 60),
                "hand_minutes": max(0, int(now - one.hand_when) // 60),
            }
            for one in self.all.values()
        ]

    def told(self) -> list[str]:
        """Return the lines on problems with the file."""
        return [line for line in (self.broken, self.unwritten) if line]

    def age(self) -> None:
        """Forget what is older than seven days."""
        oldest = time.time() - SECONDS_KEPT
        young = {owner: one for owner, one in self.all.items() if one.when > oldest}
        if len(young) < len(self.all):
            self.all = young
            self._write()

    def _load(self) -> None:
        if self.file is None:
            return
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
            if found["schema"] > SCHEMA:
                self.frozen = True
                self.unwritten = f"{self.file.name} is a newer loopcheck's: kept in memory only."
                return
            self.all = {str(owner): _dated(one) for owner, one in found["rows"].items()}
        except FileNotFoundError:
            pass
        except OSError as error:
            self.frozen = True
            self.unwritten = f"{self.file.name} cannot be read: {error.strerror}."
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, BoardError):
            self.broken = progress.set_aside(self.file, "board")
            self.frozen = self.file.exists()
        self.age()

    def _write(self) -> None:
        """Write the file, whole or not at all; what cannot be written stays in memory."""
        if self.file is None or self.frozen:
            return
        rows = {
            owner: as_fields(one.row)
            | {"when": one.when, "hand_when": one.hand_when, "spent": dict(one.spent)}
            for owner, one in self.all.items()
        }
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            progress.replace_file(self.file, json.dumps({"schema": SCHEMA, "rows": rows}))
            self.unwritten = None
        except OSError as error:
            self.unwritten = (
                f"{self.file.name} cannot be written, rows live in memory: {error.strerror}."
            )


def _dated(found: Mapping[str, object]) -> Dated:
    fields = dict(found)
    when, hand_when = fields.pop("when"), fields.pop("hand_when")
    spent = fields.pop("spent", {})  # schema 1 has none
    if not isinstance(spent, dict):
        raise TypeError("times are by lesson")
    for seconds in (when, hand_when, *spent.values()):
        if not isinstance(seconds, int | float):
            raise TypeError("times are numbers")
    return Dated(from_fields(fields), when, hand_when, spent)  # type: ignore[arg-type]
