"""An exercise: its task, its files, what must hold, and the wrong turns it recognises."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from loopcheck.lab.seen import Seen

Kind = Literal[
    "mend the test",
    "mend the code",
    "write the test that catches the planted bug",
    "delete the cure",
    "choose between two diffs and prove it",
    "diagnose only",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One way to run the answer: in which order, and with which files changed."""

    reverse: bool = False
    planted: tuple[tuple[str, str, str], ...] = ()  # file, its right text, the bug in its place
    emptied: bool = False  # every function beside the answer does nothing


AS_IT_IS = Run()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something that must hold at the end, with a text for both outcomes."""

    name: str  # "every test passes"
    unmet: Callable[[Seen], str | None]  # what was seen instead; None: it holds
    run: Run = AS_IT_IS
    early: bool = False  # known as soon as the tests are collected
    catches: bool = False  # not met: the tests pass all the same, so the bug can be shown
    timed: bool = False  # it depends on how long something took


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongTurn:
    """A remedy that people try, recognised by what it does, and a kind answer to it."""

    name: str
    did: Callable[[Seen], bool]
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """The graded part of a lesson."""

    stem: str  # of the mode: "lc102_loop_mismatch"; of a team's lesson: "our_first_lesson"
    kind: Kind
    task: str  # one sentence: what must hold at the end, not how
    edits: str  # the one file that the learner writes
    skeleton: str
    frozen: dict[str, str] = field(default_factory=dict)
    requirements: tuple[Requirement, ...]
    wrong_turns: tuple[WrongTurn, ...]
    hints: tuple[str, str, str]  # where to look · what is wrong there · the answer's shape
    learned: str  # what they can do now: "You can …"
    seconds: float = 3.0  # for the tests of one run, once pytest has started

    @property
    def code(self) -> str:
        """Its name in the magics: `LC102`; without a code, its slug."""
        code = re.match(r"lc\d{3}(?=_)", self.stem)
        return code[0].upper() if code else self.slug

    @property
    def slug(self) -> str:
        """The slug of the mode: `loop-mismatch`."""
        return re.sub(r"^lc\d{3}_", "", self.stem).replace("_", "-")

    @property
    def lesson(self) -> str:
        """The notebook that the exercise belongs to."""
        return f"{self.stem}.ipynb"

    @property
    def tests(self) -> list[str]:
        """The files that hold the tests: the learner's, or frozen ones about the learner's code."""
        names = (self.edits, *self.frozen)
        return [name for name in names if name.rpartition("/")[2].startswith("test_")]

    @property
    def digest(self) -> str:
        """A digest of everything that decides whether an answer passes."""
        names = [requirement.name for requirement in self.requirements]
        parts = [self.task, self.edits, self.skeleton, *names]
        parts += [text for file in sorted(self.frozen.items()) for text in file]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
