"""What modes ask of a case, and what it answers: each question once, and records only.

A question is a function `(live) -> record | None | tuple of records`. Modes hand the function
itself to `evidence.ask`; who runs it, and on what, is known in `case/` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Answer = TypeVar("Answer")
Question = Callable[[Any], Answer]


class Questions:
    """The answers of one case. This one knows what it was given, and nothing else."""

    __slots__ = ("answers",)

    def __init__(self, answers: Mapping[Question[Any], Any] | None = None) -> None:
        self.answers: dict[Question[Any], Any] = dict(answers or {})

    def answer(self, question: Question[Answer]) -> Answer | None:
        """Return the answer, None where nothing is known."""
        found: Answer | None = self.answers.get(question)
        return found

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be answered, one line each."""
        return ()

    def close(self) -> None:
        """Let go of all that is live; what was answered stays known."""


NOTHING_KNOWN = Questions()
