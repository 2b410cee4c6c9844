"""The live side of one failure: the objects that questions read, and how they are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from loopcheck.case.question_limit import OutOfTime, within
from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process.failure import Link
from loopcheck.questions import Answer, Question, Questions
from loopcheck.records import Phase

LONGEST = 10.0  # seconds per question: the slowest takes 0.5 s, and three on a busy machine


@dataclass(frozen=True, eq=False)
class Live:
    """All live objects of one failure. Questions read them, and return records."""

    error: BaseException
    links: tuple[Link, ...]  # the error, then those it was raised from
    item: Any  # pytest's test, None outside of a run
    phase: Phase
    labels: Labels
    loop: asyncio.AbstractEventLoop | None  # that ran the failing code, if no frame shows it
    tests: Sequence[str] = ()  # ids of all tests that have begun, in order


class LiveQuestions(Questions):
    """Answers from the live process: each question once, guarded, and within a time limit."""

    __slots__ = ("_live", "_notes")

    def __init__(self, live: Live) -> None:
        super().__init__()
        self._live: Live | None = live
        self._notes: list[str] = []

    def answer(self, question: Question[Answer]) -> Answer | None:
        """Return the answer, None if the question failed or the live side is gone."""
        live = self._live
        if question not in self.answers and live is not None:
            self.answers[question] = None  # also ends a question that needs its own answer
            self.answers[question] = self._ask(question, live)
        found: Answer | None = self.answers.get(question)
        return found

    def _ask(self, question: Question[Answer], live: Live) -> Answer | None:
        try:
            return within(LONGEST, lambda: question(live))
        except OutOfTime:
            self._notes.append(f"{_subject(question)}: gave up after {LONGEST:g} s")
        except Exception as error:
            self._notes.append(f"{_subject(question)}: could not look, {type(error).__name__}")
        return None

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be answered, one line each."""
        return tuple(self._notes)

    def close(self) -> None:
        """Drop the error, its frames and its test; existing answers stay."""
        self._live = None


def _subject(question: Question[Any]) -> str:
    name = str(getattr(question, "__name__", "question"))
    return name.removeprefix("find_").replace("_", " ")
