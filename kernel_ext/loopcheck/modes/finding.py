"""A finding: a named cause, with the evidence that a person needs to act on it."""

from __future__ import annotations

from typing import Literal

from loopcheck.light import frozen
from loopcheck.records import Edits, Phase, Place, Subject

Certainty = Literal["certain", "likely", "possible"]
MISSING = "plugin"  # the type of a subject that is missing: pytest-asyncio
CERTAINTIES: tuple[Certainty, ...] = ("certain", "likely", "possible")


@frozen
class Finding:
    """What is wrong, where it comes from, and what to change. Words describe the loops."""

    code: str
    slug: str
    certainty: Certainty
    what: str
    why: str
    fix: str
    subject: Subject | None = None
    where: Place | None = None  # the line to change
    source: str | None = None  # of that line, without secrets
    made_at: Place | None = None
    used_at: Place | None = None
    made_on: str | None = None  # "loop 1 (module loop of tests/test_cart.py)"
    used_on: str | None = None
    test: str | None = None
    phase: Phase | None = None
    count: int = 1
    also: tuple[str, ...] = ()
    # Which of its remedies `fix` describes, and the names in it that no other field has.
    remedy: tuple[str, ...] = ()
    edits: tuple[Edits, ...] = ()  # the best first; worked out for reports only
    again: bool = False  # a second run of the test, with every watch on, shows it too

    @property
    def tests(self) -> tuple[str, ...]:
        """Return the ids of all tests that show it, each once."""
        return tuple(dict.fromkeys(one for one in (self.test, *self.also) if one))

    @property
    def stem(self) -> str:
        """Return the name that mode, lesson, sample and exercise share."""
        return f"{self.code.lower()}_{self.slug.replace('-', '_')}"

    @property
    def lesson(self) -> str:
        return f"{self.stem}.ipynb"
