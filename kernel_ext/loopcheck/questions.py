"""What modes ask of a case, and what it answers: each question once, and records only.

A question is a function `(live) -> record | None | tuple of records`. Modes pass the function
itself to `evidence.ask`; only `case/` knows when it runs, and on what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Answer = TypeVar("Answer")
Question = Callable[[Any], Answer]


class Questions:
    """The answers of one case. This one returns the answers that it was created with."""

    __slots__ = ("answers",)

    def __init__(self, answers: Mapping[Question[Any], Any] | None = None) -> None:
        self.answers: dict[Question[Any], Any] = dict(answers or {})

    def answer(self, question: Question[Answer]) -> Answer | None:
        """Return the answer, None if there is none."""
        found: Answer | None = self.answers.get(question)
        return found

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the questions that could not be answered, one line each."""
        return ()

    def close(self) -> None:
        """Drop all references to live objects; answers already worked out stay available."""


NOTHING_KNOWN = Questions()
